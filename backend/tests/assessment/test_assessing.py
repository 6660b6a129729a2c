"""Closing, late events, idle closing, retries: every cause takes one road to stored features."""

from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import event, text

from learntrace.assessment import references, repository
from learntrace.assessment.service import assess
from learntrace.features.extract import EXTRACTOR_VERSION
from learntrace.features.reference import Times
from learntrace.features.types import Completion
from learntrace.game_sessions import repository as game_sessions
from learntrace.kit import clock
from learntrace.kit.config import Settings

from ..world import World, batch, bearer
from .playing import BATCH, assess_due, close, play, send


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


async def test_table_of_times_is_read_once_a_process(
    api: httpx.AsyncClient, world: World, settings: Settings
) -> None:
    for _ in range(2):
        session_id = uuid4()
        await send(api, world, play(world, session_id))
        async with world.database.transaction() as db:
            await game_sessions.close(db, world.school_id, session_id, now=clock.now())
    async with world.database.transaction() as db:
        table = Times([Completion("level_0", 10.0)] * 20).reference(1)
        await repository.add_reference(
            db,
            world.school_id,
            world.game_id,
            table,
            observation_count=20,
            created_at=clock.now(),
        )
    readings = []

    @event.listens_for(world.database.engine.sync_engine, "before_cursor_execute")
    def note(connection, cursor, statement, parameters, context, executemany):  # type: ignore[no-untyped-def]
        readings.append("reference_tables.body" in statement)

    assert await assess_due(world.database, settings)
    assert sum(readings) == 1
    versions = await world.rows("select reference_version from session_features")
    assert [row.reference_version for row in versions] == [1, 1]
