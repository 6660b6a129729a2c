"""When two events say the same."""

import json
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learntrace.ingestion.content import same_content, same_json

from .validation_bodies import decoded, event, raw


def one(bad_or_good):
    (found,) = decoded(bad_or_good).events
    return found


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ('{"a":1,"b":2}', '{ "b": 2,\n "a": 1 }', True),
        ('{"a":3}', '{"a":3.0}', True),
        ('{"a":300}', '{"a":3e2}', True),
        ('{"a":0}', '{"a":-0.0}', True),
        (r'{"a":"\u00e9"}', '{"a":"é"}', True),
        (r'{"a":"\ud83d\ude00\/"}', '{"a":"😀/"}', True),
        ('{"a":1,"a":2}', '{"a":2}', True),
        ('{"a":[1,[2,{"b":null}]]}', '{"a": [1.0, [2, {"b": null}]]}', True),
        ('{"a":1}', '{"a":true}', False),
        ('{"a":0}', '{"a":false}', False),
        ('{"a":[0]}', '{"a":[false]}', False),
        ('{"a":null}', '{"a":false}', False),
        ('{"a":null}', "{}", False),
        ('{"a":"1"}', '{"a":1}', False),
        ('{"a":[1,2]}', '{"a":[2,1]}', False),
        ('{"a":[1]}', '{"a":[1,1]}', False),
        ('{"a":{}}', '{"a":[]}', False),
        ('{"a":9007199254740993}', '{"a":9007199254740992}', False),
        ('{"a":9007199254740993}', '{"a":9007199254740992.0}', False),
        ('{"a":100000000000000000000}', '{"a":1e20}', True),
        ('{"a":0.1}', '{"a":0.10}', True),
    ],
)
def test_data_is_compared_as_a_json_value(first, second, same):
    assert same_json(first, second) is same
    assert same_json(second, first) is same
    assert same_content(one(raw("data", first)), one(raw("data", second))) is same


@pytest.mark.parametrize(
    "change",
    [
        {"student_id": str(uuid4())},
        {"session_id": str(uuid4())},
        {"event_type": "Complete"},
        {"timestamp": "2026-03-02T08:15:30.250001Z"},
        {"mission_id": None},
        {"mission_id": "None"},
        {"mission_id": ""},
        {"game_version": "1.4"},
        {"sequence": None},
        {"sequence": 18},
        {"data": {}},
    ],
)
def test_every_field_but_the_id_is_content(change):
    first, second = one(event()), one(event(**change))
    assert not same_content(first, second)
    assert first.content_hash != second.content_hash


def test_what_is_written_in_another_way_is_the_same_content():
    second = event(
        event_id=str(uuid4()),
        student_id=event()["student_id"].upper(),
        sequence=17.0,
        unknown="field",
    )
    first, second = one(event()), one(second)
    assert first.content_hash == second.content_hash
    assert -(2**63) <= first.content_hash < 2**63
    third = one(event(timestamp="2026-03-02T09:15:30.2500009+01:00"))
    assert same_content(first, second)
    assert same_content(first, third)


def test_the_time_of_sending_is_no_content():
    first, second = one(event()), decoded(event(), sent_at="2026-03-02T07:00:00Z").events[0]
    assert first.corrected_at != second.corrected_at
    assert same_content(first, second)


def test_a_missing_mission_is_not_an_empty_one():
    hashes = {one(event(mission_id=name)).content_hash for name in (None, "", "None", "=")}
    assert len(hashes) == 4


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), values, max_size=4))
def test_json_is_the_same_however_it_is_spaced_and_escaped(data):
    plain = json.dumps(data).replace("Infinity", "1")
    assert same_json(plain, json.dumps(json.loads(plain), indent=2, ensure_ascii=False))
    backwards = dict(reversed(json.loads(plain).items()))
    assert same_json(plain, json.dumps(backwards))
