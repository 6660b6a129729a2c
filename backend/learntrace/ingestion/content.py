"""An event that may be stored, and when two of them say the same."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

import msgspec
from xxhash import xxh3_64_intdigest

from learntrace.events.never_store import NeverStored

_SIGN: Final = 1 << 63


class IncomingEvent(msgspec.Struct, frozen=True, gc=False):
    """An event that passed every rule that can be judged without the database.

    `index` counts from 0 in its body. `timestamp` (the client's clock) and `corrected_at` (the
    server's) are aware UTC to the microsecond. `data_text` is the payload's JSON text verbatim.
    `content_hash` is that of `content_hash()`.
    """

    index: int
    event_id: UUID
    student_id: UUID
    game_session_id: UUID
    event_type: str
    timestamp: datetime
    corrected_at: datetime
    data_text: str
    mission_id: str | None
    game_version: str
    sequence: int | None
    content_hash: int


def content_hash(
    student_id: UUID,
    game_session_id: UUID,
    event_type: str,
    timestamp_text: str,
    mission_id: str | None,
    game_version: str,
    sequence: int | None,
    data_text: str,
) -> int:
    """A signed 64-bit hash of an event's content, timestamp and `data` as sent.

    The same hash: the same content. Another hash: ask `same_content`, because an instant or a
    payload may be written in several ways. The texts other than `data` hold no line breaks, so
    none can run into its neighbour.
    """
    text = (
        f"{student_id.int:x} {game_session_id.int:x} {timestamp_text} {sequence} {event_type}\n"
        f"{game_version}\n{'' if mission_id is None else '=' + mission_id}\n{data_text}"
    )
    return xxh3_64_intdigest(text.encode()) - _SIGN


def without(event: IncomingEvent, never_store: NeverStored) -> IncomingEvent:
    """The event as it would be if these fields had never been stored; its hash is as it was."""
    return msgspec.structs.replace(
        event,
        mission_id=None if never_store.mission else event.mission_id,
        data_text=never_store.without(event.data_text),
    )


def same_content(one: IncomingEvent, other: IncomingEvent) -> bool:
    """Whether two events say the same, `data` compared as JSON values; ids and arrival are no part.

    The order of keys, spaces, escapes, and 3 or 3.0 do not matter; 1 and true differ; numbers are
    compared exactly, whatever their size. Of a key given twice the last counts.
    """
    return one.content_hash == other.content_hash or (
        one.timestamp == other.timestamp
        and one.event_type == other.event_type
        and one.student_id == other.student_id
        and one.game_session_id == other.game_session_id
        and one.mission_id == other.mission_id
        and one.game_version == other.game_version
        and one.sequence == other.sequence
        and same_json(one.data_text, other.data_text)
    )


def same_json(one: str, other: str) -> bool:
    """Whether two JSON texts that passed validation hold the same value."""
    return one == other or _same(
        json.loads(one, parse_float=Decimal), json.loads(other, parse_float=Decimal)
    )


def _same(one: object, other: object) -> bool:
    """Equality of JSON values, in which a truth value is no number."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)
