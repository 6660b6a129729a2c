"""How well the knowledge model predicts every next answer, beside simpler models."""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from random import Random

from learntrace.evaluation.baselines import CountsRegression, Elo, Model, SkillMean
from learntrace.evaluation.coverage import Coverage, block_coverage, together
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
Parts = tuple[Answers, Answers]
"""Learners to fit on and learners to test on."""


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
    """What a run came to; `differences`: our AUC minus each rival's, 95 % intervals.

    With several `folds`, scores are of the tests of all of them, and the train part is the
    smallest.
    """

    folds: int
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
) -> Parts:
    """Train and test learners, drawn by seed; who they are does not depend on the file's order."""
    names = _shuffled(learners, seed)
    count = round(len(names) * test_share)
    return [learners[name] for name in names[count:]], [learners[name] for name in names[:count]]


def cross(learners: Mapping[str, Sequence[Answer]], *, seed: int, folds: int) -> list[Parts]:
    """As `split`, `folds` times: each learner is tested on once, and else trained on."""
    names = _shuffled(learners, seed)
    return [
        (
            [learners[name] for n, name in enumerate(names) if n % folds != fold],
            [learners[name] for name in names[fold::folds]],
        )
        for fold in range(folds)
    ]


def evaluate(
    folds: Sequence[Parts], *, seed: int, say: Callable[[str], None] = lambda _: None
) -> Result:
    """In each fold fit all models on the train part, and predict each answer of the test part
    from that learner's past; all folds' predictions are scored together.

    `say` is told how far it is. Raises `UselessAnswersError`.
    """
    for train, test in folds:
        _require_both(train, "train")
        _require_both(test, "test")
    chances: dict[str, list[float]] = {name: [] for name in [*RIVALS, OURS]}
    coverages, seconds = [], 0.0
    for train, test in folds:
        say(f"Fitting the model on {len(train):,} learners")
        ours = KnowledgeModel(fit(train, version=1))
        say(f"Predicting {sum(map(len, test)):,} answers of {len(test):,} learners")
        started = _quiet_time()
        chances[OURS] += _predicted(ours, test)
        seconds += time.perf_counter() - started
        coverages.append(block_coverage(test, ours.table))
        for name, rival in RIVALS.items():
            say(f"Fitting and asking: {name}")
            chances[name] += _predicted(rival.fit(train), test)

    tested = [answers for _, test in folds for answers in test]
    correct = [answer.correct for answers in tested for answer in answers]
    who = [n for n, answers in enumerate(tested) for _ in answers]
    early = [n < FIRST for answers in tested for n in range(len(answers))]
    say("Drawing learners for the intervals")
    return Result(
        folds=len(folds),
        train_learners=min(len(train) for train, _ in folds),
        train_answers=min(sum(map(len, train)) for train, _ in folds),
        test_learners=len(tested),
        test_answers=len(correct),
        seed=seed,
        lines=tuple(_line(name, p, correct, early) for name, p in chances.items()),
        differences={
            name: auc_difference(
                correct, chances[OURS], chances[name], who, seed=seed, resamples=RESAMPLES
            )
            for name in RIVALS
        },
        coverage=together(coverages),
        update_us=seconds * 1e6 / len(correct),
    )


def _shuffled(learners: Mapping[str, Sequence[Answer]], seed: int) -> list[str]:
    names = sorted(learners)
    Random(seed).shuffle(names)  # noqa: S311 - a split, no secret
    return names


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
