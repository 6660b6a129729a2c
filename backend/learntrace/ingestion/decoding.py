"""From a request's body to its events and verdicts. Pure.

The whole body is decoded at once where every event is good. Where one is not, the envelope is
opened with its events left as texts, and each is judged alone: anything wrong inside one event
(also what is no JSON, such as NaN) is that event's own affair.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec

from learntrace.events.never_store import NeverStored
from learntrace.ingestion import slices
from learntrace.ingestion.compression import MAX_BODY_BYTES, inflate
from learntrace.ingestion.content import IncomingEvent
from learntrace.ingestion.schemas import MAX_EVENTS, MAX_VERSION, without_control
from learntrace.ingestion.slices import UNREADABLE, Steps
from learntrace.ingestion.times import parse_instant
from learntrace.ingestion.validation import Receipt, WireEvent, accept, judge
from learntrace.ingestion.verdicts import BrokenEnvelope, Rejected

__all__ = [
    "MAX_BODY_BYTES",
    "Batch",
    "decode_batch",
    "decode_good_batch",
    "decode_good_single",
    "decode_single",
    "inflate",
]

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Batch:
    """What one body brought: `received_count` events, each either in `events` or in `rejected`.

    Both in the order sent. `batch_id` is `None` for a single event, `client_version` empty where
    none was told.
    """

    batch_id: UUID | None
    client_version: str
    sent_at: datetime | None
    player_token: str | None = field(repr=False)
    received_count: int
    events: list[IncomingEvent]
    rejected: list[Rejected]


class _Frame(msgspec.Struct, frozen=True):
    """What stands around the events. Of a batch and, without `batch_id`, of a single event."""

    batch_id: UUID | None = None
    client_version: Annotated[str, msgspec.Meta(max_length=MAX_VERSION)] | None = None
    sent_at: str | None = None
    player_token: str | None = None


class _Full(_Frame, frozen=True, kw_only=True):
    batch_id: UUID
    events: Annotated[list[WireEvent], msgspec.Meta(min_length=1, max_length=MAX_EVENTS)]


class _Single(WireEvent, frozen=True):
    sent_at: str | None = None
    player_token: str | None = None


_FULL = msgspec.json.Decoder(_Full)
_SINGLE = msgspec.json.Decoder(_Single)
_FRAME_FIELDS: Final[dict[str, tuple[Any, str]]] = {
    "batch_id": (UUID, "must be a UUID"),
    "client_version": (
        Annotated[str, msgspec.Meta(max_length=MAX_VERSION)] | None,
        f"must be a text of at most {MAX_VERSION} characters",
    ),
    "sent_at": (str | None, "must be a text such as 2026-03-02T08:15:30.250Z"),
    "player_token": (str | None, "must be a text"),
}


def decode_batch(
    body: bytes, *, received_at: datetime, never_store: NeverStored | None = None
) -> Batch:
    """A batch's events and verdicts, each event judged alone; without what is never stored.

    Raises BrokenEnvelope where the body cannot be opened: no JSON object, no events or more than
    1,000, a bad `batch_id`, `client_version`, `sent_at` or `player_token`.
    """
    good = decode_good_batch(body, received_at=received_at, never_store=never_store)
    if good is not None:
        return good
    steps = Steps()
    frame, texts = _open(body.removeprefix(_BYTE_ORDER_MARK), steps)
    receipt = Receipt(received_at, _sent_at(frame), never_store)
    return _judged(frame, receipt, texts, steps)


def decode_good_batch(
    body: bytes, *, received_at: datetime, never_store: NeverStored | None = None
) -> Batch | None:
    """As `decode_batch`, and fast, where nothing is wrong with any event; else None."""
    try:
        full = _FULL.decode(body.removeprefix(_BYTE_ORDER_MARK))
    except UNREADABLE:
        return None
    receipt = Receipt(received_at, _sent_at(full), never_store)
    events = accept(full.events, receipt)
    return None if events is None else _batch(full, receipt, events, [])


def decode_single(
    body: bytes,
    *,
    received_at: datetime,
    sent_at: datetime | None = None,
    never_store: NeverStored | None = None,
) -> Batch:
    """One event sent alone: a Batch of one, with index 0 and no `batch_id`.

    `sent_at` is the header's; where there is none, the body's own counts. Raises BrokenEnvelope
    where the body is no JSON object, or its `sent_at` or `player_token` cannot be read.
    """
    good = decode_good_single(
        body, received_at=received_at, sent_at=sent_at, never_store=never_store
    )
    if good is not None:
        return good
    body = body.removeprefix(_BYTE_ORDER_MARK)
    steps = Steps()
    frame = _frame(_members(body, steps), {"sent_at", "player_token"})
    receipt = Receipt(received_at, sent_at or _sent_at(frame), never_store)
    return _judged(frame, receipt, [body], steps)


def decode_good_single(
    body: bytes,
    *,
    received_at: datetime,
    sent_at: datetime | None = None,
    never_store: NeverStored | None = None,
) -> Batch | None:
    """As `decode_single`, and fast, where nothing is wrong with the event; else None."""
    try:
        wire = _SINGLE.decode(body.removeprefix(_BYTE_ORDER_MARK))
    except UNREADABLE:
        return None
    frame = _Frame(sent_at=wire.sent_at, player_token=wire.player_token)
    receipt = Receipt(received_at, sent_at or _sent_at(frame), never_store)
    events = accept([wire], receipt)
    return None if events is None else _batch(frame, receipt, events, [])


def _judged(frame: _Frame, receipt: Receipt, texts: Sequence[bytes], steps: Steps) -> Batch:
    """The batch whose events are judged one by one."""
    judged = [judge(index, text, receipt, steps) for index, text in enumerate(texts)]
    events = [verdict for verdict in judged if isinstance(verdict, IncomingEvent)]
    rejected = [verdict for verdict in judged if isinstance(verdict, Rejected)]
    return _batch(frame, receipt, events, rejected)


def _batch(
    frame: _Frame, receipt: Receipt, events: list[IncomingEvent], rejected: list[Rejected]
) -> Batch:
    for name in ("client_version", "player_token"):
        try:
            without_control(getattr(frame, name) or "")
        except ValueError as problem:
            raise BrokenEnvelope(f"{name}: {problem}.") from None
    return Batch(
        batch_id=frame.batch_id,
        client_version=frame.client_version or "",
        sent_at=receipt.sent_at,
        player_token=frame.player_token,
        received_count=len(events) + len(rejected),
        events=events,
        rejected=rejected,
    )


def _sent_at(frame: _Frame) -> datetime | None:
    try:
        return None if frame.sent_at is None else parse_instant(frame.sent_at)
    except ValueError as problem:
        raise BrokenEnvelope(f"sent_at: {problem}.") from None


def _open(body: bytes, steps: Steps) -> tuple[_Frame, list[bytes]]:
    """A batch's frame and its events' raw texts, however broken those are."""
    members = _members(body, steps)
    frame = _frame(members, _FRAME_FIELDS)
    if frame.batch_id is None:
        raise BrokenEnvelope("batch_id: must be a UUID.")
    if "events" not in members:
        raise BrokenEnvelope("events: missing; a batch is an object with batch_id and events.")
    try:
        texts = slices.items(members["events"], MAX_EVENTS, steps)
    except slices.SliceError as problem:
        raise BrokenEnvelope(f"events: must be 1 to {MAX_EVENTS:,} events; {problem}.") from None
    if not texts:
        raise BrokenEnvelope("events: there are none; a batch holds at least one.")
    return frame, texts


def _members(body: bytes, steps: Steps) -> dict[str, bytes]:
    """The raw texts of the fields around the events, by name."""
    if not body.strip():
        raise BrokenEnvelope("The body is empty; it must be a JSON object.")
    try:
        return slices.members(body, steps)
    except slices.TooIntricateError as problem:
        raise BrokenEnvelope(f"The body cannot be opened: {problem}; send less at once.") from None
    except slices.SliceError as problem:
        raise BrokenEnvelope(f"The body is not a JSON object in UTF-8: {problem}.") from None


def _frame(members: Mapping[str, bytes], names: Collection[str]) -> _Frame:
    values = {}
    for name in members.keys() & names:
        kind, sentence = _FRAME_FIELDS[name]
        try:
            values[name] = msgspec.json.decode(members[name], type=kind)
        except UNREADABLE:
            raise BrokenEnvelope(f"{name}: {sentence}.") from None
    return _Frame(**values)
