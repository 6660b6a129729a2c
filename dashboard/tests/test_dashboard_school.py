"""The School page and the page of a one-time link: run in this process."""

import fake_school
import pytest
from starlette.responses import JSONResponse
from visiting import Visit

from learntrace_dashboard import once


@pytest.fixture
def admin(visit: Visit) -> Visit:
    return visit.arrive().log_in("principal")


def people(admin: Visit) -> Visit:
    return admin.open("school", part="People")


def test_school_is_for_its_administrators(visit: Visit) -> None:
    visit.arrive().log_in().open("school")
    assert "This page is not part of your account" in visit.text
    assert "GET /users" not in visit.fake.requests


def test_only_the_open_tab_asks_the_api(admin: Visit) -> None:
    before = len(admin.fake.requests)
    admin.open("school", part="Write keys")
    asked = admin.fake.requests[before:]
    assert "GET /write-keys" in asked
    assert "GET /users" not in asked


def test_people_are_listed_with_role_classes_and_state(admin: Visit) -> None:
    admin.fake.world.users["newcomer"]["disabled"] = True
    people(admin)
    assert "Tessa Winter" in admin.text
    assert "Class 5b Science, Class 6a" in admin.text
    assert "School administrator" in admin.text
    assert "May not sign in" in admin.text
    assert "Sam Ortega" not in admin.text


def test_person_is_added_and_the_link_shown_until_it_is_passed_on(admin: Visit) -> None:
    people(admin)
    admin.press("Add this person")
    assert "Please enter a name and a user name." in admin.text
    admin.field("Name").set_value("Uma Stein")
    admin.field("User name").set_value("u.stein")
    admin.press("Add this person")
    [token] = admin.fake.resets
    assert f"/password#{token}" in admin.text
    assert "Link for Uma Stein" in admin.text
    assert "shown only once" in admin.text
    assert admin.field("Name").value == ""
    admin.open("school", part="Classes")
    assert f"/password#{token}" in admin.text
    admin.press("I have passed it on: hide it")
    assert token not in admin.text


def test_taken_user_name_is_said_and_what_was_typed_stays(admin: Visit) -> None:
    people(admin)
    admin.field("Name").set_value("Tessa Winter")
    admin.field("User name").set_value("t.winter")
    admin.press("Add this person")
    assert "That username is taken." in admin.text
    assert admin.field("User name").value == "t.winter"
    assert admin.fake.resets == {}


def change(admin: Visit, username: str) -> Visit:
    people(admin)
    admin.choose("Person", admin.fake.world.users[username]["id"])
    return admin


def test_role_and_name_are_changed(admin: Visit) -> None:
    change(admin, "newcomer").press("Save name and role")
    assert "Nothing is different from before." in admin.text
    admin.app.radio[1].set_value("school_admin")
    admin.press("Save name and role")
    assert admin.fake.world.users["newcomer"]["role"] == "school_admin"
    assert "Nils Berg is changed." in admin.text


def test_person_is_locked_out_and_let_in_again(admin: Visit) -> None:
    change(admin, "newcomer").press("Do not let this person sign in")
    assert admin.fake.world.users["newcomer"]["disabled"] is True
    assert "Nils Berg may no longer sign in." in admin.text
    admin.press("Let this person sign in again")
    assert admin.fake.world.users["newcomer"]["disabled"] is False


def test_one_does_not_change_oneself(admin: Visit) -> None:
    change(admin, "principal")
    assert "This is your own account." in admin.text
    assert "Save name and role" not in [one.label for one in admin.app.button]


def test_link_for_a_new_password_is_made(admin: Visit) -> None:
    change(admin, "newcomer").press("Make a link for a new password")
    [(token, name)] = admin.fake.resets.items()
    assert name == "newcomer"
    assert f"/password#{token}" in admin.text


def test_link_and_key_are_not_shown_while_names_are_hidden(admin: Visit) -> None:
    change(admin, "newcomer").press("Make a link for a new password")
    [token] = admin.fake.resets
    admin.switch("Hide names", on=True)
    assert token not in admin.text
    admin.switch("Hide names", on=False)
    assert token in admin.text


def test_link_stands_at_the_dashboards_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "_here", lambda: "https://learn.example/dashboard/school")
    assert once.link_to("lt_reset_x") == "https://learn.example/dashboard/password#lt_reset_x"


def test_classes_lead_to_their_cards(admin: Visit) -> None:
    admin.open("school", part="Classes")
    assert "Class 6a" in admin.text
    assert "codes?class=" in admin.text
    assert "Test players" not in [one.label for one in admin.app.selectbox]


def keys(admin: Visit) -> Visit:
    return admin.open("school", part="Write keys")


def test_write_key_is_made_and_its_secret_told_once(admin: Visit) -> None:
    keys(admin)
    assert "Your school has no write key" in admin.text
    admin.press("Make the key")
    assert "Please enter a name and choose what the key is for." in admin.text
    admin.field("Name").set_value("Rack 3")
    admin.app.radio[0].set_value("live")
    admin.press("Make the key")
    assert "lt_live_k7k7" in admin.text
    assert "Rack 3 (Wave Combinator)" in admin.text
    assert [one["name"] for one in admin.fake.write_keys] == ["Rack 3"]


def with_a_key(admin: Visit) -> dict:
    fake_school.new_key(admin.fake, admin.fake.world.games[0], "live", "Rack 3")
    keys(admin).choose("Key", admin.fake.write_keys[0]["id"])
    return admin.fake.write_keys[0]


def test_write_key_is_replaced_with_an_overlap(admin: Visit) -> None:
    old = with_a_key(admin)
    admin.press("Replace it by a new key")
    assert "lt_live_k7k7" in admin.text
    assert old["expires_at"] is not None
    assert "Works until" in admin.text


def test_write_key_ends_only_when_that_is_confirmed(admin: Visit) -> None:
    old = with_a_key(admin)
    admin.press("End this key")
    assert "The key still works." in admin.text
    assert old["revoked_at"] is None
    admin.app.checkbox[0].check()
    admin.press("End this key")
    assert old["revoked_at"] is not None
    assert "Rack 3 has ended." in admin.text
    assert "Ended today" in admin.text


CSV = b"class,given_name,family_name,external_id\n5a,Uma,Stein,1\n"


def upload(admin: Visit, name: str = "list.csv", content: bytes = CSV) -> Visit:
    admin.open("school", part="Roster")
    admin.app.file_uploader[0].upload(name, content, "text/csv").run()
    return admin


def test_roster_is_shown_before_it_is_taken_over(admin: Visit) -> None:
    upload(admin)
    assert admin.fake.uploads == [("text/csv", CSV.decode())]
    assert "dry_run=true" in admin.fake.queries["/roster/import"]
    assert "Ben Oduya is now Ben Oduya-Roth" in admin.text
    assert admin.fake.resets == {}
    admin.press("Take the roster over")
    assert admin.fake.queries["/roster/import"] == "dry_run=false&force=false"
    assert "The roster is taken over." in admin.text
    assert "What this file would change" not in admin.text
    assert admin.fake.resets == {}
    admin.press("Make a link for 1 teacher")
    [token] = admin.fake.resets
    assert "Link for Wilma Klein (w.klein)" in admin.text
    assert f"/password#{token}" in admin.text
    assert "Make a link for 1 teacher" not in [one.label for one in admin.app.button]


def test_links_of_a_roster_that_fail_can_be_made_again(admin: Visit) -> None:
    upload(admin).press("Take the roster over")
    user = admin.fake.world.users["w.klein"]
    path = f"/users/{user['id']}/password-reset"
    admin.fake.failures[path] = JSONResponse({}, 503)
    admin.press("Make a link for 1 teacher")
    assert "Something went wrong on the Learntrace server" in admin.text
    del admin.fake.failures[path]
    admin.press("Make a link for 1 teacher")
    assert "Link for Wilma Klein (w.klein)" in admin.text


def test_new_teachers_may_get_their_links_later(admin: Visit) -> None:
    upload(admin).press("Take the roster over").press("Later")
    assert "Make a link for 1 teacher" not in [one.label for one in admin.app.button]
    assert admin.fake.resets == {}


def test_roster_that_would_end_much_needs_a_tick(admin: Visit) -> None:
    words = "214 of 640 enrolments (33 %) would end."
    admin.fake.roster = fake_school.roster(refused=words)
    upload(admin)
    assert words in admin.text
    [button] = [one for one in admin.app.button if one.label == "Take the roster over"]
    assert button.disabled
    admin.app.checkbox[0].check().run()
    admin.press("Take the roster over")
    assert admin.fake.queries["/roster/import"] == "dry_run=false&force=true"
    assert "The roster is taken over." in admin.text


def test_roster_with_unusable_lines_is_not_taken_over(admin: Visit) -> None:
    problems = ["users.csv, line 7: familyName is empty. Fill it in."]
    admin.fake.roster = fake_school.roster(problems=problems, counts=None, changes=[])
    upload(admin)
    assert "1 line cannot be used" in admin.text
    assert "users.csv, line 7" in admin.text
    assert "Take the roster over" not in [one.label for one in admin.app.button]


def test_file_that_cannot_be_read_says_where(admin: Visit) -> None:
    detail = "list.csv, line 1: there is no column family_name."
    admin.fake.failures["/roster/import"] = JSONResponse({"detail": detail}, 422)
    upload(admin)
    assert "This file cannot be read" in admin.text
    assert "no column family_name" in admin.text
    del admin.fake.failures["/roster/import"]
    admin.press("Try again")
    assert "Uma Stein" in admin.text


def test_roster_is_not_shown_while_names_are_hidden(admin: Visit) -> None:
    upload(admin).switch("Hide names", on=True)
    assert "Uma Stein" not in admin.text
    assert "Names are hidden, so the roster is too" in admin.text


def by_link(visit: Visit, token: str) -> Visit:
    visit.arrive()
    visit.app.session_state["lt_reset_token"] = token
    return visit.open("password")


def test_new_password_is_chosen_by_link_and_used(visit: Visit) -> None:
    visit.fake.resets["lt_reset_1"] = "t.winter"
    by_link(visit, "lt_reset_1")
    new, again = visit.app.text_input
    new.set_value("too short")
    visit.press("Set the password")
    assert "at least 12 characters." in visit.text
    new, again = visit.app.text_input
    new.set_value("corridor lemon bicycle")
    again.set_value("corridor lemon tricycle")
    visit.press("Set the password")
    assert "The two are not the same." in visit.text
    visit.app.text_input[1].set_value("corridor lemon bicycle")
    visit.press("Set the password")
    assert "Your new password is set. Log in with it." in visit.text
    assert visit.fake.resets == {}
    assert "lt_reset_1" not in str(visit.app.session_state)
    visit.open("class").log_in(password="corridor lemon bicycle")
    assert visit.app.title[0].value == "Class overview"


def test_link_that_is_over_says_what_to_do(visit: Visit) -> None:
    by_link(visit, "lt_reset_used")
    for box in visit.app.text_input:
        box.set_value("corridor lemon bicycle")
    visit.press("Set the password")
    assert "This link no longer works" in visit.text
    assert visit.app.text_input[0].value == "corridor lemon bicycle"


def test_password_page_without_a_link_says_so(visit: Visit) -> None:
    by_link(visit, "")
    assert "Open this page by the link" in visit.text


def test_choosing_a_password_ends_the_sign_in_of_this_browser(visit: Visit) -> None:
    visit.fake.resets["lt_reset_1"] = "newcomer"
    by_link(visit.arrive().log_in(), "lt_reset_1")
    for box in visit.app.text_input:
        box.set_value("corridor lemon bicycle")
    visit.press("Set the password")
    assert visit.fake.sign_ins == {}
    assert "Your new password is set. Log in with it." in visit.text
