"""The page of a play session, run in this process against the fake API."""

import pytest
from fake_world import GAME
from visiting import Visit, session_of, student_named


def test_play_session_shows_tasks_figures_and_reasons(visit: Visit) -> None:
    session = session_of(visit.fake, assessed=True)
    visit.arrive().log_in().open("session", session=session["id"])
    for words in (
        session["tasks"][0]["title"],
        "Pace compared with others",
        "Not enough to go by",
        "Needs at least 3 finished tasks that 20 others' times are known for.",
        "cut off by the end of the session",
        "0 % to 100 %",
        "93 %",
    ):
        assert words in visit.text


def test_open_play_session_says_that_it_goes_on(visit: Visit) -> None:
    session = session_of(visit.fake, assessed=False)
    visit.arrive().log_in().open("session", session=session["id"])
    assert "This play session has not ended yet" in visit.text
    assert "not known yet" in visit.text


def test_closed_play_session_that_is_not_assessed_yet(visit: Visit) -> None:
    session = session_of(visit.fake, assessed=False)
    session["state"] = "closed"
    visit.arrive().log_in().open("session", session=session["id"])
    assert "This play session is being worked out" in visit.text
    visit.open("student", student=session["student_id"])
    assert "Being worked out" in visit.text


def test_long_play_session_is_paged(visit: Visit) -> None:
    session = session_of(visit.fake, assessed=True)
    one = visit.fake.world.events[session["id"]][0]
    visit.fake.world.events[session["id"]] = [one | {"event_type": f"e{n}"} for n in range(5300)]
    session["event_count"] = 5300
    visit.arrive().log_in().open("session", session=session["id"])
    assert "Events 1 to 100 of 5,300" in visit.text
    assert "The chart shows the first 5,000 of 5,300 events" in visit.text
    visit.press("Later events")
    assert "Events 101 to 200 of 5,300" in visit.text
    visit.press("Earlier events")
    assert "Events 1 to 100 of 5,300" in visit.text


def test_play_session_without_tasks_and_without_events(visit: Visit) -> None:
    session = session_of(visit.fake, assessed=True)
    session["tasks"], visit.fake.world.events[session["id"]] = [], []
    visit.arrive().log_in().open("session", session=session["id"])
    assert "No events are stored for this play session" in visit.text
    assert "No tasks were seen in this play session" in visit.text


def test_play_session_that_is_not_worked_out_yet_claims_nothing(visit: Visit) -> None:
    session = session_of(visit.fake, assessed=False)
    session["tasks"] = []
    visit.arrive().log_in().open("session", session=session["id"])
    assert "not known yet" in visit.text
    assert "No tasks were seen" not in visit.text
    assert "0 of 0" not in visit.text


def test_play_session_without_an_address_leads_to_the_students(visit: Visit) -> None:
    visit.arrive().log_in().open("session")
    assert "Choose a play session to begin" in visit.text
    visit.press("Choose a student")
    assert visit.app.title[0].value == "Student"


def test_back_from_the_play_session_to_its_student(visit: Visit) -> None:
    student = student_named(visit.fake, "Ben Oduya")
    visit.arrive().log_in()
    visit.open("session", session=visit.fake.sessions_of(student)[0]["id"])
    visit.app.button[1].click().run()
    assert visit.app.title[0].value == "Ben Oduya"


@pytest.mark.parametrize("query", ["session", "student"])
def test_link_to_the_root_with_an_id_opens_its_page(visit: Visit, query: str) -> None:
    session = session_of(visit.fake, assessed=True)
    wanted = session["id"] if query == "session" else session["student_id"]
    visit.arrive(**{query: wanted}).log_in()
    name = visit.fake.world.students[session["student_id"]]["display_name"]
    assert visit.app.title[0].value.replace("\\", "") == name


def test_figures_above_a_play_session_bear_the_names_the_api_gives(visit: Visit) -> None:
    session = session_of(visit.fake, assessed=True)
    visit.arrive().log_in().open("session", session=session["id"])
    for title in ("Time from start to end", "Time playing"):
        assert f"<dt>{title}</dt>" in visit.text


def test_the_game_is_named_not_numbered(visit: Visit) -> None:
    session = session_of(visit.fake, assessed=True)
    visit.arrive().log_in().open("session", session=session["id"])
    assert GAME["name"] in visit.text
    assert GAME["id"] not in visit.text
