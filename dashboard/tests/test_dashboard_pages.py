"""Every page's logic, run in this process against the fake API over HTTP."""

import re
from datetime import timedelta

import pytest
from fake_api import FakeApi
from fake_world import GAME, iso
from starlette.responses import JSONResponse
from visiting import Visit

from learntrace_dashboard import config, navigation, wire
from learntrace_dashboard.contract import User


def class_named(fake: FakeApi, name: str) -> str:
    return next(one["id"] for one in fake.world.classes if one["name"] == name)


def student_named(fake: FakeApi, name: str) -> str:
    return next(one["id"] for one in fake.world.students.values() if one["display_name"] == name)


def session_of(fake: FakeApi, *, assessed: bool) -> dict:
    return next(one for one in fake.world.sessions.values() if one["assessed"] is assessed)


def mapping_in_use(visit: Visit) -> str:
    found = re.search(r"Game mapping in use</dt><dd>([^<]*)</dd>", visit.text)
    assert found is not None
    return found[1]


def test_nothing_but_the_login_form_before_logging_in(visit: Visit) -> None:
    visit.arrive()
    assert "Use the account your school gave you" in visit.text
    assert visit.fake.requests == []


def test_wrong_password_is_said_in_plain_words(visit: Visit) -> None:
    visit.arrive().log_in(password="wrong")
    assert "User name or password is not right" in visit.text


def test_empty_form_asks_for_both(visit: Visit) -> None:
    visit.arrive()
    visit.app.button[0].click().run()
    assert "Please enter your user name and your password" in visit.text


def test_too_many_attempts_says_how_long_to_wait(visit: Visit) -> None:
    visit.fake.failures["/auth/login"] = JSONResponse({}, 429, {"Retry-After": "30"})
    visit.arrive().log_in()
    assert "wait 30 seconds" in visit.text


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


def test_answers_are_kept_until_refreshed(visit: Visit) -> None:
    visit.arrive().log_in()
    before = len(visit.fake.requests)
    visit.app.run()
    assert len(visit.fake.requests) == before
    visit.press("Refresh")
    assert len(visit.fake.requests) == before + 3


def test_two_people_never_share_an_answer(visit: Visit) -> None:
    visit.arrive().log_in()
    before = len(visit.fake.requests)
    Visit(visit.fake).arrive().log_in("principal")
    assert "GET /classes" in visit.fake.requests[before:]


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


def test_codes_sheet_has_a_card_for_each_student(visit: Visit) -> None:
    visit.arrive().log_in().open("codes")
    for student_id in visit.fake.world.members[class_named(visit.fake, "Class 5b Science")]:
        assert visit.fake.world.students[student_id]["pupil_code"] in visit.text
    assert len(visit.app.get("download_button")) == 2


def test_data_health_names_what_is_not_understood_and_what_was_refused(visit: Visit) -> None:
    visit.arrive().log_in().open("data-health")
    for words in (
        "music_toggle",
        "1 of 10 event names are not understood",
        "Student not known",
        "Check that the student is on the school's list",
        "Other reason (brand_new_code)",
        "Latest example of what was wrong",
        "shows what was wrong with the latest of them",
    ):
        assert words in visit.text
    assert "Same number, other content" not in visit.text


@pytest.mark.parametrize(
    ("username", "advice", "newer"),
    [
        ("t.winter", False, False),
        ("principal", False, True),
        ("dev", True, False),
        ("root", True, False),
    ],
)
def test_advice_on_mappings_goes_to_those_who_can_follow_it(
    visit: Visit, username: str, advice: bool, newer: bool
) -> None:
    visit.arrive().log_in(username).open("data-health")
    assert len(visit.app.warning) == advice
    assert ("Add the names to the game's mapping" in visit.text) is advice
    assert ("There is nothing you need to do" in visit.text) is not advice
    assert ("Version 3 of this game's mapping is available" in visit.text) is newer
    assert ("learntrace games mapping choose" in visit.text) is newer


def test_data_health_shows_the_mapping_of_the_environment(visit: Visit) -> None:
    game = visit.fake.world.games[0]
    game["mapping_version"], game["latest_mapping_version"] = 1, 2
    visit.fake.world.sandbox_mappings[game["id"]] = 2
    visit.arrive().log_in("principal").open("data-health")
    assert mapping_in_use(visit) == "version 1"
    assert "Version 2 of this game's mapping is available; version 1 is in use" in visit.text
    visit.app.get("button_group")[0].set_value("sandbox").run()
    assert mapping_in_use(visit) == "version 2"
    assert "is available" not in visit.text


def test_newer_mapping_of_the_sandbox_is_chosen_for_the_sandbox(visit: Visit) -> None:
    visit.fake.world.sandbox_mappings[visit.fake.world.games[0]["id"]] = 2
    visit.arrive().log_in("principal").open("data-health")
    assert "--sandbox" not in visit.text
    visit.app.get("button_group")[0].set_value("sandbox").run()
    assert "learntrace games mapping choose --sandbox" in visit.text


def test_data_health_of_the_sandbox_stands_apart(visit: Visit) -> None:
    visit.arrive().log_in().open("data-health")
    visit.app.get("button_group")[0].set_value("sandbox").run()
    assert "Same number, other content" in visit.text
    assert "Student not known" not in visit.text


def test_data_health_of_a_game_that_sent_nothing(visit: Visit) -> None:
    visit.fake.world.games[1]["mapping_version"] = 0
    visit.fake.world.games[1]["latest_mapping_version"] = 0
    visit.arrive().log_in().open("data-health")
    visit.app.selectbox[0].set_value(visit.fake.world.games[1]["id"]).run()
    assert mapping_in_use(visit) == "built-in names"
    assert "No events yet" in visit.text
    assert "No event was refused" in visit.text


def test_data_health_when_every_name_is_understood(visit: Visit) -> None:
    visit.fake.world.events = {
        "one": [
            {"event_type": f"known{n}", "mapped": True, "behaviours": ["success", "new_one"],
             "received_at": iso(visit.fake.world.now)}
            for n in range(20)
        ]
    }  # fmt: skip
    visit.arrive().log_in().open("data-health")
    assert "All event names are understood." in visit.text
    assert "The chart shows the 15 most frequent of 20 names" in visit.text


def test_no_game_is_connected(visit: Visit) -> None:
    visit.fake.world.games = []
    visit.arrive().log_in().open("data-health")
    assert "No game is connected yet" in visit.text


def test_system_administrator_lands_on_the_system_status(visit: Visit) -> None:
    visit.arrive().log_in("root")
    assert visit.app.title[0].value == "System status"
    assert "Everything works" in visit.text
    assert "PostgreSQL 18.6, answers in 1.8 ms" in visit.text


def test_system_status_says_what_needs_attention(visit: Visit) -> None:
    visit.fake.status |= {
        "status": "degraded",
        "warnings": ["The worker was not seen for 5 minutes."],
        "database": {"status": "slow", "latency_ms": None, "version": None},
        "migrations": {"current": "0002", "head": "0003"},
        "worker": {"status": "down", "last_seen_at": None},
        "writer": {"queue_depth": None},
    }
    visit.arrive().log_in("root")
    for words in ("The worker was not seen", "learntrace migrate", "Does not work", "Look at this"):
        assert words in visit.text


def test_pages_of_other_roles_are_refused_in_plain_words(visit: Visit) -> None:
    visit.arrive().log_in().open("system")
    assert "This page is not part of your account" in visit.text
    assert "GET /system/status" not in visit.fake.requests


def test_game_developer_sees_test_play_only(visit: Visit) -> None:
    visit.arrive().log_in("dev")
    assert visit.app.title[0].value.startswith("Test players")
    visit.open("student")
    assert "Player K7QM" in str(visit.app.selectbox[1].options)


def test_headings_of_the_menu_say_what_a_person_has() -> None:
    def headings(role: str) -> set[str | None]:
        user = User(username="x", display_name="X", role=role)
        return {navigation.section_of(place, user) for place in navigation.PLACES} - {None}

    assert headings("teacher") == {"nav.school", "nav.checks"}
    assert headings("game_developer") == {"nav.games"}
    assert headings("system_admin") == {"nav.checks"}


def test_play_that_is_not_worked_out_is_no_zero(visit: Visit) -> None:
    for session in visit.fake.world.sessions.values():
        nothing = dict.fromkeys(("active_time_s", "tasks_completed", "failures"))
        session.update(state="open", assessed=False, **nothing)
    visit.arrive().log_in()
    assert "have not ended or are still being worked out" in visit.text
    assert "<dd>–</dd>" in visit.text
    assert "<dd>0 s</dd>" not in visit.text
    assert "Time playing in the last" not in visit.text


def test_figures_above_a_play_session_bear_the_names_the_api_gives(visit: Visit) -> None:
    session = session_of(visit.fake, assessed=True)
    visit.arrive().log_in().open("session", session=session["id"])
    for title in ("Time from start to end", "Time playing"):
        assert f"<dt>{title}</dt>" in visit.text


def test_expired_token_is_renewed_without_a_word(visit: Visit) -> None:
    visit.arrive().log_in()
    visit.fake.expire_tokens()
    visit.press("Refresh")
    assert visit.app.title[0].value == "Class overview"
    assert visit.fake.requests.count("POST /auth/refresh") == 1


def test_ended_sign_in_leads_to_the_login_form(visit: Visit) -> None:
    visit.arrive().log_in()
    visit.fake.end_sign_ins()
    visit.press("Refresh")
    assert "Your sign-in has ended. Please log in again." in visit.text
    visit.log_in()
    assert visit.app.title[0].value == "Class overview"


def test_logging_out_ends_the_sign_in_at_the_api(visit: Visit) -> None:
    visit.arrive().log_in().press("Log out")
    assert "You are logged out." in visit.text
    assert visit.fake.sign_ins == {}
    assert "lt_access_token" not in visit.app.session_state


def test_logging_out_when_the_sign_in_is_already_over(visit: Visit) -> None:
    visit.arrive().log_in()
    visit.fake.end_sign_ins()
    visit.press("Log out")
    assert "You are logged out." in visit.text


def test_logging_out_while_the_api_is_away_says_so(visit: Visit) -> None:
    visit.arrive().log_in()
    visit.fake.failures["/auth/logout"] = JSONResponse({}, 503)
    visit.press("Log out")
    assert "the server could not be told" in visit.text


def test_server_error_has_a_way_to_try_again(visit: Visit) -> None:
    visit.fake.failures["/classes"] = JSONResponse({}, 500)
    visit.arrive().log_in()
    assert "Something went wrong on the Learntrace server" in visit.text
    del visit.fake.failures["/classes"]
    visit.press("Try again")
    assert "Amina Haddad" in visit.text


def test_names_cannot_become_markup(visit: Visit) -> None:
    student = student_named(visit.fake, "Ben Oduya")
    visit.fake.world.students[student]["display_name"] = "<b>*Ben*</b> $x$"
    visit.arrive().log_in().open("student", student=student)
    assert visit.app.title[0].value == r"\<b\>\*Ben\*\</b\> \$x\$"
    visit.open("codes")
    assert "&lt;b&gt;" in visit.text


def test_app_refuses_to_start_without_its_key(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_COOKIE_KEY", "short")
    config.load_settings.cache_clear()
    visit.arrive()
    assert "The dashboard does not start" in visit.text
    assert "DASHBOARD_COOKIE_KEY: needs at least 32 characters" in visit.text
    assert len(visit.app.text_input) == 0


def test_the_game_is_named_not_numbered(visit: Visit) -> None:
    session = session_of(visit.fake, assessed=True)
    visit.arrive().log_in().open("session", session=session["id"])
    assert GAME["name"] in visit.text
    assert GAME["id"] not in visit.text
