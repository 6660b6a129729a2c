"""What is noted of a session is merged into what is there, as deep as it goes."""

import json
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learntrace.learning_sessions.details import DEEPEST, MOST_CHARACTERS, merged, storable
from learntrace.learning_sessions.kinds import accuracy_rate, written_language

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=6,
)
OBJECTS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)


def nested(depth: int) -> dict[str, object]:
    value: dict[str, object] = {}
    for _ in range(depth - 1):
        value = {"in": value}
    return value


@given(OBJECTS, OBJECTS)
def test_merging_makes_a_new_mapping_and_leaves_both_as_they_were(known, update) -> None:
    before = deepcopy((known, update))
    found = merged(known, update)
    assert (known, update) == before
    assert found is not known
    assert set(found) == set(known) | set(update)
    assert merged(found, update) == found


@given(OBJECTS)
def test_merging_nothing_changes_nothing(known) -> None:
    assert merged(known, {}) == known == merged({}, known)


def test_merging_goes_into_objects_and_replaces_all_else() -> None:
    known = {"a": {"b": {"c": 1, "d": [1, 2]}, "e": 2}, "f": 3}
    update = {"a": {"b": {"d": [3]}}, "f": {"g": 4}, "h": None}
    assert merged(known, update) == {
        "a": {"b": {"c": 1, "d": [3]}, "e": 2},
        "f": {"g": 4},
        "h": None,
    }


@pytest.mark.parametrize("text", ["\\u0000", "back\\slash", "\\\\u0000", "ü"])
def test_text_that_only_looks_like_nul_is_storable(text) -> None:
    assert storable({text: text}) == {text: text}


@pytest.mark.parametrize(
    "details",
    [
        {"a": "\0"},
        {"\\\0": 1},
        {"a": "\ud800"},
        {"a": float("nan")},
        {"a": json.loads("1e999")},
        {"a": "x" * MOST_CHARACTERS},
        nested(DEEPEST + 1),
    ],
    ids=["nul", "nul in a name", "surrogate", "nan", "infinite", "long", "deep"],
)
def test_what_the_database_would_not_take_is_refused(details) -> None:
    with pytest.raises(ValueError, match="must"):
        storable(details)


def test_as_deep_as_allowed_is_storable() -> None:
    assert storable(nested(DEEPEST)) == nested(DEEPEST)


@pytest.mark.parametrize(
    ("correct", "incorrect", "rate"), [(4, 0, 1.0), (0, 3, 0.0), (3, 1, 0.75), (0, 0, None)]
)
def test_accuracy_is_of_what_was_answered(correct, incorrect, rate) -> None:
    assert accuracy_rate(correct, incorrect) == rate


@pytest.mark.parametrize(
    ("told", "written"),
    [("EN", "en"), ("en-gb", "en-GB"), ("zh-HANS", "zh-Hans"), ("DE-1996", "de-1996")],
)
def test_a_language_is_written_in_one_way(told, written) -> None:
    assert written_language(told) == written == written_language(written)
