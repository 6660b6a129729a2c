"""What events tell of one student."""

from typing import Final

from sqlalchemy import Text, cast

from learntrace.events.models import StoredEvent
from learntrace.kit.held import Held, ages_with_sitting, by_sitting

# By the session, because events are found by it: no index names the student.
EVENTS: Final = Held(
    name="events",
    says="Every event that games sent; `data` is letter for letter what was kept of it.",
    model=StoredEvent,
    of=by_sitting(StoredEvent.school_id, StoredEvent.game_session_id),
    told=(
        StoredEvent.event_id,
        StoredEvent.game_session_id,
        StoredEvent.student_id,
        StoredEvent.game_id,
        StoredEvent.event_type,
        StoredEvent.timestamp,
        StoredEvent.received_at,
        StoredEvent.corrected_at,
        StoredEvent.mission_id,
        StoredEvent.game_version,
        StoredEvent.sequence,
        cast(StoredEvent.data, Text).label("data"),
    ),
    order=(StoredEvent.game_session_id, StoredEvent.timestamp, StoredEvent.event_id),
    aging=ages_with_sitting(StoredEvent.school_id, StoredEvent.game_session_id),
)
HELD: Final = (EVENTS,)
