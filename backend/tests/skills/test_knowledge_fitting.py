"""Fitting an item table."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import mean

from learntrace.evaluation.simulated_answers import simulate_learners
from learntrace.skills.knowledge import Answer, ItemTable, Learner, fit, learn, predict
from learntrace.skills.knowledge.head import FEATURES

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


def test_items_answered_right_are_easier() -> None:
    table = fit([told("a", True), told("b", False)] * 10, version=7)
    assert table.version == 7
    assert table.items["a"].mean > 0 > table.items["b"].mean
    assert table.items["a"].variance < table.parameters.item_easiness_variance


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
