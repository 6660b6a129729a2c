"""Answers as they are told one by one: what they add to the counts, and how they are stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from learntrace.kit.errors import InvalidError

MOST_ANSWERS: Final = 1_000
TOO_MANY: Final = f"A sitting holds at most {MOST_ANSWERS} answers. Complete it and begin another."
Stored = Sequence[Any]
"""One answer in its column: [item, topic or null, right, instant]."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer; `topic` is what the item is about, where the caller knows."""

    item: str
    topic: str | None
    correct: bool
    at: datetime


def appended(known: Sequence[Stored], more: Sequence[Answered]) -> list[Stored]:
    """A new list with both. Raises `InvalidError` where they are more than a sitting holds."""
    if len(known) + len(more) > MOST_ANSWERS:
        raise InvalidError(TOO_MANY)
    return [
        *known,
        *([one.item, one.topic, one.correct, one.at.isoformat()] for one in more),
    ]


def without_last(known: Sequence[Stored], items: Sequence[str]) -> list[Stored]:
    """A new list without the last answer to each of these items.

    Raises `InvalidError` for one that was not answered as often.
    """
    kept = list(known)
    for item in items:
        at = next((at for at in reversed(range(len(kept))) if kept[at][0] == item), None)
        if at is None:
            raise InvalidError(f"taken_back: there is no answer to {item[:100]!r} here.")
        del kept[at]
    return kept


def read(stored: Sequence[Stored]) -> list[Answered]:
    """The answers of a column, in order."""
    return [
        Answered(item, topic, correct, datetime.fromisoformat(at))
        for item, topic, correct, at in stored
    ]


def counts(stored: Sequence[Stored]) -> tuple[int, int, int]:
    """How many items there are among the answers, and how many answers were right and wrong."""
    right = sum(1 for one in stored if one[2])
    return len({(one[0], one[1]) for one in stored}), right, len(stored) - right
