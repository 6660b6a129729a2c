"""How well the knowledge model predicts every next answer, beside simpler models."""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from random import Random

from learntrace.evaluation.baselines import CountsRegression, Elo, Model, SkillMean
from learntrace.evaluation.coverage import Coverage, block_coverage
from learntrace.evaluation.metrics import Scores, auc_difference, score
from learntrace.evaluation.report import Interval
from learntrace.skills.knowledge import Answer, ItemTable, Learner, fit, learn, predict

TEST_SHARE = 0.2
FIRST = 5
RESAMPLES = 1000
OURS = "this model"
RIVALS: Mapping[str, type[SkillMean] | type[Elo] | type[CountsRegression]] = {
    "skill mean": SkillMean,
    "Elo": Elo,
    "logistic regression on counts": CountsRegression,
}

Answers = Sequence[Sequence[Answer]]


class UselessAnswersError(Exception):
    """Why nothing can be measured with these answers, in one sentence."""


@dataclass(frozen=True, slots=True)
class Line:
    """One model: scores of all test answers, and the AUC of each learner's first five."""

    model: str
    scores: Scores
    first_auc: float


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to; `differences`: our AUC minus each rival's, 95 % intervals."""

    train_learners: int
    train_answers: int
    test_learners: int
    test_answers: int
    seed: int
    lines: tuple[Line, ...]
    differences: Mapping[str, Interval]
    coverage: Coverage
    update_us: float
    """One `predict` and one `learn`, microseconds, mean over the test answers."""
    table: ItemTable

    @property
    def ours(self) -> Line:
        return next(line for line in self.lines if line.model == OURS)


class KnowledgeModel:
    """The model as the backend runs it, with one item table."""

    def __init__(self, table: ItemTable) -> None:
        self.table = table

    def predict(self, answers: Sequence[Answer]) -> list[float]:
        learner, chances = Learner(), []
        for answer in answers:
            chances.append(
                predict(learner, self.table, skill=answer.skill, item=answer.item, at=answer.at).p
            )
            learn(learner, self.table, answer)
        return chances


def split(
    learners: Mapping[str, Sequence[Answer]], *, seed: int, test_share: float = TEST_SHARE
) -> tuple[list[Sequence[Answer]], list[Sequence[Answer]]]:
    """Train and test learners, drawn by seed; who they are does not depend on the file's order."""
    names = sorted(learners)
    Random(seed).shuffle(names)  # noqa: S311 - a split, no secret
    count = round(len(names) * test_share)
    return [learners[name] for name in names[count:]], [learners[name] for name in names[:count]]


def evaluate(
    train: Answers, test: Answers, *, seed: int, say: Callable[[str], None] = lambda _: None
) -> Result:
    """Fit all models on `train`, predict each answer of `test` from that learner's past.

    `say` is told how far it is. Raises `UselessAnswersError`.
    """
    _require_both(train, "train")
    _require_both(test, "test")
    say(f"Fitting the model on {len(train):,} learners")
    ours = KnowledgeModel(fit(train, version=1))
    say(f"Predicting {sum(map(len, test)):,} answers of {len(test):,} learners")
    started = _quiet_time()
    chances = {OURS: _predicted(ours, test)}
    update_us = (time.perf_counter() - started) * 1e6 / sum(map(len, test))
    for name, rival in RIVALS.items():
        say(f"Fitting and asking: {name}")
        chances[name] = _predicted(rival.fit(train), test)

    correct = [answer.correct for answers in test for answer in answers]
    who = [n for n, answers in enumerate(test) for _ in answers]
    early = [n < FIRST for answers in test for n in range(len(answers))]
    say("Drawing learners for the intervals")
    return Result(
        train_learners=len(train),
        train_answers=sum(map(len, train)),
        test_learners=len(test),
        test_answers=len(correct),
        seed=seed,
        lines=tuple(_line(name, chances[name], correct, early) for name in [*RIVALS, OURS]),
        differences={
            name: auc_difference(
                correct, chances[OURS], chances[name], who, seed=seed, resamples=RESAMPLES
            )
            for name in RIVALS
        },
        coverage=block_coverage(test, ours.table),
        update_us=update_us,
        table=ours.table,
    )


def _line(name: str, p: Sequence[float], correct: Sequence[bool], early: Sequence[bool]) -> Line:
    first = score(list(compress(correct, early)), list(compress(p, early)))
    return Line(name, score(correct, p), first.auc)


def _predicted(model: Model, learners: Answers) -> list[float]:
    return [p for answers in learners for p in model.predict(answers)]


def _quiet_time() -> float:
    gc.collect()
    return time.perf_counter()


def _require_both(learners: Answers, part: str) -> None:
    """Right and wrong answers among every learner's first five and so among all."""
    outcomes = {answer.correct for answers in learners for answer in answers[:FIRST]}
    if len(outcomes) < 2:
        raise UselessAnswersError(
            f"The {part} part needs right and wrong answers among the learners' first {FIRST}; "
            f"it has {len(learners)} learners."
        )
