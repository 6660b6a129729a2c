"""All learners streamed through the model, each answer moving item and skill as it moves them.

No learner moves them without bound: each counts alike in the intercept, and the first few answers
to an item, or on a skill, move what is believed of it; later ones say more about the learner.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import fsum, log
from statistics import fmean
from typing import Final, NamedTuple

from learntrace.skills.knowledge.model import Shift, log_odds, take_in
from learntrace.skills.knowledge.types import (
    Answer,
    Easiness,
    ItemTable,
    Learner,
    Parameters,
    within_bounds,
)

MOST_EACH: Final = 10
"""Of one learner's answers so many to an item, and on a skill, move what is believed of it."""


ORDERS: Final = 4
"""Passes that a table is the mean of, each beginning with another learner."""


class Streamed(NamedTuple):
    """What a pass left: the table (version 0, no head), and how well it predicted on the way.

    `loss`: log-loss in nats, summed over all answers, each predicted from those before it.
    """

    table: ItemTable
    loss: float


def stream(learners: Sequence[Sequence[Answer]], parameters: Parameters) -> Streamed:
    """One pass over the learners, in the order given, each from the first answer to the last.

    Every learner has answers.
    """
    shares = [fsum(one.correct for one in answers) / len(answers) for answers in learners]
    items = _Beliefs(parameters.item_easiness_variance, parameters.discrimination_variance)
    skills = _Beliefs(parameters.skill_easiness_variance, parameters.discrimination_variance)
    table = ItemTable(
        version=0,
        # One learner more who has all right, and one who has none: the mean is never 0 or 1.
        intercept=log_odds((fsum(shares) + 1) / (len(shares) + 2)),
        items=items.easiness,
        skills=skills.easiness,
        parameters=parameters,
    )
    loss = 0.0
    for answers in learners:
        learner = Learner()
        for answer in answers:
            shift = take_in(learner, table, answer)
            if abs(learner.items[answer.item]) <= MOST_EACH:
                items.move(answer.item, shift)
            if learner.skills[answer.skill].answers <= MOST_EACH:
                skills.move(answer.skill, shift)
            loss -= log(1 - abs(shift.surprise))
    return Streamed(table, loss)


def averaged(learners: Sequence[Sequence[Answer]], parameters: Parameters) -> ItemTable:
    """The mean of the tables of `ORDERS` passes, so that who stands first matters little.

    The learners stand in a ring; the passes begin at places evenly apart in it.
    """
    starts = sorted({len(learners) * n // ORDERS for n in range(ORDERS)})
    passes = [stream([*learners[n:], *learners[:n]], parameters).table for n in starts]
    first = passes[0]
    return replace(
        first,
        items=_mean([one.items for one in passes]),
        skills=_mean([one.skills for one in passes]),
    )


def _mean(passes: Sequence[Mapping[str, Easiness]]) -> dict[str, Easiness]:
    return {
        key: Easiness(
            fmean(one[key].mean for one in passes),
            fmean(one[key].variance for one in passes),
            fmean(one[key].discrimination for one in passes),
        )
        for key in passes[0]
    }


class _Beliefs:
    """What is believed of each item, or of each skill."""

    def __init__(self, variance: float, discrimination_variance: float) -> None:
        self.easiness: dict[str, Easiness] = {}
        self._new = Easiness(0.0, variance)
        self._discrimination_variance = defaultdict[str, float](lambda: discrimination_variance)

    def move(self, key: str, shift: Shift) -> None:
        """As one answer moves it."""
        known = self.easiness.get(key, self._new)
        variance, spread = known.variance, self._discrimination_variance[key]
        # The variance of `z` leaves discrimination's own part out, so it is added here.
        damped = 1 + shift.narrowing * spread * shift.ability * shift.ability
        self.easiness[key] = Easiness(
            known.mean + variance * shift.step,
            variance - variance * variance * shift.narrowing,
            within_bounds(known.discrimination + spread * shift.ability * shift.step / damped),
        )
        self._discrimination_variance[key] = spread / damped
