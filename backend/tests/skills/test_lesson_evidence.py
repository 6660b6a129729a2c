"""What lessons say on skills; and that they say nothing of who never had one."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learntrace.skills.assessing import assess
from learntrace.skills.evidence import observations_of_lesson
from learntrace.skills.evidence_map import LINKS
from learntrace.skills.fusion import MODEL
from learntrace.skills.grounds import Learned
from learntrace.skills.knowledge import Answer
from learntrace.skills.lessons import (
    ACCURACY,
    LESSON_LINKS,
    LESSON_WORDS,
    MASTERY,
    MEASURES,
    PERSISTENCE,
    TYPE_WEIGHTS,
    measures_of,
)
from learntrace.skills.population import Population, population_of
from learntrace.skills.reasoning_checks import MAX_GRADE, banned_words, reading_grade
from learntrace.skills.types import Skill, Source

from .played import NOW, grounds

GIVEN = st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=30)


def answers(given, *, topic="words"):
    return [
        Answer(NOW + timedelta(seconds=number), item, topic, right)
        for number, (item, right) in enumerate(given)
    ]


def of_answers(given):
    right = sum(one for _, one in given)
    return measures_of(answers(given), correct=right, incorrect=len(given) - right)


def population(students: int = 20) -> Population:
    spread = [(f"{number % students}", number / 40) for number in range(41)]
    return population_of(dict.fromkeys(MEASURES, spread), version=7)


def seen(measures, *, session_type="scenario", students=20):
    return observations_of_lesson(
        measures,
        population(students),
        learning_session_id="lesson",
        session_type=session_type,
        at=NOW,
    )


def learned(number: int, measures, session_type="scenario") -> Learned:
    return Learned(
        learning_session_id=UUID(int=700 + number),
        session_type=session_type,
        at=NOW - timedelta(days=3 * number),
        measures=measures,
        population=population(),
    )


@given(GIVEN)
def test_measures_are_shares_or_left_out(given):
    found = of_answers(given)
    assert set(found) <= set(MEASURES)
    assert all(0 <= value <= 1 for value in found.values())
    assert (MASTERY in found) == (len(given) >= 5)
    assert ACCURACY not in found
    assert (PERSISTENCE in found) == (sum(not right for _, right in given) >= 3)


@given(GIVEN.filter(lambda given: len(given) >= 5))
def test_more_right_answers_are_more_mastery(given):
    better = [(item, True) for item, _ in given]
    assert of_answers(better)[MASTERY] >= of_answers(given)[MASTERY] - 1e-9


@pytest.mark.parametrize(
    ("correct", "incorrect", "share"), [(4, 0, None), (3, 2, 0.6), (5, 0, 1.0), (0, 5, 0.0)]
)
def test_counts_alone_are_a_share_from_five_answers_on(correct, incorrect, share):
    found = measures_of([], correct=correct, incorrect=incorrect)
    assert found == ({} if share is None else {ACCURACY: share})


@pytest.mark.parametrize(
    ("given", "share"),
    [
        ("a- b- c-", 0.0),
        ("a- a+ b- b- b+", 1.0),
        ("a- b- b+ c-", 1 / 3),
        ("a- a- a-", 2 / 3),
        ("a+ a- b- c- b+ c+", 2 / 3),
        ("a- b-", None),
    ],
)
def test_persistence_is_coming_back_to_what_went_wrong(given, share):
    told = of_answers([(one[0], one[1] == "+") for one in given.split()])
    assert told.get(PERSISTENCE) == (None if share is None else pytest.approx(share))


def test_each_measure_is_linked_and_has_words_of_its_own():
    linked = {link.feature for link in LESSON_LINKS}
    assert linked == set(MEASURES) == set(LESSON_WORDS)
    assert not linked & {link.feature for link in LINKS}
    for link in LESSON_LINKS:
        assert 0 < link.weight <= 0.5
        assert link.rationale.endswith(".")
        assert link.source
    for clause in LESSON_WORDS.values():
        assert not banned_words(clause)


def test_reviews_and_conversations_weigh_nothing():
    measures = dict.fromkeys(MEASURES, 0.9)
    assert {kind for kind in TYPE_WEIGHTS if seen(measures, session_type=kind)} == {
        "scenario",
        "content_study",
    }


def test_more_speaks_for_the_skills_and_less_against_them():
    for value, sign in ((0.9, 1), (0.1, -1)):
        found = seen({MASTERY: value, PERSISTENCE: value})
        assert set(found) == {Skill.PROBLEM_SOLVING, Skill.RESILIENCE}
        assert all(sign * one.x > 0 for some in found.values() for one in some)


def test_what_is_seen_differs_as_much_as_skill_and_noise_together():
    [one] = seen({PERSISTENCE: 1.0})[Skill.RESILIENCE]
    assert one.x == pytest.approx(2 * MODEL.spread(Source.LEARNING_SESSIONS, 0.5), rel=0.05)
    assert (one.source, one.occasion, one.unit) == (Source.LEARNING_SESSIONS, "lesson", "share")
    assert one.words == "came back to 100 % of what went wrong in a lesson"


@pytest.mark.parametrize(("measures", "students"), [({}, 20), ({PERSISTENCE: 0.7}, 19)])
def test_nothing_is_said_without_values_or_others_to_compare_with(measures, students):
    assert seen(measures, students=students) == {}


def test_lessons_beside_play_are_a_source_of_their_own():
    known = grounds()
    before = assess(known, now=NOW)
    told = [learned(number, {MASTERY: 0.9, PERSISTENCE: 0.9}) for number in range(4)]
    after = assess(replace(known, learned=told), now=NOW)
    assert before.basis != after.basis
    assert after.body["versions"]["lessons"] == {"scenario": 7}
    assert "lessons" not in before.body["versions"]
    lines = [one for one in after.body["evidence"] if one["source"] == "learning_sessions"]
    assert {one["learning_session_id"] for one in lines} == {
        str(one.learning_session_id) for one in told
    }
    assert {one["game_session_id"] for one in lines} == {None}


def test_reasoning_on_lessons_alone_is_plain():
    alone = replace(grounds(), played=(), answers=(), ratings=())
    told = [learned(number, {PERSISTENCE: 0.9}) for number in range(2)]
    assessed = assess(replace(alone, learned=told), now=NOW)
    sentences = [one["text"] for one in assessed.body["reasoning"]]
    assert "A next step: have one more lesson, so that more can be seen." in sentences
    assert not banned_words(" ".join(sentences))
    assert reading_grade(sentences) <= MAX_GRADE
