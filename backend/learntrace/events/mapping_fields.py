"""Reading an event's fields: paths, conditions and values, made into functions once.

Nothing here raises, whatever an event's `data` holds: what cannot be read is unknown.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from learntrace.events.mapping_document import (
    Condition,
    Constant,
    Judgement,
    Operand,
    OtherField,
    Source,
)
from learntrace.events.types import Event

Reader = Callable[[Event], object]
Test = Callable[[Event], bool]
KeyReader = Callable[[Event], str | None]
JudgeReader = Callable[[Event], bool | None]

Known = TypeVar("Known", str, int, bool)

MISSING = object()
MAX_KEY_LENGTH = 200
_LARGEST = 10**18
"""Beyond this a number names nothing (and a huge one costs dearly as text)."""
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}


def value_reader(path: str) -> Reader:
    """The field's value, or `MISSING`; null counts as a value."""
    first, *rest = path.split(".")
    if not rest:
        return operator.attrgetter(first)
    if len(rest) == 1:
        name = rest[0]
        return lambda event: event.data.get(name, MISSING)
    names = tuple(rest)

    def dig(event: Event) -> object:
        value: object = event.data
        for name in names:
            if not isinstance(value, Mapping):
                return MISSING
            value = value.get(name, MISSING)
        return value

    return dig


def as_key(value: object) -> str | None:
    """Text as it is, whole numbers as text (3.0 is "3"); anything else names nothing."""
    if isinstance(value, str):
        return value if 0 < len(value) <= MAX_KEY_LENGTH else None
    number = as_whole_number(value)
    return None if number is None else str(number)


def as_whole_number(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not -_LARGEST < value < _LARGEST or value != int(value):
        return None
    return int(value)


def as_truth(value: object) -> bool | None:
    """true, false, 1 and 0; anything else says nothing of right or wrong."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    return None


def key_reader(source: Source) -> KeyReader:
    return _first_known(source, as_key)


def whole_number_reader(source: Source) -> Callable[[Event], int | None]:
    return _first_known(source, as_whole_number)


def judge_reader(source: Source) -> JudgeReader:
    if not isinstance(source, Judgement):
        return _first_known(source, as_truth)
    tests = conditions(source.when)
    reads = tuple(value_reader(path) for path in _paths_of(source.when))

    def judge(event: Event) -> bool | None:
        if any(read(event) is MISSING for read in reads):
            return None
        return all(test(event) for test in tests)

    return judge


def _first_known(
    source: Source, convert: Callable[[Any], Known | None]
) -> Callable[[Event], Known | None]:
    if source is None or isinstance(source, Judgement):
        return lambda _event: None
    if isinstance(source, Constant):
        constant = convert(source.const)
        return lambda _event: constant
    paths = (source,) if isinstance(source, str) else source
    readers = tuple(value_reader(path) for path in paths)
    if len(readers) == 1:
        only = readers[0]
        return lambda event: convert(only(event))

    def first(event: Event) -> Known | None:
        for read in readers:
            known = convert(read(event))
            if known is not None:
                return known
        return None

    return first


def _paths_of(when: Mapping[str, Condition]) -> set[str]:
    others = (
        operand.field
        for condition in when.values()
        for operand in (condition.lt, condition.le, condition.gt, condition.ge)
        if isinstance(operand, OtherField)
    )
    return {*when, *others}


def conditions(when: Mapping[str, Condition]) -> tuple[Test, ...]:
    """One test per thing that must hold."""
    return tuple(
        test for path, condition in when.items() for test in _tests(value_reader(path), condition)
    )


def _tests(read: Reader, condition: Condition) -> list[Test]:
    tests: list[Test] = []
    named = condition.model_fields_set
    if "equals" in named:
        tests.append(_is_one_of(read, (condition.equals,)))
    if condition.in_ is not None:
        tests.append(_is_one_of(read, condition.in_))
    if condition.exists is not None:
        tests.append(_exists(read, wanted=condition.exists))
    for name, compare in _COMPARE.items():
        operand = getattr(condition, name)
        if operand is not None:
            tests.append(_compares(read, compare, operand))
    return tests


def _identity(value: object) -> tuple[bool, object]:
    """JSON tells true from 1; Python does not."""
    return isinstance(value, bool), value


def _is_one_of(read: Reader, choices: tuple[Any, ...]) -> Test:
    wanted = frozenset(_identity(choice) for choice in choices)

    def test(event: Event) -> bool:
        value = read(event)
        return not isinstance(value, list | dict) and _identity(value) in wanted

    return test


def _exists(read: Reader, *, wanted: bool) -> Test:
    return lambda event: (read(event) not in (MISSING, None)) is wanted


def _compares(read: Reader, compare: Callable[[Any, Any], bool], operand: Operand) -> Test:
    def is_number(value: object) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool)

    if isinstance(operand, OtherField):
        read_other = value_reader(operand.field)

        def test_other(event: Event) -> bool:
            value, other = read(event), read_other(event)
            return is_number(value) and is_number(other) and compare(value, other)

        return test_other

    def test(event: Event) -> bool:
        value = read(event)
        return is_number(value) and compare(value, operand)

    return test
