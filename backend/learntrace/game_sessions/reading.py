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


async def list_newest_of_each(
    db: AsyncSession,
    school_id: UUID,
    student_ids: Collection[UUID],
    *,
    games: Ids | None,
    since: datetime,
    most: int,
) -> list[PlayedSession]:
    """The newest sessions of each of these students that started at `since` or later, at most
    `most` of each; oldest first.
    """
    asked = (
        func.unnest(literal(list(student_ids), ARRAY(Uuid)))
        .table_valued("id", name="asked")
        .render_derived()
    )
    newest = (
        _SELECT.where(*_of_student((school_id, asked.c.id)), GameSession.started_at >= since)
        .where(*_started(games))
        .order_by(GameSession.started_at.desc(), GameSession.id.desc())
        .limit(most)
        .lateral("newest")
    )
    query = select(newest).select_from(asked).join(newest, true())
    return await _played(db, query.order_by(newest.c.started_at, newest.c.id))


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


async def count_events(db: AsyncSession, students: Keys, *, since: datetime) -> int:
    """How many events the sessions of these students hold that started at `since` or later.

    Looks up each student's newest sessions and reads no event, however much was played before.
    """
    asked = students.subquery()
    of_one = (
        select(func.sum(GameSession.event_count).label("events"))
        .where(*_of_student((asked.c[0], asked.c[1])), GameSession.started_at >= since)
        .lateral("of_one")
    )
    query = select(func.sum(of_one.c.events)).select_from(asked).join(of_one, true())
    return int(await db.scalar(query) or 0)


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
    student_id: UUID | None = None,
    game_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> AsyncIterator[list[PlayedSession]]:
    """A tenant's sessions, oldest first, in lists of at most 500; however many there are.

    Of one student and of one game where they are given; `since` and `until` bound their start,
    `until` not included.
    """
    query = _SELECT.where(*_chosen(school_id, game_id, since, until))
    if student_id is not None:
        query = query.where(GameSession.student_id == student_id)
    query = query.order_by(GameSession.started_at, GameSession.id)
    rows = await db.stream(query, execution_options={"yield_per": STREAMED_AT_ONCE})
    async for some in rows.partitions():
        yield [PlayedSession(*row) for row in some]


async def students_of_sessions(
    db: AsyncSession,
    school_id: UUID,
    *,
    game_id: UUID | None,
    since: datetime | None,
    until: datetime | None,
) -> list[UUID]:
    """Whose sessions `stream_sessions` reads."""
    query = select(GameSession.student_id).distinct()
    return list(await db.scalars(query.where(*_chosen(school_id, game_id, since, until))))


def _chosen(
    school_id: UUID, game_id: UUID | None, since: datetime | None, until: datetime | None
) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [GameSession.school_id == school_id, *_started(None)]
    if game_id is not None:
        conditions.append(GameSession.game_id == game_id)
    if since is not None:
        conditions.append(GameSession.started_at >= since)
    if until is not None:
        conditions.append(GameSession.started_at < until)
    return conditions


async def _played(db: AsyncSession, query: Select[*tuple[Any, ...]]) -> list[PlayedSession]:
    return [PlayedSession(*row) for row in await db.execute(query)]


def _of_student(student: tuple[Any, Any]) -> Sequence[ColumnElement[bool]]:
    return (GameSession.school_id == student[0], GameSession.student_id == student[1])


def _started(games: Ids | None) -> Sequence[ColumnElement[bool]]:
    """Sessions that hold an event, of `games` only where it is given."""
    holds_events = GameSession.started_at.is_not(None)
    return (holds_events,) if games is None else (holds_events, GameSession.game_id.in_(games))


async def ids_of_student(db: AsyncSession, school_id: UUID, student_id: UUID) -> list[UUID]:
    """The ids of all sessions of one student, also of those without an event."""
    query = select(GameSession.id).where(*_of_student((school_id, student_id)))
    return list(await db.scalars(query))


def ids_of_students(school_id: UUID, student_ids: Sequence[UUID]) -> Ids:
    """The query for the ids of all sessions of these students, also of those without an event."""
    query = select(GameSession.id).where(
        GameSession.school_id == school_id,
        GameSession.student_id == any_(literal(list(student_ids), ARRAY(Uuid))),
    )
    return query.correlate(None)


async def play_by_student(db: AsyncSession, school_id: UUID) -> list[tuple[UUID, int, datetime]]:
    """Who played at a tenant: student, number of sessions, start of the first."""
    query = (
        select(GameSession.student_id, func.count(), func.min(GameSession.started_at))
        .where(GameSession.school_id == school_id, *_started(None))
        .group_by(GameSession.student_id)
    )
    rows: Sequence[Any] = (await db.execute(query)).all()
    return [(row[0], row[1], row[2]) for row in rows]


async def last_played_before(db: AsyncSession, school_id: UUID, before: datetime) -> list[UUID]:
    """The students of a tenant whose last session ended before then; by id.

    Who never played is not among them.
    """
    query = (
        select(GameSession.student_id)
        .where(GameSession.school_id == school_id, *_started(None))
        .group_by(GameSession.student_id)
        .having(func.max(GameSession.ended_at) < before)
        .order_by(GameSession.student_id)
    )
    return list(await db.scalars(query))


async def games_of_student(db: AsyncSession, school_id: UUID, student_id: UUID) -> set[UUID]:
    """The ids of the games that one student ever opened a session of."""
    query = select(GameSession.game_id).where(*_of_student((school_id, student_id))).distinct()
    return set(await db.scalars(query))
