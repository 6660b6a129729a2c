"""Hyper-parameters from a game's own answers, on a game that the defaults do not suit."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import log
from random import Random

from learntrace.evaluation.adaptive_pupils import SimulatedGame, SimulatedPupil
from learntrace.skills.knowledge import Answer, ItemTable, Learner, Parameters, fit, learn, predict
from learntrace.skills.knowledge.streaming import stream
from learntrace.skills.knowledge.tuning import MIN_ANSWERS, SEARCHED, sample, tuned

from ..untraced import untraced

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
STEPS = 50
GAME = SimulatedGame.make(Random(6))
"""Its items differ more, its pupils less, than the defaults expect."""


def play(pupils: int, seed: int) -> list[Sequence[Answer]]:
    """Items at random; nobody leaves early."""
    rng, names = Random(seed), list(GAME.items)
    learners: list[Sequence[Answer]] = []
    for _ in range(pupils):
        pupil = SimulatedPupil(GAME, rng)
        chosen = [rng.choice(names) for _ in range(STEPS)]
        learners.append(
            [
                Answer(
                    START + timedelta(seconds=40 * n),
                    item,
                    GAME.items[item].skill,
                    pupil.answer(item),
                )
                for n, item in enumerate(chosen)
            ]
        )
    return learners


def loss(table: ItemTable, learners: Sequence[Sequence[Answer]]) -> float:
    """Mean log-loss, nats, of learners that the table never saw."""
    total = 0.0
    for answers in learners:
        learner = Learner()
        for answer in answers:
            p = predict(learner, table, skill=answer.skill, item=answer.item, at=answer.at).p
            total -= log(p if answer.correct else 1 - p)
            learn(learner, table, answer)
    return total / sum(map(len, learners))


@untraced()
def test_a_different_game_is_predicted_better_than_with_the_defaults() -> None:
    seen, unseen = play(100, seed=1), play(60, seed=2)
    found = tuned(seen)
    assert found.item_easiness_variance > Parameters().item_easiness_variance
    assert found.ability_variance < Parameters().ability_variance
    assert found.learning_gain < Parameters().learning_gain
    assert found.forgetting == Parameters().forgetting

    better = loss(stream(seen, found).table, unseen)
    assert better < loss(stream(seen, Parameters()).table, unseen) - 0.002
    assert fit(seen, version=1, with_head=False).parameters == found


def test_the_same_answers_give_the_same_hyper_parameters_within_bounds() -> None:
    learners = play(50, seed=3)
    found = tuned(learners)
    assert found == tuned([list(answers) for answers in learners])
    for name in SEARCHED:
        factor = getattr(found, name) / getattr(Parameters(), name)
        assert 1 / 8 <= factor <= 4, name


def test_few_answers_leave_the_defaults() -> None:
    few = play(MIN_ANSWERS // STEPS, seed=3)
    assert tuned(few) != Parameters()
    assert tuned([*few[:-1], few[-1][:-1]]) == Parameters()
    assert tuned([]) == Parameters()


def test_what_is_looked_at_is_bounded_and_spread_over_the_learners() -> None:
    learners = play(9, seed=4)
    assert sample(learners) == learners
    assert sample(learners, 3 * STEPS) == learners[::3]
    assert sample(learners, STEPS // 2) == [learners[0][: STEPS // 2]]
    assert sum(map(len, sample(learners, 4 * STEPS + 7))) <= 4 * STEPS + 7


def test_a_pass_sums_the_loss_of_what_it_predicted() -> None:
    one = Answer(START, "a", "waves", correct=True)
    table, total = stream([[one]], Parameters())
    assert table.items["a"].mean > 0
    first = ItemTable(version=0, intercept=table.intercept)
    p = predict(Learner(), first, skill="waves", item="a", at=START).p
    assert abs(total + log(p)) < 1e-12
