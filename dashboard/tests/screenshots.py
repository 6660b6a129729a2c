"""Pictures of every page at 1280 pixels, and of two on a tablet, of the fake school.

Run `python dashboard/tests/screenshots.py FOLDER`.
"""

import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import fake_world
from browser import log_in, open_browser, run_dashboard, settled, title
from fake_api import FakeApi, Served
from playwright.sync_api import Page

ZONES = ("Europe/Berlin", "America/New_York", "America/Los_Angeles", "Pacific/Auckland",
         "Asia/Tokyo", "Asia/Kolkata", "America/Sao_Paulo", "Pacific/Honolulu")  # fmt: skip
SIZES = {"": (1280, 800), "-tablet": (820, 1180)}
ON_TABLET = frozenset({"class", "now", "session", "skills", "student-skills", "student-why"})


def school_hours() -> str:
    """A zone in which it is the middle of the morning, so that the pictures look like school."""
    return min(ZONES, key=lambda zone: abs(datetime.now(ZoneInfo(zone)).hour - 10))


def shoot(page: Page, folder: Path, name: str) -> None:
    """The page from its top to its end, on a tablet too where that is asked for."""
    settled(page)
    for suffix, (width, height) in SIZES.items():
        if suffix and name not in ON_TABLET:
            continue
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(400)
        whole = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, min(whole, 1900))})
        page.wait_for_timeout(900)
        page.screenshot(path=folder / f"dashboard-{name}{suffix}.png")
    page.set_viewport_size({"width": 1280, "height": 800})


def main(folder: Path) -> None:
    """Visit every page as a teacher and the system status as its administrator."""
    folder.mkdir(parents=True, exist_ok=True)
    fake_world.SCHOOL["timezone"] = school_hours()
    fake = FakeApi()
    busiest = max(
        fake.world.sessions.values(), key=lambda one: (one["assessed"], one["failures"] or 0)
    )
    with Served(fake) as api, run_dashboard(api.url) as url, open_browser() as browser:
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.goto(url)
        page.get_by_label("User name").wait_for()
        shoot(page, folder, "login")
        log_in(page, "t.winter")
        title(page, "Class overview")
        shoot(page, folder, "class")
        page.goto(f"{url}/student?student={busiest['student_id']}")
        title(page, fake.world.students[busiest["student_id"]]["display_name"])
        shoot(page, folder, "student")
        for tab in ("Skills", "Why", "Over time", "Ratings and notes"):
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
        other = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        other.goto(url)
        log_in(other, "root")
        title(other, "System status")
        shoot(other, folder, "system")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
