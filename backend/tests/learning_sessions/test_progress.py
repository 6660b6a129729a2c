"""When a phase is completed, and what a scenario comes to."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learntrace.learning_sessions.scenarios.progress import is_completed, outcome, score
from learntrace.learning_sessions.scenarios.stored import met_more
from learntrace.learning_sessions.scenarios.types import RANK, Aim, Difficulty, Phase, Word

TEN = [f"criterion {n}" for n in range(10)]


def phase(words=(), phrases=(), objectives=(), criteria=(), key="one"):
    vocabulary = [Word(word, "means something") for word in words]
    return Phase(key, key, vocabulary, phrases, objectives, criteria)


NAMES = st.lists(st.sampled_from("abcdefgh"), max_size=5, unique=True)
PHASES = st.builds(phase, NAMES, NAMES, NAMES, NAMES).filter(lambda one: any(one.aims().values()))
MET = st.dictionaries(st.sampled_from(Aim), st.sets(st.sampled_from("abcdefgh")))


@given(PHASES, MET)
def test_score_is_a_share_and_says_whether_the_phase_is_completed(one, met) -> None:
    found = score(one, met)
    assert 0 <= found <= 1
    assert is_completed(one, met) == (found >= (0.7 if one.success_criteria else 0.6) - 1e-9)


@given(PHASES, MET, MET)
def test_meeting_more_never_takes_anything_away(one, met, more) -> None:
    both = {aim: {*met.get(aim, ()), *more.get(aim, ())} for aim in Aim}
    assert score(one, both) >= score(one, met) - 1e-9
    assert is_completed(one, both) or not is_completed(one, met)


@given(PHASES)
def test_everything_met_completes_and_nothing_met_does_not(one) -> None:
    assert is_completed(one, one.aims())
    assert score(one, one.aims()) == pytest.approx(1)
    assert score(one, {}) == 0
    assert not is_completed(one, {})


@given(PHASES, MET)
def test_with_criteria_nothing_else_counts(one, met) -> None:
    with_criteria = replace(one, success_criteria=["x", "y"])
    assert score(with_criteria, {**met, Aim.SUCCESS_CRITERIA: ["x"]}) == 0.5


@pytest.mark.parametrize(("met", "completed"), [(6, False), (7, True)])
def test_seven_criteria_of_ten_complete_a_phase(met, completed) -> None:
    one = phase(["a"], criteria=TEN)
    assert is_completed(one, {Aim.SUCCESS_CRITERIA: TEN[:met]}) is completed


@pytest.mark.parametrize(
    ("words", "phrases", "objectives", "found", "completed"),
    [
        (2, 2, 0, 0.6, True),
        (1, 2, 0, 0.45, False),
        (2, 0, 1, 0.5, False),
        (2, 0, 2, 0.7, True),
        (1, 1, 2, 0.7, True),
        (0, 0, 2, 0.4, False),
    ],
)
def test_without_criteria_the_three_shares_are_weighted(
    words, phrases, objectives, found, completed
) -> None:
    two = ["a", "b"]
    one = phase(two, two, two)
    met = {
        Aim.VOCABULARY: two[:words],
        Aim.PHRASES: two[:phrases],
        Aim.OBJECTIVES: two[:objectives],
    }
    assert score(one, met) == pytest.approx(found)
    assert is_completed(one, met) is completed


def test_what_a_phase_does_not_have_weighs_nothing() -> None:
    one = phase(["a", "b"], (), ["c"])
    assert score(one, {Aim.OBJECTIVES: ["c"]}) == pytest.approx(0.4 / 0.7)


def test_outcome_counts_what_was_met_anywhere_once() -> None:
    phases = [phase(["a", "b"], objectives=["c"]), phase(["a"], criteria=["d"], key="two")]
    met = {"one": {Aim.VOCABULARY: ["a"], Aim.OBJECTIVES: ["c"]}, "two": {Aim.VOCABULARY: ["a"]}}
    found = outcome(phases, met)
    assert (found.phases_completed, found.total_phases, found.success_rate) == (1, 2, 0.5)
    assert (found.vocabulary_mastered, found.objectives_completed) == (1, 1)
    assert found.completion_score == pytest.approx(100 * (0.55 / 0.7) / 2, abs=0.05)


def test_meeting_makes_a_new_mapping() -> None:
    known = {"one": {"vocabulary": ["b"]}}
    found = met_more(known, "one", {Aim.VOCABULARY: ["a", "b"], Aim.PHRASES: []})
    assert known == {"one": {"vocabulary": ["b"]}}
    assert found == {"one": {"vocabulary": ["a", "b"]}}


def test_difficulties_stand_in_their_own_order() -> None:
    ordered = sorted(Difficulty, key=lambda one: RANK[one])
    assert ordered == ["beginner", "intermediate", "advanced", "native"]
    assert ordered != sorted(Difficulty)
