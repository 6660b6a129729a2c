"""Game sessions' events as they come back from the database, read through a mapping."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from sys import intern
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.events.mapping import GameMapping, map_event
from learntrace.events.types import Event, MappedEvent

READ_AT_ONCE = 200
_COLUMNS = """
    game_session_id, event_id, student_id, event_type, timestamp, received_at, corrected_at,
    data::text as data, mission_id, game_version, sequence
"""
_OF_SESSION = text(
    f"""
    select {_COLUMNS} from events
    where school_id = :school_id and game_session_id = :game_session_id
    """  # noqa: S608 - put together from constants
)
_NEWEST = text(
    f"""
    select newest.* from unnest(cast(:game_session_ids as uuid[])) as asked (id), lateral (
        select {_COLUMNS} from events
        where school_id = :school_id and game_session_id = asked.id
        order by timestamp desc, event_id desc
        limit :most
    ) as newest
    """  # noqa: S608 - put together from constants
)
_PAYLOAD_BYTES = text(
    """
    select coalesce(sum(octet_length(data::text)), 0) from events
    where school_id = :school_id and game_session_id = :game_session_id
    """
)
_DATA = msgspec.json.Decoder(dict)


async def payload_bytes(db: AsyncSession, school_id: UUID, game_session_id: UUID) -> int:
    """The length of all payloads of one game session together, as sent."""
    keys = {"school_id": school_id, "game_session_id": game_session_id}
    return int(await db.scalar(_PAYLOAD_BYTES, keys) or 0)


async def map_session(
    db: AsyncSession, school_id: UUID, game_session_id: UUID, mapping: GameMapping
) -> list[MappedEvent]:
    """All events of one game session, mapped, in no particular order; `event.data` is empty."""
    keys = {"school_id": school_id, "game_session_id": game_session_id}
    return [one async for one in _map(db, _OF_SESSION, keys, {game_session_id: mapping})]


async def map_newest(
    db: AsyncSession, school_id: UUID, mappings: Mapping[UUID, GameMapping], *, most: int
) -> dict[UUID, list[MappedEvent]]:
    """The newest events of each of these sessions by the client's time, at most `most` of each.

    `mappings` by session. In no particular order; `event.data` is empty; a session without events
    is missing. One statement.
    """
    keys = {"school_id": school_id, "game_session_ids": sorted(mappings), "most": most}
    newest: dict[UUID, list[MappedEvent]] = defaultdict(list)
    async for one in _map(db, _NEWEST, keys, mappings):
        newest[one.event.game_session_id].append(one)
    return newest


async def _map(
    db: AsyncSession,
    query: TextClause,
    keys: Mapping[str, Any],
    mappings: Mapping[UUID, GameMapping],
) -> AsyncIterator[MappedEvent]:
    """What `query` finds, each read through its session's mapping.

    Payloads are decoded in a thread, at most `READ_AT_ONCE` at a time, and let go once the
    mapping has read them.
    """
    rows = await db.stream(query, keys)
    # Named here: as the option `yield_per` it does not count for text, and all come at once.
    async for part in rows.partitions(READ_AT_ONCE):
        for one in await asyncio.to_thread(_map_rows, part, mappings):
            yield one


def _map_rows(rows: Sequence[Row[Any]], mappings: Mapping[UUID, GameMapping]) -> list[MappedEvent]:
    mapped = []
    for row in rows:
        data = _DATA.decode(row.data)
        event = Event(
            event_id=row.event_id,
            student_id=row.student_id,
            game_session_id=row.game_session_id,
            event_type=intern(row.event_type),
            timestamp=row.timestamp,
            received_at=row.received_at,
            corrected_at=row.corrected_at,
            data=data,
            mission_id=row.mission_id,
            game_version=row.game_version,
            sequence=row.sequence,
        )
        mapped.append(map_event(mappings[row.game_session_id], event))
        data.clear()
    return mapped
