"""How much of a content item a student has mastered. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from learntrace.learning_sessions.answering import Answered


def meanings(materials: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The words of an item's materials, and what each means."""
    return {word["term"]: word["meaning"] for one in materials for word in one["vocabulary"]}


def to_learn(materials: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """The words and questions of an item's materials, as answers name them."""
    questions = {asked["question"] for one in materials for asked in one["questions"]}
    return frozenset(meanings(materials).keys() | questions)


def mastery(wanted: frozenset[str], answers: Iterable[Answered]) -> float | None:
    """Share of `wanted` whose last answer was right, 0 to 1; `None` where nothing is to learn.

    Answers to anything else do not count.
    """
    if not wanted:
        return None
    last = {one.item: one.correct for one in sorted(answers, key=lambda one: one.at)}
    return sum(last.get(item, False) for item in wanted) / len(wanted)
