"""Simulated learners whose true chances are known, where there is no data.

Skills drift as they are practised and fade between sittings, not by the model's own rule: the
model is right about neither the size of the steps nor the moment of forgetting.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import exp
from random import Random

from learntrace.skills.knowledge import Answer

_START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
ABILITY_SD, DEVIATION_SD = 1.0, 0.7
ITEM_SD, SKILL_SD = 0.9, 0.5
LEARNING, LUCK_SD = 0.08, 0.1
KEPT_OVERNIGHT = 0.85
STAY_ON_SKILL = 0.85
END_OF_SITTING = 0.08


@dataclass(frozen=True, slots=True)
class SimulatedLearner:
    """Answers and, for each, the true chance that it is right, and that of an average item."""

    answers: list[Answer]
    chances: list[float]
    mastery: list[float]


def simulate_learners(
    count: int, *, seed: int, skills: int = 12, items_per_skill: int = 25, longest: int = 160
) -> dict[str, SimulatedLearner]:
    """Learners by name, each with 5 to `longest` answers. The same seed gives the same."""
    rng = Random(seed)  # noqa: S311 - simulation
    skill_easiness = [rng.gauss(0.4, SKILL_SD) for _ in range(skills)]
    items = [[rng.gauss(0, ITEM_SD) for _ in range(items_per_skill)] for _ in range(skills)]
    return {
        f"learner-{n:05d}": _simulate(rng, skill_easiness, items, rng.randint(5, longest))
        for n in range(count)
    }


def _simulate(
    rng: Random, skill_easiness: list[float], items: list[list[float]], length: int
) -> SimulatedLearner:
    learner = SimulatedLearner([], [], [])
    ability = rng.gauss(0, ABILITY_SD)
    deviations = [rng.gauss(0, DEVIATION_SD) for _ in items]
    at = _START + timedelta(minutes=rng.randint(0, 10_000))
    skill = rng.randrange(len(items))
    for _ in range(length):
        if rng.random() > STAY_ON_SKILL:
            skill = rng.randrange(len(items))
        if rng.random() < END_OF_SITTING:
            at += timedelta(days=rng.randint(1, 7))
            deviations = [deviation * KEPT_OVERNIGHT for deviation in deviations]
        item = rng.randrange(len(items[skill]))
        average = ability + deviations[skill] + skill_easiness[skill]
        chance = _chance(average + items[skill][item])
        correct = rng.random() < chance
        learner.answers.append(Answer(at, f"item-{skill}-{item}", f"skill-{skill}", correct))
        learner.chances.append(chance)
        learner.mastery.append(_chance(average))
        deviations[skill] += LEARNING + rng.gauss(0, LUCK_SD)
        at += timedelta(seconds=rng.randint(10, 90))
    return learner


def _chance(logit: float) -> float:
    return 1 / (1 + exp(-logit))
