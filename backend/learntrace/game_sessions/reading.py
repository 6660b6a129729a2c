"""Game sessions as read by people: lists, one of them, and who played when."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, any_, func, literal, select, true, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.tenants import sandboxes
from learntrace.game_sessions.models import GameSession

Ids = Select[UUID]
Keys = Select[UUID, UUID]
Key = tuple[UUID, UUID]
Place = tuple[datetime, UUID]
"""Where a session stands in a student's list: start, id."""


@dataclass(frozen=True, slots=True)
class PlayedSession:
    """One sitting; times as in `GameSession`. `started_at` is never missing here."""

    school_id: UUID
    sandbox: bool
    id: UUID
    student_id: UUID
    game_id: UUID
    state: str
    started_at: datetime
    ended_at: datetime
    closed_at: datetime | None
    event_count: int


@dataclass(frozen=True, slots=True)
class PlayTotal:
    """How much a student has played, ever; `last_event_at` is `None` before the first event."""

    game_session_count: int
    last_event_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecentPlay:
    """How many sessions a student has begun since, and the newest of them that is still open."""

    game_session_count: int
    open_game_session_id: UUID | None


NOT_PLAYED = RecentPlay(0, None)
STREAMED_AT_ONCE = 500

_SELECT: Select[*tuple[Any, ...]] = select(
    GameSession.school_id,
    GameSession.school_id.in_(sandboxes()),
    GameSession.id,
    GameSession.student_id,
    GameSession.game_id,
    GameSession.state,
    GameSession.started_at,
    GameSession.ended_at,
    GameSession.closed_at,
    GameSession.event_count,
)


def players_of(games: Ids, *, tenants: Ids) -> Keys:
    """Tenant and id of the students who played one of `games` in one of `tenants`."""
    return select(GameSession.school_id, GameSession.student_id).where(
        GameSession.school_id.in_(tenants), GameSession.game_id.in_(games)
    )


async def find_sessions(
    db: AsyncSession, game_session_id: UUID, *, tenants: Ids, students: Keys, games: Ids | None
) -> list[PlayedSession]:
    """The sessions with this id in `tenants` that these students played with these games."""
    query = _SELECT.where(
        GameSession.id == game_session_id,
        GameSession.school_id.in_(tenants),
        tuple_(GameSession.school_id, GameSession.student_id).in_(students),
        *_started(games),
    )
    return await _played(db, query)


async def list_sessions(
    db: AsyncSession, student: Key, *, games: Ids | None, after: Place | None, limit: int
) -> list[PlayedSession]:
    """One student's sessions, newest first."""
    query = (
        _SELECT.where(*_of_student(student), *_started(games))
        .order_by(GameSession.started_at.desc(), GameSession.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(
            GameSession.started_at <= after[0],
            tuple_(GameSession.started_at, GameSession.id) < after,
        )
    return await _played(db, query)


async def players_of_others(db: AsyncSession, students: Collection[Key], *, games: Ids) -> set[Key]:
    """Those of these students who played any game beside `games`."""
    query = (
        select(GameSession.school_id, GameSession.student_id)
        .where(
            tuple_(GameSession.school_id, GameSession.student_id).in_(students),
            GameSession.game_id.not_in(games),
        )
        .distinct()
    )
    return {(row[0], row[1]) for row in await db.execute(query)}


def recent_sessions(
    school_id: UUID, student_ids: Collection[UUID], *, games: Ids | None, since: datetime
) -> Keys:
    """Student and id of the sessions of these students that started at `since` or later."""
    return select(GameSession.student_id, GameSession.id).where(
        GameSession.school_id == school_id,
        GameSession.student_id == any_(literal(list(student_ids), ARRAY(Uuid))),
        GameSession.started_at >= since,
        *_started(games),
    )


async def recent_play(db: AsyncSession, recent: Keys) -> dict[UUID, RecentPlay]:
    """By student, what `recent_sessions` come to; who has none is missing."""
    newest_first = (GameSession.started_at.desc(), GameSession.id.desc())
    still_open = func.array_agg(aggregate_order_by(GameSession.id, *newest_first))
    query = recent.with_only_columns(
        GameSession.student_id,
        func.count(),
        still_open.filter(GameSession.state == "open"),
    ).group_by(GameSession.student_id)
    return {
        row[0]: RecentPlay(row[1], row[2][0] if row[2] else None) for row in await db.execute(query)
    }


async def open_sessions(
    db: AsyncSession,
    school_id: UUID,
    student_ids: Collection[UUID],
    *,
    games: Ids | None,
    since: datetime,
) -> list[PlayedSession]:
    """Of each of these students the open session that was played last, at `since` or later.

    Who has none is missing.
    """
    query = (
        _SELECT.ext(distinct_on(GameSession.student_id))
        .where(
            GameSession.school_id == school_id,
            GameSession.student_id == any_(literal(list(student_ids), ARRAY(Uuid))),
            GameSession.state == "open",
            GameSession.last_received_at >= since,
            *_started(games),
        )
        .order_by(GameSession.student_id, GameSession.ended_at.desc(), GameSession.id.desc())
    )
    return await _played(db, query)


async def list_recent(db: AsyncSession, recent: Keys) -> list[PlayedSession]:
    """The sessions that `recent_sessions` names, oldest first."""
    query = recent.with_only_columns(*_SELECT.selected_columns)
    return await _played(db, query.order_by(GameSession.started_at, GameSession.id))


async def play_totals(
    db: AsyncSession, students: Collection[Key], *, games: Ids | None
) -> dict[Key, PlayTotal]:
    """How much each of these students has played; every one of them has an entry."""
    asked = sorted(set(students))
    keys = (
        func.unnest(
            literal([school for school, _ in asked], ARRAY(Uuid)),
            literal([student for _, student in asked], ARRAY(Uuid)),
        )
        .table_valued("school_id", "student_id", name="asked")
        .render_derived()
    )
    total = (
        select(func.count().label("sessions"), func.max(GameSession.ended_at).label("last"))
        .where(
            GameSession.school_id == keys.c.school_id,
            GameSession.student_id == keys.c.student_id,
            *_started(games),
        )
        .lateral("total")
    )
    query = select(keys.c.school_id, keys.c.student_id, total.c.sessions, total.c.last)
    rows = await db.execute(query.select_from(keys).join(total, true()))
    return {(row[0], row[1]): PlayTotal(row[2], row[3]) for row in rows}


async def last_received_at(
    db: AsyncSession, game_id: UUID, *, tenants: Ids
) -> dict[bool, datetime]:
    """When `tenants` last received an event of this game, by the server's clock.

    The sandboxes' under true, the live schools' under false; missing where nothing ever came.
    Reads those tenants' sessions, no events.
    """
    sandbox = GameSession.school_id.in_(sandboxes()).label("sandbox")
    query = (
        select(sandbox, func.max(GameSession.last_received_at))
        .where(GameSession.school_id.in_(tenants), GameSession.game_id == game_id)
        .group_by(sandbox)
    )
    return {row[0]: row[1] for row in await db.execute(query)}


async def stream_sessions(
    db: AsyncSession,
    school_id: UUID,
    *,
    game_id: UUID | None,
    since: datetime | None,
    until: datetime | None,
) -> AsyncIterator[list[PlayedSession]]:
    """A tenant's sessions, oldest first, in lists of at most 500; however many there are.

    Of one game where `game_id` is given; `since` and `until` bound their start, `until` not
    included.
    """
    query = _SELECT.where(GameSession.school_id == school_id, *_started(None))
    if game_id is not None:
        query = query.where(GameSession.game_id == game_id)
    if since is not None:
        query = query.where(GameSession.started_at >= since)
    if until is not None:
        query = query.where(GameSession.started_at < until)
    query = query.order_by(GameSession.started_at, GameSession.id)
    rows = await db.stream(query, execution_options={"yield_per": STREAMED_AT_ONCE})
    async for some in rows.partitions():
        yield [PlayedSession(*row) for row in some]


async def _played(db: AsyncSession, query: Select[*tuple[Any, ...]]) -> list[PlayedSession]:
    return [PlayedSession(*row) for row in await db.execute(query)]


def _of_student(student: Key) -> Sequence[ColumnElement[bool]]:
    return (GameSession.school_id == student[0], GameSession.student_id == student[1])


def _started(games: Ids | None) -> Sequence[ColumnElement[bool]]:
    """Sessions that hold an event, of `games` only where it is given."""
    holds_events = GameSession.started_at.is_not(None)
    return (holds_events,) if games is None else (holds_events, GameSession.game_id.in_(games))
