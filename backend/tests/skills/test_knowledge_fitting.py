"""Fitting an item table."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import mean

import pytest

from learntrace.evaluation.simulated_answers import simulate_learners
from learntrace.skills.knowledge import Answer, ItemTable, Learner, fit, learn, predict
from learntrace.skills.knowledge.head import FEATURES
from learntrace.skills.knowledge.streaming import averaged, stream
from learntrace.skills.knowledge.types import Parameters

from ..untraced import untraced

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def simulated(count: int, seed: int = 4) -> list[Sequence[Answer]]:
    return [one.answers for one in simulate_learners(count, seed=seed, longest=80).values()]


def told(item: str, *marks: bool) -> list[Answer]:
    return [
        Answer(START + timedelta(minutes=n), item, "waves", mark) for n, mark in enumerate(marks)
    ]


def test_same_answers_give_the_same_table() -> None:
    learners = simulated(60)
    assert fit(learners, version=1) == fit(iter(learners), version=1)


def test_who_stands_first_matters_little() -> None:
    """A pass is one order of them; the mean of several moves less when another stands first."""
    learners = simulated(64)
    ordered, turned = Parameters(), [*learners[5:], *learners[:5]]
    one = _apart(stream(learners, ordered).table, stream(turned, ordered).table)
    several = _apart(averaged(learners, ordered), averaged(turned, ordered))
    assert several < one / 2


def test_a_quarter_of_a_turn_changes_no_table() -> None:
    learners = simulated(64)
    turned = averaged([*learners[16:], *learners[:16]], Parameters())
    assert _apart(averaged(learners, Parameters()), turned) < 1e-12


@pytest.mark.parametrize("count", [1, 2, 3])
def test_fewer_learners_than_passes_are_each_taken_in(count: int) -> None:
    table = averaged([told(str(n), True) for n in range(count)], Parameters())
    assert set(table.items) == {str(n) for n in range(count)}


def _apart(one: ItemTable, other: ItemTable) -> float:
    """The mean distance of their items' easiness."""
    assert one.items.keys() == other.items.keys()
    return mean(abs(one.items[key].mean - other.items[key].mean) for key in one.items)


def test_items_answered_right_are_easier() -> None:
    table = fit([told("a", True), told("b", False)] * 10, version=7)
    assert table.version == 7
    assert table.items["a"].mean > 0 > table.items["b"].mean
    assert table.items["a"].variance < table.parameters.item_easiness_variance


def test_items_that_tell_learners_apart_discriminate_more() -> None:
    """The able answer `sharp` right and the others wrong; `blunt` is a coin toss for all."""
    learners = []
    for n in range(60):
        able = n % 2 == 0
        opening = told("opening", *[able] * 6)
        learners.append([*opening, *told("sharp", able), *told("blunt", n % 4 < 2)])
    items = fit(learners, version=1).items
    assert items["sharp"].discrimination > 0.05
    assert items["blunt"].discrimination < -0.05


def test_little_play_makes_no_head() -> None:
    assert fit(simulated(20), version=1).head is None
    head = fit(simulated(60), version=1).head
    assert head is not None
    assert len(head.weights) == len(FEATURES)


def test_no_answers_make_the_table_that_knows_nothing() -> None:
    assert fit([], version=1) == ItemTable(version=1, intercept=0.0)
    assert fit([[]], version=1) == ItemTable(version=1, intercept=0.0)


def test_all_right_makes_no_head() -> None:
    assert fit([told("a", *[True] * 50)] * 60, version=1).head is None


@untraced()
def test_the_head_predicts_unseen_learners_no_worse() -> None:
    table = fit(simulated(250), version=1)
    plain = fit(simulated(250), version=1, with_head=False)
    losses = []
    for one in (table, plain):
        squares = []
        for answers in simulated(60, seed=9):
            learner = Learner()
            for answer in answers:
                p = predict(learner, one, skill=answer.skill, item=answer.item, at=answer.at).p
                squares.append((answer.correct - p) ** 2)
                learn(learner, one, answer)
        losses.append(mean(squares))
    assert losses[0] <= losses[1] + 0.002
