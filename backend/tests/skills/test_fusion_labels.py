"""Labels: how much evidence each takes, and what is missing below."""

from datetime import timedelta

import pytest

from learntrace.skills.amounts import table
from learntrace.skills.fusion import fuse
from learntrace.skills.labels import missing_words
from learntrace.skills.types import Label, Lack, Missing, Observation, Skill, Source

from .given import NOW, each, seen


def weekly(sessions: int, ratings: int, x: float = 0.4) -> list[Observation]:
    """A session each week and a rating every other week, one thing seen in each."""
    play = [seen(n, x, days_ago=7 * n) for n in range(sessions)]
    rated = [seen(n, x, source=Source.TEACHER_RATINGS, days_ago=14 * n + 1) for n in range(ratings)]
    return play + rated


def labelled(found: list[Observation]) -> Label:
    return fuse(Skill.RESILIENCE, found, now=NOW).label


@pytest.mark.parametrize(
    ("sessions", "ratings", "expected"),
    [
        (0, 0, Label.INSUFFICIENT),
        (2, 0, Label.INSUFFICIENT),
        (3, 0, Label.LITTLE),
        (5, 0, Label.LITTLE),
        (6, 0, Label.SOME),
        (40, 0, Label.SOME),
        (1, 1, Label.INSUFFICIENT),
        (2, 1, Label.SOME),
        (0, 3, Label.SOME),
        (0, 40, Label.SOME),
        (6, 3, Label.SOME),
        (7, 3, Label.A_LOT),
        (14, 2, Label.A_LOT),
    ],
)
def test_each_label_is_reached_by_an_amount_of_evidence_a_school_has(sessions, ratings, expected):
    assert labelled(weekly(sessions, ratings)) is expected


def test_the_table_of_amounts_says_the_same():
    assert table([0, 3]) == {
        Label.LITTLE: (3, 0),
        Label.SOME: (6, 0),
        Label.A_LOT: (None, 7),
    }


def test_more_evidence_never_lowers_the_label():
    order = list(Label)
    for ratings in range(5):
        found = [order.index(labelled(weekly(sessions, ratings))) for sessions in range(20)]
        assert found == sorted(found)


def test_three_things_seen_in_one_sitting_are_not_enough():
    found = [seen(n, days_ago=0, occasion="sitting") for n in range(3)]
    estimate = fuse(Skill.RESILIENCE, found, now=NOW)
    assert estimate.label is Label.INSUFFICIENT
    assert estimate.missing == (Missing(Lack.OCCASIONS, 1), Missing(Lack.DAYS, 1))


def test_three_sittings_on_one_day_lack_a_day():
    found = [seen(n, days_ago=n / 24) for n in range(3)]
    assert fuse(Skill.RESILIENCE, found, now=NOW).missing == (Missing(Lack.DAYS, 1),)


def test_evidence_that_says_little_lacks_precision_and_as_much_more_of_play_is_enough():
    found = [seen(n, weight=0.1) for n in range(3)]
    estimate = fuse(Skill.ADAPTABILITY, found, now=NOW)
    (missing,) = estimate.missing
    assert missing.what is Lack.PRECISION
    more = [seen(100 + n, days_ago=0) for n in range(missing.count)]
    assert labelled(found + more) is not Label.INSUFFICIENT


def test_conflict_lowers_the_label():
    agreeing = weekly(8, 4)
    arguing = each([2.0] * 8) + each([-2.0] * 4, Source.TEACHER_RATINGS)
    assert labelled(agreeing) is Label.A_LOT
    estimate = fuse(Skill.RESILIENCE, arguing, now=NOW)
    assert estimate.conflict
    assert list(Label).index(estimate.label) < list(Label).index(Label.A_LOT)


def test_old_evidence_loses_its_label():
    old = [
        seen(n, days_ago=(timedelta(days=365 * 8) + timedelta(days=7 * n)).days) for n in range(7)
    ]
    assert labelled(old) in {Label.INSUFFICIENT, Label.LITTLE}


@pytest.mark.parametrize("what", Lack)
def test_what_is_missing_has_words_in_the_singular_and_the_plural(what):
    assert missing_words(Missing(what, 1)).startswith("1 ")
    assert missing_words(Missing(what, 2)).startswith("2 ")
    assert missing_words(Missing(what, 1))[1:] != missing_words(Missing(what, 2))[1:]


def test_a_label_speaks_of_evidence_and_never_of_confidence():
    assert [label.words for label in Label] == [
        "not enough evidence yet",
        "a little evidence",
        "some evidence",
        "a lot of evidence",
    ]
