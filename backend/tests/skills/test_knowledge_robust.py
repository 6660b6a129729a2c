"""What one pupil's answers, however many and however odd, may do to a game's item table."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import exp
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learntrace.skills.knowledge import Answer, Easiness, ItemTable, fit, mastery, predict, replay
from learntrace.skills.knowledge.types import DISCRIMINATION

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
HARDLY = 0.06
"""How far one pupil among thirty-one may move what is thought of another's mastery."""

Run = tuple[int, bool, str, str]
"""So many answers alike, right or wrong, to one item of a skill."""
runs = st.tuples(
    st.integers(1, 300), st.booleans(), st.sampled_from("abc"), st.sampled_from(["waves", "sound"])
)
odd_learners = st.lists(st.lists(runs, max_size=4), min_size=1, max_size=3)


def told(*past: Run, apart_s: float = 5) -> list[Answer]:
    each = [(correct, item, skill) for count, correct, item, skill in past for _ in range(count)]
    return [
        Answer(START + timedelta(seconds=apart_s * n), item, skill, correct)
        for n, (correct, item, skill) in enumerate(each)
    ]


def ordinary(count: int, seed: int) -> list[Sequence[Answer]]:
    """Pupils who answer thirty of thirteen items of one skill, as able as they happen to be."""
    rng = Random(seed)
    easiness = {f"item_{n}": rng.gauss(0, 1) for n in range(12)} | {"harder": -0.5}
    learners: list[Sequence[Answer]] = []
    for _ in range(count):
        ability = rng.gauss(0, 1)
        past = []
        for _ in range(30):
            item = rng.choice(list(easiness))
            correct = rng.random() < 1 / (1 + exp(-ability - easiness[item]))
            past.append((1, correct, item, "waves"))
        learners.append(told(*past, apart_s=40))
    return learners


def mastery_of_others(table: ItemTable) -> list[float]:
    """Of one who answers twenty right, and of one who answers every other wrong."""
    values = []
    for every in (1, 2):
        past = [(1, n % every == 0, "item_1", "waves") for n in range(20)]
        known = mastery(replay(told(*past), table), table, "waves", at=START)
        assert known is not None
        values.append(known.value)
    return values


@settings(max_examples=60)
@given(odd_learners, st.sampled_from([5.0, 86_400.0]))
def test_no_run_of_answers_makes_a_table_that_is_no_table(
    pasts: list[list[Run]], apart_s: float
) -> None:
    table = fit([told(*past, apart_s=apart_s) for past in pasts], version=1)
    json.dumps(table.to_json(), allow_nan=False)
    least, most = DISCRIMINATION
    for one in (*table.items.values(), *table.skills.values()):
        assert 0 < one.variance <= table.parameters.item_easiness_variance
        assert least <= one.discrimination <= most


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("place", [0, 15, 30], ids=["first", "between", "last"])
@pytest.mark.parametrize(
    "past",
    [
        [(800, True, "item_0", "waves"), (50, False, "harder", "waves")],
        [(200, True, "item_0", "waves"), (50, False, "harder", "waves")],
        [(50, True, "item_0", "waves"), (800, False, "harder", "waves")],
        [(850, False, "harder", "waves")],
        [(5_000, True, "item_0", "waves"), (50, False, "harder", "waves")],
    ],
)
def test_one_pupil_hardly_moves_what_is_thought_of_another(
    past: list[Run], place: int, seed: int
) -> None:
    pupils = ordinary(30, seed)
    without = fit(pupils, version=1)
    table = fit([*pupils[:place], told(*past), *pupils[place:]], version=1)
    assert mastery_of_others(table) == pytest.approx(mastery_of_others(without), abs=HARDLY)


@pytest.mark.parametrize("huge", [1.2e236, -5e80])
def test_a_stored_table_that_one_pupil_wrecked_is_harmless(huge: float) -> None:
    good = fit(ordinary(30, seed=1), version=1)
    wrecked = good.to_json()
    wrecked["items"] = dict(wrecked["items"]) | {"harder": [-0.5, 0.1, huge]}
    wrecked["skills"] = {"waves": [0.1, 0.1, huge]}
    table = ItemTable.from_json(json.loads(json.dumps(wrecked)))
    past = [(3, True, item, "waves") for item in ("harder", "item_0", "item_1", "harder")]
    learner = replay(told(*past), table)
    json.dumps(learner.to_json(), allow_nan=False)
    for item in ("harder", "item_0", "item_1", None):
        found = predict(learner, table, skill="waves", item=item, at=START)
        assert 0 < found.low <= found.p <= found.high < 1
    known = mastery(learner, table, "waves", at=START)
    assert known is not None
    assert 0 < known.value < 1


def test_a_stored_table_within_bounds_is_read_as_it_is() -> None:
    table = replace(
        fit(ordinary(5, seed=1), version=4),
        items={"a": Easiness(-5.9, 0.1, 1.9), "b": Easiness(0.3, 1e-6, -0.99)},
    )
    assert ItemTable.from_json(json.loads(json.dumps(table.to_json()))) == table
