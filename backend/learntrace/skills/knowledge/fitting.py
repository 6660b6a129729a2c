"""An item table from all answers: how easy items and skills are, and the head.

The learners are streamed through the model one after the other, in the order given, and each
answer moves item and skill as it moves the learner. The same answers in the same order give the
same table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from learntrace.skills.knowledge.head import fit_head
from learntrace.skills.knowledge.model import Shift, believe, features_before, log_odds, take_in
from learntrace.skills.knowledge.types import (
    Answer,
    Easiness,
    Head,
    ItemTable,
    Learner,
    Parameters,
)

FOLDS: Final = 5
"""The head sees each learner with the easiness fitted on the other four fifths."""
MIN_HEAD_ANSWERS: Final = 2_000
MIN_HEAD_LEARNERS: Final = 50
"""With fewer the model stands without a head."""


def fit(
    learners: Iterable[Sequence[Answer]],
    *,
    version: int,
    previous: ItemTable | None = None,
    with_head: bool = True,
) -> ItemTable:
    """The item table of these answers; each sequence is one learner in canonical order.

    Of `previous` only the hyper-parameters stay: nothing of a learner who is no longer among the
    answers. The head is left out below `MIN_HEAD_ANSWERS` and `MIN_HEAD_LEARNERS`.
    """
    parameters = Parameters() if previous is None else previous.parameters
    known = [answers for answers in learners if answers]
    table = replace(_easiness(known, parameters), version=version)
    enough = len(known) >= MIN_HEAD_LEARNERS and sum(map(len, known)) >= MIN_HEAD_ANSWERS
    return replace(table, head=_head(known, parameters)) if with_head and enough else table


def _easiness(learners: Sequence[Sequence[Answer]], parameters: Parameters) -> ItemTable:
    right = sum(answer.correct for answers in learners for answer in answers)
    total = sum(map(len, learners))
    # One right and one wrong answer more: the share is never 0 or 1.
    items: dict[str, Easiness] = {}
    skills: dict[str, Easiness] = {}
    table = ItemTable(
        version=0,
        intercept=log_odds((right + 1) / (total + 2)),
        items=items,
        skills=skills,
        parameters=parameters,
    )
    new_item = Easiness(0.0, parameters.item_easiness_variance)
    new_skill = Easiness(0.0, parameters.skill_easiness_variance)
    for answers in learners:
        learner = Learner()
        for answer in answers:
            shift = take_in(learner, table, answer)
            items[answer.item] = _moved(items.get(answer.item, new_item), shift)
            skills[answer.skill] = _moved(skills.get(answer.skill, new_skill), shift)
    return table


def _moved(easiness: Easiness, shift: Shift) -> Easiness:
    variance = easiness.variance
    return Easiness(
        easiness.mean + variance * shift.step,
        variance - variance * variance * shift.narrowing,
    )


def _head(learners: Sequence[Sequence[Answer]], parameters: Parameters) -> Head | None:
    rows: list[tuple[float, ...]] = []
    correct: list[bool] = []
    for fold in range(FOLDS):
        others = [answers for n, answers in enumerate(learners) if n % FOLDS != fold]
        table = _easiness(others, parameters)
        for answers in learners[fold::FOLDS]:
            learner = Learner()
            for answer in answers:
                belief = believe(learner, table, answer.skill, answer.item, answer.at)
                rows.append(features_before(learner, belief, answer.skill, answer.item))
                correct.append(answer.correct)
                take_in(learner, table, answer)
    return fit_head(rows, correct) if len(set(correct)) == 2 else None
