"""Meetings, who is coached, and the school's plan: pages run in this process."""

import fake_meetings
import fake_recordings
import pytest
from starlette.responses import JSONResponse
from visiting import Visit, student_named


@pytest.fixture
def teacher(visit: Visit) -> Visit:
    return visit.arrive().log_in()


def coach(visit: Visit) -> dict:
    return visit.fake.world.users["t.winter"]


def a_client(visit: Visit, name: str = "Ben Oduya") -> dict:
    """A student who is coached."""
    student = student_named(visit.fake, name)
    return fake_meetings.a_client(visit.fake, coach(visit), student_id=student)


def a_meeting(visit: Visit, **known) -> str:
    client = known.pop("client", None) or a_client(visit)
    return fake_meetings.a_meeting(visit.fake, client, "2026-11-03", **known)["id"]


def test_without_anybody_the_page_says_where_to_begin(teacher: Visit) -> None:
    assert "Nobody is noted whom you coach" in teacher.open("meetings").text


def test_student_and_another_person_are_added(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    teacher.open("coached").press("Add")
    assert "Please choose a student or enter a name." in teacher.text
    teacher.choose("Student", student).press("Add")
    assert "Ben Oduya is added." in teacher.text
    teacher.app.radio[0].set_value("other").run()
    teacher.field("Name").set_value(" Mia Holm ").run()
    teacher.press("Add")
    known = {(one["name"], one["student_id"]) for one in teacher.fake.clients.values()}
    assert known == {("Ben Oduya", student), ("Mia Holm", None)}


def test_name_is_changed_taken_away_and_deleted(teacher: Visit) -> None:
    mia = fake_meetings.a_client(teacher.fake, coach(teacher), name="Mia Holm")
    a_meeting(teacher, client=mia)
    teacher.open("coached").choose("Person", mia["id"])
    teacher.field("Name").set_value("Mia Holmes").run()
    teacher.press("Save the name")
    assert mia["name"] == "Mia Holmes"
    teacher.choose("Person", mia["id"]).press("Delete this person")
    assert "There are meetings with this client." in teacher.text
    next(one for one in teacher.app.checkbox if "Mia" in one.label).set_value(True).run()
    teacher.press("Take the name away")
    assert mia["is_anonymized"]
    assert "name taken away" in teacher.text


def test_meeting_is_noted_opened_and_deleted(teacher: Visit) -> None:
    client = a_client(teacher)
    teacher.open("meetings")
    teacher.press("Note this meeting")
    assert teacher.fake.meetings == {}
    box = next(one for one in teacher.app.selectbox if one.label == "With whom?")
    box.set_value(client["id"])
    teacher.app.number_input[0].set_value(25)
    teacher.app.text_area[0].set_value("Talked about the bridge.")
    teacher.press("Note this meeting")
    [made] = teacher.fake.meetings.values()
    assert (made["duration_min"], made["notes"]) == (25, "Talked about the bridge.")
    assert "Meeting with Ben Oduya" in teacher.text
    assert "25 min" in teacher.text
    teacher.open("meeting", meeting=made["id"])
    teacher.app.checkbox[-1].set_value(True).run()
    teacher.press("Delete")
    assert teacher.fake.meetings == {}
    assert "There is no meeting yet" in teacher.text


def test_list_shows_how_the_recording_stands_now(teacher: Visit) -> None:
    recording = fake_recordings.a_recording(teacher.fake, "Bridge", "processing")
    a_meeting(teacher, transcription_session_id=recording["id"])
    assert "Being written down" in teacher.open("meetings").text
    fake_recordings.written(teacher.fake, recording)
    teacher.press("Refresh")
    assert "Written down" in teacher.text


def test_meetings_of_one_person_and_older_ones(teacher: Visit) -> None:
    ben, other = a_client(teacher), a_client(teacher, "Amina Haddad")
    for _ in range(51):
        a_meeting(teacher, client=ben)
    fake_meetings.a_meeting(teacher.fake, other, "2026-11-04", notes="Only Amina.")
    teacher.open("meetings", client=ben["id"])
    assert "Only meetings with **Ben Oduya**" in teacher.text
    assert "Only Amina." not in teacher.text
    rows = teacher.text.count("Tue 3 Nov")
    teacher.press("Show older meetings")
    assert teacher.text.count("Tue 3 Nov") == rows + 1
    teacher.press("Show all")
    assert "Only Amina." in teacher.text


def test_notes_are_changed_and_hidden_with_the_names(teacher: Visit) -> None:
    meeting = a_meeting(teacher, notes="Ben was glad.")
    teacher.open("meeting", meeting=meeting)
    teacher.app.text_area[0].set_value("Ben was proud.")
    teacher.press("Save the notes")
    assert teacher.fake.meetings[meeting]["notes"] == "Ben was proud."
    teacher.switch("Hide names", on=True)
    assert "Ben" not in teacher.text
    teacher.open("meetings", names="hidden")
    assert "Ben" not in teacher.text
    assert "Student " in teacher.text


def test_what_was_seen_is_rated_and_taken_back(teacher: Visit) -> None:
    meeting = a_meeting(teacher)
    teacher.open("meeting", meeting=meeting).press("Save it")
    assert "Choose a level first." in teacher.text
    teacher.app.radio[0].set_value(3)
    teacher.app.text_area[1].set_value("Tried three ways.")
    teacher.press("Save it")
    [seen] = teacher.fake.meetings[meeting]["observations"]
    assert (seen["level"], seen["text"]) == (3, "Tried three ways.")
    assert "Tried three ways." in teacher.text
    teacher.press("Take it back")
    assert teacher.fake.meetings[meeting]["observations"] == []


def test_other_people_are_not_rated(teacher: Visit) -> None:
    mia = fake_meetings.a_client(teacher.fake, coach(teacher), name="Mia Holm")
    teacher.open("meeting", meeting=a_meeting(teacher, client=mia))
    assert "Only what is seen of a student can be rated." in teacher.text
    assert "Add what you saw" not in teacher.text


def test_recording_is_linked_opened_and_unlinked(teacher: Visit) -> None:
    client = a_client(teacher)
    mine = fake_recordings.a_recording(
        teacher.fake, "Bridge", "completed", student_id=client["student_id"]
    )
    meeting = a_meeting(teacher, client=client)
    teacher.open("meeting", meeting=meeting).choose("Take one of your recordings", mine["id"])
    teacher.press("It belongs to this meeting")
    assert teacher.fake.meetings[meeting]["transcription_session_id"] == mine["id"]
    assert "5 lines" in teacher.text
    teacher.press("It does not belong here")
    assert teacher.fake.meetings[meeting]["transcription_session_id"] is None
    teacher.press("Make a new recording")
    assert f"student={client['student_id']}" not in teacher.text
    assert "Only recordings with **Ben Oduya**" in teacher.text


def test_meeting_page_without_one_leads_to_the_list(teacher: Visit) -> None:
    assert "Choose a meeting to begin" in teacher.open("meeting").text


@pytest.fixture
def admin(visit: Visit) -> Visit:
    return visit.arrive().log_in("principal")


@pytest.mark.parametrize(
    ("plan", "used", "said"),
    [
        ({}, 100.0, "Enough left"),
        ({}, 2412.5, "Almost used up"),
        ({}, 3000.0, "Used up"),
        ({"minutes_per_month": -1, "retention_days": -1}, 9999.0, "no limit"),
    ],
)
def test_plan_says_what_is_left(admin: Visit, plan: dict, used: float, said: str) -> None:
    admin.fake.plan |= plan
    admin.fake.minutes_used = used
    admin.open("school", part="Plan")
    assert said in admin.text
    assert ("Almost used up" in admin.text) == (said == "Almost used up")
    assert ("kept without end" in admin.text) == bool(plan)


PAID = {"name": "cloud", "model": "large", "languages": ["en"], "cost_per_minute_micro": 6000}


def test_where_all_is_free_no_budget_is_needed(admin: Visit) -> None:
    admin.open("school", part="Plan")
    assert "Transcribing on this machine costs nothing" in admin.text
    assert "Spent this month" not in admin.text
    admin.fake.engines = []
    admin.press("Refresh")
    assert "Nothing here writes speech down" in admin.text


@pytest.mark.parametrize(
    ("budget", "spent", "said"),
    [
        (0, 0, "No budget is set, so nothing that costs money is used"),
        (50_000_000, 0, "**Enough is left.** 0 % of"),
        (50_000_000, 25_000_000, "**Half of the budget or more is spent.** 50 % of"),
        (50_000_000, 44_999_999, "**Three quarters of the budget or more are spent.** 89 % of"),
        (50_000_000, 45_000_000, "**Almost all of the budget is spent.** 90 % of"),
        (50_000_000, 60_000_000, "until the budget is raised. What is free still works.** 120 %"),
        (0, 1_000_000, "**The budget is spent. Nothing that costs money is used until"),
    ],
)
def test_budget_says_how_it_stands(admin: Visit, budget: int, spent: int, said: str) -> None:
    admin.fake.engines.append(PAID)
    admin.fake.budget |= {"budget_micro": budget, "spent_micro": spent}
    admin.open("school", part="Plan")
    assert said in admin.text
    assert "cloud: 0.006 for a minute of audio." in admin.text
    assert "faster-whisper: costs nothing." in admin.text


def test_administrator_changes_the_budget(admin: Visit) -> None:
    admin.open("school", part="Plan")
    [field] = [one for one in admin.app.number_input if one.label == "Budget a month"]
    field.set_value(20.5)
    admin.press("Save the budget")
    assert admin.fake.budget["budget_micro"] == 20_500_000
    assert "The budget is 20.50 a month from now on." in admin.text
    assert "Enough is left" in admin.text


def test_budget_that_cannot_be_read_leaves_the_rest_of_the_plan(admin: Visit) -> None:
    admin.fake.failures["/plan/budget"] = JSONResponse({}, 503)
    admin.open("school", part="Plan")
    assert "What the plan allows" in admin.text
    assert "Something went wrong on the Learntrace server" in admin.text
    assert "Change the budget" not in admin.text


def test_plan_that_cannot_be_read_says_so(admin: Visit) -> None:
    admin.fake.failures["/plan/current-usage"] = JSONResponse({}, 503)
    admin.open("school", part="Plan")
    assert "Something went wrong on the Learntrace server" in admin.text
