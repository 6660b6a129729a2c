"""What a budget allows and how far it is spent: pure."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from learntrace.plans.budget import MICRO, MOST_MICRO, Budget, cost_micro, status_of, told

BORDERS = {"green": 0, "yellow": 50, "orange": 75, "red": 90, "critical": 100}
MARCH = Budget(50 * MICRO, 0, 0, date(2026, 4, 1))
amounts = st.integers(0, MOST_MICRO)


@pytest.mark.parametrize(
    ("percent", "status"),
    [
        *(("0", "green"), ("0.01", "green"), ("49.99", "green"), ("50", "yellow")),
        *(("74.99", "yellow"), ("75", "orange"), ("89.99", "orange"), ("90", "red")),
        *(("99.99", "red"), ("100", "critical"), ("100.01", "critical"), ("900", "critical")),
    ],
)
def test_a_status_begins_at_its_border(percent: str, status: str) -> None:
    assert status_of(int(Fraction(percent) * 100), 10_000) == status


def test_without_a_budget_nothing_spent_is_well_and_all_else_too_much() -> None:
    nothing = replace(MARCH, monthly_micro=0)
    assert (nothing.status, nothing.share) == ("green", None)
    over = replace(nothing, spent_micro=1)
    assert (over.status, over.share) == ("critical", None)
    assert nothing.refusal(0) is None


@given(amounts, st.integers(1, MOST_MICRO))
def test_a_status_is_that_of_the_exact_share(spent: int, budget: int) -> None:
    reached = [word for word, from_percent in BORDERS.items()
               if Fraction(spent, budget) * 100 >= from_percent]  # fmt: skip
    assert status_of(spent, budget) == reached[-1]


@given(amounts, st.integers(1, MOST_MICRO))
def test_a_share_never_says_more_than_is_spent(spent: int, budget: int) -> None:
    assume(spent <= 1_000 * budget)  # a float is exact enough for it
    share = replace(MARCH, monthly_micro=budget, spent_micro=spent).share
    assert share is not None
    told_of = Fraction(round(share * 10_000), 10_000)
    assert 0 <= Fraction(spent, budget) - told_of < Fraction(1, 10_000)


@given(amounts, amounts, amounts)
def test_what_is_allowed_stays_within_the_budget(budget: int, spent: int, wanted: int) -> None:
    stands = replace(MARCH, monthly_micro=budget, spent_micro=spent)
    assert (stands.refusal(wanted) is None) == (spent + wanted <= budget)


def test_a_refusal_says_what_it_costs_and_what_is_left() -> None:
    stands = replace(MARCH, spent_micro=49_990_000)
    assert stands.refusal(10_000) is None
    assert stands.refusal(20_000) == (
        "This speech-to-text engine costs money, here 0.02, and 0.01 of this month's budget of "
        "50.00 are left. It begins anew on 2026-04-01, UTC."
    )
    without = replace(MARCH, monthly_micro=0).refusal(20_000)
    assert without is not None
    assert without.endswith("no budget for it. An administrator of the school can set one.")


@pytest.mark.parametrize(
    ("a_minute", "length_s", "cost"),
    [
        *((6000, 60.0, 6000), (6000, 0.0, 0), (6000, 90.0, 9000), (0, 3600.0, 0)),
        *((4300, 0.5, 36), (1, 0.001, 1), (6000, 14_400, 1_440_000)),
    ],
)
def test_a_cost_is_by_the_length(a_minute: int, length_s: float, cost: int) -> None:
    assert cost_micro(a_minute, length_s) == cost


@pytest.mark.parametrize(
    ("micro", "written"),
    [
        *((0, "0.00"), (500_000, "0.50"), (4300, "0.0043"), (1, "0.000001")),
        *((1_200 * MICRO, "1,200.00"), (12_345_600_000, "12,345.60")),
    ],
)
def test_an_amount_is_written_with_two_digits_or_as_many_as_it_needs(micro, written) -> None:
    assert told(micro) == written
