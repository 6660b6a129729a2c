"""Game sessions that are too long ago: as a whole, once the last of their events is."""

from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.game_sessions.models import GameSession

MOST_AT_ONCE = 200
MOST_EVENTS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class OldSession:
    id: UUID
    game_id: UUID


def _before(school_id: UUID, before: datetime) -> ColumnElement[bool]:
    # Without an event, when it was last heard of.
    last = func.coalesce(GameSession.ended_at, GameSession.last_received_at)
    return (GameSession.school_id == school_id) & (last < before)


async def players_before(db: AsyncSession, school_id: UUID, before: datetime) -> set[UUID]:
    """The students of a tenant with a session that ended before then."""
    query = select(GameSession.student_id).where(_before(school_id, before)).distinct()
    return set(await db.scalars(query))


def ids_before(school_id: UUID, before: datetime) -> Select[UUID]:
    """The query for a tenant's sessions that ended before then."""
    return select(GameSession.id).where(_before(school_id, before)).correlate(None)


async def hold_before(
    db: AsyncSession, school_id: UUID, student_id: UUID, before: datetime
) -> tuple[list[OldSession], bool]:
    """Some of a student's sessions that ended before then, by id; and whether there are more.

    Until the transaction ends nobody stores anything of them: they are to be deleted. Together
    they have at most `MOST_EVENTS_AT_ONCE` events, but for one that alone has more.
    """
    query = (
        select(GameSession.id, GameSession.game_id, GameSession.event_count)
        .where(_before(school_id, before), GameSession.student_id == student_id)
        .order_by(GameSession.id)
        .limit(MOST_AT_ONCE)
        .with_for_update()
    )
    rows = (await db.execute(query)).all()
    events = accumulate(row.event_count for row in rows)
    some = [
        OldSession(row.id, row.game_id)
        for place, (row, so_far) in enumerate(zip(rows, events, strict=True))
        if place == 0 or so_far <= MOST_EVENTS_AT_ONCE
    ]
    return some, len(some) < len(rows) or len(rows) == MOST_AT_ONCE
