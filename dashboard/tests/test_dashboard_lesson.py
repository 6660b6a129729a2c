"""Now, needs attention, and names hidden from the room: pages run in this process."""

import pytest
from fake_lesson import attention_of, now_of
from starlette.responses import JSONResponse
from visiting import Visit

from learntrace_dashboard import hiding
from learntrace_dashboard.texts import Texts

PAGES = ("now", "class", "student", "session", "codes", "skills", "rate")


def everybody(visit: Visit) -> list[str]:
    return [one["display_name"] for one in visit.fake.world.students.values()]


def test_now_says_each_state_in_words_and_signs(visit: Visit) -> None:
    visit.arrive().log_in().open("now")
    for words in ("▲ Stuck", "■ Quiet", "▶ Playing", "○ Not started", "4 failed tries in this task",
                  "does not come: Adding waves",
                  "has joined, but not begun", "has not joined", "Data up to"):  # fmt: skip
        assert words in visit.text


def test_now_counts_the_states(visit: Visit) -> None:
    visit.arrive().log_in().open("now")
    pupils = now_of(visit.fake, visit.fake.world.classes[0]["id"])["pupils"]
    stuck = sum(one["state"] == "stuck" for one in pupils)
    assert f"▲ Stuck</dt><dd>{stuck}</dd>" in visit.text


def test_now_is_asked_anew_each_time(visit: Visit) -> None:
    visit.arrive().log_in().open("now")
    before = len(visit.fake.requests)
    visit.app.run()
    asked = visit.fake.requests[before:]
    assert len(asked) == 1
    assert asked[0].endswith("/now")


def test_now_without_the_api_says_so_and_stays(visit: Visit) -> None:
    visit.arrive().log_in().open("now")
    class_id = visit.fake.world.classes[0]["id"]
    visit.fake.failures[f"/classes/{class_id}/now"] = JSONResponse({}, 503)
    visit.app.run()
    assert "It tries again by itself" in visit.text
    assert visit.app.title[0].value == "Now"


def test_sign_in_that_ends_while_now_renews_itself_leads_to_the_form(visit: Visit) -> None:
    visit.arrive().log_in().open("now")
    visit.fake.end_sign_ins()
    visit.app.run()
    assert "Your sign-in has ended" in visit.text


def test_now_without_a_class_and_without_students(visit: Visit) -> None:
    visit.arrive().log_in("newcomer").open("now")
    assert "You have no class yet" in visit.text


def test_now_of_a_class_without_students(visit: Visit) -> None:
    visit.fake.world.members[visit.fake.world.classes[0]["id"]] = []
    visit.arrive().log_in().open("now")
    assert "This class has no students yet" in visit.text


def test_needs_attention_is_about_stuck_work_only(visit: Visit) -> None:
    visit.arrive().log_in()
    found = attention_of(visit.fake, visit.fake.world.classes[0]["id"])
    assert found["stuck"][0]["display_name"] in visit.text
    assert "Failed 4 times at" in visit.text
    assert found["stuck"][0]["reasons"][0]["game_session_id"] in visit.text
    assert "1 student was not seen playing in the last 7 days" in visit.text


def test_class_in_which_nobody_is_stuck(visit: Visit) -> None:
    class_id = visit.fake.world.classes[0]["id"]
    answer = attention_of(visit.fake, class_id) | {"stuck": [], "not_seen": []}
    visit.fake.failures[f"/classes/{class_id}/attention"] = JSONResponse(answer)
    visit.arrive().log_in()
    assert "work looks stuck." in visit.text
    assert "not seen playing" not in visit.text


@pytest.mark.parametrize("page", PAGES)
def test_no_name_is_left_while_names_are_hidden(visit: Visit, page: str) -> None:
    student = visit.fake.world.members[visit.fake.world.classes[0]["id"]][0]
    session = visit.fake.sessions_of(student)[0]["id"]
    visit.arrive().log_in()
    visit.app.toggle[0].set_value(True).run()
    query = {"student": {"student": student}, "session": {"session": session}}.get(page, {})
    visit.open(page, **query)
    assert not [name for name in everybody(visit) if name in visit.text]
    if page != "codes":
        assert hiding.label_of(student, Texts()) in visit.text
    assert visit.app.query_params["names"] == "hidden"


def test_codes_are_hidden_with_the_names(visit: Visit) -> None:
    visit.arrive().log_in().open("codes", names="hidden")
    visit.app.toggle[0].set_value(True).run()
    assert "so the codes are too" in visit.text
    assert "WAVE-7K4M" not in visit.text


def test_loading_the_page_again_shows_no_name(visit: Visit) -> None:
    visit.arrive(names="hidden").log_in()
    assert visit.app.toggle[0].value is True
    assert not [name for name in everybody(visit) if name in visit.text]


def test_names_come_back(visit: Visit) -> None:
    visit.arrive(names="hidden").log_in()
    visit.app.toggle[0].set_value(False).run()
    assert "Amina Haddad" in visit.text
    assert "names" not in visit.app.query_params


def test_labels_are_stable_and_tell_students_apart() -> None:
    labels = [hiding.label_of(f"student-{number}", Texts()) for number in range(300)]
    assert labels[0] == hiding.label_of("student-0", Texts())
    assert len(set(labels)) == 300
