"""The fast decoder against the documented schema, and against rubbish."""

import json
import random
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import uuid4

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from learntrace.ingestion.content import IncomingEvent, same_json
from learntrace.ingestion.decoding import decode_batch, decode_single, inflate
from learntrace.ingestion.schemas import BatchIn, EventIn
from learntrace.ingestion.slices import SliceError, items, members
from learntrace.ingestion.validation import Receipt, explain, judge
from learntrace.ingestion.verdicts import BrokenEnvelope, Code, Rejected, TooLarge

from .validation_bodies import RECEIVED_AT, body, event

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**320), 10**320)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=110),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
UUIDS = st.uuids().flatmap(
    lambda one: st.sampled_from(
        [str(one), str(one).upper(), one.hex, one.urn, f"{{{one}}}", str(one)[:-1]]
    )
)
OFFSETS = st.sampled_from(["Z", "z", "+00:00", "-00:00", "+05:30", "-1130", "+23:59", "+24:00", ""])
TIMES = st.builds(
    lambda at, digits, offset: (
        at.isoformat(timespec="seconds") + (f".{digits}" if digits else "") + offset
    ),
    st.datetimes(datetime(1999, 1, 1), datetime(2026, 3, 2, 9)),  # noqa: DTZ001
    st.text("0123456789", max_size=11),
    OFFSETS,
)
NESTED = st.integers(28, 34).map(lambda depth: {"a": json.loads("[" * depth + "]" * depth)})
FIELDS = {
    "event_id": UUIDS,
    "student_id": UUIDS,
    "session_id": UUIDS,
    "event_type": st.text(max_size=110),
    "timestamp": TIMES,
    "data": st.dictionaries(st.text(), ANYTHING, max_size=5) | NESTED,
    "mission_id": st.none() | st.text(max_size=110),
    "game_version": st.text(max_size=25),
    "sequence": st.none()
    | st.integers(-(2**64), 2**64)
    | st.integers(-(2**65), 2**65).map(float)
    | st.floats(-9e18, 9e18),
    "stranger": ANYTHING,
}


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """A good event with up to three fields left out or drawn anew, sensibly or not."""
    fields = event()
    for name in draw(st.lists(st.sampled_from(sorted(FIELDS)), unique=True, max_size=3)):
        how = draw(st.integers(0, 9))
        if how == 0:
            fields.pop(name, None)
        else:
            fields[name] = draw(ANYTHING if how == 1 else FIELDS[name])
    return fields


@settings(max_examples=1500)
@given(events(), st.booleans())
@example(event(data={"a": "\0"}), True)
@example(event(data={"a": 10**309}), True)
@example(event(data={"a": "é" * 4997}), False)
@example(event(sequence=2.0**63), False)
@example(event(sequence=-(2.0**63)), False)
def test_an_event_is_taken_if_and_only_if_the_schema_takes_it(fields, ascii_only):
    text = json.dumps(fields, ensure_ascii=ascii_only, separators=(",", ":"))
    verdict = judge(0, text.encode(), Receipt(RECEIVED_AT))
    if ascii_only and len(json.dumps(fields.get("data"))) > 10_000:
        return  # the schema sees the value; its size as sent it cannot see
    try:
        model = EventIn.model_validate_json(text)
    except ValidationError as refusal:
        assert isinstance(verdict, Rejected)
        assert verdict.code in (Code.INVALID, Code.TOO_LARGE)
        named = {part.split(":")[0] for part in verdict.detail.split("; ")}
        wrong = {str(error["loc"][0]) for error in refusal.errors()}
        assert named == wrong
        return
    assert isinstance(verdict, IncomingEvent)
    assert verdict.event_id == model.event_id
    assert verdict.student_id == model.student_id
    assert verdict.game_session_id == model.session_id
    assert verdict.timestamp == model.timestamp
    for name in ("event_type", "mission_id", "game_version", "sequence"):
        assert getattr(verdict, name) == getattr(model, name)
    assert same_json(verdict.data_text, json.dumps(model.data))


@settings(max_examples=300)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "batch_id": UUIDS | ANYTHING,
            "client_version": st.none() | st.text(max_size=25) | ANYTHING,
            "sent_at": st.none() | TIMES | ANYTHING,
            "player_token": st.none() | st.text() | ANYTHING,
            "stranger": ANYTHING,
        },
    ),
    st.booleans(),
)
def test_an_envelope_is_opened_if_and_only_if_the_schema_opens_it(envelope, good):
    fields = {"batch_id": str(uuid4())} | envelope
    text = body(event(), *([] if good else [b"7"]), **fields)
    try:
        schema = BatchIn.model_validate_json(body(event(), **fields))
    except ValidationError:
        schema = None
    try:
        batch = decode_batch(text, received_at=RECEIVED_AT)
    except BrokenEnvelope:
        assert schema is None
        return
    assert schema is not None
    assert batch.batch_id == schema.batch_id
    assert (batch.client_version, batch.sent_at, batch.player_token) == (
        schema.client_version or "",
        schema.sent_at,
        schema.player_token,
    )


SECRET = "Marie-7f3a"


@given(st.sampled_from(sorted(event())), st.integers(0, 6))
def test_no_refusal_repeats_what_was_sent(name, shape):
    for one in (
        [SECRET, [SECRET], {SECRET: 1}, SECRET * 30, f"{SECRET}\0", f"2026-{SECRET}", {"a": SECRET}]
    )[shape : shape + 1]:
        fields = event(**{name: one}) | {SECRET: 1}
        verdict = judge(0, json.dumps(fields).encode(), Receipt(RECEIVED_AT))
        if isinstance(verdict, Rejected):
            assert "Marie" not in verdict.detail
    broken = json.dumps(event()).encode().replace(b'"complete"', b'"Marie\x01"')
    assert "Marie" not in explain(0, broken).detail


def _survives(text: bytes) -> None:
    """Nothing but the documented comes out, and every event is answered for exactly once."""
    for decode in (decode_batch, decode_single):
        try:
            batch = decode(text, received_at=RECEIVED_AT)
        except BrokenEnvelope:
            continue
        indexes = [one.index for one in (*batch.events, *batch.rejected)]
        assert sorted(indexes) == list(range(batch.received_count))
        for one in batch.events:
            assert isinstance(one, IncomingEvent)
            json.loads(one.data_text)
            assert "\0" not in one.data_text
            assert len(one.data_text.encode()) <= 10_000


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_rubbish_is_refused_in_order(text):
    _survives(text)
    _survives(body(text))
    with suppress(BrokenEnvelope, TooLarge):
        inflate(text)


FRAGMENTS = [
    b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\", b"\\u0000", b"\\ud800", b"\0", b"\xff", b"NaN",
    b"1e999", b"-", b"null", b"true", b'"data":', b"9" * 5000, b"[" * 100_000, b'{"a":' * 2000,
    b"\xed\xa0\x80", b"\xef\xbb\xbf", b" ", b"\n", b"2026-03-02T08:15:60Z", b"0.0", b"e-9",
]  # fmt: skip


def test_mutated_bodies_are_judged_or_refused():
    dice = random.Random(20260302)
    good = body(
        event(), event(event_id=str(uuid4()), data={"a": [1, {"b": "é\n"}]}), player_token="t"
    )
    for _ in range(3000):
        text = bytearray(good)
        for _ in range(dice.randint(1, 3)):
            at = dice.randrange(len(text))
            width = dice.choice((0, 0, 1, 5, 40))
            text[at : at + width] = dice.choice((b"", dice.randbytes(2), dice.choice(FRAGMENTS)))
        _survives(bytes(text))


@given(st.lists(ANYTHING, max_size=6), st.sampled_from([None, 0, 2]), st.booleans())
def test_slicing_by_brackets_agrees_with_json(values, indent, ascii_only):
    """NaN at the end makes the exact cutter give up, so that the tolerant one is asked."""
    text = json.dumps([*values, float("nan")], indent=indent, ensure_ascii=ascii_only)
    found = items(text.encode(errors="surrogatepass"), len(values) + 1)
    assert found[-1] == b"NaN"
    assert [json.loads(one) for one in found[:-1]] == values
    named = {str(index): value for index, value in enumerate(values)} | {"ß\n": float("nan")}
    text = json.dumps(named, indent=indent, ensure_ascii=ascii_only)
    parts = members(text.encode())
    assert parts.pop("ß\n") == b"NaN"
    assert [json.loads(parts[name]) for name in parts] == values


@given(st.binary(max_size=60))
def test_slicing_raises_only_its_own_error(text):
    for wrapped in (text, b"[NaN," + text + b"]", b'{"a":NaN,' + text + b"}"):
        for cut in (members, lambda raw: items(raw, 5)):
            with suppress(SliceError):
                cut(wrapped)
