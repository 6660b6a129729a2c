"""Closing a game session on call, with its features at once where that is quick."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.callers import GameCaller
from learntrace.assessment import reading
from learntrace.assessment.service import assess
from learntrace.events import stored
from learntrace.features.presenting import present
from learntrace.game_sessions import repository as game_sessions
from learntrace.kit import clock
from learntrace.kit.db import Database
from learntrace.kit.errors import NotFoundError

# Above either the answer does not wait; the worker extracts.
EXTRACTED_AT_ONCE = 20_000
READ_AT_ONCE_BYTES = 8_000_000
UNKNOWN = "There is no such game session of yours."


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed game session.

    `features` and `tasks_completed` are `None` while the worker still has to extract them.
    """

    game_session_id: UUID
    started_at: datetime | None
    ended_at: datetime | None
    features: dict[str, dict[str, Any]] | None
    tasks_completed: int | None


async def close(database: Database, caller: GameCaller, game_session_id: UUID) -> Closed:
    """Close the caller's game session; closed before, it stays as it is.

    The same answer again as long as nothing new has come in. Raises `NotFoundError` for one that
    is unknown, another student's, another game's or another school's.
    """
    school_id = caller.school_id
    async with database.transaction() as db:
        found = await game_sessions.find(db, school_id, game_session_id)
        if found is None or found.game_id != caller.game_id:
            raise NotFoundError(UNKNOWN)
        if caller.student_id not in (None, found.student_id):
            raise NotFoundError(UNKNOWN)
        is_known = found.assessed_event_count == found.event_count
        is_small = not is_known and await _is_small(
            db, school_id, game_session_id, found.event_count
        )
        await game_sessions.close(db, school_id, game_session_id, now=clock.now())
    if is_small:
        await assess(database, school_id, game_session_id)
        is_known = True
    async with database.transaction() as db:
        closed = await game_sessions.find(db, school_id, game_session_id)
        if closed is None:  # erased meanwhile
            raise NotFoundError(UNKNOWN)
        assessed = await reading.find_assessed(db, school_id, game_session_id)
    if not is_known or assessed is None:
        return Closed(game_session_id, closed.started_at, closed.ended_at, None, None)
    return Closed(
        game_session_id,
        closed.started_at,
        closed.ended_at,
        present(assessed.features),
        assessed.tasks_completed,
    )


async def _is_small(db: AsyncSession, school_id: UUID, game_session_id: UUID, count: int) -> bool:
    """Whether its `count` events are few and short enough to be read while the caller waits."""
    if count > EXTRACTED_AT_ONCE:
        return False
    return await stored.payload_bytes(db, school_id, game_session_id) <= READ_AT_ONCE_BYTES
