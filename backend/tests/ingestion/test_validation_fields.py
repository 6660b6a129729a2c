"""Field by field: what is taken, and what is refused with which words."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from learntrace.ingestion.schemas import EventIn
from learntrace.ingestion.verdicts import Code

from .validation_bodies import EVENT_ID, RECEIVED_AT, decoded, event, raw, refusal


def taken(bad_or_good):
    batch = decoded(bad_or_good)
    assert not batch.rejected
    return batch.events[0]


def test_a_good_event_keeps_every_field():
    one = taken(event())
    assert one.event_id == EVENT_ID
    assert one.student_id == UUID("164be23e-152c-50bd-a674-0b8d28c90927")
    assert one.game_session_id == UUID("cdf50277-ef82-5919-a814-f085bdea4388")
    assert (one.event_type, one.mission_id, one.game_version) == ("complete", "level_3", "1.4.2")
    assert one.timestamp == one.corrected_at == datetime(2026, 3, 2, 8, 15, 30, 250000, UTC)
    assert one.data_text == '{"level": 3, "closeness": 0.97}'
    assert (one.index, one.sequence) == (0, 17)


def test_optional_fields_have_defaults():
    one = taken(event(data=..., mission_id=..., game_version=..., sequence=...))
    assert (one.data_text, one.mission_id, one.game_version) == ("{}", None, "1.0.0")
    assert one.sequence is None
    assert taken(event(mission_id=None, sequence=None)).mission_id is None


def test_fields_that_are_no_part_of_an_event_are_ignored():
    assert taken(event(school="ours", player_token="x", huge=[[1e300]])).event_id == EVENT_ID


@pytest.mark.parametrize("field", ["event_id", "student_id", "session_id"])
@pytest.mark.parametrize(
    "text",
    [
        "8510f0cc-9dbf-1fa7-960b-c1a2f297af92",
        "8510f0cc-9dbf-4fa7-960b-c1a2f297af92",
        "8510f0cc-9dbf-7fa7-960b-c1a2f297af92",
        "8510F0CC-9DBF-5FA7-960B-C1A2F297AF92",
        "8510f0cc9dbf5fa7960bc1a2f297af92",
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ],
)
def test_a_uuid_of_any_version_and_case_is_taken(field, text):
    one = taken(event(**{field: text}))
    found = one.game_session_id if field == "session_id" else getattr(one, field)
    assert found == UUID(text)


NO_UUID = "must be a UUID"
UNREADABLE = "cannot be read as JSON"
NO_INSTANT = "must be a date and time"
NO_SUCH = "is no date, time or offset that exists"


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("event_id", '"{8510f0cc-9dbf-5fa7-960b-c1a2f297af92}"', NO_UUID),
        ("event_id", '"urn:uuid:8510f0cc-9dbf-5fa7-960b-c1a2f297af92"', NO_UUID),
        ("event_id", '" 8510f0cc-9dbf-5fa7-960b-c1a2f297af92"', NO_UUID),
        ("student_id", '"8510f0cc9dbf-5fa7-960b-c1a2f297af92"', NO_UUID),
        ("student_id", '"pupil 7"', NO_UUID),
        ("student_id", "7", NO_UUID),
        ("session_id", "null", NO_UUID),
        ("session_id", "[]", NO_UUID),
        ("event_type", '""', "at least 1 character"),
        ("event_type", json.dumps("x" * 101), "at most 100 characters"),
        ("event_type", r'"a\nb"', "printable"),
        ("event_type", r'"a\u0000"', "printable"),
        ("event_type", r'"a\u200b"', "printable"),
        ("event_type", '"a\nb"', UNREADABLE),
        ("event_type", r'"\ud800"', UNREADABLE),
        ("event_type", b'"\xff"', UNREADABLE),
        ("event_type", "3", "valid string"),
        ("event_type", "null", "valid string"),
        ("timestamp", '"2026-03-02T08:15:30"', "must end in a UTC offset"),
        ("timestamp", '"2026-03-02T08:15Z"', NO_INSTANT),
        ("timestamp", '"2026-03-02"', NO_INSTANT),
        ("timestamp", '"2026-W10-1T08:15:30Z"', NO_INSTANT),
        ("timestamp", '"2026-03-02T08:15:30.1234567890Z"', NO_INSTANT),
        ("timestamp", '"2026-03-02T08:15:30.Z"', NO_INSTANT),
        ("timestamp", '"2026-03-02T08:15:30,5Z"', NO_INSTANT),
        ("timestamp", '"2026-03-02T08:15:30+05:60"', NO_INSTANT),
        ("timestamp", '"yesterday"', NO_INSTANT),
        ("timestamp", '""', NO_INSTANT),
        ("timestamp", '"2026-03-02T08:15:60Z"', NO_SUCH),
        ("timestamp", '"2026-02-30T08:15:30Z"', NO_SUCH),
        ("timestamp", '"2026-03-02T24:00:00Z"', NO_SUCH),
        ("timestamp", '"2026-03-02T08:15:30+24:00"', NO_SUCH),
        ("timestamp", '"0000-01-01T00:00:00Z"', NO_SUCH),
        ("timestamp", "1772439330", "must be a text"),
        ("timestamp", "null", "must be a text"),
        ("data", "null", "must be an object"),
        ("data", "[]", "must be an object"),
        ("data", '"{}"', "must be an object"),
        ("data", '{"a": nul}', "not valid JSON"),
        ("data", '{"a": 01}', "not valid JSON"),
        ("data", '{"a": "\x07"}', "not valid JSON"),
        ("data", '{"a": 1,}', "not valid JSON"),
        ("data", '{"a": NaN}', "NaN or Infinity"),
        ("data", '{"a": [-Infinity]}', "NaN or Infinity"),
        ("data", b'{"a": "\xff"}', "not valid UTF-8"),
        ("data", b'{"a": "\xed\xa0\x80"}', "not valid UTF-8"),
        ("data", r'{"a": "\u0000"}', "NUL"),
        ("data", r'{"\u0000": 1}', "NUL"),
        ("data", r'{"a": "\u0000", "a": 1}', "NUL"),
        ("data", r'{"a": "\ud800"}', "half of a surrogate pair"),
        ("data", r'{"a": "\udc00\ud800"}', "half of a surrogate pair"),
        ("data", r'{"a": "\uD83Dx"}', "half of a surrogate pair"),
        ("data", '{"a": 1e400}', "no double can hold"),
        ("data", '{"a": -1E+400}', "no double can hold"),
        ("data", '{"a": 1e-400}', "no double can hold"),
        ("data", '{"a": 0e-99999}', "no double can hold"),
        ("data", '{"a": 1e400, "a": 1}', "no double can hold"),
        ("data", '{"a": 1' + "0" * 5000 + "}", "no double can hold"),
        ("data", '{"a": ' + "9" * 198 + "e199}", "no double can hold"),
        ("data", '{"a": ' + "[" * 32 + "]" * 32 + "}", "32 levels"),
        ("data", '{"a": ' + "[" * 4000 + "]" * 4000 + "}", "32 levels"),
        ("mission_id", json.dumps("x" * 101), "at most 100 characters"),
        ("mission_id", r'"a\u0007"', "control characters"),
        ("mission_id", '"a\x7f"', "control characters"),
        ("mission_id", r'"\udfff"', UNREADABLE),
        ("mission_id", "7", "valid string"),
        ("game_version", json.dumps("1" * 21), "at most 20 characters"),
        ("game_version", r'"1\u0000"', "control characters"),
        ("game_version", "null", "valid string"),
        ("game_version", "1.0", "valid string"),
        ("sequence", "true", "whole number"),
        ("sequence", '"3"', "whole number"),
        ("sequence", "3.5", "valid integer"),
        ("sequence", "[3]", "valid integer"),
        ("sequence", "NaN", UNREADABLE),
        ("sequence", "1e400", UNREADABLE),
        ("sequence", "1" * 5000, UNREADABLE),
        ("sequence", "1e300", "less than or equal"),
        ("sequence", str(2**63), "less than or equal"),
        ("sequence", str(-(2**63) - 1), "greater than or equal"),
    ],
)
def test_a_bad_field_is_refused_by_name_and_nothing_else_is_lost(field, text, sentence):
    rejected = refusal(raw(field, text))
    assert rejected.code is Code.INVALID
    assert not rejected.retryable
    assert rejected.detail.startswith(f"{field}: ")
    assert sentence in rejected.detail
    assert rejected.event_id == (None if field == "event_id" else EVENT_ID)


@pytest.mark.parametrize(
    "field", ["event_id", "student_id", "session_id", "event_type", "timestamp"]
)
def test_a_missing_field_is_named(field):
    assert refusal(event(**{field: ...})).detail == f"{field}: is missing"


def test_all_bad_fields_are_named_at_once():
    rejected = refusal(event(student_id="x", timestamp="y", sequence="z"))
    assert [part.split(":")[0] for part in rejected.detail.split("; ")] == [
        "student_id",
        "timestamp",
        "sequence",
    ]


@pytest.mark.parametrize("event_type", ["x" * 100, " ", " begin ", "Ünïcode→✓😀", "a/b.c:d"])
def test_event_types_are_kept_verbatim(event_type):
    assert taken(event(event_type=event_type)).event_type == event_type


@pytest.mark.parametrize(
    ("text", "microsecond"),
    [
        ("2026-03-02T08:15:30Z", 0),
        ("2026-03-02T08:15:30.1Z", 100000),
        ("2026-03-02T08:15:30.123456Z", 123456),
        ("2026-03-02T08:15:30.1234569Z", 123456),
        ("2026-03-02T08:15:30.999999999Z", 999999),
        ("2026-03-02t08:15:30z", 0),
        ("2026-03-02 08:15:30+00:00", 0),
        ("2026-03-02T08:15:30-00:00", 0),
        ("2026-03-02T13:45:30+05:30", 0),
        ("2026-03-02T13:45:30+0530", 0),
        ("2026-03-01T22:15:30-10:00", 0),
    ],
)
def test_timestamps_become_utc_with_further_digits_cut_off(text, microsecond):
    one = taken(event(timestamp=text))
    assert one.timestamp == datetime(2026, 3, 2, 8, 15, 30, microsecond, UTC)
    assert one.timestamp.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3),
        ("3.0", 3),
        ("-0.0", 0),
        ("1e3", 1000),
        ("-7", -7),
        (str(2**63 - 1), 2**63 - 1),
        (str(-(2**63)), -(2**63)),
        ("null", None),
    ],
)
def test_sequences_are_whole_numbers_however_written(text, number):
    one = taken(raw("sequence", text))
    assert one.sequence == number
    assert not isinstance(one.sequence, float)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{ "a" : [ 1 , 2 ] }',
        '{"a": 1, "a": 2}',
        r'{"a": "\u00e9 \ud83d\ude00 \\u0000 \\ud800"}',
        '{"a": "é😀", "b": "{[{[{["}',
        '{"a": 1.7976931348623157e308, "b": 5e-324, "c": 0e-9999, "d": 123e-100}',
        '{"a": ' + "9" * 308 + "}",
        '{"a": 0.' + "0" * 250 + "1}",
        '{"scene": "e1234", "id": "8510e123-9dbf"}',
        '{"a": ' + "[" * 31 + "]" * 31 + "}",
        '{"a": [' + ",".join(["[]"] * 500) + "]}",
        '{"a": "' + "[" * 100 + r"\"{" + '"}',
    ],
)
def test_data_is_kept_as_sent(text):
    assert taken(raw("data", text)).data_text == text


def test_data_of_ten_thousand_bytes_is_taken_and_one_more_is_too_large():
    fits = '{"a":"' + "é" * 4996 + '"}'
    assert len(fits.encode()) == 10_000
    assert taken(raw("data", fits)).data_text == fits
    rejected = refusal(raw("data", fits.replace("é", "ée", 1)))
    assert (rejected.code, rejected.event_id) == (Code.TOO_LARGE, EVENT_ID)
    assert rejected.detail == "data: has more than 10,000 bytes"


def test_too_large_data_beside_another_fault_is_invalid():
    large = raw("data", '{"a":"' + "x" * 10_000 + '"}').replace(b'"complete"', b"null")
    assert refusal(large).code is Code.INVALID


@pytest.mark.parametrize(
    "bad",
    [
        b"null",
        b"7",
        b'"x"',
        b"[]",
        b"oops",
        b"{'event_id': 1}",
        b'{"event_id" 1}',
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a": 1} {"b": 2}',
    ],
)
def test_what_is_no_object_is_refused_alone(bad):
    rejected = refusal(bad)
    assert (rejected.code, rejected.event_id) == (Code.INVALID, None)


def test_a_strange_field_that_is_no_json_spoils_only_its_event():
    bad = json.dumps(event()).encode()
    for value in (b"NaN", b'"\\ud800"', b"[" * 100_000 + b"]" * 100_000):
        rejected = refusal(b'{"secret": ' + value + b"," + bad[1:])
        assert rejected.detail.startswith("a field that is no part of an event: cannot be read")
        assert "secret" not in rejected.detail
    assert refusal(b'{"\\ud800": 1,' + bad[1:]).code is Code.INVALID


def test_of_a_field_given_twice_the_last_counts():
    good = json.dumps(event()).encode()
    assert taken(b'{"event_type": "first",' + good[1:]).event_type == "complete"
    assert "given twice" in refusal(b'{"event_type": 7,' + good[1:]).detail


def test_field_names_may_be_escaped():
    good = json.dumps(event()).replace('"event_type"', r'"event\u005ftype"').encode()
    assert taken(good).event_type == "complete"
    assert refusal(good.replace(b'"complete"', b"7")).detail.startswith("event_type: ")


def test_codes_say_whether_to_send_again():
    assert [code for code in Code if code.retryable] == [Code.UNKNOWN_STUDENT, Code.CONSENT_MISSING]
    assert json.loads(json.dumps(Code.CONFLICT)) == "conflict"


def test_the_schema_also_takes_what_python_code_hands_it():
    model = EventIn(**event(event_id=EVENT_ID, timestamp=RECEIVED_AT))
    assert (model.event_id, model.timestamp) == (EVENT_ID, RECEIVED_AT)
    assert EventIn.model_validate(model.model_dump(mode="json")) == model
