"""How good predicted chances are: ranking, loss, calibration, and differences with an interval."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from learntrace.evaluation.report import Interval

BINS = 10
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scores:
    """`auc`: chance that a right answer was given the higher prediction than a wrong one.
    `log_loss`: mean, natural logarithm. `accuracy`: share on the right side of 1/2.
    `calibration_error`: see there.
    """

    auc: float
    log_loss: float
    accuracy: float
    calibration_error: float


def score(correct: Sequence[bool], p: Sequence[float]) -> Scores:
    """Of predictions strictly between 0 and 1; right and wrong answers both occur."""
    y, chance = np.asarray(correct, dtype=float), np.asarray(p, dtype=float)
    return Scores(
        auc=RankedAuc(y, chance)(),
        log_loss=float(-np.mean(y * np.log(chance) + (1 - y) * np.log1p(-chance))),
        accuracy=float(np.mean((chance >= 0.5) == (y == 1))),
        calibration_error=calibration_error(y, chance),
    )


def calibration_error(correct: ArrayLike, p: ArrayLike) -> float:
    """Expected calibration error over ten bins of equal width.

    In each bin, how far the mean prediction is from the share of right answers; the mean of that
    over all answers.
    """
    y, chance = np.asarray(correct, dtype=float), np.asarray(p, dtype=float)
    bins = np.minimum((chance * BINS).astype(int), BINS - 1)
    apart = np.bincount(bins, weights=y - chance, minlength=BINS)
    return float(np.abs(apart).sum() / len(y))


class RankedAuc:
    """The AUC of predictions, ranked once; then each answer may count any number of times."""

    def __init__(self, correct: ArrayLike, p: ArrayLike) -> None:
        self._correct = np.asarray(correct, dtype=float)
        levels, self._level = np.unique(np.asarray(p, dtype=float), return_inverse=True)
        self._levels = len(levels)

    def __call__(self, times: Floats | None = None) -> float:
        """NaN unless right and wrong answers both count."""
        times = np.ones_like(self._correct) if times is None else times
        right = np.bincount(self._level, times * self._correct, self._levels)
        wrong = np.bincount(self._level, times * (1 - self._correct), self._levels)
        pairs = right.sum() * wrong.sum()
        below = np.cumsum(wrong) - wrong / 2
        return float(right @ below / pairs) if pairs else float("nan")


def auc_difference(
    correct: Sequence[bool],
    ours: Sequence[float],
    theirs: Sequence[float],
    learners: Sequence[int],
    *,
    seed: int,
    resamples: int = 1000,
) -> Interval:
    """Our AUC minus theirs on the same answers, with its 95 % interval.

    A paired bootstrap: learners (numbered from 0) are drawn with replacement, each with all of
    their answers, and both are scored on the same draw.
    """
    rng = np.random.default_rng(seed)
    who = np.asarray(learners)
    count = int(who.max()) + 1
    us, them = RankedAuc(correct, ours), RankedAuc(correct, theirs)
    differences = []
    for _ in range(resamples):
        times = np.bincount(rng.integers(0, count, count), minlength=count).astype(float)[who]
        differences.append(us(times) - them(times))
    low, high = np.nanquantile(differences, [0.025, 0.975])
    return Interval(us() - them(), float(low), float(high))
