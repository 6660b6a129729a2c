"""A game session's events as they come back from the database, read through a mapping."""

import asyncio
from collections.abc import Sequence
from sys import intern
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.events.mapping import GameMapping, map_event
from learntrace.events.types import Event, MappedEvent

READ_AT_ONCE = 200
_OF_SESSION = text(
    """
    select event_id, student_id, event_type, timestamp, received_at, corrected_at,
           data::text as data, mission_id, game_version, sequence
    from events
    where school_id = :school_id and game_session_id = :game_session_id
    """
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
    """All events of one game session, mapped, in no particular order.

    `event.data` is empty: payloads are decoded in a thread, at most `READ_AT_ONCE` at a time,
    and let go once the mapping has read them.
    """
    keys = {"school_id": school_id, "game_session_id": game_session_id}
    mapped: list[MappedEvent] = []
    rows = await db.stream(_OF_SESSION, keys)
    # Named here: as the option `yield_per` it does not count for text, and all come at once.
    async for part in rows.partitions(READ_AT_ONCE):
        mapped += await asyncio.to_thread(_map_rows, part, game_session_id, mapping)
    return mapped


def _map_rows(
    rows: Sequence[Row[Any]], game_session_id: UUID, mapping: GameMapping
) -> list[MappedEvent]:
    mapped = []
    for row in rows:
        data = _DATA.decode(row.data)
        event = Event(
            event_id=row.event_id,
            student_id=row.student_id,
            game_session_id=game_session_id,
            event_type=intern(row.event_type),
            timestamp=row.timestamp,
            received_at=row.received_at,
            corrected_at=row.corrected_at,
            data=data,
            mission_id=row.mission_id,
            game_version=row.game_version,
            sequence=row.sequence,
        )
        mapped.append(map_event(mapping, event))
        data.clear()
    return mapped
