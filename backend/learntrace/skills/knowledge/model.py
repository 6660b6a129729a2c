"""Streaming Bayesian item response theory: forget, predict, update, one answer at a time, O(1).

The chance of a right answer is logistic in the sum of the game's intercept, the learner's general
ability and deviation on the skill, both times the discrimination of item and skill, and the
easiness of item and skill. Each but discrimination is a normal belief, and an answer moves all by
assumed-density filtering. docs/knowledge.md has the formulas and their sources.

A learner's state is a function of the answers in the order given and of the item table: `replay`
over them equals `learn` one by one. The same answers in another order give another state.
"""

from collections.abc import Iterable
from datetime import datetime
from math import exp, log, log1p, pi, sqrt
from typing import NamedTuple

from learntrace.skills.knowledge.head import features, logit_of, observe
from learntrace.skills.knowledge.types import (
    Answer,
    ItemTable,
    Learner,
    Mastery,
    Parameters,
    Prediction,
    SkillState,
)

PROBIT_MATCH = pi / 8
"""A logistic curve averaged over a normal belief of variance v is about one whose argument is
divided by sqrt(1 + v pi / 8)."""
Z90 = 1.645
BOUND_LOGIT = 30.0
"""Beyond it a float no longer tells a chance from 0 or 1."""
LEAST_DISCRIMINATION = 0.2
"""A right answer never speaks for less ability."""


class Belief(NamedTuple):
    """What is believed just before an answer: `z` and the variances that make up its own.

    `discrimination` is how many times `ability` and `deviation` count in `z`.
    """

    z: float
    discrimination: float
    ability_variance: float
    deviation: float
    deviation_variance: float
    easiness: float
    easiness_variance: float
    skill_easiness: float
    state: SkillState | None

    @property
    def variance(self) -> float:
        """Of `z`."""
        learner = self.ability_variance + self.deviation_variance
        return self.discrimination * self.discrimination * learner + self.easiness_variance


class Shift(NamedTuple):
    """How an answer moves each belief that counts `c` times in `z`, of variance v: the mean by
    `c v step`, the variance by `-(c v)^2 narrowing`. `surprise`: right (1 or 0) minus predicted;
    `ability`: the learner's on the skill before, which is how often discrimination counts.
    """

    surprise: float
    step: float
    narrowing: float
    ability: float


def learn(learner: Learner, table: ItemTable, answer: Answer) -> None:
    """Take in one answer, in place."""
    take_in(learner, table, answer)


def take_in(learner: Learner, table: ItemTable, answer: Answer) -> Shift:
    """As `learn`; returns what the answer also says on item and skill."""
    parameters = table.parameters
    _, slope, ability, mean, deviation, _, _, _, state = belief = believe(
        learner, table, answer.skill, answer.item, answer.at
    )
    variance = belief.variance
    p = probability(belief.z / sqrt(1 + PROBIT_MATCH * variance))
    surprise = answer.correct - p
    information = p * (1 - p)
    shrinkage = 1 + information * variance
    shift = Shift(
        surprise, surprise / shrinkage, information / shrinkage, ability=learner.mean + mean
    )
    step, narrowing = slope * shift.step, slope * slope * shift.narrowing

    learner.mean += ability * step
    learner.variance = min(
        parameters.ability_variance,
        ability - ability * ability * narrowing + parameters.ability_noise,
    )
    if state is None:
        state = learner.skills[answer.skill] = SkillState(0.0, 0.0, answer.at)
    state.mean = mean + deviation * step + parameters.learning_gain
    state.variance = min(
        parameters.skill_variance,
        deviation - deviation * deviation * narrowing + parameters.skill_noise,
    )
    state.last_at = answer.at
    observe(learner, state, answer.skill, answer.item, surprise, correct=answer.correct)
    return shift


def replay(answers: Iterable[Answer], table: ItemTable) -> Learner:
    """The state after all answers, taken in the order given."""
    learner = Learner()
    for answer in answers:
        learn(learner, table, answer)
    return learner


def predict(
    learner: Learner, table: ItemTable, *, skill: str, item: str | None = None, at: datetime
) -> Prediction:
    """The chance that an answer at `at` is right; without `item`, to one drawn from the skill.

    The interval holds what is not known about learner, item and skill; the coin toss of a single
    answer is no part of it. With a head, everything done just before counts as well.
    """
    belief = believe(learner, table, skill, item, at)
    widening = sqrt(1 + PROBIT_MATCH * belief.variance)
    logit = belief.z / widening
    if table.head is None:
        spread = sqrt(belief.variance) / widening
    else:
        values = features_before(learner, belief, skill, item)
        by_logit, by_ability, by_deviation, by_easiness = table.head.weights[:4]
        shared = by_logit / widening
        spread = sqrt(
            (shared * belief.discrimination + by_ability) ** 2 * belief.ability_variance
            + (shared * belief.discrimination + by_deviation) ** 2 * belief.deviation_variance
            + (shared + by_easiness) ** 2 * belief.easiness_variance
        )
        logit = logit_of(table.head, values)
    p = probability(logit)
    # The prediction is drawn towards 1/2 by what is unknown; its interval is not.
    low = probability((logit - Z90 * spread) * widening)
    high = probability((logit + Z90 * spread) * widening)
    return Prediction(p, min(low, p), max(high, p))


def mastery(learner: Learner, table: ItemTable, skill: str, *, at: datetime) -> Mastery | None:
    """The chance at `at` of a right answer to an average item of the skill.

    The average item has easiness and discrimination 0 beside its skill: how far items differ is
    no part of the interval, for mastery is about the learner. The head is left out, for it is
    about the very next answer. None when the learner never answered on the skill.
    """
    if skill not in learner.skills:
        return None
    z, slope, ability, _, deviation, _, _, _, state = believe(learner, table, skill, None, at)
    assert state is not None
    known = table.skills.get(skill)
    variance = slope * slope * (ability + deviation) + (
        table.parameters.skill_easiness_variance if known is None else known.variance
    )
    p = probability(z / sqrt(1 + PROBIT_MATCH * variance))
    low, high = probability(z - Z90 * sqrt(variance)), probability(z + Z90 * sqrt(variance))
    return Mastery(p, min(low, p), max(high, p), state.answers, state.last_at)


def features_before(
    learner: Learner, belief: Belief, skill: str, item: str | None
) -> tuple[float, ...]:
    """What the head is given (`head.FEATURES`)."""
    logit = belief.z / sqrt(1 + PROBIT_MATCH * belief.variance)
    return features(
        learner,
        skill,
        item,
        logit,
        belief.deviation,
        belief.easiness,
        belief.skill_easiness,
        belief.state,
    )


def believe(
    learner: Learner, table: ItemTable, skill: str, item: str | None, at: datetime
) -> Belief:
    """The belief at `at`, what was forgotten since included; changes nothing."""
    parameters = table.parameters
    state = learner.skills.get(skill)
    if state is None:
        deviation, variance = 0.0, parameters.skill_variance
    else:
        deviation, variance = forgotten(state, parameters, at)
    ability = parameters.ability_variance if learner.variance is None else learner.variance
    easiness, easiness_variance = 0.0, parameters.item_easiness_variance
    discrimination = 1.0
    if item is not None and (one := table.items.get(item)) is not None:
        easiness, easiness_variance = one.mean, one.variance
        discrimination += one.discrimination
    skill_easiness = 0.0
    if (known := table.skills.get(skill)) is None:
        easiness_variance += parameters.skill_easiness_variance
    else:
        skill_easiness = known.mean
        easiness += skill_easiness
        easiness_variance += known.variance
        discrimination += known.discrimination
    discrimination = max(LEAST_DISCRIMINATION, discrimination)
    return Belief(
        table.intercept + discrimination * (learner.mean + deviation) + easiness,
        discrimination,
        ability,
        deviation,
        variance,
        easiness,
        easiness_variance,
        skill_easiness,
        state,
    )


def forgotten(state: SkillState, parameters: Parameters, at: datetime) -> tuple[float, float]:
    """Mean and variance of a skill's deviation at `at`; a clock that went back forgets nothing."""
    hours = (at - state.last_at).total_seconds() / 3600
    if hours <= 0:
        return state.mean, state.variance
    distance = log1p(hours)
    return (
        state.mean * exp(-parameters.forgetting * distance),
        min(
            parameters.skill_variance,
            state.variance + parameters.forgetting_variance * distance,
        ),
    )


def probability(logit: float) -> float:
    """The logistic curve, strictly between 0 and 1."""
    return 1 / (1 + exp(-max(-BOUND_LOGIT, min(BOUND_LOGIT, logit))))


def log_odds(p: float) -> float:
    """The inverse of `probability`, for `p` strictly between 0 and 1."""
    return log(p / (1 - p))
