"""What is a mapping and what is none, and how a wrong one is told."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learntrace.events.mapping import (
    WAVE_COMBINATOR,
    InvalidMappingError,
    default_mapping,
    map_event,
    packaged_mapping,
    parse_mapping,
)
from learntrace.events.mapping_document import MAX_CONDITIONS, MAX_EVENT_NAMES, MAX_RULES_PER_EVENT

from .given import event


def problems(raw):
    with pytest.raises(InvalidMappingError) as caught:
        parse_mapping(raw)
    return {problem["where"]: problem["problem"] for problem in caught.value.problems}


def test_problems_name_the_place_in_plain_words():
    found = problems(
        {
            "evnets": {},
            "task": 5,
            "idle_threshold_s": 1,
            "skill": {"when": {"data.x": {"exists": True}}},
            "events": {
                "begin": {"behaviours": ["fly"]},
                "a b": [{"behaviours": [], "when": {"score": {"lt": 1}}}],
                "none": [],
                "lacks": {"task": "mission_id"},
                "empty": {"behaviours": [], "when": {"data.x": {}}},
                "number": 3,
                "deep": {"behaviours": [], "task": "data." + ".".join("abcdefghi")},
            },
        }
    )
    assert found["evnets"] == "is not a name that a mapping has here"
    assert "field path" in found["task"]
    assert "greater than or equal to 5" in found["idle_threshold_s"]
    assert found["skill"] == '"when" is for correct only'
    assert "task_start" in found["events.begin.behaviours[0]"]
    assert "heartbeat" in found["events.begin.behaviours[0]"]
    assert "mission_id" in found['events["a b"][0].when.score']
    assert found["events.none"] == "must not be empty"
    assert found["events.lacks.behaviours"] == "field required"
    assert found['events.empty.when["data.x"]'].startswith("is empty: name equals")
    assert "events.number" in found
    assert "at most 8 deep" in found["events.deep.task"]
    assert len(found) == 11


def test_one_wrong_rule_is_one_problem():
    assert list(problems({"events": {"e": [{"behaviours": ["fly"]}]}})) == [
        "events.e[0].behaviours[0]"
    ]


def nested(depth):
    value = {}
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ([], "object"),
        (None, "object"),
        ("{}", "object"),
        ({"x": float("nan")}, "JSON"),
        ({"x": b"bytes"}, "JSON"),
        ({"x": "\ud800"}, "JSON"),
        ({"task": "data.\0"}, "NUL"),
        (nested(100_000), "nested too deeply"),
        ({"x": "x" * 600_000}, "500,000 characters"),
    ],
)
def test_what_is_no_mapping_at_all_is_refused(raw, problem):
    assert problem in problems(raw)["(the mapping)"]


def test_sizes_are_limited():
    rule = {"behaviours": []}
    conditions = {f"data.x{number}": {"exists": True} for number in range(MAX_CONDITIONS + 1)}
    events = {str(number): rule for number in range(MAX_EVENT_NAMES + 1)}
    assert "events" in problems({"events": events})
    assert "events.e" in problems({"events": {"e": [rule] * (MAX_RULES_PER_EVENT + 1)}})
    assert "events.e.when" in problems({"events": {"e": {**rule, "when": conditions}}})
    assert problems({"events": {"e" * 101: rule}})
    assert len(problems({f"x{number}": 1 for number in range(80)})) == 50


def test_packaged_mappings_are_valid():
    waves = parse_mapping(packaged_mapping(WAVE_COMBINATOR))
    assert waves.opening_s > 0
    assert set(waves.tasks) == {f"level_{level}" for level in range(35)}
    assert not waves.knows("question_answer")
    assert not waves.knows("mission_start")
    move = {"slider": "OFFSET", "level": 4, "begin_closeness": 900.0, "end_closeness": 120.0}
    found = map_event(waves, event("slider_move_release", move, mission_id="level_4"))
    assert (found.skill, found.item, found.correct) == ("OFFSET", "level_4", True)
    playground = map_event(waves, event("slider_move_release", {**move, "level": 0}))
    assert (playground.behaviours, playground.skill) == (("choice",), None)
    assert playground.correct is None
    skip = map_event(waves, event("skip_button", {"level": 9}))
    assert skip.behaviours == ("task_start",)
    assert map_event(waves, event("skip_button", {"level": 8})).behaviours == ("task_abandon",)


MAPPING_WORDS = ["events", "extends", "task", "skill", "correct", "behaviours", "when", "equals"]
MAPPING_WORDS += ["in", "lt", "field", "const", "data.x", "tasks", "name", "sequence"]
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.text(max_size=5)
    | st.sampled_from(["data.x", "data.x.y", "mission_id", "task_start"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(MAPPING_WORDS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["events", "task", "correct", "tasks"]), json_values))
def test_any_json_is_a_mapping_or_explained(raw):
    explained = []
    try:
        mapping = parse_mapping(raw)
    except InvalidMappingError as refused:
        explained = refused.problems
        mapping = None
    if mapping is None:
        assert explained
        assert all(one["where"] and one["problem"] for one in explained)
    else:
        assert map_event(mapping, event("task_start")).event.event_type == "task_start"


STRANGE = {
    "sequence": ["data.x.y", "data.x"],
    "events": {
        "e": [
            {
                "when": {"data.x": {"in": ["a", 1]}, "data.x.y": {"lt": {"field": "data.x"}}},
                "behaviours": ["success"],
            },
            {
                "behaviours": ["failure"],
                "task": ["data.x.y", "data.x"],
                "correct": {"when": {"data.x": {"gt": 0, "equals": None}}},
            },
        ]
    },
}


@given(st.dictionaries(st.sampled_from(["x", "y"]), json_values))
def test_no_data_makes_mapping_raise(data):
    found = map_event(parse_mapping(STRANGE), event("e", data))
    assert found.mapped
    assert found.task is None or isinstance(found.task, str)
    assert found.sequence is None or isinstance(found.sequence, int)


def test_mapping_survives_json():
    raw = packaged_mapping("default")
    again = parse_mapping(json.loads(json.dumps(raw)))
    assert set(again.rules) == set(default_mapping().rules)


def test_documented_examples_are_valid():
    page = (Path(__file__).parents[3] / "docs" / "mapping.md").read_text(encoding="utf-8")
    examples = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert examples
    for example in map(json.loads, examples):
        mapping = parse_mapping(example)
        assert all(map(mapping.knows, example.get("events", ())))
    assert any("events" in json.loads(example) for example in examples)
