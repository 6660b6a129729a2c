"""Closing, late events, idle closing, retries: every cause takes one road to stored features."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from learntrace.assessment import references
from learntrace.assessment.service import assess, assess_due
from learntrace.features.extract import EXTRACTOR_VERSION
from learntrace.game_sessions import repository as game_sessions
from learntrace.kit import clock
from learntrace.kit.config import Settings

from ..world import World, batch, bearer, now

BATCH = "/api/v1/telemetry/batch"


def play(world: World, session_id: UUID, *, tasks: int = 6, start_s: int = 600) -> list[Any]:
    """`tasks` levels started, failed once, retried and completed, ten seconds apart."""
    at = now() - timedelta(seconds=start_s)
    events = []
    for task in range(tasks):
        for kind in ("task_start", "failure", "retry", "task_complete"):
            events.append(
                world.event(
                    session_id=session_id,
                    event_type=kind,
                    timestamp=at.isoformat(),
                    mission_id=f"level_{task}",
                    sequence=len(events),
                )
            )
            at += timedelta(seconds=10)
    return events


async def send(api: httpx.AsyncClient, world: World, events: list[Any]) -> None:
    headers = bearer(world.write_key) | {"X-Client-Id": str(uuid4())}
    answer = await api.post(BATCH, json=batch(events), headers=headers)
    assert answer.status_code == 201, answer.text


async def close(api: httpx.AsyncClient, key: str, session_id: UUID) -> httpx.Response:
    path = f"/api/v1/telemetry/session/{session_id}/close"
    return await api.post(path, headers=bearer(key))


async def test_closing_extracts_and_answers_the_same_again(
    api: httpx.AsyncClient, world: World
) -> None:
    session_id = uuid4()
    await send(api, world, play(world, session_id))
    first, again = [await close(api, world.write_key, session_id) for _ in range(2)]
    assert first.status_code == 200
    assert first.json() == again.json()
    answer = first.json()
    assert (answer["session_id"], answer["status"]) == (str(session_id), "closed")
    features = answer["features"]
    assert features["task_completion_rate"]["value"] == 1.0
    assert features["recovery_rate"]["value"] == 1.0
    assert features["retry_count"]["value"] == 6
    assert features["time_efficiency"]["value"] is None
    assert features["time_efficiency"]["reason"] == "no_reference"
    assert features["event_count"]["value"] == 24


async def test_unknown_and_foreign_sessions_are_404(api: httpx.AsyncClient, world: World) -> None:
    session_id = uuid4()
    await send(api, world, play(world, session_id))
    assert (await close(api, world.write_key, uuid4())).status_code == 404
    for stranger in (world.other_school_key, world.other_game_key, world.sandbox_key):
        assert (await close(api, stranger, session_id)).status_code == 404
    ben = world.event(student_id=world.students[1])
    await send(api, world, [ben])
    assert (await close(api, world.player_token, UUID(ben["session_id"]))).status_code == 404
    assert (await close(api, world.player_token, session_id)).status_code == 200


async def test_late_event_makes_session_due_again(
    api: httpx.AsyncClient, world: World, settings: Settings
) -> None:
    session_id = uuid4()
    await send(api, world, play(world, session_id, tasks=5))
    await close(api, world.write_key, session_id)
    assert not await assess_due(world.database, settings)
    late = world.event(session_id=session_id, event_type="task_start", mission_id="level_9")
    await send(api, world, [late])
    assert await assess_due(world.database, settings)
    assert not await assess_due(world.database, settings)
    row = (await world.rows("select * from session_features"))[0]
    assert row.event_count == 21
    assert row.features["task_completion_rate"]["value"] == pytest.approx(5 / 6)


async def test_late_is_the_same_as_on_time(api: httpx.AsyncClient, world: World) -> None:
    late_id, punctual_id = uuid4(), uuid4()
    events = play(world, late_id)
    await send(api, world, events[:10])
    await close(api, world.write_key, late_id)
    await send(api, world, events[10:])
    await assess(world.database, world.school_id, late_id)
    twin = [e | {"session_id": str(punctual_id), "event_id": str(uuid4())} for e in events]
    await send(api, world, twin)
    late = (await close(api, world.write_key, late_id)).json()
    punctual = (await close(api, world.write_key, punctual_id)).json()
    assert late["features"] == punctual["features"]


async def test_silent_session_is_closed_and_assessed(
    api: httpx.AsyncClient, world: World, settings: Settings
) -> None:
    silent, lively = uuid4(), uuid4()
    await send(api, world, play(world, silent))
    async with world.database.transaction() as db:
        past = clock.now() - timedelta(seconds=settings.idle_close_s + 1)
        await db.execute(text("update game_sessions set last_received_at = :past"), {"past": past})
    await send(api, world, play(world, lively))
    async with world.database.transaction() as db:
        closed = await game_sessions.close_idle(db, now=clock.now(), idle_s=settings.idle_close_s)
    assert closed == 1
    assert await assess_due(world.database, settings)
    states = await world.rows("select id, state, assessed_event_count from game_sessions")
    assert {row[0]: row[1:] for row in states} == {silent: ("closed", 24), lively: ("open", None)}


async def test_quiet_time_keeps_a_busy_session_back(
    api: httpx.AsyncClient, world: World, settings: Settings
) -> None:
    session_id = uuid4()
    await send(api, world, play(world, session_id))
    async with world.database.transaction() as db:
        await game_sessions.close(db, world.school_id, session_id, now=clock.now())
    busy = settings.model_copy(update={"quiet_s": 60.0})
    assert not await assess_due(world.database, busy)
    assert await assess_due(world.database, settings)


async def test_new_versions_make_assessed_sessions_due(
    api: httpx.AsyncClient, world: World, settings: Settings
) -> None:
    session_id = uuid4()
    await send(api, world, play(world, session_id))
    await close(api, world.write_key, session_id)
    async with world.database.transaction() as db:
        await db.execute(text("update game_sessions set assessed_basis = '0.0.0'"))
    assert await assess_due(world.database, settings)
    basis = await world.one("select assessed_basis from game_sessions")
    assert basis == f"{EXTRACTOR_VERSION}.0.0"
    assert not await assess_due(world.database, settings)


async def test_enough_completions_become_a_reference(
    api: httpx.AsyncClient, world: World, settings: Settings
) -> None:
    sessions = [uuid4() for _ in range(20)]
    for session_id in sessions:
        await send(api, world, play(world, session_id, tasks=3))
        async with world.database.transaction() as db:
            await game_sessions.close(db, world.school_id, session_id, now=clock.now())
    while await assess_due(world.database, settings):
        pass
    assert await references.refit(world.database)
    assert not await references.refit(world.database)
    while await assess_due(world.database, settings):
        pass
    answer = (await close(api, world.write_key, sessions[0])).json()
    assert answer["features"]["time_efficiency"]["value"] == 0.5
    assert await world.one("select max(version) from reference_tables") == 1
    foreign = world.event(student_id=world.foreign_student)
    await api.post(BATCH, json=batch([foreign]), headers=bearer(world.other_school_key))
    other = await close(api, world.other_school_key, UUID(foreign["session_id"]))
    assert other.json()["features"]["time_efficiency"]["reason"] == "no_reference"


async def test_failing_session_backs_off_and_stops_no_other(
    api: httpx.AsyncClient, world: World, settings: Settings
) -> None:
    broken, fine = uuid4(), uuid4()
    for session_id in (broken, fine):
        await send(api, world, play(world, session_id))
    async with world.database.transaction() as db:
        # What no writer lets in: the reader of this session has to fail.
        await db.execute(
            text("update events set data = '[]'::json where game_session_id = :id"), {"id": broken}
        )
        for session_id in (broken, fine):
            await game_sessions.close(db, world.school_id, session_id, now=clock.now())
    assert await assess_due(world.database, settings)
    rows = await world.rows(
        "select id, assessed_event_count, attempts, claimed_until from game_sessions"
    )
    by_id = {row.id: row for row in rows}
    assert by_id[fine].assessed_event_count == 24
    assert (by_id[broken].assessed_event_count, by_id[broken].attempts) == (None, 1)
    assert by_id[broken].claimed_until > clock.now()
    assert not await assess_due(world.database, settings)


async def test_two_workers_never_claim_the_same_session(
    api: httpx.AsyncClient, world: World
) -> None:
    for _ in range(30):
        event = world.event()
        await send(api, world, [event])
        async with world.database.transaction() as db:
            await game_sessions.close(
                db, world.school_id, UUID(event["session_id"]), now=clock.now()
            )

    async def claim() -> list[UUID]:
        async with world.database.transaction() as db:
            claimed = await game_sessions.claim_unread(
                db, now=clock.now(), quiet_s=0, claim_s=60, most=20
            )
        return [one.game_session_id for one in claimed]

    claims = await asyncio.gather(*(claim() for _ in range(4)))
    ids = [one for claim_ids in claims for one in claim_ids]
    assert len(ids) == len(set(ids)) == 30


async def _fill(world: World, session_id: UUID, count: int) -> None:
    async with world.database.transaction() as db:
        parameters = {
            "school": world.school_id,
            "session": session_id,
            "student": world.students[0],
            "game": world.game_id,
            "count": count,
        }
        await db.execute(
            text(
                "insert into events (school_id, event_id, game_session_id, student_id, game_id, "
                "timestamp, received_at, corrected_at, content_hash, event_type, game_version, "
                "data) select :school, gen_random_uuid(), :session, :student, :game, "
                "now() + n * interval '10 ms', now(), now(), 0, "
                "(array['task_start','failure','retry','task_complete'])[1 + n % 4], '1', "
                "'{\"level\": 1}' from generate_series(1, :count) n"
            ),
            parameters,
        )
        await db.execute(
            text(
                "insert into game_sessions (school_id, id, student_id, game_id, state, "
                "last_received_at, event_count) values "
                "(:school, :session, :student, :game, 'closed', now() - interval '1 min', :count)"
            ),
            parameters,
        )


async def test_large_session_is_closed_now_and_extracted_later(
    api: httpx.AsyncClient, world: World, settings: Settings
) -> None:
    session_id = uuid4()
    await _fill(world, session_id, 20_001)
    answer = await close(api, world.write_key, session_id)
    assert (answer.status_code, answer.json()["features"]) == (202, None)
    assert await assess_due(world.database, settings)
    answer = await close(api, world.write_key, session_id)
    assert answer.status_code == 200
    assert answer.json()["features"]["event_count"]["value"] == 20_001


async def test_assessing_a_huge_session_delays_no_write(
    api: httpx.AsyncClient, world: World, database_url: str, unused_tcp_port: int
) -> None:
    session_id = uuid4()
    await _fill(world, session_id, 100_000)
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
        assert await asyncio.to_thread(worker.wait, 30) == 0
    assert await world.one("select event_count from session_features") == 100_001
    assert await world.one("select count(*) from worker_beats") == 1
