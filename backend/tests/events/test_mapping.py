import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learntrace.events.mapping import (
    WAVE_COMBINATOR,
    InvalidMappingError,
    default_mapping,
    map_event,
    map_events,
    packaged_mapping,
    parse_mapping,
)
from learntrace.events.mapping_document import MAX_CONDITIONS, MAX_EVENT_NAMES, MAX_RULES_PER_EVENT
from learntrace.events.types import Behaviour, Event

NAMESPACE = UUID("0f5bd5a5-2b4e-4d52-8d4f-0f2f3ad8a3c1")
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def event(event_type="e", data=None, *, number=0, at_s=0.0, **fields):
    timestamp = START + timedelta(seconds=at_s)
    return replace(
        Event(
            event_id=uuid5(NAMESPACE, str(number)),
            student_id=NAMESPACE,
            game_session_id=NAMESPACE,
            event_type=event_type,
            timestamp=timestamp,
            received_at=timestamp,
            corrected_at=timestamp,
            data=data or {},
            mission_id=None,
            game_version="1.0.0",
            sequence=None,
        ),
        **fields,
    )


def problems(raw):
    with pytest.raises(InvalidMappingError) as caught:
        parse_mapping(raw)
    return {problem["where"]: problem["problem"] for problem in caught.value.problems}


def mapped(rule, data=None, **fields):
    return map_event(parse_mapping({"events": {"e": rule}}), event("e", data, **fields))


ORIGIN_NAMES = {
    "mission_start": ["task_start"],
    "mission_complete": ["task_complete"],
    "task_start": ["task_start"],
    "task_complete": ["task_complete"],
    "choice_made": ["choice"],
    "retry": ["retry"],
    "restart": ["retry"],
    "failure": ["failure"],
    "mistake": ["failure"],
    "recovery": ["success"],
    "success_after_failure": ["success"],
    "distraction": ["focus_lost"],
    "pause": ["pause"],
    "collaboration": ["collaboration_taken"],
    "help_given": ["help_given"],
    "help_received": ["help_received"],
    "leadership": ["leadership_taken"],
    "initiative": ["leadership_taken"],
    "decision_made": ["choice", "leadership_taken"],
}


@pytest.mark.parametrize(("name", "behaviours"), ORIGIN_NAMES.items())
def test_origin_names_are_built_in(name, behaviours):
    found = map_event(default_mapping(), event(name, mission_id="m1"))
    assert list(found.behaviours) == behaviours
    assert found.mapped
    assert found.task == "m1"


@pytest.mark.parametrize("behaviour", Behaviour)
def test_own_words_are_built_in(behaviour):
    assert behaviour in default_mapping().behaviours_of(behaviour.value)


def test_unknown_event_type_is_unmapped():
    found = map_event(default_mapping(), event("ZONK", {"skill": "s"}, sequence=4))
    assert not found.mapped
    assert found.behaviours == ()
    assert found.skill is None
    assert found.sequence == 4


def test_default_names_can_be_switched_off_and_redefined():
    assert not parse_mapping({"extends": None}).knows("retry")
    assert parse_mapping({}).knows("retry")
    own = parse_mapping({"events": {"retry": {"behaviours": ["attempt"]}}})
    assert own.behaviours_of("retry") == (Behaviour.ATTEMPT,)
    assert own.behaviours_of("ZONK") == ()


def test_fields_come_from_rule_then_mapping_then_default():
    data = {"level": 3, "topic": "waves", "skill": "default", "item": "i"}
    rule = {"behaviours": ["choice"], "skill": "data.topic", "item": None}
    mapping = parse_mapping({"task": "data.level", "events": {"e": rule}})
    found = map_event(mapping, event("e", data))
    assert (found.task, found.skill, found.item) == ("3", "waves", None)
    # The default's own event types go on reading the default's own fields.
    assert map_event(mapping, event("choice", data, mission_id="m")).task == "m"
    bare = map_event(
        parse_mapping({"extends": None, "events": {"e": {"behaviours": []}}}), event("e", data)
    )
    assert (bare.task, bare.skill, bare.mapped, bare.behaviours) == (None, None, True, ())


def test_first_rule_that_holds_reads_the_event():
    rules = [
        {"when": {"data.ok": {"equals": True}}, "behaviours": ["success"]},
        {"when": {"data.ok": {"equals": False}}, "behaviours": ["failure", "attempt", "failure"]},
    ]
    assert mapped(rules, {"ok": True}).behaviours == ("success",)
    assert mapped(rules, {"ok": False}).behaviours == ("failure", "attempt")
    undecided = mapped(rules, {"ok": 1})
    assert not undecided.mapped
    assert undecided.behaviours == ()


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        ({"equals": 3}, [3, 3.0], [True, "3", None, [3], 4]),
        ({"equals": None}, [None], [0, "", False]),
        ({"equals": False}, [False], [0, None]),
        ({"in": ["a", 1, None]}, ["a", 1, 1.0, None], ["b", True, {"a": 1}, [1]]),
        ({"exists": True}, [0, "", False, [], {}], [None]),
        ({"exists": False}, [None], [0]),
        ({"lt": 5}, [4, 4.9, -(10**400)], [5, "4", None, True, float("nan"), [1]]),
        ({"ge": 1, "le": 2}, [1, 1.5, 2], [0.9, 2.1]),
        ({"gt": 1}, [10**400], [1]),
        ({"gt": {"field": "data.other"}}, [11], [10, "11"]),
    ],
)
def test_conditions(condition, holds, fails):
    rule = {"behaviours": ["success"], "when": {"data.x": condition}}
    assert all(mapped(rule, {"x": value, "other": 10}).mapped for value in holds)
    assert not any(mapped(rule, {"x": value, "other": 10}).mapped for value in fails)


def test_conditions_on_what_is_not_there():
    def missing(condition):
        return mapped({"behaviours": [], "when": {"data.x.y": condition}}, {"x": 3}).mapped

    assert missing({"exists": False})
    for condition in ({"exists": True}, {"equals": None}, {"in": [None]}, {"lt": 3}):
        assert not missing(condition)
    other = {"lt": {"field": "data.none"}}
    assert not mapped({"behaviours": [], "when": {"data.x": other}}, {"x": 3}).mapped


def test_all_conditions_must_hold_and_own_fields_can_be_read():
    when = {"mission_id": {"equals": "m"}, "game_version": {"in": ["2"]}, "sequence": {"ge": 1}}
    rule = {"behaviours": [], "when": when}
    assert mapped(rule, mission_id="m", game_version="2", sequence=1).mapped
    assert not mapped(rule, mission_id="m", game_version="1", sequence=1).mapped


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("level", "level"),
        (3, "3"),
        (3.0, "3"),
        (-1, "-1"),
        (3.5, None),
        ("", None),
        ("x" * 201, None),
        (True, None),
        (None, None),
        ([1], None),
        ({"a": 1}, None),
        (float("nan"), None),
        (float("inf"), None),
        pytest.param(10**5000, None, id="huge"),
    ],
)
def test_keys_are_text_or_whole_numbers(value, key):
    assert mapped({"behaviours": [], "task": "data.x"}, {"x": value}).task == key


def test_first_known_path_wins_and_constants_are_the_same_for_all():
    rule = {"behaviours": [], "task": ["data.a.b", "mission_id"], "skill": {"const": "s"}}
    assert mapped(rule, {"a": {"b": "deep"}}, mission_id="m").task == "deep"
    assert mapped(rule, {"a": "flat"}, mission_id="m").task == "m"
    assert mapped(rule, {}).task is None
    assert mapped(rule).skill == "s"
    assert mapped({"behaviours": [], "item": {"const": 7}}).item == "7"


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        (True, True),
        (False, False),
        (1, True),
        (0.0, False),
        (2, None),
        ("true", None),
        (None, None),
    ],
)
def test_correctness_from_a_field(value, truth):
    assert mapped({"behaviours": [], "correct": "data.x"}, {"x": value}).correct is truth


def test_correctness_from_conditions_is_unknown_where_a_field_lacks():
    rule = {
        "behaviours": [],
        "correct": {"when": {"data.end": {"lt": {"field": "data.begin"}}}},
    }
    assert mapped(rule, {"begin": 5, "end": 4}).correct is True
    assert mapped(rule, {"begin": 5, "end": 5}).correct is False
    assert mapped(rule, {"end": 5}).correct is None
    assert mapped(rule, {"begin": 5}).correct is None
    assert mapped({"behaviours": [], "correct": {"const": True}}).correct is True


def test_opportunity_tells_offers_apart():
    rule = {"behaviours": ["collaboration_offered"], "opportunity": "data.offer"}
    assert mapped(rule, {"offer": 12}).opportunity == "12"


def test_sequence_may_stand_in_a_named_field():
    mapping = parse_mapping({"sequence": "data.n"})
    assert map_event(mapping, event("x", {"n": 3.0}, sequence=9)).sequence == 3
    assert map_event(mapping, event("x", {}, sequence=9)).sequence is None
    assert map_event(parse_mapping({}), event("x", {"n": 3}, sequence=9)).sequence == 9


def order(events, mapping=None):
    found = map_events(mapping or default_mapping(), events)
    return [str(one.event.data.get("name")) for one in found]


def named(name, number, at_s, sequence=None):
    return event("e", {"name": name}, number=number, at_s=at_s, sequence=sequence)


def test_order_is_by_sequence_when_all_have_one():
    assert order([named("b", 1, 0, 7), named("a", 2, 9, -1), named("c", 3, 5, 8)]) == [*"abc"]


def test_order_is_by_time_when_a_sequence_lacks_or_repeats():
    lacking = [named("b", 1, 5, 1), named("c", 2, 9, 0), named("a", 3, 0)]
    assert order(lacking) == [*"abc"]
    repeating = [named("c", 1, 5, 2), named("b", 2, 5, 1), named("a", 3, 0, 2)]
    assert order(repeating) == [*"abc"]


def test_ties_go_by_sequence_then_by_id():
    tied = [named(str(number), number, 0) for number in range(5)]
    by_id = sorted(tied, key=lambda one: one.event_id)
    assert order(reversed(tied)) == [one.data["name"] for one in by_id]
    assert order([named("b", 1, 0, 0), named("a", 2, 0)]) == ["a", "b"]


def test_repeated_ids_count_once_and_spoil_no_sequence():
    events = [named("b", 1, 0, 1), named("a", 2, 9, 0)]
    assert order([*events, *events]) == ["a", "b"]


def test_task_titles_and_settings():
    mapping = parse_mapping(
        {"tasks": {"l1": {"name": "Level one"}}, "idle_threshold_s": 45, "opening_s": 0.5}
    )
    assert mapping.task_title("l1") == "Level one"
    assert mapping.task_title("l2") == "l2"
    assert (mapping.idle_threshold_s, mapping.opening_s) == (45, 0.5)


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
    for example in examples:
        assert parse_mapping(json.loads(example)).knows("begin")
