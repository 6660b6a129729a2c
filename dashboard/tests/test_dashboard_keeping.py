"""Retention, the access log and amendment requests: pages run in this process."""

from datetime import timedelta

import fake_keeping
import pytest
from starlette.responses import JSONResponse
from visiting import Visit, student_named


@pytest.fixture
def admin(visit: Visit) -> Visit:
    return visit.arrive().log_in("principal")


def retention(admin: Visit) -> Visit:
    return admin.open("privacy", part="Retention")


PLAY = "Keep play and what was worked out from it"
LEFT = "Keep students who have left the school"


def save(admin: Visit):
    return next(one for one in admin.app.button if one.label == "Save for the whole school")


def test_retention_in_force_is_shown_and_asks_for_no_preview(admin: Visit) -> None:
    retention(admin)
    shown = {one.label: one.value for one in admin.app.selectbox}
    assert (shown[PLAY], shown[LEFT]) == (0, 365)
    assert "This is in force." in admin.text
    assert "GET /schools/retention/preview" not in admin.fake.requests


def test_what_would_go_is_seen_and_confirmed_before_it_is_saved(admin: Visit) -> None:
    retention(admin).choose(PLAY, 183)
    assert "2 students would be erased." in admin.text
    assert "Game sessions" in admin.text
    assert admin.fake.queries["/schools/retention/preview"] == "play_days=183&left_days=365"
    assert save(admin).disabled
    admin.app.checkbox[0].check().run()
    admin.press("Save for the whole school")
    assert admin.fake.retention == {"play_days": 183, "left_days": 365, "audit_days": 730}
    assert "What is too old is deleted within a day." in admin.text
    assert "This is in force." in admin.text


def test_period_that_deletes_nothing_needs_no_tick(admin: Visit) -> None:
    retention(admin).choose(LEFT, 0)
    assert "Nothing is that old today" in admin.text
    admin.press("Save for the whole school")
    assert admin.fake.retention == {"play_days": None, "left_days": None, "audit_days": 730}


def test_access_log_is_kept_for_a_year_at_least(admin: Visit) -> None:
    retention(admin)
    [log] = [one for one in admin.app.selectbox if one.label == "Keep the access log"]
    assert log.options == ["1 year", "2 years", "3 years", "5 years", "without end"]
    admin.choose("Keep the access log", 365).press("Save for the whole school")
    assert admin.fake.retention["audit_days"] == 365


def test_period_of_the_schools_own_is_kept_among_the_choices(admin: Visit) -> None:
    admin.fake.retention = {"play_days": 400, "left_days": None, "audit_days": 730}
    retention(admin)
    assert "400 days" in next(one for one in admin.app.selectbox if one.label == PLAY).options


def test_refused_retention_says_why_and_keeps_the_choice(admin: Visit) -> None:
    retention(admin).choose(LEFT, 0)
    problem = {"detail": "Somebody else changed it just now. Read it again."}
    admin.fake.failures["/schools/retention"] = JSONResponse(problem, 409)
    admin.press("Save for the whole school")
    assert "Somebody else changed it just now." in admin.text
    assert next(one for one in admin.app.selectbox if one.label == LEFT).value == 0


def access(admin: Visit, **query: str) -> Visit:
    return admin.open("privacy", part="Access log", **query)


def test_access_log_tells_who_did_what_with_whose_record(admin: Visit) -> None:
    access(admin)
    assert "opened the class's skills" in admin.text
    assert "Amina Haddad, Ben Oduya, Chiara Conti, Dilan Yıldız, Emil Sørensen; 11 more" in (
        admin.text
    )
    assert "somebody on the server" in admin.text
    assert "1 without a name" in admin.text
    assert "whoever had the link" in admin.text
    assert "chose a new password for Tess Arnold by a link" in admin.text


def test_access_log_is_narrowed_by_person_student_and_day(admin: Visit) -> None:
    fake = admin.fake
    ben = student_named(fake, "Ben Oduya")
    access(admin).choose("Who", fake.world.users["t.winter"]["id"])
    assert "somebody on the server" not in admin.text
    admin.choose("Class of the student", fake.world.classes[0]["id"]).choose("Student", ben)
    assert "opened the student's page" in admin.text
    assert "exported everything" not in admin.text
    today = fake.world.now.date()
    admin.app.date_input[1].set_value(today - timedelta(days=9)).run()
    assert "There is no entry for what you chose." in admin.text
    query = fake.queries["/schools/audit"]
    assert f"student_id={ben}" in query
    assert "until=" in query
    assert "since=" not in query


def test_access_log_goes_on_when_asked(admin: Visit) -> None:
    now, ben = admin.fake.world.now, student_named(admin.fake, "Ben Oduya")
    admin.fake.log = [
        fake_keeping.entry(admin.fake, now - timedelta(hours=n), f"did thing {n}.", ben)
        for n in range(60)
    ]
    access(admin)
    assert "did thing 49." in admin.text
    assert "did thing 50." not in admin.text
    admin.press("Show older entries")
    assert "did thing 59." in admin.text


def test_record_leads_to_the_access_log_of_that_student(admin: Visit) -> None:
    ben = student_named(admin.fake, "Ben Oduya")
    admin.open("student", student=ben, tab="record").press("Who read or changed this record")
    assert "Only what concerns **Ben Oduya**" in admin.text
    assert admin.fake.queries["/schools/audit"] == f"student_id={ben}"
    access(admin, student=ben).press("Show everything")
    assert admin.fake.queries["/schools/audit"] == ""


def test_access_log_hides_names(admin: Visit) -> None:
    access(admin).switch("Hide names", on=True)
    assert "Ben Oduya" not in admin.text
    assert "opened the student's page" in admin.text


def record(visit: Visit) -> Visit:
    student = student_named(visit.fake, "Ben Oduya")
    return visit.open("student", student=student, tab="record")


def area(visit: Visit, label: str):
    return next(one for one in visit.app.text_area if one.label.startswith(label))


def test_teacher_notes_a_request_and_does_not_decide(visit: Visit) -> None:
    record(visit.arrive().log_in())
    visit.press("Save the request")
    assert "Please say what is wrong and who asks." in visit.text
    area(visit, "What is wrong").set_value("He was ill that day.")
    visit.field("Who asks").set_value("his mother")
    visit.press("Save the request")
    assert "The request is noted." in visit.text
    [wish] = visit.fake.amendments
    assert (wish["about"], wish["text"], wish["asked_by"]) == (
        "game_play",
        "He was ill that day.",
        "his mother",
    )
    assert "Asked by his mother; noted by Tessa Winter" in visit.text
    assert "Save the decision" not in [one.label for one in visit.app.button]


def a_wish(fake, **values) -> dict:
    return {
        "id": "a1",
        "student_id": student_named(fake, "Ben Oduya"),
        "about": "rating",
        "text": "She rated the wrong child.",
        "asked_by": "his father",
        "noted_by": {"id": "x", "name": "Tessa Winter"},
        "created_at": "2026-11-03T09:00:00Z",
        "state": "open",
        "decision": None,
        "statement": None,
    } | values


def test_administrator_decides_with_a_reason(admin: Visit) -> None:
    admin.fake.amendments = [a_wish(admin.fake)]
    admin.open("privacy", part="Amendment requests")
    assert "She rated the wrong child." in admin.text
    assert "Ben Oduya" in [one.label for one in admin.app.button]
    admin.press("Save the decision")
    assert "Choose a decision and give the reason." in admin.text
    admin.app.radio[0].set_value(False)
    area(admin, "Reason").set_value("The rating is of Ben.")
    area(admin, "Their statement").set_value("We do not agree.")
    admin.press("Save the decision")
    assert "Nothing waits for a decision" in admin.text
    [wish] = admin.fake.amendments
    assert (wish["state"], wish["statement"]) == ("refused", "We do not agree.")
    record(admin)
    assert "Decision: The rating is of Ben." in admin.text
    assert "We do not agree." in admin.text


def test_decision_that_fails_stays_typed(admin: Visit) -> None:
    wish = a_wish(admin.fake)
    admin.fake.amendments = [wish]
    path = f"/students/{wish['student_id']}/amendments/a1/decision"
    admin.fake.failures[path] = JSONResponse({}, 503)
    admin.open("privacy", part="Amendment requests")
    admin.app.radio[0].set_value(True)
    area(admin, "Reason").set_value("They are right.")
    admin.press("Save the decision")
    assert "Something went wrong on the Learntrace server" in admin.text
    assert area(admin, "Reason").value == "They are right."


def test_requests_are_not_shown_while_names_are_hidden(admin: Visit) -> None:
    admin.fake.amendments = [a_wish(admin.fake)]
    admin.open("privacy", part="Amendment requests").switch("Hide names", on=True)
    assert "She rated the wrong child." not in admin.text
    assert "they are not shown while names are hidden" in admin.text
