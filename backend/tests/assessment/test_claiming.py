"""Which sessions a worker takes, for how long, and what it costs to look for them."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.event import listen

from learntrace.accounts import games, mappings
from learntrace.assessment import repository
from learntrace.assessment.service import assess_outdated, assess_unread
from learntrace.events import repository as events_repository
from learntrace.features.extract import EXTRACTOR_VERSION
from learntrace.game_sessions import repository as game_sessions
from learntrace.game_sessions.repository import Claim, Claimed
from learntrace.kit import clock
from learntrace.kit.config import Settings

from ..world import World, batch, bearer, insert, now
from .playing import BATCH, assess_due, close, fill, play, send


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
            claim = Claim(clock.now(), quiet_s=0, claim_s=60, most=20)
            claimed = await game_sessions.claim_unread(db, claim)
        return [one.game_session_id for one in claimed]

    claims = await asyncio.gather(*(claim() for _ in range(4)))
    ids = [one for claim_ids in claims for one in claim_ids]
    assert len(ids) == len(set(ids)) == 30


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


async def test_session_that_goes_on_receiving_events_lets_others_before_it(
    world: World,
) -> None:
    """Closed over a break and played on: it closed first, and was heard of last."""
    at = clock.now()
    played_on, waiting = uuid4(), uuid4()
    minutes = {played_on: (60, 1), waiting: (20, 20)}
    async with world.database.transaction() as db:
        for session_id, (closed, heard) in minutes.items():
            await insert(
                db,
                "game_sessions",
                school_id=world.school_id,
                id=session_id,
                student_id=world.students[0],
                game_id=world.game_id,
                state="closed",
                last_received_at=at - timedelta(minutes=heard),
                closed_at=at - timedelta(minutes=closed),
                event_count=1,
            )
    [first] = await _claim(world, 0, 1, most=1)
    assert first.game_session_id == waiting


async def _claim(world: World, *attempts: int, most: int = 20) -> list[Claimed]:
    claim = Claim(
        clock.now(), quiet_s=0, claim_s=60, most=most, attempts=(attempts[0], attempts[1])
    )
    async with world.database.transaction() as db:
        return await game_sessions.claim_unread(db, claim)


@pytest.mark.parametrize(("attempts", "lasts_s"), [(0, 60), (1, 120), (4, 960), (500, 21_600)])
async def test_claim_lasts_longer_with_every_attempt(
    world: World, attempts: int, lasts_s: float
) -> None:
    await fill(world, uuid4(), 1)
    async with world.database.transaction() as db:
        await db.execute(text("update game_sessions set attempts = :n"), {"n": attempts})
    before = clock.now()
    [claimed] = await _claim(world, 0, game_sessions.MOST_ATTEMPTS)
    until = await world.one("select claimed_until from game_sessions")
    assert claimed.attempts == attempts + 1
    assert lasts_s <= (until - before).total_seconds() < lasts_s + 5


async def test_session_that_ended_its_worker_twice_is_claimed_alone(
    api: httpx.AsyncClient, world: World, settings: Settings
) -> None:
    sessions = [uuid4() for _ in range(5)]
    for session_id in sessions:
        await fill(world, session_id, 4)
    async with world.database.transaction() as db:
        suspects = "update game_sessions set attempts = 2 where id = any(:ids)"
        await db.execute(text(suspects), {"ids": sessions[:2]})
    assert await assess_unread(world.database, settings)
    left = "select count(*) from game_sessions where assessed_event_count is null"
    assert await world.one(left) == 1
    assert await assess_unread(world.database, settings)
    assert await world.one(left) == 0
    assert await world.one("select max(attempts) from game_sessions") == 0


async def test_changed_mapping_makes_only_its_tenants_sessions_outdated(
    api: httpx.AsyncClient, world: World, settings: Settings
) -> None:
    here, elsewhere = uuid4(), uuid4()
    await send(api, world, play(world, here))
    foreign = world.event(student_id=world.foreign_student, session_id=elsewhere)
    await api.post(BATCH, json=batch([foreign]), headers=bearer(world.other_school_key))
    await close(api, world.write_key, here)
    await close(api, world.other_school_key, elsewhere)
    assert not await assess_outdated(world.database, settings)
    async with world.database.transaction() as db:
        await events_repository.add_mapping(db, world.game_id, 1, {"extends": None})
        await mappings.choose(db, world.school_id, world.game_id, 1)
        await db.execute(
            text("update game_sessions set assessed_basis = :basis where id = :id"),
            {"basis": f"{EXTRACTOR_VERSION}.1.0", "id": elsewhere},
        )
    assert await assess_outdated(world.database, settings)
    assert not await assess_outdated(world.database, settings)
    rows = await world.rows("select game_session_id, mapping_version from session_features")
    assert {row[0]: row[1] for row in rows} == {here: 1, elsewhere: 0}
    unread = (await close(api, world.write_key, here)).json()["features"]["unmapped_count"]
    assert unread["value"] == 24


async def test_looking_for_outdated_sessions_costs_the_same_for_many_tenants(
    world: World, settings: Settings
) -> None:
    statements: list[str] = []

    def note(*args: Any) -> None:
        statements.append(args[2])

    async def asked() -> int:
        statements.clear()
        assert not await assess_outdated(world.database, settings)
        return len(statements)

    listen(world.database.engine.sync_engine, "before_cursor_execute", note)
    few = await asked()
    async with world.database.transaction() as db:
        for _ in range(10):
            school_id = uuid4()
            await insert(
                db,
                "schools",
                id=school_id,
                name=str(school_id),
                timezone="UTC",
                language="en",
                created_at=now(),
            )
            await games.use_game(db, school_id, world.game_id)
    assert await asked() == few


async def test_oldest_waits_since_its_close_or_what_came_later(world: World) -> None:
    await fill(world, uuid4(), 1)
    moments = "update game_sessions set last_received_at = :received, closed_at = :closed"
    hour, minute = now() - timedelta(hours=1), now() - timedelta(minutes=1)
    for received, closed in ((hour, minute), (minute, hour)):
        async with world.database.transaction() as db:
            await db.execute(text(moments), {"received": received, "closed": closed})
            assert await game_sessions.count_due(db) == (1, minute)


async def test_workers_of_yesterday_are_forgotten(world: World) -> None:
    async with world.database.transaction() as db:
        for name, age in (("old", timedelta(days=2)), ("new", timedelta(minutes=1))):
            await repository.beat(db, name, now() - age)
        await repository.drop_beats(db, before=now() - timedelta(days=1))
    assert [row.worker for row in await world.rows("select worker from worker_beats")] == ["new"]
