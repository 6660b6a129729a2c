"""What people tell: ratings, notes, extra time; and the timeline: pages run in this process."""

import pytest
from fake_world import iso
from starlette.responses import JSONResponse
from visiting import Visit, student_named


@pytest.fixture
def teacher(visit: Visit) -> Visit:
    return visit.arrive().log_in()


def test_rating_a_whole_class_on_one_grid(teacher: Visit) -> None:
    teacher.open("rate")
    assert "Level 1: mostly left the task" in teacher.text.replace("\n", " ")
    levels = teacher.app.radio
    assert [one.label for one in levels][:2] == ["Amina Haddad", "Ben Oduya"]
    levels[0].set_value(3)
    levels[1].set_value(1)
    teacher.press("Save the ratings")
    assert "2 ratings are saved." in teacher.text
    given = {
        teacher.fake.world.students[student]["display_name"]: [one["level"] for one in ratings]
        for student, ratings in teacher.fake.ratings.items()
    }
    assert given == {"Amina Haddad": [3], "Ben Oduya": [1]}


def test_saving_nothing_asks_for_a_level(teacher: Visit) -> None:
    teacher.open("rate").press("Save the ratings")
    assert "Choose a level for at least one student" in teacher.text
    assert teacher.fake.ratings == {}


def test_rating_that_is_refused_says_why_and_stays(teacher: Visit) -> None:
    teacher.open("rate")
    problem = {"title": "Forbidden", "detail": "no"}
    teacher.fake.failures["/ratings"] = JSONResponse(problem, 403)
    teacher.app.radio[0].set_value(2)
    teacher.press("Save the ratings")
    assert "Your account may not see this" in teacher.text
    assert "are saved" not in teacher.text


def test_one_student_is_rated_and_the_rating_taken_back(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    teacher.open("student", student=student)
    teacher.app.radio[0].set_value(4)
    teacher.press("Save the rating")
    assert "1 rating is saved." in teacher.text
    assert "Level 4" in teacher.text
    assert f"rating={teacher.fake.ratings[student][0]['id']}" in teacher.text
    assert "Level 4: tried again, used what went wrong" in teacher.text
    teacher.press("Take it back")
    assert teacher.fake.ratings[student] == []
    assert "Nobody has rated this student yet" in teacher.text


def test_note_is_written_and_deleted(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    teacher.open("student", student=student).press("Save the note")
    assert "Write something first." in teacher.text
    teacher.app.text_area[0].set_value("  *Asked* Cleo for help.  ")
    teacher.press("Save the note")
    assert teacher.fake.notes[student][0]["text"] == "*Asked* Cleo for help."
    assert "*Asked* Cleo for help." in teacher.text
    label = next(one.label for one in teacher.app.button if one.label.startswith("Delete my"))
    teacher.press(label)
    assert teacher.fake.notes[student] == []


def test_notes_of_others_cannot_be_deleted_and_are_hidden_with_the_names(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    author = {"id": "x", "name": "Somebody Else"}
    note = {"id": "n", "text": "Ben helped.", "author": author, "created_at": "2026-11-03T09:00Z"}
    teacher.fake.notes[student] = [note]
    teacher.open("student", student=student)
    assert "Ben helped." in teacher.text
    assert not [one for one in teacher.app.button if one.label.startswith("Delete my")]
    next(one for one in teacher.app.toggle if one.label == "Hide names").set_value(True).run()
    assert "Ben helped." not in teacher.text
    assert "they are not shown while names are hidden" in teacher.text


def given(student: str, number: int, **values) -> dict:
    return {
        "id": f"rating-{number}",
        "skill": "resilience",
        "level": 3,
        "observed_on": "2026-11-03",
        "rater": {"id": "x", "name": "Tessa Winter"},
        "created_at": f"2026-11-03T09:{number:02d}:00Z",
    } | values


def test_own_ratings_and_notes_are_known_by_id_not_by_name(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    same_name = {"id": "x", "name": "Tessa Winter"}
    note = {"id": "n", "text": "Hm.", "author": same_name, "created_at": "2026-11-03T09:00:00Z"}
    teacher.fake.ratings[student] = [given(student, 1)]
    teacher.fake.notes[student] = [note]
    teacher.open("student", student=student)
    assert "Tessa Winter, " in teacher.text
    labels = [one.label for one in teacher.app.button]
    assert not [one for one in labels if one.startswith(("Delete my", "Take it back"))]
    own = {"id": teacher.fake.world.users["t.winter"]["id"], "name": "T. Winter"}
    teacher.fake.ratings[student] = [given(student, 1, rater=own)]
    teacher.fake.notes[student] = [note | {"author": own}]
    teacher.press("Refresh")
    labels = [one.label for one in teacher.app.button]
    assert len([one for one in labels if one.startswith(("Delete my", "Take it back"))]) == 2


def test_older_ratings_and_notes_are_shown_when_asked_for(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    author = {"id": "x", "name": "Somebody Else"}
    teacher.fake.ratings[student] = [given(student, one) for one in range(51)]
    teacher.fake.notes[student] = [
        {"id": f"n{one}", "text": f"Note {one}.", "author": author,
         "created_at": f"2026-11-03T09:{one:02d}:00Z"}
        for one in range(51)
    ]  # fmt: skip
    teacher.open("student", student=student)
    assert "Note 1." in teacher.text
    assert "Note 0." not in teacher.text
    teacher.press("Show older notes")
    assert "Note 0." in teacher.text
    assert "Show older notes" not in teacher.text
    rows = teacher.text.count("3 Nov")
    teacher.press("Show older ratings")
    assert teacher.text.count("3 Nov") == rows + 1
    assert "Show older ratings" not in teacher.text


def test_rating_behind_an_estimate_has_a_day_and_no_time(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Olga Petrenko")
    teacher.fake.ratings[student] = [given(student, 1)]
    teacher.open("student", student=student)
    assert '"text": "Tue 3 Nov", "sort"' in teacher.text
    assert "Tue 3 Nov, 13:00" not in teacher.text


def test_extra_time_is_switched_on_and_off(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    teacher.open("student", student=student)
    assert "nothing that depends on how fast somebody works counts" in teacher.text
    teacher.switch("Has extra time or assistive tools", on=True)
    assert teacher.fake.world.students[student]["extra_time"] is True
    assert "speed no longer counts" in teacher.text
    teacher.switch("Has extra time or assistive tools", on=False)
    assert teacher.fake.world.students[student]["extra_time"] is False
    assert "speed counts again" in teacher.text


def test_extra_time_that_is_refused_says_why(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    teacher.open("student", student=student)
    teacher.fake.failures[f"/students/{student}/extra-time"] = JSONResponse({}, 503)
    teacher.switch("Has extra time or assistive tools", on=True)
    assert "Something went wrong on the Learntrace server" in teacher.text
    assert "speed no longer counts" not in teacher.text
    assert extra_time_shown(teacher) is False


def test_extra_time_that_was_refused_is_not_sent_again_unasked(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    path = f"/students/{student}/extra-time"
    teacher.open("student", student=student)
    teacher.fake.failures[path] = JSONResponse({}, 503)
    teacher.switch("Has extra time or assistive tools", on=True)
    del teacher.fake.failures[path]
    teacher.press("Refresh")
    assert extra_time_shown(teacher) is False
    assert len([one for one in teacher.fake.requests if one.startswith("PUT")]) == 1
    teacher.switch("Has extra time or assistive tools", on=True)
    assert teacher.fake.world.students[student]["extra_time"] is True
    assert extra_time_shown(teacher) is True


def extra_time_shown(visit: Visit) -> bool:
    [shown] = [one.value for one in visit.app.toggle if one.label.startswith("Has extra")]
    return shown


def test_extra_time_follows_what_somebody_else_changed(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    teacher.open("student", student=student)
    teacher.fake.world.students[student]["extra_time"] = True
    teacher.press("Refresh")
    assert extra_time_shown(teacher) is True
    assert not [one for one in teacher.fake.requests if one.startswith("PUT")]


def test_extra_time_is_not_shown_while_names_are_hidden(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    teacher.open("student", student=student).switch("Hide names", on=True)
    assert "Has extra time" not in teacher.text
    assert "is not shown while names are hidden" in teacher.text


def test_timeline_tells_what_happened_page_by_page(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    now = iso(teacher.fake.world.now)
    teacher.fake.ratings[student] = [given(student, one, created_at=now) for one in range(60)]
    teacher.open("student", student=student)
    oldest = teacher.fake.sessions_of(student)[-1]["id"]
    assert "What happened with Ben Oduya, newest first" in teacher.text
    assert "Skills were estimated anew." not in teacher.text
    shown = teacher.text.count("session?session=" + oldest)
    teacher.press("Show older")
    assert teacher.text.count("session?session=" + oldest) > shown
    assert "Skills were estimated anew." in teacher.text
    assert "Show older" not in [one.label for one in teacher.app.button]


def test_timeline_hides_notes_with_the_names(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    teacher.open("student", student=student)
    teacher.app.text_area[0].set_value("Ben helped.")
    teacher.press("Save the note")
    assert teacher.text.count("Ben helped.") >= 2
    teacher.switch("Hide names", on=True)
    assert "Ben helped." not in teacher.text


def test_timeline_of_somebody_with_whom_nothing_happened(teacher: Visit) -> None:
    teacher.open("student", student=student_named(teacher.fake, "Olga Petrenko"))
    assert "Nothing has happened yet" in teacher.text
