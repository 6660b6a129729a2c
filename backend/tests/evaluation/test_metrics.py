"""The measures, on examples small enough to count."""

from collections.abc import Sequence

import pytest

from learntrace.evaluation.coverage import central
from learntrace.evaluation.metrics import auc_difference, calibration_error, score
from learntrace.evaluation.report import Gate


@pytest.mark.parametrize(
    ("correct", "p", "auc"),
    [
        ([0, 1], [0.2, 0.8], 1.0),
        ([1, 0], [0.2, 0.8], 0.0),
        ([0, 1], [0.5, 0.5], 0.5),
        # Of the four pairs two are in order and one is a tie.
        ([0, 1, 0, 1], [0.1, 0.3, 0.3, 0.2], 0.625),
    ],
)
def test_auc_counts_pairs_in_order(correct: list[bool], p: list[float], auc: float) -> None:
    assert score(correct, p).auc == pytest.approx(auc)


def test_scores_by_hand() -> None:
    scores = score([True, False, True, False], [0.9, 0.2, 0.4, 0.6])
    assert scores.accuracy == 0.5
    assert scores.log_loss == pytest.approx((0.10536 + 0.22314 + 0.91629 + 0.91629) / 4, abs=1e-5)


def test_calibration_error_is_the_distance_within_bins() -> None:
    assert calibration_error([1, 0], [0.55, 0.55]) == pytest.approx(0.05)
    # .3 and .75 are in bins of their own: each is apart by itself.
    assert calibration_error([0, 1], [0.3, 0.75]) == pytest.approx((0.3 + 0.25) / 2)


def test_difference_is_drawn_by_learner_and_repeatable() -> None:
    correct = [False, True] * 40
    who = [n // 4 for n in range(80)]
    good = [0.3, 0.7] * 40
    bad = [0.5, 0.5] * 40
    found = auc_difference(correct, good, bad, who, seed=2, resamples=50)
    assert found == (0.5, 0.5, 0.5)
    mixed = [0.4, 0.6, 0.6, 0.4] * 10 + [0.4, 0.6] * 20
    drawn = [auc_difference(correct, good, mixed, who, seed=2, resamples=50) for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert 0 < drawn[0].low < drawn[0].value < drawn[0].high


@pytest.mark.parametrize(
    ("chances", "kept"),
    [
        ([1.0, 0.0, 0.0], (0, 0)),
        ([0.04, 0.92, 0.04], (1, 1)),
        ([0.06, 0.88, 0.06], (0, 2)),
        ([0.01, 0.02, 0.57, 0.4], (2, 3)),
    ],
)
def test_central_range(chances: Sequence[float], kept: tuple[int, int]) -> None:
    assert central(chances) == kept


def test_a_gate_says_whether_it_holds() -> None:
    assert str(Gate("AUC", 0.79, 0.78, at_least=True)).startswith(" holds")
    assert str(Gate("ECE", 0.02, 0.012, at_least=False)).startswith("MISSED")
