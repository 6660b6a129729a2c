"""From a file of real play to a teacher's browser: every part is the real one."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from browser import TIMEOUT_MS, log_in, missing_browser, open_browser, run_dashboard, title
from playwright.sync_api import expect

from learntrace.kit.db import Database

from .running import serving
from .world import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(missing_browser() is not None, reason=str(missing_browser())),
]
EVENTS, SESSIONS, PLAYERS = 5002, 25, 23


def run_command(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "learntrace.cli", *arguments]
    return subprocess.run(
        command, env=os.environ | settings, capture_output=True, text=True, check=False
    )


@pytest.fixture
def demo(database_url: str, tmp_path: Path) -> dict[str, Any]:
    """The demo school in a database of its own; what demo.json tells."""
    made = run_command("demo", DATABASE_URL=database_url, DATA_DIR=str(tmp_path))
    assert made.returncode == 0, made.stderr
    return json.loads((tmp_path / "demo.json").read_text())


async def test_real_log_from_file_to_browser(
    demo: dict[str, Any], database: Database, database_url: str, shared: Path, tmp_path: Path
) -> None:
    world = World(database)
    teacher = next(user for user in demo["users"] if user["role"] == "teacher")
    with serving(database_url, tmp_path / "log") as running:
        to = ["--api-url", running.api_url, "--key", demo["sandbox_key"]]
        log = str(shared / "data" / "waves.jsonl.gz")
        first = run_command("import", log, *to)
        assert first.returncode == 0, first.stdout
        assert f"{EVENTS:,} accepted, 0 duplicates, 0 rejected" in first.stdout
        again = run_command("import", log, *to, "--no-table")
        assert f"0 accepted, {EVENTS:,} duplicates, 0 rejected" in again.stdout
        in_sandbox = (
            "from game_sessions g join schools s on s.id = g.school_id "
            "where s.sandbox_of = :school and g.assessed_event_count = g.event_count"
        )
        school = {"school": demo["school_id"]}
        assert await world.one(f"select count(*) {in_sandbox}", **school) == SESSIONS
        assert await world.one(f"select sum(g.event_count) {in_sandbox}", **school) == EVENTS
        with run_dashboard(running.api_url) as address:
            await asyncio.to_thread(walk, address, teacher, demo["students"][0]["name"])


def walk(address: str, teacher: dict[str, str], pupil: str) -> None:
    """What the teacher sees: live play in the class, the imported play with the test players."""
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(TIMEOUT_MS)
        page.goto(address)
        log_in(page, teacher["username"], teacher["password"])
        title(page, "Class overview")
        page.get_by_role("link", name=pupil).first.wait_for()
        expect(page.get_by_text("Player 1", exact=True)).to_have_count(0)
        page.get_by_role("link", name="Test players").click()
        title(page, "Test players")
        page.get_by_role("link", name="Player 1", exact=True).click()
        title(page, "Player 1")
        page.get_by_role("region", name="Play sessions of").get_by_role("link").last.click()
        page.get_by_role("tab", name="Figures").click()
        expect(page.get_by_text("Time playing").first).to_be_visible()
        page.get_by_role("tab", name="All events").click()
        expect(page.get_by_text("slider_move_release").first).to_be_visible()
