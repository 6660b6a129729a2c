"""Envelopes, single events, beacons and packed bodies."""

import gzip
import json
import tracemalloc
import zlib
from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

import pytest

from learntrace.ingestion.decoding import decode_batch, decode_single, inflate
from learntrace.ingestion.verdicts import BrokenEnvelope, Code, Outcome, TooLarge

from .validation_bodies import EVENT_ID, RECEIVED_AT, body, decoded, event, raw

BATCH_ID = "8510f0cc-9dbf-5fa7-960b-c1a2f297af92"


def single(text, **more):
    text = json.dumps(text).encode() if isinstance(text, dict) else text
    return decode_single(text, received_at=RECEIVED_AT, **more)


def test_an_envelope_is_read_whole():
    batch = decoded(
        event(), batch_id=BATCH_ID, client_version="2.1", sent_at="2026-03-02T09:16:00+01:00"
    )
    assert (batch.batch_id, batch.client_version) == (UUID(BATCH_ID), "2.1")
    assert batch.sent_at == RECEIVED_AT
    assert (batch.received_count, batch.player_token) == (1, None)


@pytest.mark.parametrize("absent", [..., None])
def test_all_but_batch_id_and_events_may_be_left_out(absent):
    batch = decoded(event(), client_version=absent, sent_at=absent, player_token=absent)
    assert (batch.client_version, batch.sent_at, batch.player_token) == ("", None, None)


def test_an_envelope_reads_the_same_when_one_of_its_events_is_bad():
    told = {"batch_id": BATCH_ID, "sent_at": "2026-03-02T07:16:00Z", "player_token": "lt_player_x"}
    good, bad = decoded(event(), **told), decoded(event(), b"oops", **told)
    for name in ("batch_id", "client_version", "sent_at", "player_token", "events"):
        assert getattr(good, name) == getattr(bad, name)
    assert bad.received_count == 2


def test_the_token_is_not_shown_where_a_batch_is_printed():
    assert "lt_player_x" not in repr(decoded(event(), player_token="lt_player_x"))


def test_a_thousand_events_are_taken():
    batch = decoded(*[event(event_id=str(uuid4())) for _ in range(1000)])
    assert [one.index for one in batch.events] == list(range(1000))


def test_events_and_verdicts_keep_the_order_sent():
    batch = decoded(b"1", event(), b'{"x": NaN}', event(sequence=True), event(sequence=18))
    assert [one.index for one in batch.events] == [1, 4]
    assert [one.index for one in batch.rejected] == [0, 2, 3]


def test_surrounding_spaces_and_a_byte_order_mark_do_not_matter():
    text = b"\xef\xbb\xbf \r\n" + body(event()) + b"\n"
    assert decode_batch(text, received_at=RECEIVED_AT).received_count == 1


FRAME = b'{"batch_id": "8510f0cc-9dbf-5fa7-960b-c1a2f297af92", "events": '


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"hello", "no object"),
        (b"null", "no object"),
        (b"[]", "no object"),
        (b"[" * 100_000, "no object"),
        (b'{"a":' * 100_000, "ends too early"),
        (b"NaN", "no object"),
        (body(event()).decode().encode("utf-16"), "no object"),
        (body(event())[:-1], "ends too early"),
        (body(event())[:-2], "ends too early"),
        (body(event())[:-40] + b"}", "ends too early"),
        (body(event()) + b"}", "something follows its end"),
        (body(event()) + body(event()), "something follows its end"),
        (b'{"events" [], "batch_id": 1}', "lacks its value"),
        (b'{"events": , "batch_id": 1}', "between two commas"),
        (b'{"events": ["unclosed]}', "ends too early"),
        (b"{}", "batch_id: must be a UUID"),
        (body(event(), batch_id=...), "batch_id: must be a UUID"),
        (body(event(), batch_id=None), "batch_id: must be a UUID"),
        (body(event(), batch_id="mine"), "batch_id: must be a UUID"),
        (body(event(), batch_id=7), "batch_id: must be a UUID"),
        (body(event(), client_version="x" * 21), "client_version: must be a text"),
        (body(event(), client_version=2), "client_version: must be a text"),
        (body(event(), client_version="\x07"), "client_version: must not hold control"),
        (body(event(), sent_at="now"), "sent_at: must be a date and time"),
        (body(event(), sent_at="2026-03-02T08:16:00"), "sent_at: must end in a UTC offset"),
        (body(event(), sent_at=1772439330), "sent_at: must be a text"),
        (body(event(), player_token=["x"]), "player_token: must be a text"),
        (body(event(), player_token="\0"), "player_token: must not hold control"),
        (FRAME[:-10] + b'"x": 1}', "events: missing"),
        (FRAME + b"[]}", "events: there are none"),
        (FRAME + b"null}", "no array"),
        (FRAME + b"{}}", "no array"),
        (FRAME + b'"[{}]"}', "no array"),
        (FRAME + b"[{},]}", "between two commas"),
        (FRAME + b"[NaN,]}", "between two commas"),
        (FRAME + b"[{]}", "JSON object"),
        (body(*[event()] * 1001), "more than 1,000"),
        (body(*[b"NaN"] * 1001), "more than 1,000"),
    ],
)
def test_a_broken_envelope_is_refused_whole_with_a_sentence(text, sentence):
    with pytest.raises(BrokenEnvelope, match=sentence) as refusal:
        decode_batch(text, received_at=RECEIVED_AT)
    assert str(refusal.value).endswith(".")
    assert len(str(refusal.value)) < 200


def test_an_envelope_past_reading_is_given_up():
    """Were it read in time that grows by squares, this would not end before it is timed out."""
    hostile = (b"[]", b'"\\""', b"1,", b'a"a"', b"[", b"\\", b'"', b'\\"')
    for piece in hostile:
        text = FRAME + b"[NaN," + piece * (4_000_000 // len(piece)) + b"]}"
        try:
            decode_batch(text, received_at=RECEIVED_AT)
        except BrokenEnvelope:
            continue


def test_a_single_event_is_a_batch_of_one_without_an_id():
    batch = single(event())
    assert (batch.batch_id, batch.received_count, batch.client_version) == (None, 1, "")
    assert batch.events[0].event_id == EVENT_ID
    assert batch.events[0] == decoded(event()).events[0]


def test_a_beacon_carries_its_token_and_clock_in_the_event():
    hour_ago = RECEIVED_AT - timedelta(hours=1)
    beacon = event(
        timestamp=hour_ago.isoformat(), player_token="lt_player_x", sent_at=hour_ago.isoformat()
    )
    batch = single(beacon)
    assert (batch.player_token, batch.sent_at) == ("lt_player_x", hour_ago)
    assert batch.events[0].corrected_at == RECEIVED_AT
    bad = single(beacon | {"event_type": 7})
    assert (bad.player_token, bad.sent_at, bad.events) == ("lt_player_x", hour_ago, [])


def test_the_header_goes_before_the_body_in_telling_the_sending_time():
    told = RECEIVED_AT - timedelta(minutes=5)
    batch = single(event(sent_at="2020-01-01T00:00:00Z"), sent_at=told)
    assert batch.sent_at == told
    assert batch.events[0].corrected_at == RECEIVED_AT


@pytest.mark.parametrize("text", [event(sequence="x"), raw("data", '{"a": NaN}')])
def test_a_bad_single_event_is_a_verdict(text):
    batch = single(text)
    assert not batch.events
    assert [(one.index, one.code) for one in batch.rejected] == [(0, Code.INVALID)]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"oops",
        json.dumps(event()).encode()[:-5],
        b"[" * 100_000,
        event(sent_at="now"),
        event(sent_at=5),
        event(player_token=5),
        event(player_token="\n"),
    ],
)
def test_a_single_body_that_is_no_object_or_has_a_bad_frame_is_refused_whole(text):
    with pytest.raises(BrokenEnvelope):
        single(text)


@pytest.mark.parametrize("text", [b"", b"{}", b"x" * 300_000, Random(1).randbytes(200_000)])
def test_packed_bodies_are_unpacked(text):
    assert inflate(gzip.compress(text)) == text
    halves = gzip.compress(text[:100]) + gzip.compress(text[100:])
    assert inflate(halves) == text


def test_unpacking_stops_at_the_limit():
    assert inflate(gzip.compress(b"x" * 1000), 1000) == b"x" * 1000
    with pytest.raises(TooLarge, match="1,000 bytes"):
        inflate(gzip.compress(b"x" * 1001), 1000)
    with pytest.raises(TooLarge):
        inflate(gzip.compress(b"x" * 600) + gzip.compress(b"x" * 600), 1000)
    with pytest.raises(TooLarge):
        inflate(b"\0" * 1001, 1000)


def test_a_bomb_is_not_unpacked():
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(200)) + packer.flush()
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            inflate(bomb)
        _, most_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most_bytes < 30_000_000


PACKED = gzip.compress(b"{}", mtime=0)


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"{}",
        PACKED[:-1],
        PACKED[:5],
        PACKED + b"rubbish",
        PACKED + b"\x1f",
        PACKED[:-8] + bytes(8),
        zlib.compress(b"{}"),
        gzip.compress(b"", mtime=0) * 1001,
    ],
)
def test_damaged_gzip_is_a_broken_envelope(packed):
    with pytest.raises(BrokenEnvelope, match="gzip"):
        inflate(packed)


def test_outcomes_follow_from_the_refusals():
    assert Outcome.of(3, 0) is Outcome.COMPLETED
    assert Outcome.of(3, 2) is Outcome.PARTIAL
    assert Outcome.of(3, 3) is Outcome.REJECTED


def test_a_batch_is_judged_by_the_time_its_sender_told():
    late = RECEIVED_AT - timedelta(days=36500)
    batch = decoded(event(timestamp=late.isoformat()), sent_at=late.isoformat())
    assert batch.events[0].timestamp == late
    assert batch.events[0].corrected_at == RECEIVED_AT
