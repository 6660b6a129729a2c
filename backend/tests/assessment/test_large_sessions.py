"""Sessions too large to read while somebody waits: closed at once, read bit by bit."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tracemalloc
from uuid import UUID, uuid4

import httpx

from learntrace.assessment.service import assess_unread
from learntrace.events import stored
from learntrace.events.mapping import default_mapping
from learntrace.kit.config import Settings

from ..turns import counted_turns
from ..world import World
from .playing import assess_due, close, fill, send


async def test_large_session_is_closed_now_and_extracted_later(
    api: httpx.AsyncClient, world: World, settings: Settings
) -> None:
    session_id = uuid4()
    await fill(world, session_id, 20_001)
    answer = await close(api, world.write_key, session_id)
    assert (answer.status_code, answer.json()["features"]) == (202, None)
    assert await assess_due(world.database, settings)
    answer = await close(api, world.write_key, session_id)
    assert answer.status_code == 200
    assert answer.json()["features"]["event_count"]["value"] == 20_001


async def test_session_of_long_payloads_is_closed_now_and_extracted_later(
    api: httpx.AsyncClient, world: World, settings: Settings
) -> None:
    session_id = uuid4()
    await fill(world, session_id, 900, data=json.dumps({"level": 1, "text": "x" * 9_500}))
    answer = await close(api, world.write_key, session_id)
    assert (answer.status_code, answer.json()["features"]) == (202, None)
    assert await assess_unread(world.database, settings)
    answer = await close(api, world.write_key, session_id)
    assert answer.json()["features"]["event_count"]["value"] == 900


async def test_reading_a_session_keeps_no_payload_and_holds_up_nothing(world: World) -> None:
    session_id = uuid4()
    await fill(world, session_id, 3_000, data=json.dumps({"level": 1, "list": [1] * 4_000}))
    async with world.database.transaction() as db:
        # What is asked for the first time is put together, once.
        await stored.map_session(db, world.school_id, uuid4(), default_mapping())
        with counted_turns() as turns:
            mapped = await stored.map_session(db, world.school_id, session_id, default_mapping())
    assert len(mapped) == 3_000
    assert all(one.mapped and one.event.data == {} for one in mapped)
    assert turns.most_calls < len(mapped)


async def test_reading_a_session_takes_little_memory_however_long_its_payloads(
    world: World,
) -> None:
    session_id = uuid4()
    await fill(world, session_id, 3_000, data=json.dumps({"level": 1, "text": "x" * 9_500}))
    assert min([await traced_peak(world, session_id) for _ in range(3)]) < 12_000_000


async def traced_peak(world: World, session_id: UUID) -> int:
    """Bytes at most in use while the session is read; others in this process may add to it."""
    tracemalloc.start()
    try:
        async with world.database.transaction() as db:
            await stored.map_session(db, world.school_id, session_id, default_mapping())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


async def test_assessing_a_huge_session_delays_no_write(
    api: httpx.AsyncClient, world: World, database_url: str, unused_tcp_port: int
) -> None:
    session_id = uuid4()
    await fill(world, session_id, 100_000)
    worker = subprocess.Popen(
        [sys.executable, "-m", "learntrace.cli", "worker"],
        env=os.environ
        | {"DATABASE_URL": database_url, "WORKER_METRICS_PORT": str(unused_tcp_port)},
        stdout=subprocess.DEVNULL,
    )
    try:
        while not await world.one(
            "select attempts from game_sessions where id = :id", id=session_id
        ):
            await asyncio.sleep(0.01)
        await send(api, world, [world.event(session_id=session_id)])
        # Answered while the worker was still at it: nothing is assessed yet.
        row = (await world.rows("select * from game_sessions"))[0]
        assert (row.event_count, row.assessed_event_count) == (100_001, None)
        while await world.one("select assessed_event_count from game_sessions") != 100_001:
            await asyncio.sleep(0.1)
    finally:
        worker.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(worker.wait, 120) == 0
    assert await world.one("select event_count from session_features") == 100_001
    assert await world.one("select count(*) from worker_beats") == 1
