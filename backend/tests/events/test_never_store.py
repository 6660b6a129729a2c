"""What is taken out of a payload, and that nothing else is."""

import json
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learntrace.events.mapping import InvalidMappingError, default_mapping, parse_mapping
from learntrace.events.never_store import never_stored


def without(text: str, *paths: str) -> str:
    found = never_stored(paths)
    assert found is not None
    return found.without(text)


@pytest.mark.parametrize(
    ("text", "paths", "left"),
    [
        ('{"name": "Ada", "level": 3}', ["data.name"], '{"level":3}'),
        ('{"a": {"b": 1, "c": 2}, "b": 3}', ["data.a.b"], '{"a":{"c":2},"b":3}'),
        ('{"a": [{"b": 1, "c": 2}, 7, {"b": 3}]}', ["data.a.b"], '{"a":[{"c":2},7,{}]}'),
        ('{"a": [[{"b": 1}], []]}', ["data.a.b"], '{"a":[[{}],[]]}'),
        ('{"n\\u0061me": "Ada", "name": "Ben"}', ["data.name"], "{}"),
        ('{"a": {"b": 1}, "a": {"c": 2}}', ["data.a.b"], '{"a":{"c": 2}}'),
        ('{"a": {"b": 1}, "a": 5}', ["data.a.b"], '{"a":5}'),
        ('{"a": {"b": 1, "c": 2}}', ["data.a.b", "data.a"], "{}"),
        ('{"a": {"b": 1, "c": 2}}', ["data.a", "data.a.b"], "{}"),
        ('{"a": "b", "b": {"a": 1}}', ["data.a.b"], '{"a":"b","b":{"a": 1}}'),
        ('{"naïve": 1, "x": "ü"}', ["data.naïve"], '{"x":"ü"}'),
    ],
)
def test_what_is_named_goes(text: str, paths: list[str], left: str) -> None:
    assert without(text, *paths) == left


def test_what_stays_keeps_every_letter() -> None:
    kept = '{"big": 12345678901234567890.50, "e": 1E+3, "t": "\\u00e4\\/", "o": { "a" :1,"a":2 }}'
    assert without(kept, "data.name", "mission_id") == kept
    changed = without(kept.replace("{", '{"name": "Ada", ', 1), "data.name")
    assert changed == (
        '{"big":12345678901234567890.50,"e":1E+3,"t":"\\u00e4\\/","o":{ "a" :1,"a":2 }}'
    )


def test_a_mapping_without_it_takes_nothing_out() -> None:
    assert parse_mapping({}).never_store is None
    assert default_mapping().never_store is None
    found = parse_mapping({"never_store": ["mission_id", "data.chat.text"]}).never_store
    assert found is not None
    assert found.mission
    assert not getattr(parse_mapping({"never_store": ["data.a"]}).never_store, "mission", True)


@pytest.mark.parametrize(
    "path", ["data", "data.", "name", "student_id", "event_type", "sequence", "data..a", 3]
)
def test_what_cannot_be_taken_out_is_refused(path: object) -> None:
    with pytest.raises(InvalidMappingError) as refused:
        parse_mapping({"never_store": [path]})
    assert refused.value.problems[0]["where"] == "never_store[0]"


class Pairs(list[tuple[str, Any]]):
    """An object as it is written: names may come twice."""


NAMES = st.sampled_from(["a", "b", "c", "name", "é", "a.b", ""])
LEAVES = st.sampled_from([None, True, 0, -7, 2**70, 0.1, -1e300]) | st.just("text")
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(st.tuples(NAMES, inner), max_size=5).map(Pairs)
        | st.lists(st.lists(st.tuples(NAMES, inner), max_size=4).map(Pairs), max_size=3)
    ),
    max_leaves=15,
)
PATHS = st.lists(
    st.lists(st.sampled_from(["a", "b", "c", "name", "é"]), min_size=1, max_size=4),
    min_size=1,
    max_size=4,
)


def written(value: Any, random: Random, count: Iterator[int]) -> str:
    """The value as JSON, written in one of many ways; each text is another, `marker 7;`."""
    space = random.choice(["", " ", "\n\t"])
    if isinstance(value, Pairs):
        parts = [f"{name_of(n, random)}{space}:{written(v, random, count)}" for n, v in value]
        return f"{{{space}{f'{space},'.join(parts)}{space}}}"
    if isinstance(value, list):
        return f"[{space}{f'{space},'.join(written(v, random, count) for v in value)}]{space}"
    return json.dumps(f"marker {next(count)};") if value == "text" else json.dumps(value)


def name_of(name: str, random: Random) -> str:
    return "".join(
        ['"', *(f"\\u{ord(one):04x}" if random.random() < 0.2 else one for one in name), '"']
    )


def hidden(pairs: Any, paths: list[list[str]], *, under: bool = False) -> Iterator[str]:
    """Every text that stands under a path, also in what a later name of the same sort hides."""
    if isinstance(pairs, Pairs):
        for name, value in pairs:
            inner = [path[1:] for path in paths if path[0] == name]
            yield from hidden(value, [one for one in inner if one], under=under or [] in inner)
    elif isinstance(pairs, list):
        for value in pairs:
            yield from hidden(value, paths, under=under)
    elif under and isinstance(pairs, str):
        yield pairs


def taken_out(value: Any, path: list[str]) -> Any:
    """By the book, and slowly."""
    if isinstance(value, list):
        return [taken_out(one, path) for one in value]
    if not isinstance(value, dict):
        return value
    first, *rest = path
    return {
        name: taken_out(one, rest) if name == first else one
        for name, one in value.items()
        if rest or name != first
    }


@settings(max_examples=300)
@given(
    st.lists(st.tuples(NAMES, VALUES), max_size=5).map(Pairs),
    PATHS,
    st.randoms(use_true_random=False),
)
def test_nothing_named_survives_and_all_else_does(
    value: Pairs, paths: list[list[str]], random: Random
) -> None:
    text = written(value, random, iter(range(1000)))
    left = without(text, *(".".join(["data", *path]) for path in paths))

    expected = json.loads(text, parse_float=Decimal)
    for path in paths:
        expected = taken_out(expected, path)
    found = json.loads(left, parse_float=Decimal)
    assert json.dumps(found, default=repr) == json.dumps(expected, default=repr)
    for marker in hidden(json.loads(text, object_pairs_hook=Pairs), paths):
        assert marker not in left
