"""Stored events, read back."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Row, Select, Text, cast, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.events.models import StoredEvent
from learntrace.events.types import Event

Place = tuple[datetime, UUID]
"""Where an event stands in a session's list: the client's time, id."""

STREAMED_AT_ONCE = 1000
MOST_BEFORE = 200
_DATA = msgspec.json.Decoder(dict[str, Any])
_SELECT: Select[*tuple[Any, ...]] = select(
    StoredEvent.event_id,
    StoredEvent.student_id,
    StoredEvent.game_session_id,
    StoredEvent.event_type,
    StoredEvent.timestamp,
    StoredEvent.received_at,
    StoredEvent.corrected_at,
    StoredEvent.mission_id,
    StoredEvent.game_version,
    StoredEvent.sequence,
    cast(StoredEvent.data, Text).label("data_text"),
)


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """An event, and its payload letter for letter as it was sent."""

    event: Event
    data_text: str


@dataclass(frozen=True, slots=True)
class TypeCount:
    """How many events of one name an environment holds, and when the last of them arrived."""

    sandbox: bool
    event_type: str
    count: int
    last_received_at: datetime


async def read_page(
    db: AsyncSession,
    *,
    school_id: UUID,
    game_session_id: UUID,
    after: Place | None,
    limit: int,
) -> list[ReadEvent]:
    """A session's events by the client's time, ties by id."""
    query = (
        _SELECT.where(
            StoredEvent.school_id == school_id, StoredEvent.game_session_id == game_session_id
        )
        .order_by(StoredEvent.timestamp, StoredEvent.event_id)
        .limit(limit)
    )
    if after is not None:
        # The first condition is what the index on (session, timestamp) can start from.
        query = query.where(
            StoredEvent.timestamp >= after[0],
            tuple_(StoredEvent.timestamp, StoredEvent.event_id) > after,
        )
    return [_read(row) for row in await db.execute(query)]


async def read_just_before(
    db: AsyncSession,
    *,
    school_id: UUID,
    game_session_id: UUID,
    place: Place,
    within_s: float,
) -> list[ReadEvent]:
    """A session's events before `place`, at most `within_s` and 200 events back, in order."""
    query = (
        _SELECT.where(
            StoredEvent.school_id == school_id,
            StoredEvent.game_session_id == game_session_id,
            StoredEvent.timestamp > place[0] - timedelta(seconds=within_s),
            StoredEvent.timestamp <= place[0],
            tuple_(StoredEvent.timestamp, StoredEvent.event_id) < place,
        )
        .order_by(StoredEvent.timestamp.desc(), StoredEvent.event_id.desc())
        .limit(MOST_BEFORE)
    )
    return [_read(row) for row in await db.execute(query)][::-1]


async def stream_events(
    db: AsyncSession,
    school_id: UUID,
    *,
    game_id: UUID | None,
    since: datetime | None,
    until: datetime | None,
) -> AsyncIterator[ReadEvent]:
    """A tenant's events, session by session, each by the client's time; however many there are.

    Of one game where `game_id` is given; `since` and `until` bound the client's time, `until`
    not included. The server hands them over a thousand at a time.
    """
    query = _SELECT.where(*_chosen(school_id, game_id, since, until)).order_by(
        StoredEvent.game_session_id, StoredEvent.timestamp, StoredEvent.event_id
    )
    rows = await db.stream(query, execution_options={"yield_per": STREAMED_AT_ONCE})
    async for row in rows:
        yield _read(row)


async def students_of_events(
    db: AsyncSession,
    school_id: UUID,
    *,
    game_id: UUID | None,
    since: datetime | None,
    until: datetime | None,
) -> list[UUID]:
    """Whose events `stream_events` reads. It goes over all of them."""
    query = select(StoredEvent.student_id).distinct()
    return list(await db.scalars(query.where(*_chosen(school_id, game_id, since, until))))


def _chosen(
    school_id: UUID, game_id: UUID | None, since: datetime | None, until: datetime | None
) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [StoredEvent.school_id == school_id]
    if game_id is not None:
        conditions.append(StoredEvent.game_id == game_id)
    if since is not None:
        conditions.append(StoredEvent.timestamp >= since)
    if until is not None:
        conditions.append(StoredEvent.timestamp < until)
    return conditions


def _read(row: Row[Any]) -> ReadEvent:
    event = Event(
        event_id=row.event_id,
        student_id=row.student_id,
        game_session_id=row.game_session_id,
        event_type=row.event_type,
        timestamp=row.timestamp,
        received_at=row.received_at,
        corrected_at=row.corrected_at,
        data=_DATA.decode(row.data_text),
        mission_id=row.mission_id,
        game_version=row.game_version,
        sequence=row.sequence,
    )
    return ReadEvent(event, data_text=row.data_text)


async def count_types(
    db: AsyncSession, game_id: UUID, *, tenants: Select[UUID], sandboxes: Select[UUID]
) -> list[TypeCount]:
    """What `tenants` hold of a game, by environment and event name, the most frequent first.

    Reads every event of those tenants (about 0.2 s a million): a counter for each name would be
    one row for which all who write have to queue.
    """
    by_tenant = (
        select(
            StoredEvent.school_id,
            StoredEvent.event_type,
            func.count().label("events"),
            func.max(StoredEvent.received_at).label("last"),
        )
        .where(StoredEvent.school_id.in_(tenants), StoredEvent.game_id == game_id)
        .group_by(StoredEvent.school_id, StoredEvent.event_type)
        .subquery()
    )
    sandbox = by_tenant.c.school_id.in_(sandboxes).label("sandbox")
    events = cast(func.sum(by_tenant.c.events), BigInteger)
    query = (
        select(sandbox, by_tenant.c.event_type, events, func.max(by_tenant.c.last))
        .group_by(sandbox, by_tenant.c.event_type)
        .order_by(events.desc(), by_tenant.c.event_type, sandbox)
    )
    return [TypeCount(*row) for row in await db.execute(query)]
