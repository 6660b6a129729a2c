"""From posted events to a sentence about a pupil, and from the sentence back to those events."""

import asyncio
import re
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx
import pytest
from browser import TIMEOUT_MS, log_in, missing_browser, open_browser, run_dashboard, title
from playwright.sync_api import expect

from .running import serving
from .world import World, add_reset, add_signed_in, batch, bearer, insert, now

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(missing_browser() is not None, reason=str(missing_browser())),
]
USERNAME, PASSWORD = "t.moor", "a-sunlit-harbour-wall"
WITHIN_S = 120
EVENT_TYPE = "attempt"
SENTENCE = "In sums to 20, the pupil may get about"


@pytest.fixture
async def reset(world: World) -> str:
    """The one-time link of a teacher of Ada's class, who has no password yet."""
    async with world.database.transaction() as db:
        user_id, _ = await add_signed_in(db, USERNAME, "teacher", world.school_id)
        await insert(
            db,
            "teachings",
            user_id=user_id,
            school_id=world.school_id,
            class_id=world.class_id,
            started_at=now(),
        )
        return await add_reset(db, user_id)


async def test_a_sentence_leads_to_the_session_that_was_posted(
    world: World, reset: str, database_url: str, tmp_path: Path
) -> None:
    game_session_id = uuid4()
    with serving(database_url, tmp_path / "log") as running:
        async with httpx.AsyncClient(base_url=f"{running.api_url}/api/v1", timeout=60) as client:
            chosen = await client.post(
                "/auth/password", json={"password": PASSWORD}, headers=bearer(reset)
            )
            assert chosen.status_code == 204, chosen.text
            await post_play(client, world, game_session_id)
        await until_assessed(world)
        with run_dashboard(running.api_url) as address:
            await asyncio.to_thread(walk, address, game_session_id)


async def post_play(client: httpx.AsyncClient, world: World, game_session_id: UUID) -> None:
    """Ada answers a sum a minute, two of three right, and the game closes the session."""
    events = [
        world.event(
            session_id=game_session_id,
            event_type=EVENT_TYPE,
            timestamp=(now() - timedelta(minutes=12 - n)).isoformat(),
            data={"skill": "sums to 20", "item": f"{n} + 7", "correct": n % 3 > 0},
            sequence=n,
        )
        for n in range(12)
    ]
    headers = bearer(world.write_key)
    sent = await client.post("/telemetry/batch", json=batch(events), headers=headers)
    assert (sent.status_code, sent.json()["accepted"]) == (201, len(events)), sent.text
    closed = await client.post(f"/telemetry/session/{game_session_id}/close", headers=headers)
    assert closed.status_code == 200, closed.text


async def until_assessed(world: World) -> None:
    """Wait for the worker."""
    deadline = time.monotonic() + WITHIN_S
    found = "select count(*) from assessments where student_id = :student"
    while not await world.one(found, student=world.students[0]):
        assert time.monotonic() < deadline, "nothing was assessed"
        await asyncio.sleep(0.2)


def walk(address: str, game_session_id: UUID) -> None:
    """The teacher opens Ada, reads the sentence and follows what it cites."""
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(TIMEOUT_MS)
        page.goto(address)
        log_in(page, USERNAME, PASSWORD)
        title(page, "Class overview")
        page.get_by_role("link", name="Ada").first.click()
        title(page, "Ada")
        page.get_by_role("tab", name="Why").click()
        sentence = page.get_by_role("listitem").filter(has_text=SENTENCE)
        cited = re.search(r"\[(\d+)\]", sentence.inner_text(timeout=TIMEOUT_MS))
        assert cited is not None
        evidence = page.get_by_role("region", name="Evidence on Ada")
        number = page.get_by_role("rowheader", name=cited[1], exact=True)
        evidence.get_by_role("row").filter(has=number).get_by_role("link").click()
        page.get_by_role("tab", name="All events").click()
        expect(page.get_by_text(EVENT_TYPE, exact=True).first).to_be_visible()
        assert parse_qs(urlsplit(page.url).query)["session"] == [str(game_session_id)]
