"""How a mapping reads events: its rules, their conditions, and the fields they name."""

import pytest

from learntrace.events.mapping import (
    default_mapping,
    map_event,
    parse_mapping,
)
from learntrace.events.types import Behaviour

from .given import event


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


def test_task_titles_and_settings():
    mapping = parse_mapping(
        {"tasks": {"l1": {"name": "Level one"}}, "idle_threshold_s": 45, "opening_s": 0.5}
    )
    assert mapping.task_title("l1") == "Level one"
    assert mapping.task_title("l2") == "l2"
    assert (mapping.idle_threshold_s, mapping.opening_s) == (45, 0.5)
