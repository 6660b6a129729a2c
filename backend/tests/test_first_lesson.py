"""A school's first lesson: from its roster file to 28 pupils who joined with the printed cards."""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from browser import log_in, missing_browser, open_browser, run_dashboard
from playwright.sync_api import Page, expect

from learntrace.kit.db import Database

from .roster.exports import school
from .running import serving
from .world import World, bearer, now

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(900),
    pytest.mark.skipif(missing_browser() is not None, reason=str(missing_browser())),
]
PUPILS = 28
# A busy machine takes half a minute for a dashboard's first page.
PATIENCE_MS = 120_000
TEACHER, PASSWORD = "teacher-1@school.example", "a password of her own"
API = "/api/v1"


def operator(database_url: str, *arguments: str) -> str:
    """What a command says that the operator runs."""
    done = subprocess.run(
        [sys.executable, "-m", "learntrace.cli", *arguments],
        env=os.environ | {"DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def test_28_pupils_of_a_roster_file_join_by_card_and_play(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    roster = str(school(classes=1, students=PUPILS).folder(tmp_path / "export"))
    for command in (
        ("init", "--school", "Hill School", "--timezone", "Europe/Zurich", "--language", "en"),
        ("games", "add", "Waves"),
        ("keys", "create", "Hill School", "Waves", "--environment", "live"),
        ("roster", "import", roster, "--school", "Hill School"),
    ):
        operator(database_url, *command)
    link = operator(database_url, "users", "reset-link", TEACHER)
    token = re.search(r"lt_reset_[\w-]+", link)
    assert token is not None
    world = World(database)
    game_id = str(await world.one("select id from games"))
    with serving(database_url, tmp_path / "log") as running:
        async with httpx.AsyncClient(base_url=running.api_url, timeout=60) as api:
            chosen = await api.post(
                f"{API}/auth/password", json={"password": PASSWORD}, headers=bearer(token[0])
            )
            assert chosen.status_code == 204, chosen.text
            with run_dashboard(running.api_url) as dashboard:
                cards = await asyncio.to_thread(read_cards, dashboard)
                assert len(cards) == PUPILS
                await asyncio.gather(*(play(api, game_id, card) for card in cards.items()))
                await asyncio.to_thread(see_who_played, dashboard, set(cards))
    stored = await world.rows(
        "select s.display_name, count(*) from events e join students s "
        "on (s.school_id, s.id) = (e.school_id, e.student_id) group by s.id, s.display_name"
    )
    assert {row[0]: row[1] for row in stored} == dict.fromkeys(cards, 1)
    assert len(stored) == PUPILS


def read_cards(dashboard: str) -> dict[str, tuple[str, str]]:
    """The sheet as the teacher sees it: class code and pupil's code by name."""
    with open_browser() as browser:
        page = _signed_in(browser.new_page(), f"{dashboard}/codes")
        cards = page.locator(".lt-card")
        expect(cards).to_have_count(PUPILS, timeout=PATIENCE_MS)
        read = {}
        for card in cards.all():
            class_code, pupil_code = card.locator("dd").all_inner_texts()
            read[card.get_by_role("heading").inner_text()] = (class_code, pupil_code)
        return read


def see_who_played(dashboard: str, names: set[str]) -> None:
    """The teacher's page of the class: everybody played."""
    with open_browser() as browser:
        page = _signed_in(browser.new_page(), dashboard)
        all_of_them = page.get_by_text(f"{PUPILS} of {PUPILS}", exact=True)
        expect(all_of_them).to_be_visible(timeout=PATIENCE_MS)
        for name in names:
            expect(page.get_by_role("link", name=name, exact=True).first).to_be_visible()


def _signed_in(page: Page, address: str) -> Page:
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    log_in(page, TEACHER, PASSWORD)
    return page


async def play(api: httpx.AsyncClient, game_id: str, card: tuple[str, tuple[str, str]]) -> None:
    """Join with what the card says, and send one event."""
    name, (class_code, pupil_code) = card
    codes = {"game_id": game_id, "class_code": class_code, "pupil_code": pupil_code}
    answer = await api.post(f"{API}/players/join", json=codes)
    assert answer.status_code == 201, answer.text
    joined: dict[str, Any] = answer.json()
    assert joined["display_name"] == name
    event = {
        "event_id": str(uuid4()),
        "student_id": joined["student_id"],
        "session_id": str(uuid4()),
        "event_type": "task_start",
        "timestamp": now().isoformat(),
        "data": {},
    }
    sent = await api.post(
        f"{API}/telemetry/events", json=event, headers=bearer(joined["player_token"])
    )
    assert sent.status_code == 201, sent.text
