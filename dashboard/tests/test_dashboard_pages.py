"""Classes, students, test players and codes: pages run in this process."""

from datetime import timedelta

import pytest
from fake_world import iso
from visiting import Visit, class_named, student_named

from learntrace_dashboard import wire


def test_teacher_lands_on_the_class_overview(visit: Visit) -> None:
    visit.arrive().log_in()
    assert not visit.app.exception
    assert visit.app.title[0].value == "Class overview"
    for words in ("Amina Haddad", "playing now", "15 of 16", "Tessa Winter", "Lakeside School"):
        assert words in visit.text
    assert "Data up to" in visit.text
    assert "Europe/Berlin" in visit.text


def test_test_players_are_not_among_the_classes(visit: Visit) -> None:
    visit.arrive().log_in()
    assert [option.split(" · ")[0] for option in visit.app.selectbox[0].options] == [
        "Class 5b Science",
        "Class 6a",
    ]
    assert "Player K7QM" not in visit.text
    visit.open("test-players")
    assert "Player K7QM" in visit.text
    assert "Nobody here is a real student" in visit.text
    assert "Amina Haddad" not in visit.text


def test_another_class_is_chosen_and_stands_in_the_address(visit: Visit) -> None:
    visit.arrive().log_in()
    other = class_named(visit.fake, "Class 6a")
    visit.app.selectbox[0].set_value(other).run()
    assert "Samir Aziz" in visit.text
    assert visit.app.query_params["class"] == other


def test_class_in_the_address_is_opened(visit: Visit) -> None:
    visit.arrive(**{"class": class_named(visit.fake, "Class 6a")}).log_in()
    assert "Samir Aziz" in visit.text


def test_another_period_is_asked_for(visit: Visit) -> None:
    visit.arrive().log_in()
    visit.app.get("button_group")[0].set_value(28).run()
    assert "Time playing in the last 28 days" in visit.text


def test_teacher_without_classes_is_told_what_to_do(visit: Visit) -> None:
    visit.arrive().log_in("newcomer")
    assert "You have no class yet" in visit.text
    visit.open("codes")
    assert "You have no class yet" in visit.text
    visit.open("student")
    assert "Choose a student to begin" in visit.text
    visit.open("test-players")
    assert "There are no test players yet" in visit.text


def test_class_without_students_and_class_without_play(visit: Visit) -> None:
    visit.fake.world.members[class_named(visit.fake, "Class 6a")] = []
    visit.fake.world.sessions = {}
    visit.arrive().log_in()
    assert "No play seen in the last 14 days" in visit.text
    visit.app.selectbox[0].set_value(class_named(visit.fake, "Class 6a")).run()
    assert "This class has no students yet" in visit.text
    visit.open("codes")
    assert "There are no cards for this class" in visit.text


def test_student_page_shows_every_play_session(visit: Visit) -> None:
    student = student_named(visit.fake, "Ben Oduya")
    visit.arrive().log_in().open("student", student=student)
    assert visit.app.title[0].value == "Ben Oduya"
    assert "In Class 5b Science" in visit.text
    for session in visit.fake.sessions_of(student):
        assert session["id"] in visit.text


def test_another_student_is_chosen(visit: Visit) -> None:
    visit.arrive().log_in().open("student")
    assert "Choose a student to begin" in visit.text
    visit.app.selectbox[1].set_value(student_named(visit.fake, "Ben Oduya")).run()
    assert visit.app.title[0].value == "Ben Oduya"


def test_student_who_never_played(visit: Visit) -> None:
    visit.arrive().log_in().open("student", student=student_named(visit.fake, "Olga Petrenko"))
    assert "Olga Petrenko has not played yet" in visit.text


def test_student_who_played_long_ago_has_no_chart(visit: Visit) -> None:
    student = student_named(visit.fake, "Ben Oduya")
    for session in visit.fake.sessions_of(student):
        session["started_at"] = iso(visit.fake.world.now - timedelta(days=90))
    visit.arrive().log_in().open("student", student=student)
    assert "No play in the last 28 days" in visit.text


def test_list_that_is_cut_says_so(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "PAGE_LIMIT", 1)
    monkeypatch.setattr(wire, "MOST_PAGES", 2)
    student = student_named(visit.fake, "Ben Oduya")
    visit.arrive().log_in().open("student", student=student)
    assert "Only the newest 2 play sessions are shown and counted here" in visit.text
    assert "Only the first 2 students are in this list" in visit.text
    visit.open("class")
    assert "Only the first 2 classes are in this list" in visit.text
    assert "Amina Haddad" in visit.text
    assert "Tomasz" not in visit.text
    visit.open("data-health")
    assert "Only the first" not in visit.text


def test_student_in_no_class(visit: Visit) -> None:
    student = student_named(visit.fake, "Ben Oduya")
    visit.fake.world.students[student]["classes"] = []
    visit.arrive().log_in().open("student", student=student)
    assert "In no class at the moment" in visit.text


def test_test_player_is_marked_everywhere(visit: Visit) -> None:
    player = student_named(visit.fake, "Player K7QM")
    visit.arrive().log_in().open("student", student=player)
    assert "Test data" in visit.text
    visit.open("session", session=visit.fake.sessions_of(player)[0]["id"])
    assert "Test data" in visit.text


def test_in_the_test_area_the_sandbox_is_asked_and_links_stay_there(visit: Visit) -> None:
    player = student_named(visit.fake, "Player K7QM")
    visit.arrive().log_in().open("test-players")
    assert f"student={player}&area=test" in visit.text
    visit.open("student", student=player, area="test")
    session = visit.fake.sessions_of(player)[0]["id"]
    assert f"session={session}&area=test" in visit.text
    visit.fake.queries.clear()
    visit.open("session", session=session, area="test")
    assert visit.fake.queries[f"/game-sessions/{session}"] == "sandbox=true"
    assert "sandbox=true" in visit.fake.queries[f"/game-sessions/{session}/events"]


def test_unknown_student_is_said_in_plain_words(visit: Visit) -> None:
    visit.arrive().log_in().open("student", student="00000000-0000-4000-8000-000000000000")
    assert "This was not found" in visit.text
    assert "Try again" in visit.text


def test_codes_sheet_has_a_card_for_each_student(visit: Visit) -> None:
    visit.arrive().log_in().open("codes")
    for student_id in visit.fake.world.members[class_named(visit.fake, "Class 5b Science")]:
        assert visit.fake.world.students[student_id]["pupil_code"] in visit.text
    assert len(visit.app.get("download_button")) == 2


def test_play_that_is_not_worked_out_is_no_zero(visit: Visit) -> None:
    for session in visit.fake.world.sessions.values():
        nothing = dict.fromkeys(("active_time_s", "tasks_completed", "failures"))
        session.update(state="open", assessed=False, **nothing)
    visit.arrive().log_in()
    assert "have not ended or are still being worked out" in visit.text
    assert "<dd>–</dd>" in visit.text
    assert "<dd>0 s</dd>" not in visit.text
    assert "Time playing in the last" not in visit.text


def test_names_cannot_become_markup(visit: Visit) -> None:
    student = student_named(visit.fake, "Ben Oduya")
    visit.fake.world.students[student]["display_name"] = "<b>*Ben*</b> $x$"
    visit.arrive().log_in().open("student", student=student)
    assert visit.app.title[0].value == r"\<b\>\*Ben\*\</b\> \$x\$"
    visit.open("codes")
    assert "&lt;b&gt;" in visit.text
