"""Pictures of every page of the fake school, 1280 pixels wide and on a tablet.

Run `python dashboard/tests/screenshots.py FOLDER`.
"""

import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import fake_library
import fake_meetings
import fake_recordings
import fake_tutoring
import fake_world
from browser import TIMEOUT_MS, log_in, open_browser, run_dashboard, settled, title
from fake_api import FakeApi, Served
from fake_world import iso
from playwright.sync_api import Browser, Page

ZONES = ("Europe/Berlin", "America/New_York", "America/Los_Angeles", "Pacific/Auckland",
         "Asia/Tokyo", "Asia/Kolkata", "America/Sao_Paulo", "Pacific/Honolulu")  # fmt: skip
OFFICE = {
    "school": ("People", "Classes", "Roster", "Write keys", "Plan"),
    "privacy": ("Consent", "Retention", "Recordings", "Access log", "Amendment requests"),
}
SIZES = {"": (1280, 800), "-tablet": (820, 1180)}


def school_hours() -> str:
    """A zone in which it is the middle of the morning, so that the pictures look like school."""
    return min(ZONES, key=lambda zone: abs(datetime.now(ZoneInfo(zone)).hour - 10))


def filled(fake: FakeApi, student: str) -> None:
    """Give the student a rating and a note, and the school weights."""
    fake.weights |= {
        "version": 2,
        "created_at": iso(fake.world.now - timedelta(days=4)),
        "trust": {("teacher_ratings", "empathy"): 1.5, ("transcripts", "resilience"): 0.5},
    }
    rater = {"id": fake.world.users["t.winter"]["id"], "name": "Tessa Winter"}
    at = iso(fake.world.now - timedelta(days=2))
    fake.ratings[student] = [
        {
            "id": "7a7e0000-0000-4000-8000-000000000001",
            "skill": "resilience",
            "level": 3,
            "observed_on": (fake.world.now - timedelta(days=3)).date().isoformat(),
            "rater": rater,
            "created_at": at,
        }
    ]
    text = "Explained to Noor how two waves add up, then tried the next level alone."
    fake.notes[student] = [{"id": "n", "text": text, "author": rater, "created_at": at}]


def spoken(fake: FakeApi, student: str) -> dict[str, str]:
    """A recorded talk with the student, whose speakers are known, and the meeting it was in."""
    recording = fake_recordings.a_recording(
        fake, "Which wave goes where", "completed", student_id=student, has_audio=True,
        duration_seconds=31.0,
    )  # fmt: skip
    fake_recordings.a_recording(fake, "Group talk", "processing")
    fake.audio[recording["id"]] = fake_recordings.sound(31)
    roles = {speaker: role for speaker, role, *_ in fake_recordings.LINES}
    for one in fake.segments[recording["id"]]:
        one["role"] = roles[one["speaker_id"]]
    coach = fake.world.users["t.winter"]
    client = fake_meetings.a_client(fake, coach, student_id=student)
    meeting = fake_meetings.a_meeting(
        fake, client, fake.world.now.date().isoformat(), duration_min=25,
        notes="Talked about waves that did not add up, and what to try next.",
        transcription_session_id=recording["id"],
    )  # fmt: skip
    meeting["observations"] = [
        {"id": "o", "skill": "resilience", "level": 3, "text": "Tried three ways, then asked.",
         "observed_on": meeting["session_date"], "rater": client["coach"],
         "created_at": meeting["created_at"]}
    ]  # fmt: skip
    return {
        "recordings": "recordings",
        "recording": f"recording?recording={recording['id']}",
        "meetings": "meetings",
        "meeting": f"meeting?meeting={meeting['id']}",
    }


def lessons(fake: FakeApi) -> dict[str, str]:
    """What a class has to do, and the library."""
    fake_library.lived(fake)
    content = next(iter(fake.content))
    return {
        "lessons": f"lessons?task={next(iter(fake.assignments))}",
        "lessons-assign": "lessons?part=Assign",
        "lessons-scenarios": "lessons?part=Scenarios",
        "lessons-content": "lessons?part=Content",
        "scenario": f"scenario?scenario={next(iter(fake.scenarios))}",
        "content": f"content?content={content}",
        "content-form": f"content-form?content={content}",
    }


def taught(fake: FakeApi, student: str) -> dict[str, str]:
    """A scenario that goes on with the student, and one that is completed; where each is seen."""
    scenario, content = next(iter(fake.scenarios)), next(iter(fake.content))
    asked = [{"item": "return", "correct": False}, {"item": "return", "correct": True}]
    met = {
        "counter": {"vocabulary": ["return"], "objectives": ["asks for a ticket"]},
        "platform": {"success_criteria": ["finds the platform", "says thank you", "is on time"]},
    }
    done = fake_tutoring.a_run(fake, student, scenario)
    done |= {"met": met, "answers": asked}
    fake_tutoring.complete(fake, done)
    goes_on = fake_tutoring.a_run(fake, student, scenario)
    goes_on |= {"met": met, "answers": asked}
    at = f"tutoring?student={student}"
    return {
        "tutoring": f"{at}&scenario={scenario}",
        "tutoring-content": f"{at}&content={content}",
        "tutoring-review": f"{at}&review=yes",
        "tutoring-over": f"tutoring?session={done['id']}",
    }


def new_page(browser: Browser) -> Page:
    """A page of somebody of whom the browser knows nothing yet."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(TIMEOUT_MS)
    return context.new_page()


def shoot(page: Page, folder: Path, name: str) -> None:
    """The page from its top to its end, on a tablet too where that is asked for."""
    settled(page)
    for suffix, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(400)
        whole = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, min(whole, 1900))})
        page.wait_for_timeout(900)
        page.screenshot(path=folder / f"dashboard-{name}{suffix}.png")
    page.set_viewport_size({"width": 1280, "height": 800})


def main(folder: Path) -> None:
    """Visit every page as a teacher, and what administrators have."""
    folder.mkdir(parents=True, exist_ok=True)
    fake_world.SCHOOL["timezone"] = school_hours()
    fake = FakeApi()
    busiest = max(
        fake.world.sessions.values(), key=lambda one: (one["assessed"], one["failures"] or 0)
    )
    filled(fake, busiest["student_id"])
    student = busiest["student_id"]
    places = spoken(fake, student) | lessons(fake) | taught(fake, student)
    with Served(fake) as api, run_dashboard(api.url) as url, open_browser() as browser:
        page = new_page(browser)
        page.goto(url)
        page.get_by_label("User name").wait_for()
        shoot(page, folder, "login")
        log_in(page, "t.winter")
        title(page, "Class overview")
        shoot(page, folder, "class")
        page.goto(f"{url}/student?student={busiest['student_id']}")
        title(page, fake.world.students[busiest["student_id"]]["display_name"])
        shoot(page, folder, "student")
        for tab in ("Skills", "Why", "Over time", "Ratings and notes", "Lessons", "Timeline"):
            page.get_by_role("tab", name=tab).click()
            shoot(page, folder, f"student-{tab.split()[0].lower()}")
        page.goto(f"{url}/session?session={busiest['id']}")
        page.get_by_role("tab", name="Figures").wait_for()
        shoot(page, folder, "session")
        page.get_by_role("tab", name="Figures").click()
        shoot(page, folder, "figures")
        page.get_by_role("tab", name="All events").click()
        shoot(page, folder, "events")
        for address, heading in (
            ("now", "Now"),
            ("skills", "Class skills"),
            ("rate", "Rate"),
            ("codes", "Codes sheet"),
            ("test-players", "Test players"),
            ("data-health", "Data health"),
        ):
            page.goto(f"{url}/{address}")
            title(page, heading)
            shoot(page, folder, address)
        for name, address in places.items():
            page.goto(f"{url}/{address}")
            page.get_by_text("Data up to").first.wait_for()
            shoot(page, folder, name)
        for person, address, heading in (
            ("root", "system", "System status"),
            ("principal", "weights", "Evidence weights"),
        ):
            other = new_page(browser)
            other.goto(f"{url}/{address}")
            log_in(other, person)
            title(other, heading)
            shoot(other, folder, address)
        for address, parts in OFFICE.items():
            for part in parts:
                other.goto(f"{url}/{address}?part={part}")
                other.get_by_text("Data up to").first.wait_for()
                shoot(other, folder, f"{address}-{part.split()[0].lower()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
