"""The optional head: a logistic regression over the model's state and what was done just before.

It catches what the model leaves out: runs of good and bad luck, staying on a skill, the same item
again. It is fitted on learners whose answers did not shape the easiness it sees (`fitting`).
"""

from collections.abc import Sequence
from math import log1p

from learntrace.skills.knowledge.types import Head, Learner, SkillState

FEATURES = (
    "logit",
    "ability",
    "skill_deviation",
    "easiness",
    "log_skill_answers",
    "log_item_answers",
    "surprise_slow",
    "surprise_fast",
    "surprise_skill",
    "same_skill",
    "same_item",
    "first_of_skill",
    "item_last_time",
    "first_of_all",
    "last_answer",
    "log_skill_right",
    "skill_easiness",
    "log_run",
)
"""`logit` is the model's own prediction, its uncertainty included; counts are `ln(1 + n)`;
surprises are moving averages of right minus predicted; flags are 0 or 1; `item_last_time` is 1
after a right answer to this item, -1 after a wrong one, 0 before the first; so is `last_answer`,
to whatever item; `log_run` is of how many answers up to the last were alike, right or wrong."""

SLOW, FAST, SKILL = 0.1, 0.3, 0.3
"""How much the newest answer weighs in each moving average."""


def features(
    learner: Learner,
    skill: str,
    item: str | None,
    logit: float,
    deviation: float,
    easiness: float,
    skill_easiness: float,
    state: SkillState | None,
) -> tuple[float, ...]:
    """The values of `FEATURES` before an answer; `state` None before the first on the skill."""
    seen = 0 if item is None else learner.items.get(item, 0)
    return (
        logit,
        learner.mean,
        deviation,
        easiness,
        0.0 if state is None else log1p(state.answers),
        log1p(abs(seen)),
        learner.surprise_slow,
        learner.surprise_fast,
        0.0 if state is None else state.surprise,
        float(skill == learner.last_skill),
        float(item is not None and item == learner.last_item),
        float(state is None),
        float((seen > 0) - (seen < 0)),
        float(learner.answers == 0),
        float((learner.run > 0) - (learner.run < 0)),
        0.0 if state is None else log1p(state.right),
        skill_easiness,
        log1p(abs(learner.run)),
    )


def observe(
    learner: Learner, state: SkillState, skill: str, item: str, surprise: float, *, correct: bool
) -> None:
    """Keep what the features of the next answer need. `surprise`: right minus predicted."""
    learner.surprise_slow += SLOW * (surprise - learner.surprise_slow)
    learner.surprise_fast += FAST * (surprise - learner.surprise_fast)
    state.surprise += SKILL * (surprise - state.surprise)
    seen = abs(learner.items.get(item, 0)) + 1
    learner.items[item] = seen if correct else -seen
    learner.last_skill, learner.last_item = skill, item
    learner.run = max(learner.run, 0) + 1 if correct else min(learner.run, 0) - 1
    learner.answers += 1
    state.answers += 1
    state.right += correct


def logit_of(head: Head, values: tuple[float, ...]) -> float:
    """What the head makes of features."""
    total = head.intercept
    for weight, value in zip(head.weights, values, strict=False):
        total += weight * value
    return total


def fit_head(rows: Sequence[tuple[float, ...]], correct: Sequence[bool]) -> Head:
    """The head for features and outcomes; both outcomes must occur. Ridge on the scaled features.

    Deterministic. Needs scikit-learn.
    """
    import numpy as np  # noqa: PLC0415 - only refitting pays for it
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    matrix = np.asarray(rows, dtype=float)
    means, scales = matrix.mean(axis=0), matrix.std(axis=0)
    scales[scales == 0] = 1.0
    fitted = LogisticRegression(C=1.0, max_iter=500).fit((matrix - means) / scales, correct)
    weights = fitted.coef_[0] / scales
    intercept = float(fitted.intercept_[0] - weights @ means)
    return Head(intercept, tuple(float(weight) for weight in weights))
