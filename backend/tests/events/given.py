"""Events as a mapping reads them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from learntrace.events.types import Event

NAMESPACE = UUID("0f5bd5a5-2b4e-4d52-8d4f-0f2f3ad8a3c1")
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def event(event_type="e", data=None, *, number=0, at_s=0.0, **fields):
    """The event of this number, `at_s` seconds after the first."""
    timestamp = START + timedelta(seconds=at_s)
    return replace(
        Event(
            event_id=uuid5(NAMESPACE, str(number)),
            student_id=NAMESPACE,
            game_session_id=NAMESPACE,
            event_type=event_type,
            timestamp=timestamp,
            received_at=timestamp,
            corrected_at=timestamp,
            data=data or {},
            mission_id=None,
            game_version="1.0.0",
            sequence=None,
        ),
        **fields,
    )
