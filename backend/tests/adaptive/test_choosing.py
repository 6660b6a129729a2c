"""The probability of being the smallest, against draws."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learntrace.adaptive.choosing import Normal, chance_of_least

beliefs = st.dictionaries(
    st.text(min_size=1, max_size=3),
    st.builds(Normal, st.floats(-8, 8), st.floats(0.05, 3)),
    min_size=1,
    max_size=8,
)


@given(beliefs)
def test_chances_sum_to_one(several: dict[str, Normal]) -> None:
    chances = chance_of_least(several)
    assert chances.keys() == several.keys()
    assert sum(chances.values()) == pytest.approx(1)
    assert all(0 <= chance <= 1 for chance in chances.values())


def test_chances_are_those_of_draws() -> None:
    several = {"a": Normal(0, 1), "b": Normal(0.5, 0.3), "c": Normal(-0.2, 0.6), "d": Normal(4, 2)}
    rng = Random(1)
    won = dict.fromkeys(several, 0)
    draws = 40_000
    for _ in range(draws):
        won[min(several, key=lambda name: rng.gauss(*several[name]))] += 1
    for name, chance in chance_of_least(several).items():
        assert chance == pytest.approx(won[name] / draws, abs=0.01)


def test_equal_beliefs_are_equally_likely() -> None:
    chances = chance_of_least(dict.fromkeys("abcd", Normal(0, 1)))
    assert list(chances.values()) == pytest.approx([0.25] * 4)


def test_a_certain_belief_beside_a_wide_one_keeps_its_share() -> None:
    chances = chance_of_least({"certain": Normal(0, 0.05), "wide": Normal(0, 3)})
    assert chances["certain"] == pytest.approx(0.5, abs=0.02)
