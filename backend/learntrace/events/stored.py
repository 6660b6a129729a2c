"""Events as they come back from the database."""

from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.events.types import Event

_OF_SESSION = text(
    """
    select event_id, student_id, game_session_id, event_type, timestamp, received_at,
           corrected_at, data::text as data, mission_id, game_version, sequence
    from events
    where school_id = :school_id and game_session_id = :game_session_id
    """
)
_DATA = msgspec.json.Decoder(dict)


async def of_session(db: AsyncSession, school_id: UUID, game_session_id: UUID) -> list[Event]:
    """All events of one game session, in no particular order."""
    keys = {"school_id": school_id, "game_session_id": game_session_id}
    return [
        Event(
            event_id=row.event_id,
            student_id=row.student_id,
            game_session_id=row.game_session_id,
            event_type=row.event_type,
            timestamp=row.timestamp,
            received_at=row.received_at,
            corrected_at=row.corrected_at,
            data=_DATA.decode(row.data),
            mission_id=row.mission_id,
            game_version=row.game_version,
            sequence=row.sequence,
        )
        for row in await db.execute(_OF_SESSION, keys)
    ]
