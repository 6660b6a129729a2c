"""Values are read against the school's own game, or not at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learntrace.skills.population import CLIP, MAX_QUANTILES, Population, population_of


def of(values: list[float], students: int = 20) -> Population:
    found = [(f"student {n % students}", value) for n, value in enumerate(values)]
    return population_of({"retry_rate": found}, version=3)


ENOUGH = [n / 40 for n in range(41)]


def test_the_middle_of_the_population_is_zero_and_more_is_more():
    population = of(ENOUGH)
    assert population.normal_score("retry_rate", 0.5) == pytest.approx(0, abs=1e-9)
    scores = [population.normal_score("retry_rate", value) for value in (0.1, 0.4, 0.6, 0.9)]
    assert scores == sorted(scores)
    assert scores[0] == pytest.approx(-scores[3])


def test_equal_values_stand_in_the_middle_of_their_ranks():
    population = of([0.0] * 10 + [1.0] * 30)
    assert population.normal_score("retry_rate", 1.0) == pytest.approx(0.3186, abs=1e-3)
    assert population.normal_score("retry_rate", 0.0) == pytest.approx(-1.1503, abs=1e-3)


def test_a_value_nobody_had_is_clipped():
    population = of(ENOUGH)
    assert population.normal_score("retry_rate", 7) == CLIP
    assert population.normal_score("retry_rate", -7) == -CLIP


@pytest.mark.parametrize(
    "population",
    [
        of(ENOUGH, students=19),
        of([1.0] * 100),
        Population(1, {}),
    ],
    ids=["too few students", "all alike", "none"],
)
def test_a_population_that_says_nothing_gives_no_score(population):
    assert population.normal_score("retry_rate", 0.5) is None


def test_one_value_of_each_student_is_enough():
    assert of([n / 20 for n in range(20)]).normal_score("retry_rate", 0.9) is not None


def test_how_many_students_are_wanted():
    assert of(ENOUGH, students=17).students_wanted("retry_rate") == 3
    assert of(ENOUGH, students=22).students_wanted("retry_rate") == 0
    assert of(ENOUGH).students_wanted("recovery_rate") == 20


@given(st.lists(st.floats(0, 1), min_size=0, max_size=80))
def test_it_comes_back_from_json_as_it_was(values):
    population = of(values)
    body = json.loads(json.dumps(population.to_json()))
    assert Population.from_json(3, body) == population


def test_a_large_population_keeps_a_bounded_even_choice():
    large = of([n / 49_999 for n in range(50_000)])
    spread = large.spreads["retry_rate"]
    assert len(spread.quantiles) == MAX_QUANTILES
    assert spread.sessions == 50_000
    assert large.normal_score("retry_rate", 0.8413) == pytest.approx(1, abs=0.01)


@given(st.permutations(ENOUGH))
def test_the_order_of_the_sessions_changes_nothing(values):
    assert of(list(values)).spreads["retry_rate"].quantiles == tuple(ENOUGH)


def test_a_score_is_finite_for_any_value_and_never_falls():
    population = of(ENOUGH)
    scores = [population.normal_score("retry_rate", n / 100) for n in range(-20, 130)]
    assert scores == sorted(scores)
    assert all(-CLIP <= score <= CLIP for score in scores)
