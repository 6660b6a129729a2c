"""Events in the binary format of PostgreSQL's COPY. Pure.

https://www.postgresql.org/docs/current/sql-copy.html, Binary Format: each value is its length and
its bytes in network order; times are microseconds since 2000. Encoding by asyncpg takes 3.5 us an
event, this 2.1 (docs/decisions/0009).
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from struct import Struct
from typing import Final

from learntrace.ingestion.content import IncomingEvent
from learntrace.ingestion.submissions import Submission

# In the order in which a row has them: those of a submission before those of its events.
COLUMNS: Final = (
    "school_id",
    "game_id",
    "received_at",
    "event_id",
    "game_session_id",
    "student_id",
    "timestamp",
    "corrected_at",
    "content_hash",
    "sequence",
    "event_type",
    "mission_id",
    "game_version",
    "data",
)

_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END: Final = b"\xff\xff"
_NULL: Final = b"\xff\xff\xff\xff"
_UUID, _EIGHT = 16, 8
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_of_submission = Struct(">hi16si16siq").pack
_of_event = Struct(">i16si16si16siqiqiq").pack
_number = Struct(">iq").pack
_length = Struct(">i").pack


def encoded(new: Iterable[tuple[Submission, IncomingEvent]]) -> bytes:
    """The events as one COPY takes them, in the order given."""
    parts = [_HEADER]
    last, start = None, b""
    for submission, event in new:
        if submission is not last:
            last, start = submission, _start(submission)
        timestamp = _microseconds(event.timestamp)
        is_corrected = event.corrected_at is not event.timestamp
        event_type = event.event_type.encode()
        mission_id = None if event.mission_id is None else event.mission_id.encode()
        version = event.game_version.encode()
        data = event.data_text.encode()
        parts += (
            start,
            _of_event(
                _UUID,
                event.event_id.int.to_bytes(_UUID),
                _UUID,
                event.game_session_id.int.to_bytes(_UUID),
                _UUID,
                event.student_id.int.to_bytes(_UUID),
                _EIGHT,
                timestamp,
                _EIGHT,
                _microseconds(event.corrected_at) if is_corrected else timestamp,
                _EIGHT,
                event.content_hash,
            ),
            _NULL if event.sequence is None else _number(_EIGHT, event.sequence),
            _length(len(event_type)),
            event_type,
            _NULL if mission_id is None else _length(len(mission_id)) + mission_id,
            _length(len(version)),
            version,
            _length(len(data)),
            data,
        )
    parts.append(_END)
    return b"".join(parts)


def _start(submission: Submission) -> bytes:
    caller = submission.caller
    return _of_submission(
        len(COLUMNS),
        _UUID,
        caller.school_id.bytes,
        _UUID,
        caller.game_id.bytes,
        _EIGHT,
        _microseconds(submission.received_at),
    )


def _microseconds(at: datetime) -> int:
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
