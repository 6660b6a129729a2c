"""All learners streamed through the model, each answer moving item and skill as it moves them."""

from collections.abc import Sequence
from math import log
from typing import NamedTuple

from learntrace.skills.knowledge.model import Shift, log_odds, take_in
from learntrace.skills.knowledge.types import Answer, Easiness, ItemTable, Learner, Parameters


class Streamed(NamedTuple):
    """What a pass left: the table (version 0, no head), and how well it predicted on the way.

    `loss`: log-loss in nats, summed over all answers, each predicted from those before it.
    """

    table: ItemTable
    loss: float


def stream(learners: Sequence[Sequence[Answer]], parameters: Parameters) -> Streamed:
    """One pass over the learners, in the order given, each from the first answer to the last."""
    right = sum(answer.correct for answers in learners for answer in answers)
    total = sum(map(len, learners))
    items: dict[str, Easiness] = {}
    skills: dict[str, Easiness] = {}
    table = ItemTable(
        version=0,
        # One right and one wrong answer more: the share is never 0 or 1.
        intercept=log_odds((right + 1) / (total + 2)),
        items=items,
        skills=skills,
        parameters=parameters,
    )
    new_item = Easiness(0.0, parameters.item_easiness_variance)
    new_skill = Easiness(0.0, parameters.skill_easiness_variance)
    loss = 0.0
    for answers in learners:
        learner = Learner()
        for answer in answers:
            shift = take_in(learner, table, answer)
            items[answer.item] = _moved(items.get(answer.item, new_item), shift)
            skills[answer.skill] = _moved(skills.get(answer.skill, new_skill), shift)
            loss -= log(1 - abs(shift.surprise))
    return Streamed(table, loss)


def _moved(easiness: Easiness, shift: Shift) -> Easiness:
    variance = easiness.variance
    return Easiness(
        easiness.mean + variance * shift.step,
        variance - variance * variance * shift.narrowing,
    )
