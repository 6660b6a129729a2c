"""Events in the binary format of PostgreSQL's COPY. Pure.

https://www.postgresql.org/docs/current/sql-copy.html, Binary Format: each value is its length and
its bytes in network order; times are microseconds since 2000. Encoding by asyncpg takes 3.5 us an
event, this 1.6 (docs/decisions/0009).
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


class _Names(dict[str | None, bytes]):
    """Texts as encoded: few are new, since events share what they are called."""

    def __missing__(self, name: str | None) -> bytes:
        if name is None:
            encoded = _NULL
        else:
            text = name.encode()
            encoded = _length(len(text)) + text
        self[name] = encoded
        return encoded


def encoded(new: Iterable[tuple[Submission, IncomingEvent]]) -> bytes:
    """The events as one COPY takes them, in the order given."""
    parts = [_HEADER]
    names = _Names()
    last, start = None, b""
    for submission, event in new:
        if submission is not last:
            last, start = submission, _start(submission)
        timestamp = _microseconds(event.timestamp)
        is_corrected = event.corrected_at is not event.timestamp
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
            names[event.event_type],
            names[event.mission_id],
            names[event.game_version],
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
