"""Every text about a pupil, over many cases: cited, readable, about what was seen."""

import dataclasses
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learntrace.features.types import Measure
from learntrace.skills.evidence import missing as missing_of
from learntrace.skills.evidence import (
    observation_of_rating,
    observations_of_mastery,
    observations_of_play,
)
from learntrace.skills.fusion import fuse
from learntrace.skills.reasoning import Kind, Sentence, Topic, explain
from learntrace.skills.reasoning_checks import MAX_GRADE, banned_words, reading_grade, uncited
from learntrace.skills.types import Label, Observation, Skill, Source

from .given import NOW, seen
from .test_evidence import FEATURES, population

POPULATION = population()
TOPICS = ("fractions", "making waves", "the water cycle", "area and length")
EVERYTHING = {(feature, skill): 1.0 for feature in FEATURES for skill in Skill}

values = st.fixed_dictionaries(
    {}, optional={name: st.floats(0, 1) for name in sorted(FEATURES - {"wheel_spinning"})}
)


@st.composite
def histories(draw) -> dict[Skill, list[Observation]]:
    """What a pupil's sessions, answers and ratings say, up to twelve sessions and six ratings."""
    found: dict[Skill, list[Observation]] = {skill: [] for skill in Skill}
    for number, one in enumerate(draw(st.lists(values, max_size=12))):
        measures = {name: Measure(value) for name, value in one.items() if name != "mastery"}
        measures["wheel_spinning"] = Measure(draw(st.booleans()))
        at = NOW - timedelta(days=draw(st.integers(0, 200)))
        session_id = f"play{number}"
        for part in (
            observations_of_play(
                measures, POPULATION, game_session_id=session_id, at=at, weights=EVERYTHING
            ),
            observations_of_mastery(
                one.get("mastery", 0.5),
                POPULATION,
                game_id=f"game{number}",
                game_session_id=session_id,
                at=at,
            ),
        ):
            for skill, observed in part.items():
                found[skill] += observed
    rated = st.tuples(st.sampled_from(Skill), st.integers(1, 4), st.integers(0, 200))
    for number, (skill, level, days_ago) in enumerate(draw(st.lists(rated, max_size=6))):
        found[skill].append(
            observation_of_rating(
                level,
                skill=skill,
                rating_id=f"{number}",
                rater_id="teacher",
                at=NOW - timedelta(days=days_ago),
            )
        )
    return found


@st.composite
def topics(draw) -> list[Topic]:
    found = []
    for number, name in enumerate(draw(st.lists(st.sampled_from(TOPICS), unique=True))):
        low, value, high = sorted(draw(st.lists(st.floats(0, 1), min_size=3, max_size=3)))
        answers = draw(st.integers(1, 40))
        found.append(Topic(f"topic{number}", name, value, low, high, answers, NOW))
    return found


def told(history: dict[Skill, list[Observation]], known: list[Topic]) -> tuple[Sentence, ...]:
    estimates = []
    for skill, found in history.items():
        estimate = fuse(skill, found, now=NOW)
        lacking = missing_of(estimate, {"retry_rate": Measure(0.5)}, POPULATION)
        estimates.append(dataclasses.replace(estimate, missing=lacking))
    return explain(estimates, history, known)


def of_kind(sentences: tuple[Sentence, ...], kind: Kind) -> list[Sentence]:
    return [one for one in sentences if one.kind is kind]


@settings(max_examples=300)
@given(histories(), topics())
def test_every_text_passes_every_check(history, known):
    sentences = told(history, known)
    ids = {one.evidence_id for found in history.values() for one in found}
    assert not uncited(sentences, ids | {topic.evidence_id for topic in known})
    texts = [one.text for one in sentences]
    assert banned_words(" ".join(texts)) == []
    assert reading_grade(texts) <= MAX_GRADE, texts


@given(histories(), topics())
def test_a_text_is_never_more_than_the_evidence_supports(history, known):
    sentences = told(history, known)
    estimates = {skill: fuse(skill, found, now=NOW) for skill, found in history.items()}
    assessed = any(one.label is not Label.INSUFFICIENT for one in estimates.values())
    evidence = any(history.values()) or any(topic.answers >= 5 for topic in known)
    strengths, steps = of_kind(sentences, Kind.STRENGTH), of_kind(sentences, Kind.NEXT_STEP)
    assert len(strengths) <= (2 if assessed else 0)
    assert (1 if evidence else 0) <= len(steps) <= (2 if evidence else 0)
    assert sentences[-1].kind is Kind.UNCERTAINTY
    assert all(one.cites for one in (*strengths, *steps))


@given(histories(), topics(), st.randoms())
def test_the_same_evidence_gives_the_same_words(history, known, random):
    shuffled = {skill: random.sample(found, len(found)) for skill, found in history.items()}
    assert told(shuffled, random.sample(known, len(known))) == told(history, known)


def explained(observations: list[Observation], *known: Topic) -> tuple[Sentence, ...]:
    return told({Skill.RESILIENCE: observations}, list(known))


def test_without_evidence_nothing_is_guessed():
    (only,) = explained([])
    assert only.text == "There is nothing to go by yet, so we do not guess."


def test_a_strength_is_above_what_was_usual_for_the_pupil():
    rising = [seen(0, 1.7), *(seen(n, 0.2) for n in range(1, 4))]
    (strength,) = of_kind(explained(rising), Kind.STRENGTH)
    assert strength.text == (
        "Going well in going on after a setback: on 20 March the pupil tried again after 80 % of"
        " the failures, a step up from before."
    )
    assert strength.cites == tuple(f"game_play:{n}" for n in range(4))


@pytest.mark.parametrize(
    "observations",
    [
        [seen(n, 1.8) for n in range(5)],
        [seen(0, -1.0), *(seen(n, 1.0) for n in range(1, 4))],
        [seen(0, 2.0), seen(1, 0.0)],
        [
            *(seen(n, 0.0, kind="recovery_rate") for n in range(3)),
            *(seen(n, 99.0 - n) for n in range(99, 103)),
        ],
    ],
    ids=["as usual", "below", "nothing is usual yet", "long ago"],
)
def test_what_is_not_above_the_pupils_own_usual_is_no_strength(observations):
    assert not of_kind(explained(observations), Kind.STRENGTH)


def test_too_little_evidence_says_what_is_missing_and_asks_for_more():
    sentences = explained([seen(0, 1.0)])
    assert [one.kind for one in sentences] == [
        Kind.NEXT_STEP,
        Kind.MISSING,
        Kind.UNCERTAINTY,
        Kind.UNCERTAINTY,
    ]
    assert "2 more pieces of evidence" in sentences[1].text
    assert sentences[2].text == "All this rests on 1 thing from 1 day, seen in play."


def test_sources_that_contradict_each_other_are_named_and_no_strength():
    play = [seen(0, 2.0), *(seen(n, 1.4) for n in range(1, 6))]
    rated = [seen(n, -2.0, source=Source.TEACHER_RATINGS) for n in range(6)]
    sentences = explained(play + rated)
    (conflict,) = of_kind(sentences, Kind.CONFLICT)
    assert "play and ratings do not agree" in conflict.text
    assert not of_kind(sentences, Kind.STRENGTH)


def test_the_topic_known_least_is_a_next_step_unless_it_may_be_known():
    least = Topic("t1", "fractions", 0.4, 0.2, 0.6, 12, NOW)
    firm = Topic("t2", "area", 0.8, 0.7, 0.9, 12, NOW)
    (step,) = of_kind(explained([], least, firm), Kind.NEXT_STEP)
    assert step.text == "A next step: work on fractions once more."
    told_topics = of_kind(explained([], least, firm), Kind.TOPIC)
    assert [one.cites for one in told_topics] == [("t1",), ("t2",)]
    assert not any("area" in one.text for one in of_kind(explained([], firm), Kind.NEXT_STEP))


def test_what_did_not_count_is_not_told():
    sentences = explained([*(seen(n) for n in range(3)), seen(9, 2.0, weight=0.0)])
    assert all("game_play:9" not in one.cites for one in sentences)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The pupil may have ADHD or dyslexia.", ["adhd", "dyslexia"]),
        ("A gifted pupil who is never wrong.", ["gifted", "never"]),
        ("Ranked third, better than others.", ["ranked", "better than"]),
        ("On 3 March the pupil tried again.", []),
    ],
)
def test_banned_words_are_found(text, found):
    assert banned_words(text) == found


def test_numbers_without_a_citation_and_unknown_citations_are_found():
    bare = Sentence("It went well 3 times.", (), Kind.STRENGTH)
    spelled = Sentence("It went well three times.", (), Kind.STRENGTH)
    foreign = Sentence("It went well.", ("x",), Kind.STRENGTH)
    fine = Sentence("It went well 3 times.", ("a",), Kind.STRENGTH)
    assert uncited([bare, spelled, foreign, fine], ["a"]) == [bare.text, spelled.text, foreign.text]


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("The cat sat on the mat.", -1.45),
        ("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", 13.1),
        ("", 0),
    ],
)
def test_the_reading_grade_is_that_of_flesch_and_kincaid(text, grade):
    assert reading_grade([text]) == pytest.approx(grade, abs=2.0)
