"""Bodies as games send them, for the tests of decoding and validation."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from learntrace.ingestion.decoding import Batch, decode_batch
from learntrace.ingestion.verdicts import Rejected

RECEIVED_AT = datetime(2026, 3, 2, 8, 16, tzinfo=UTC)
EVENT_ID = UUID("01956b2e-8f00-7c3a-9d41-5b6f0a1c2d3e")


def event(**changes: Any) -> dict[str, Any]:
    """A good event; a change to `...` leaves the field out."""
    fields = {
        "event_id": str(EVENT_ID),
        "student_id": "164be23e-152c-50bd-a674-0b8d28c90927",
        "session_id": "cdf50277-ef82-5919-a814-f085bdea4388",
        "event_type": "complete",
        "timestamp": "2026-03-02T08:15:30.250Z",
        "data": {"level": 3, "closeness": 0.97},
        "mission_id": "level_3",
        "game_version": "1.4.2",
        "sequence": 17,
    } | changes
    return {name: value for name, value in fields.items() if value is not ...}


def raw(name: str, text: str | bytes) -> bytes:
    """A good event's text with one field's value written as `text`."""
    text = text if isinstance(text, bytes) else text.encode()
    return json.dumps(event(**{name: "HERE"})).encode().replace(b'"HERE"', text)


def body(*events: bytes | dict[str, Any], **envelope: Any) -> bytes:
    """A batch's text; an envelope field set to `...` is left out."""
    fields = {"batch_id": str(uuid4()), "client_version": "2.0"} | envelope
    told = json.dumps({name: value for name, value in fields.items() if value is not ...})
    texts = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in events]
    comma = b", " if told != "{}" else b""
    return told.encode()[:-1] + comma + b'"events": [' + b",".join(texts) + b"]}"


def decoded(*events: bytes | dict[str, Any], **envelope: Any) -> Batch:
    return decode_batch(body(*events, **envelope), received_at=RECEIVED_AT)


def refusal(bad: bytes | dict[str, Any]) -> Rejected:
    """The verdict on one bad event between two good ones, which must survive."""
    batch = decoded(event(event_id=str(uuid4())), bad, event(event_id=str(uuid4())))
    assert [one.index for one in batch.events] == [0, 2]
    assert batch.received_count == 3
    (rejected,) = batch.rejected
    assert rejected.index == 1
    return rejected
