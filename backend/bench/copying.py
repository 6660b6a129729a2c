"""The floor of storing: COPY of the same rows into the same table with the same indexes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from bench.bodies import Event
from bench.school import School

Row = tuple[object, ...]
COLUMNS = (
    "school_id",
    "event_id",
    "game_session_id",
    "student_id",
    "game_id",
    "timestamp",
    "received_at",
    "corrected_at",
    "sequence",
    "content_hash",
    "event_type",
    "mission_id",
    "game_version",
    "data",
)


def rows(school: School, events: Sequence[Event]) -> list[Row]:
    """The rows that a server would have made of `events`; making them is not measured."""
    return [_row(school, event) for event in events]


def _row(school: School, event: Event) -> Row:
    at = datetime.fromisoformat(event["timestamp"])
    return (
        school.school_id,
        UUID(event["event_id"]),
        UUID(event["session_id"]),
        UUID(event["student_id"]),
        school.game_id,
        at,
        at,
        at,
        event["sequence"],
        0,
        event["event_type"],
        event["mission_id"],
        event["game_version"],
        msgspec.json.encode(event["data"]).decode(),
    )


async def copy(connection: asyncpg.Connection, made: Sequence[Row]) -> None:
    """One COPY and one commit."""
    await connection.copy_records_to_table("events", records=made, columns=COLUMNS)
