"""From one raw event to an event that may be stored, or the reason why not. Pure.

`accept` is the hot path: it says yes or nothing. `explain` finds the words for a no.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from pydantic import ValidationError

from learntrace.events.never_store import NeverStored
from learntrace.ingestion import slices
from learntrace.ingestion.content import IncomingEvent, content_hash
from learntrace.ingestion.payload import are_plain, data_problem
from learntrace.ingestion.schemas import (
    DEFAULT_GAME_VERSION,
    MAX_EVENT_TYPE,
    MAX_MISSION_ID,
    MAX_SEQUENCE,
    MAX_VERSION,
    MIN_SEQUENCE,
    EventIn,
    printable,
    whole_number,
    without_control,
)
from learntrace.ingestion.slices import UNREADABLE, Steps, TooIntricateError
from learntrace.ingestion.times import correct, parse_instant
from learntrace.ingestion.verdicts import Code, Rejected


@dataclass(frozen=True, slots=True)
class Receipt:
    """When a body came in and when its sender says it left.

    `never_store` is what is taken out of its events.
    """

    received_at: datetime
    sent_at: datetime | None = None
    never_store: NeverStored | None = None


class WireEvent(msgspec.Struct, frozen=True, gc=False):
    """An event as the fast decoder reads it, `data` left as its text; see `schemas.EventIn`."""

    event_id: UUID
    student_id: UUID
    session_id: UUID
    event_type: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_EVENT_TYPE)]
    timestamp: str
    data: msgspec.Raw = msgspec.Raw(b"{}")
    mission_id: Annotated[str, msgspec.Meta(max_length=MAX_MISSION_ID)] | None = None
    game_version: Annotated[str, msgspec.Meta(max_length=MAX_VERSION)] = DEFAULT_GAME_VERSION
    sequence: int | float | None = None


_DECODER = msgspec.json.Decoder(WireEvent)


def judge(
    index: int, raw: bytes | msgspec.Raw, receipt: Receipt, steps: Steps | None = None
) -> IncomingEvent | Rejected:
    """One event's text, judged alone; never raises. `steps`: what its request may still cost."""
    try:
        good = accept([_DECODER.decode(raw)], receipt, first=index)
    except UNREADABLE:
        good = None
    return good[0] if good else explain(index, bytes(raw), steps)


def accept(
    wires: Sequence[WireEvent], receipt: Receipt, *, first: int = 0
) -> list[IncomingEvent] | None:
    """The events, or None where any rule speaks against any of them (then ask `explain`).

    `first` is the index of the first.
    """
    raws = [bytes(wire.data) for wire in wires]
    if not are_plain(raws) and any(data_problem(raw) is not None for raw in raws):
        return None
    received_at, sent_at = receipt.received_at, receipt.sent_at
    try:
        for names in {(wire.event_type, wire.mission_id, wire.game_version) for wire in wires}:
            _check_names(*names)
        texts = [raw.decode() for raw in raws]
        if receipt.never_store is not None:
            wires, texts = _without(wires, texts, receipt.never_store)
        return [
            _event(index, wire, text, received_at, sent_at)
            for index, (wire, text) in enumerate(zip(wires, texts, strict=True), first)
        ]
    except ValueError:
        return None


def _without(
    wires: Sequence[WireEvent], texts: Sequence[str], never_store: NeverStored
) -> tuple[Sequence[WireEvent], list[str]]:
    """The events and their payloads without what is never stored."""
    if never_store.mission:
        wires = [msgspec.structs.replace(wire, mission_id=None) for wire in wires]
    return wires, [never_store.without(text) for text in texts]


def _check_names(event_type: str, mission_id: str | None, game_version: str) -> None:
    printable(event_type)
    without_control(mission_id or "")
    without_control(game_version)


def _event(
    index: int, wire: WireEvent, data_text: str, received_at: datetime, sent_at: datetime | None
) -> IncomingEvent:
    timestamp = parse_instant(wire.timestamp)
    sequence = wire.sequence
    if sequence is not None:
        sequence = _counted(sequence)
    return IncomingEvent(
        index,
        wire.event_id,
        wire.student_id,
        wire.session_id,
        wire.event_type,
        timestamp,
        correct(timestamp, received_at, sent_at),
        data_text,
        wire.mission_id,
        wire.game_version,
        sequence,
        content_hash(
            wire.student_id,
            wire.session_id,
            wire.event_type,
            wire.timestamp,
            wire.mission_id,
            wire.game_version,
            sequence,
            data_text,
        ),
    )


def _counted(sequence: float) -> int:
    number = sequence if type(sequence) is int else whole_number(sequence)
    if not isinstance(number, int) or not MIN_SEQUENCE <= number <= MAX_SEQUENCE:
        raise ValueError("must be a 64-bit whole number")
    return number


def explain(index: int, raw: bytes, steps: Steps | None = None) -> Rejected:
    """Why an event that `accept` did not take is refused; names fields, never repeats values."""
    try:
        parts = slices.members(raw, steps)
    except TooIntricateError:
        return Rejected(index, None, Code.INVALID, _TOO_INTRICATE)
    except slices.SliceError:
        return Rejected(index, None, Code.INVALID, "the event is not a JSON object")
    values, problems = _read(parts)
    problems |= _checked(values, skip=problems.keys())
    if not problems:
        problems["the event"] = (Code.INVALID, "cannot be read; is a field given twice?")
    codes = [code for code, _ in problems.values()]
    return Rejected(
        index,
        _event_id(values.get("event_id")),
        Code.INVALID if Code.INVALID in codes else codes[0],
        "; ".join(f"{name}: {sentence}" for name, (_, sentence) in problems.items()),
    )


_STRANGER: Final = "a field that is no part of an event"
_UNREADABLE_VALUE: Final = (
    "cannot be read as JSON: UTF-8, no control characters in texts, no half surrogate pairs, no "
    "NaN or Infinity, not too deep"
)

_TOO_INTRICATE: Final = (
    "the event cannot be taken as it is, and its request holds too many brackets, names and commas "
    "to say why; send it alone"
)

# Stands for any list or object where a plain value belongs: none has to be built to be refused.
_NESTED: Final[list[object]] = []

_Problems = dict[str, tuple[Code, str]]


def _read(parts: Mapping[str, bytes]) -> tuple[dict[str, Any], _Problems]:
    """The values that can be read, by name, and what is wrong with the others."""
    values: dict[str, Any] = {}
    problems: _Problems = {}
    for name, piece in parts.items():
        known = name in EventIn.model_fields
        try:
            if name == "data":
                if problem := data_problem(piece):
                    problems[name] = problem
            elif known and piece[:1] not in (b"[", b"{"):
                values[name] = msgspec.json.decode(piece)
            else:
                msgspec.json.decode(piece, type=msgspec.Raw)
                if known:
                    values[name] = _NESTED
        except UNREADABLE:
            problems[name if known else _STRANGER] = (Code.INVALID, _UNREADABLE_VALUE)
    return values, problems


def _checked(values: dict[str, Any], skip: Container[object]) -> _Problems:
    try:
        EventIn.model_validate(values)
    except ValidationError as refusal:
        told = refusal.errors(include_url=False, include_context=False, include_input=False)
        return {
            str(error["loc"][0]): (Code.INVALID, _sentence(error["type"], error["msg"]))
            for error in told
            if error["loc"][0] not in skip
        }
    return {}


def _sentence(kind: str, message: str) -> str:
    """Pydantic's own words, which repeat no value for the kinds of error that `EventIn` knows."""
    if kind == "missing":
        return "is missing"
    own = message.removeprefix("Value error, ")
    return own[0].lower() + own[1:]


def _event_id(value: object) -> UUID | None:
    try:
        return msgspec.convert(value, UUID)
    except msgspec.ValidationError:
        return None
