"""What talk says on skills; and that it says nothing of who never talked."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learntrace.features.linguistic.catalogue import TALK_CATALOGUE
from learntrace.features.types import Measure, TalkReason
from learntrace.skills.assessing import assess
from learntrace.skills.evidence import observations_of_talk
from learntrace.skills.evidence_map import LINKS
from learntrace.skills.fusion import MODEL
from learntrace.skills.grounds import Grounds, Talked
from learntrace.skills.population import Population, population_of
from learntrace.skills.reasoning import Sentence
from learntrace.skills.reasoning_checks import MAX_GRADE, banned_words, reading_grade, uncited
from learntrace.skills.talk_map import TALK_LINKS, TALK_UNUSED, TALK_WORDS
from learntrace.skills.types import Skill, Source

from .played import NOW, grounds

BEFORE = Path(__file__).parent / "assessed_without_talk.json"
HEARD = {"talk_ratio", "mean_turn_words", "question_rate"}
SPOKEN = {Skill.COMMUNICATION, Skill.COLLABORATION}
values = st.fixed_dictionaries({name: st.floats(0, 1) for name in TALK_CATALOGUE})


def population(students: int = 20) -> Population:
    spread = [(f"{number % students}", number / 40) for number in range(41)]
    return population_of(dict.fromkeys(TALK_CATALOGUE, spread), version=7)


def all_at(value: float) -> dict[str, Measure]:
    return {name: Measure(value) for name in TALK_CATALOGUE}


def heard(measures, *, confidence=None, students=20):
    return observations_of_talk(
        measures,
        population(students),
        transcription_session_id="talk",
        at=NOW,
        confidence=confidence,
    )


def talked(number: int, measures, *, confidence=None) -> Talked:
    return Talked(
        transcription_session_id=UUID(int=500 + number),
        language="en",
        at=NOW - timedelta(days=3 * number),
        versions="1.1",
        measures=measures,
        confidence=confidence,
        population=population(),
    )


def with_talk(*told: Talked) -> Grounds:
    return replace(grounds(), talked=told)


def test_each_feature_is_linked_or_left_out_with_a_reason():
    linked = {link.feature for link in TALK_LINKS}
    assert linked | set(TALK_UNUSED) == set(TALK_CATALOGUE)
    assert not linked & set(TALK_UNUSED)
    assert len({(link.feature, link.skill) for link in TALK_LINKS}) == len(TALK_LINKS)
    assert not linked & {link.feature for link in LINKS}
    for link in TALK_LINKS:
        assert link.direction in {1, -1}
        assert link.rationale.endswith(".")
        assert link.source


def test_what_weighs_weighs_little_and_phrases_and_speed_weigh_nothing():
    assert {link.feature for link in TALK_LINKS if link.weight > 0} == HEARD == set(TALK_WORDS)
    assert all(link.weight <= 0.25 for link in TALK_LINKS)
    for clause in TALK_WORDS.values():
        assert not banned_words(clause)


def test_more_speaks_for_the_skills_and_less_against_them():
    assert set(heard(all_at(0.9))) == SPOKEN
    assert all(one.x > 0 for found in heard(all_at(0.9)).values() for one in found)
    assert all(one.x < 0 for found in heard(all_at(0.1)).values() for one in found)


def test_what_is_heard_differs_as_much_as_skill_and_noise_together():
    [one] = heard({"talk_ratio": Measure(1.0)})[Skill.COMMUNICATION]
    assert one.x == pytest.approx(2 * MODEL.spread(Source.TRANSCRIPTS, 0.25), rel=0.05)
    assert (one.source, one.occasion, one.unit) == (Source.TRANSCRIPTS, "talk", "share")
    assert one.words == "said 100 % of the words in a talk"


@pytest.mark.parametrize(
    ("confidence", "weight"), [(None, 0.25), (1.0, 0.25), (0.6, 0.15), (0.0, None)]
)
def test_what_was_heard_badly_weighs_less(confidence, weight):
    found = heard({"talk_ratio": Measure(0.8)}, confidence=confidence)
    assert [one.weight for one in found.get(Skill.COMMUNICATION, ())] == (
        [] if weight is None else [pytest.approx(weight)]
    )


@pytest.mark.parametrize(
    ("measures", "students"),
    [
        ({}, 20),
        ({name: Measure(None, TalkReason.NOT_REVIEWED) for name in TALK_CATALOGUE}, 20),
        (all_at(0.7), 19),
    ],
)
def test_nothing_is_said_without_values_or_others_to_compare_with(measures, students):
    assert heard(measures, students=students) == {}


def test_who_never_talked_is_assessed_as_before_talk_was_evidence():
    before = json.loads(BEFORE.read_text(encoding="utf-8"))
    made = assess(grounds(), now=NOW)
    assert made.basis == before["basis"]
    assert json.loads(json.dumps(made.body)) == before["body"]


def test_talk_that_says_nothing_changes_no_estimate():
    made = assess(with_talk(talked(0, all_at(0.7), confidence=0.0)), now=NOW)
    before = assess(grounds(), now=NOW)
    assert made.body["skills"] == before.body["skills"]
    assert made.basis != before.basis


@given(values, st.none() | st.floats(0.01, 1))
def test_talk_changes_the_skills_that_it_speaks_on_and_no_other(told, confidence):
    measures = {name: Measure(value) for name, value in told.items()}
    made = assess(with_talk(talked(0, measures, confidence=confidence)), now=NOW).body
    before = assess(grounds(), now=NOW).body
    for one, other in zip(made["skills"], before["skills"], strict=True):
        if one["skill"] not in SPOKEN:
            assert one == other
        else:
            assert one["prior_weight"] < other["prior_weight"]


@given(st.lists(values, min_size=1, max_size=5))
def test_more_talk_in_one_direction_moves_the_score_that_way(told):
    def score(value: float) -> float:
        lines = [talked(number, all_at(value)) for number in range(len(told))]
        found = assess(with_talk(*lines), now=NOW).body["skills"]
        [one] = [one for one in found if one["skill"] == Skill.COMMUNICATION]
        return one["score"]

    assert score(0.1) < score(0.5) < score(0.9)


def test_each_line_of_evidence_leads_to_its_recording():
    body = assess(with_talk(talked(0, all_at(0.9)), talked(1, all_at(0.4))), now=NOW).body
    lines = [one for one in body["evidence"] if one["source"] == Source.TRANSCRIPTS]
    assert {one["kind"] for one in lines} == HEARD
    for one in lines:
        assert one["evidence_id"] == f"{one['transcription_session_id']}:{one['kind']}"
        assert one["game_session_id"] is one["rating_id"] is None
    assert body["versions"]["talk"] == {"en": {"features": "1.1", "population": 7}}


@given(st.lists(values, min_size=1, max_size=6), st.booleans())
def test_reasoning_about_talk_passes_every_check(told, also_played):
    lines = [
        talked(number, {name: Measure(value) for name, value in one.items()})
        for number, one in enumerate(told)
    ]
    known = with_talk(*lines)
    if not also_played:
        known = replace(known, played=(), answers=(), ratings=(), games={})
    body = assess(known, now=NOW).body
    sentences = [
        Sentence(one["text"], tuple(one["cites"]), one["kind"]) for one in body["reasoning"]
    ]
    assert not uncited(sentences, [one["evidence_id"] for one in body["evidence"]])
    assert not [word for one in sentences for word in banned_words(one.text)]
    assert reading_grade([one.text for one in sentences]) <= MAX_GRADE
    assert any("talk" in one.text for one in sentences)
    if not also_played:
        assert not any("play once more" in one.text for one in sentences)
