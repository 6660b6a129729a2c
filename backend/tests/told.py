"""Events as games tell them, read without the server."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from learntrace.events.types import Event


def read_event(told: Mapping[str, Any]) -> Event:
    """An event as it would be stored, received at the instant that it happened."""
    timestamp = datetime.fromisoformat(told["timestamp"])
    return Event(
        event_id=UUID(told["event_id"]),
        student_id=UUID(told["student_id"]),
        game_session_id=UUID(told["session_id"]),
        event_type=told["event_type"],
        timestamp=timestamp,
        received_at=timestamp,
        corrected_at=timestamp,
        data=told["data"],
        mission_id=told["mission_id"],
        game_version=told["game_version"],
        sequence=told.get("sequence"),
    )
