"""Signing in and out, and who may open which page: run in this process against the fake API."""

import fake_recordings
import pytest
from starlette.responses import JSONResponse
from streamlit.runtime.context import ContextProxy
from visiting import Visit

from learntrace_dashboard import config, navigation
from learntrace_dashboard.contract import User


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


def test_answers_are_kept_until_refreshed(visit: Visit) -> None:
    visit.arrive().log_in()
    before = len(visit.fake.requests)
    visit.app.run()
    assert len(visit.fake.requests) == before
    visit.press("Refresh")
    assert len(visit.fake.requests) == before + 3


def test_page_loaded_again_knows_what_was_changed_before(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit.arrive().log_in().open("recordings")
    fake_recordings.a_recording(visit.fake, "Talk with Amina", "pending")
    visit.press("Refresh")
    cookie = visit.app.session_state["lt_cookie_job"]
    kept = {cookie["name"]: cookie["value"]}
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: kept))
    before = len(visit.fake.requests)
    again = Visit(visit.fake).arrive().open("recordings")
    assert "Talk with Amina" in again.text
    assert "GET /sessions" not in visit.fake.requests[before:]


def test_two_people_never_share_an_answer(visit: Visit) -> None:
    visit.arrive().log_in()
    before = len(visit.fake.requests)
    Visit(visit.fake).arrive().log_in("principal")
    assert "GET /classes" in visit.fake.requests[before:]


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
        user = User(id="x", username="x", display_name="X", role=role)
        return {navigation.section_of(place, user) for place in navigation.PLACES} - {None}

    assert headings("teacher") == {"nav.school", "nav.checks"}
    assert headings("game_developer") == {"nav.games"}
    assert headings("system_admin") == {"nav.checks"}


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


def test_app_refuses_to_start_without_its_key(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_COOKIE_KEY", "short")
    config.load_settings.cache_clear()
    visit.arrive()
    assert "The dashboard does not start" in visit.text
    assert "DASHBOARD_COOKIE_KEY: needs at least 32 characters" in visit.text
    assert len(visit.app.text_input) == 0
