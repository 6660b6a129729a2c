"""What there is to choose from, and that it is never too much."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learntrace.adaptive.offers import (
    MOST_CONSIDERED,
    MOST_SKILLS,
    UnknownItemError,
    all_known,
    offer_of,
)
from learntrace.skills.knowledge import Easiness

names = st.sampled_from(["add", "share", "measure", "made up"])
found = st.dictionaries(names, st.lists(st.sampled_from("abcdef"), max_size=4))


def many(skills: int, items: int) -> dict[str, list[str]]:
    return {f"{skill:04}": [f"{skill:04}: {n:04}" for n in range(items)] for skill in range(skills)}


@given(found, found, st.lists(names, unique=True))
def test_where_skills_are_listed_play_adds_none(
    one: dict[str, list[str]], other: dict[str, list[str]], listed: list[str]
) -> None:
    known = all_known(listed, one, other)
    for skill, items in known.items():
        assert items == frozenset(one.get(skill, ())) | frozenset(other.get(skill, ()))
    assert set(known) == (set(listed) if listed else set(one) | set(other))


@pytest.mark.parametrize(
    ("skills", "items"), [(1, 3000), (3, 1000), (999, 5), (3000, 0), (3000, 2), (2, 1001)]
)
def test_a_decision_weighs_a_bounded_number_in_all(skills: int, items: int) -> None:
    offer = offer_of(many(skills, items), skills=None, items=None, easiness={})
    assert len(offer) == min(skills, MOST_SKILLS)
    assert sum(max(1, len(of_skill)) for of_skill in offer.values()) <= MOST_CONSIDERED
    assert len({len(of_skill) for of_skill in offer.values()}) == 1
    assert all(of_skill == sorted(of_skill) for of_skill in offer.values())


def test_what_is_too_much_is_cut_to_a_spread_over_easiness() -> None:
    names = sorted(many(1, 3000)["0000"])
    easiness = {
        name: Easiness(place / 100, 0.02)
        for place, name in enumerate(Random(1).sample(names, len(names)))
    }
    (kept,) = offer_of({"0000": names}, skills=None, items=None, easiness=easiness).values()
    assert len(kept) == MOST_CONSIDERED
    assert kept == sorted(kept)
    places = sorted(round(easiness[name].mean * 100) for name in kept)
    assert (places[0], places[-1]) == (0, 2999)
    assert max(after - before for before, after in pairwise(places)) == 2


def test_what_is_cut_does_not_depend_on_the_order_in_which_it_is_asked_for() -> None:
    names = many(1, 3000)["0000"]
    easiness = {name: Easiness(0.0, 0.02) for name in names[::2]}
    offers = [
        offer_of({}, skills=["add"], items=some, easiness=easiness)["add"]
        for some in (names, names[::-1])
    ]
    assert offers[0] == offers[1][::-1]


def test_what_fits_is_offered_whole() -> None:
    known = many(1, 1990) | {"few": ["a", "b"], "free": []}
    assert offer_of(known, skills=None, items=None, easiness={}) == known


def test_items_asked_for_are_the_only_ones() -> None:
    known = {"add": ["a", "b"], "share": ["b", "c"], "measure": []}
    assert offer_of(known, skills=None, items=["b"], easiness={}) == {"add": ["b"], "share": ["b"]}
    assert offer_of(known, skills=["add"], items=["new", "a", "c"], easiness={}) == {
        "add": ["new", "a"]
    }
    with pytest.raises(UnknownItemError):
        offer_of(known, skills=["add", "share"], items=["new"], easiness={})
