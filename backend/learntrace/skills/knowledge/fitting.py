"""An item table from all answers: hyper-parameters, how easy items and skills are, and the head.

The same answers in the same order give the same table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from learntrace.skills.knowledge.head import fit_head
from learntrace.skills.knowledge.model import believe, features_before, take_in
from learntrace.skills.knowledge.streaming import averaged
from learntrace.skills.knowledge.tuning import tuned
from learntrace.skills.knowledge.types import Answer, Head, ItemTable, Learner, Parameters

FOLDS: Final = 5
"""The head sees each learner with the easiness fitted on the other four fifths."""
MOST_OF_ONE: Final = 1_000
"""Of one learner the newest so many, so that nobody makes up a game's table alone."""
MIN_HEAD_ANSWERS: Final = 2_000
MIN_HEAD_LEARNERS: Final = 50
"""With fewer the model stands without a head."""


def fit(
    learners: Iterable[Sequence[Answer]],
    *,
    version: int,
    with_head: bool = True,
) -> ItemTable:
    """The item table of these answers; each sequence is one learner in canonical order.

    The head is left out below `MIN_HEAD_ANSWERS` and `MIN_HEAD_LEARNERS`.
    """
    known = [answers[-MOST_OF_ONE:] for answers in learners if answers]
    parameters = tuned(known)
    table = replace(averaged(known, parameters), version=version)
    enough = len(known) >= MIN_HEAD_LEARNERS and sum(map(len, known)) >= MIN_HEAD_ANSWERS
    return replace(table, head=_head(known, parameters)) if with_head and enough else table


def _head(learners: Sequence[Sequence[Answer]], parameters: Parameters) -> Head | None:
    rows: list[tuple[float, ...]] = []
    correct: list[bool] = []
    for fold in range(FOLDS):
        others = [answers for n, answers in enumerate(learners) if n % FOLDS != fold]
        table = averaged(others, parameters)
        for answers in learners[fold::FOLDS]:
            learner = Learner()
            for answer in answers:
                belief = believe(learner, table, answer.skill, answer.item, answer.at)
                rows.append(features_before(learner, belief, answer.skill, answer.item))
                correct.append(answer.correct)
                take_in(learner, table, answer)
    return fit_head(rows, correct) if len(set(correct)) == 2 else None
