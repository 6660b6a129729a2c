"""The floor of storing: COPY of the same rows into the same table with the same indexes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from bench import bodies
from bench.school import School
from learntrace.ingestion.copy_format import COLUMNS

Row = tuple[object, ...]


class Event(msgspec.Struct):
    """An event as posted, read without a question."""

    event_id: UUID
    student_id: UUID
    session_id: UUID
    event_type: str
    timestamp: datetime
    data: msgspec.Raw
    mission_id: str
    game_version: str
    sequence: int


def rows(school: School, events: Sequence[bodies.Event]) -> list[Row]:
    """The rows that a server would have made of `events`; making them is not measured."""
    read = msgspec.json.decode(msgspec.json.encode(events), type=list[Event])
    return [row(school.school_id, school.game_id, one.timestamp, one) for one in read]


def row(school_id: UUID, game_id: UUID, received_at: datetime, event: Event) -> Row:
    """The event as `COLUMNS` name its parts."""
    return (
        school_id,
        game_id,
        received_at,
        event.event_id,
        event.session_id,
        event.student_id,
        event.timestamp,
        event.timestamp,
        0,
        event.sequence,
        event.event_type,
        event.mission_id,
        event.game_version,
        bytes(event.data).decode(),
    )


async def copy(connection: asyncpg.Connection, made: Sequence[Row]) -> None:
    """One COPY and one commit."""
    await connection.copy_records_to_table("events", records=made, columns=COLUMNS)
