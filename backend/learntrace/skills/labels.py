"""How much evidence an estimate rests on, and what is missing where it is too little.

The cuts were chosen so that an ordinary school can reach each label; `learntrace evaluate fusion`
prints how many sessions and ratings each takes, docs/skills.md holds the table. With unlimited
evidence game play alone narrows the 90 % interval to 1.86 trait SD, game play and teacher ratings
to 1.38, all four sources to 1.05.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from learntrace.skills.types import Label, Lack, Missing, Observation

MIN_OBSERVATIONS: Final = 3
MIN_OCCASIONS: Final = 2
MIN_DAYS: Final = 2
MIN_RELIABILITY: Final = 0.4
"""Of 1 - v/tau^2: how much of what was unknown at the start has to be known."""

SOME_WIDTH: Final = 2.1
"""Trait SD, whole 90 % interval: 6 weekly sessions of play, or 2 sessions and a rating."""
A_LOT_WIDTH: Final = 1.6
"""Trait SD: 7 weekly sessions of play and 3 ratings, or 14 and 2; never from one source alone."""
A_LOT_SOURCES: Final = 2

_LOWER: Final[Mapping[Label, Label]] = {Label.A_LOT: Label.SOME, Label.SOME: Label.LITTLE}

_WORDS: Final[Mapping[Lack, tuple[str, str]]] = {
    Lack.OBSERVATIONS: ("1 more piece of evidence", "{} more pieces of evidence"),
    Lack.OCCASIONS: (
        "1 more session of play or rating",
        "{} more sessions of play or ratings",
    ),
    Lack.DAYS: ("1 more day with play or a rating", "{} more days with play or a rating"),
    Lack.PRECISION: ("1 more session of play", "{} more sessions of play"),
    Lack.CLOSED_TASKS: ("1 more finished level", "{} more finished levels"),
    Lack.FAILURES: ("1 more try that goes wrong", "{} more tries that go wrong"),
    Lack.FAILED_TASKS: ("1 more level with a failed try", "{} more levels with a failed try"),
    Lack.OPPORTUNITIES: ("1 more question on one topic", "{} more questions on one topic"),
    Lack.COLLABORATION_CHANCES: (
        "1 more chance to work together",
        "{} more chances to work together",
    ),
    Lack.LEADERSHIP_CHANCES: ("1 more chance to lead", "{} more chances to lead"),
    Lack.ANSWERS: ("1 more answered question", "{} more answered questions"),
    Lack.PLAYERS: ("1 more player to compare with", "{} more players to compare with"),
    Lack.RATINGS: ("1 rating by a teacher", "{} ratings by a teacher"),
}


def missing_words(missing: Missing) -> str:
    """What is missing, as a teacher reads it: "2 more finished levels"."""
    one, more = _WORDS[missing.what]
    return one if missing.count == 1 else more.format(missing.count)


def lacking(observations: Sequence[Observation]) -> tuple[Missing, ...]:
    """What the least amount of evidence still needs; `observations` are those that count.

    Days are those of UTC.
    """
    had = {
        Lack.OBSERVATIONS: (MIN_OBSERVATIONS, len(observations)),
        Lack.OCCASIONS: (MIN_OCCASIONS, len({(one.source, one.occasion) for one in observations})),
        Lack.DAYS: (MIN_DAYS, len({one.at.date() for one in observations})),
    }
    return tuple(Missing(what, least - have) for what, (least, have) in had.items() if have < least)


def label(variance: float, *, tau: float, sources: int, conflict: bool) -> Label:
    """The label of an estimate whose evidence lacks nothing that can be counted.

    `variance`: trait SD squared, after inflation; `sources`: how many kinds of evidence counted.
    Conflict lowers it by one, to `little` at the least.
    """
    width = 2 * 1.645 * math.sqrt(variance)
    if 1 - variance / tau**2 < MIN_RELIABILITY:
        found = Label.INSUFFICIENT
    elif width <= A_LOT_WIDTH and sources >= A_LOT_SOURCES:
        found = Label.A_LOT
    elif width <= SOME_WIDTH:
        found = Label.SOME
    else:
        found = Label.LITTLE
    return _LOWER.get(found, found) if conflict else found
