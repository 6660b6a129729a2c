"""A group looks first and writes after: what changes in between, and what either way of writing is.

Small groups are inserted, larger ones copied in.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.callers import GameCaller
from learntrace.ingestion.content import IncomingEvent
from learntrace.ingestion.copy_format import COLUMNS
from learntrace.ingestion.storing import COPIED_FROM
from learntrace.ingestion.submissions import Submission
from learntrace.ingestion.verdicts import Code
from learntrace.kit import clock

from ..world import World
from .test_new_sessions import caller, owners, write_together
from .test_writer import incoming, submission

__all__ = ["caller"]  # a fixture

SIZES = pytest.mark.parametrize("size", [1, COPIED_FROM - 1, COPIED_FROM])
COUNTS = (
    "select (select count(*) from events), (select count(*) from game_sessions),"
    " (select count(*) from telemetry_batches)"
)


def refusals(sent: Submission) -> set[Code]:
    return {rejected.code for _, rejected in sent.refused}


async def erase(db: AsyncSession, student_id: UUID) -> None:
    for table in ("enrolments", "player_tokens"):
        statement = text(f"delete from {table} where student_id = :id")
        await db.execute(statement, {"id": student_id})
    await db.execute(text("delete from students where id = :id"), {"id": student_id})


@SIZES
@pytest.mark.parametrize("by", [Code.WRONG_STUDENT, Code.INVALID])
async def test_a_session_that_meanwhile_became_anothers_takes_nothing(
    world: World, caller: GameCaller, database_url: str, size: int, by: Code
) -> None:
    """Another student's, or the same student's in another game."""
    ada, ben = world.students[:2]
    owner = ben if by is Code.WRONG_STUDENT else ada
    session_id = uuid4()
    fine = incoming(world)
    sent = submission(
        caller, fine, *(incoming(world, game_session_id=session_id) for _ in range(size))
    )
    async with world.database.transaction() as db:
        await db.execute(
            text(
                "insert into game_sessions (school_id, id, student_id, game_id, last_received_at)"
                " values (:school, :session, :student, :game, now())"
            ),
            {
                "school": world.school_id,
                "game": world.game_id if owner is ben else uuid4(),
                "student": owner,
                "session": session_id,
            },
        )
        writing = asyncio.create_task(write_together(database_url, sent))
        await world.until_waiting()
    await writing
    assert (refusals(sent), sent.stored) == ({by}, [fine])
    assert await owners(world) == {session_id: owner, fine.game_session_id: ada}
    assert await world.one("select sum(event_count) from game_sessions") == 1
    assert await world.one("select count(*) from events") == 1


@SIZES
async def test_of_a_student_who_is_erased_meanwhile_nothing_is_stored(
    world: World, caller: GameCaller, database_url: str, size: int
) -> None:
    ada, ben = world.students[:2]
    gone = submission(caller, *(incoming(world) for _ in range(size)))
    stays = submission(caller, incoming(world, student_id=ben))
    async with world.database.transaction() as db:
        await erase(db, ada)
        writing = asyncio.create_task(write_together(database_url, gone, stays))
        await world.until_waiting()
    await writing
    assert (refusals(gone), gone.stored) == ({Code.UNKNOWN_STUDENT}, [])
    assert stays.stored == list(stays.events)
    assert [tuple(row) for row in await world.rows(COUNTS)] == [(1, 1, 0)]


@SIZES
async def test_what_is_refused_is_counted_with_what_is_stored(
    world: World, caller: GameCaller, database_url: str, size: int
) -> None:
    stranger = incoming(world, student_id=uuid4())
    sent = submission(caller, stranger, *(incoming(world) for _ in range(size)))
    await write_together(database_url, sent)
    assert (len(sent.stored), refusals(sent)) == (size, {Code.UNKNOWN_STUDENT})
    counted = await world.rows("select code, count from rejections")
    assert [tuple(row) for row in counted] == [("unknown_student", 1)]


@SIZES
async def test_events_are_stored_as_they_came(
    world: World, caller: GameCaller, database_url: str, size: int
) -> None:
    now = clock.now()
    texts = (
        '{"a": 1.50, "a": 2, "b": [1e5, -0.0, 12345678901234567890]}',
        '{"\\u00e9\\n": "\\"\\\\", "tab": "\\t", "emoji": "\U0001f9d2 \u00fc"}',
        "{ }",
    )
    events = [
        incoming(
            world,
            timestamp=datetime(2025, 2, 28, 23, 59, 59, 999999, tzinfo=UTC) + timedelta(days=n),
            corrected_at=now - timedelta(microseconds=n),
            data_text=texts[n % 3],
            mission_id=(None, "", "level 'one'\\N {\U0001f9d2,\"}")[n % 3],
            event_type=("task_start", "na\u00efve type", "null")[n % 3],
            game_version=("", "1.0.0", "\\N")[n % 3],
            sequence=(None, 2**63 - 1, -(2**63))[n % 3],
            content_hash=(-(2**63), 2**63 - 1, 0)[n % 3],
        )
        for n in range(size)
    ]
    sent = submission(caller, *events)
    await write_together(database_url, sent)
    columns = ", ".join(f'"{name}"' for name in COLUMNS[:-1])
    rows = await world.rows(f"select {columns}, data::text from events")
    assert {tuple(row) for row in rows} == {_as_stored(sent, event) for event in events}


def _as_stored(sent: Submission, event: IncomingEvent) -> tuple[object, ...]:
    return (
        sent.caller.school_id,
        sent.caller.game_id,
        sent.received_at,
        event.event_id,
        event.game_session_id,
        event.student_id,
        event.timestamp,
        event.corrected_at,
        event.content_hash,
        event.sequence,
        event.event_type,
        event.mission_id,
        event.game_version,
        event.data_text,
    )
