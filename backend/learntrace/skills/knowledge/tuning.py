"""Hyper-parameters that suit a game: a small coordinate search over the game's own answers.

What counts is the log-loss of one pass (`streaming`), each answer predicted from those before it.
Forgetting is not searched for: left to the next answer alone it grows until a skill is forgotten
within the hour (docs/knowledge.md#hyper-parameters).
"""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from typing import Final

from learntrace.skills.knowledge.streaming import stream
from learntrace.skills.knowledge.types import Answer, Parameters

SEARCHED: Final = (
    "ability_variance",
    "skill_variance",
    "item_easiness_variance",
    "skill_easiness_variance",
    "learning_gain",
    "skill_noise",
    "ability_noise",
)
FACTORS: Final = (2.0, 2.0**0.5)
"""By which a value is multiplied or divided, in the first round and in the second."""
LEAST, MOST = 1 / 8, 4.0
"""How far from its default a value may go, as factors."""
MIN_ANSWERS: Final = 2_000
"""With fewer the defaults stay."""
MAX_ANSWERS: Final = 30_000
"""Answers that are looked at; of more, every so-many-th learner's."""
WORTHWHILE: Final = 1.0
"""Nats over all answers looked at that a step has to gain; less is luck (Akaike's criterion)."""

Learners = Sequence[Sequence[Answer]]


def tuned(learners: Learners) -> Parameters:
    """The hyper-parameters for these learners; the defaults below `MIN_ANSWERS`. Deterministic."""
    best = defaults = Parameters()
    if sum(map(len, learners)) < MIN_ANSWERS:
        return best
    some = sample(learners)
    loss = stream(some, best).loss
    for factor in FACTORS:
        for name in SEARCHED:
            default = getattr(defaults, name)
            for step in (1 / factor, factor):
                value = getattr(best, name) * step
                before = loss
                while LEAST <= value / default <= MOST:
                    candidate = replace(best, **{name: value})
                    found = stream(some, candidate).loss
                    if found > loss - WORTHWHILE:
                        break
                    best, loss, value = candidate, found, value * step
                if loss < before:
                    break
    return best


def sample(learners: Learners, most: int = MAX_ANSWERS) -> list[Sequence[Answer]]:
    """Learners spread evenly over the order given, with at most `most` answers between them."""
    kept, left = [], most
    for answers in learners[:: max(1, ceil(sum(map(len, learners)) / most))]:
        kept.append(answers[:left])
        left -= len(kept[-1])
        if left == 0:
            break
    return kept
