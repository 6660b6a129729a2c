"""From features, knowledge and ratings to observations."""

import math
from pathlib import Path
from statistics import pstdev

import pytest

from learntrace.features.catalogue import CATALOGUE
from learntrace.features.types import Measure, Reason
from learntrace.skills.docs import document
from learntrace.skills.evidence import (
    SKILLS_SEEN_IN_PLAY,
    missing,
    observation_of_rating,
    observations_of_mastery,
    observations_of_play,
)
from learntrace.skills.evidence_map import LINKS, MASTERY, TIMED, UNUSED
from learntrace.skills.fusion import MODEL, fuse
from learntrace.skills.population import Population, population_of
from learntrace.skills.reasoning_checks import banned_words
from learntrace.skills.rubric import LEVEL_SHARES, LEVELS, RUBRIC, SCORE_OF_LEVEL
from learntrace.skills.types import Label, Lack, Missing, Skill, Source

from .given import NOW, seen

DOCS = Path(__file__).parents[3] / "docs" / "skills.md"

FEATURES = {link.feature for link in LINKS}


def population(students: int = 20) -> Population:
    values = [(f"{n % students}", n / 40) for n in range(41)]
    return population_of(dict.fromkeys(FEATURES, values), version=1)


def played(measures: dict[str, Measure], **settings):
    settings = {"population": population()} | settings
    return observations_of_play(
        measures, settings.pop("population"), game_session_id="play", at=NOW, **settings
    )


def all_at(value: float) -> dict[str, Measure]:
    found = {name: Measure(value) for name in CATALOGUE if name != "wheel_spinning"}
    return found | {"wheel_spinning": Measure(value < 0.5)}


def test_each_feature_is_linked_or_left_out_with_a_reason():
    assert FEATURES - {MASTERY} | set(UNUSED) == set(CATALOGUE)
    assert not FEATURES & set(UNUSED)


def test_links_are_complete_and_none_stands_twice():
    assert len({(link.feature, link.skill) for link in LINKS}) == len(LINKS)
    for link in LINKS:
        assert link.direction in {1, -1}
        assert 0 <= link.weight <= 1
        assert link.rationale.endswith(".")
        assert link.source


def test_what_depends_on_time_weighs_nothing_by_default():
    assert {link.feature for link in LINKS if link.weight == 0} == TIMED


def test_no_play_speaks_on_empathy_or_communication():
    assert set(Skill) - SKILLS_SEEN_IN_PLAY == {Skill.EMPATHY, Skill.COMMUNICATION}
    assert set(played(all_at(0.9))) == SKILLS_SEEN_IN_PLAY


def test_what_is_above_the_population_speaks_for_the_skill_in_each_direction():
    for found in played(all_at(0.9)).values():
        assert all(one.x > 0 for one in found)
    for found in played(all_at(0.1)).values():
        assert all(one.x < 0 for one in found)


def test_what_is_seen_differs_as_much_as_skill_and_noise_together():
    """Over the whole population, whatever the weight: else intervals would not hold."""
    for skill, weight in ((Skill.RESILIENCE, 1.0), (Skill.ADAPTABILITY, 0.5)):
        xs = [one.x for n in range(41) for one in played({"recovery_rate": Measure(n / 40)})[skill]]
        noise = MODEL.noise[Source.GAME_PLAY]
        expected = math.sqrt(1 + noise.phi**2 + noise.sigma**2 / weight)
        assert pstdev(xs) == pytest.approx(expected, rel=0.05)


def test_an_observation_says_where_it_is_from():
    (one,) = played({"collaboration_rate": Measure(0.8)})[Skill.COLLABORATION]
    assert one.evidence_id == "play:collaboration_rate"
    assert (one.source, one.occasion, one.at) == (Source.GAME_PLAY, "play", NOW)
    assert (one.kind, one.value, one.unit) == ("collaboration_rate", 0.8, "share")
    assert one.words == "took 80 % of the chances to work with others"


def test_no_value_no_population_and_no_feature_give_no_observation():
    none = {"retry_rate": Measure(None, Reason.NO_FAILURES, evidence=1)}
    assert played(none) == {}
    assert played({}) == {}
    assert played(all_at(0.5), population=Population(1, {})) == {}
    assert played(all_at(0.5), population=population(students=19)) == {}


def test_a_school_may_give_weight_to_what_depends_on_time():
    weights = {("time_efficiency", Skill.PROBLEM_SOLVING): 0.5}
    kinds = {
        one.kind: one.weight for one in played(all_at(0.9), weights=weights)["problem_solving"]
    }
    assert kinds == {"task_completion_rate": 1.0, "wheel_spinning": 0.5, "time_efficiency": 0.5}


def test_extra_time_removes_what_depends_on_time_whatever_the_weights():
    weights = {(link.feature, link.skill): 1.0 for link in LINKS}
    found = played(all_at(0.9), weights=weights, extra_time=True)
    assert not {one.kind for each in found.values() for one in each} & TIMED
    without = played(all_at(0.9), weights=weights)
    assert {one.kind for each in without.values() for one in each} >= TIMED


def test_knowledge_speaks_a_little_on_solving_problems_and_adds_no_sitting():
    found = observations_of_mastery(
        0.9, population(), game_id="waves", game_session_id="play", at=NOW
    )
    (one,) = found.pop(Skill.PROBLEM_SOLVING)
    assert not found
    assert one.occasion == "play"
    assert one.x > 0
    assert one.words == "was likely to get 90 % of the game's questions right"
    alone = fuse(Skill.PROBLEM_SOLVING, [one], now=NOW)
    completion = fuse(Skill.PROBLEM_SOLVING, [seen(0, one.x)], now=NOW)
    assert alone.prior_weight > completion.prior_weight


def test_levels_of_the_rubric_are_even_steps_around_zero():
    assert list(SCORE_OF_LEVEL.values()) == pytest.approx([-1.554, -0.474, 0.474, 1.554], abs=1e-3)
    assert sum(
        share * SCORE_OF_LEVEL[level] for level, share in zip(LEVELS, LEVEL_SHARES, strict=True)
    ) == pytest.approx(0)


@pytest.mark.parametrize("skill", Skill)
def test_each_skill_has_a_question_and_four_levels_that_can_be_seen(skill):
    rubric = RUBRIC[skill]
    assert rubric.question.endswith("?")
    assert len(set(rubric.levels)) == len(LEVELS)
    assert not banned_words(" ".join((rubric.question, *rubric.levels)))


def test_a_rating_is_an_observation_of_its_teachers_day():
    one = observation_of_rating(3, skill=Skill.EMPATHY, rating_id="r", rater_id="teacher", at=NOW)
    assert one.evidence_id == "rating:r"
    assert one.occasion == "teacher:2026-03-20"
    assert one.x == pytest.approx(0.474 * 1.397, abs=1e-3)
    assert one.words.startswith("as a teacher saw it: often noticed")


@pytest.mark.parametrize("level", [0, 5])
def test_a_level_that_the_rubric_does_not_have_is_refused(level):
    with pytest.raises(KeyError):
        observation_of_rating(level, skill=Skill.EMPATHY, rating_id="r", rater_id="t", at=NOW)


def test_what_is_missing_begins_with_what_the_last_session_was_short_of():
    short = {"task_completion_rate": Measure(None, Reason.NO_CLOSED_TASKS, evidence=3)}
    estimate = fuse(Skill.SELF_REGULATION, [], now=NOW)
    found = missing(estimate, short, population())
    assert found[0] == Missing(Lack.CLOSED_TASKS, 2)
    assert found[1:] == estimate.missing


def test_too_few_players_to_compare_with_are_what_is_missing():
    value = {"collaboration_rate": Measure(0.7)}
    estimate = fuse(Skill.COLLABORATION, [], now=NOW)
    assert missing(estimate, value, population(students=18))[0] == Missing(Lack.PLAYERS, 2)
    assert missing(estimate, value, population()) == estimate.missing


def test_a_skill_that_play_cannot_show_lacks_ratings():
    estimate = fuse(Skill.EMPATHY, [], now=NOW)
    found = missing(estimate, all_at(0.5), population())
    assert found == (Missing(Lack.RATINGS, 3), Missing(Lack.DAYS, 2))


def test_an_estimate_with_a_label_lacks_nothing():
    estimate = fuse(Skill.RESILIENCE, [seen(n) for n in range(3)], now=NOW)
    assert estimate.label is Label.LITTLE
    assert missing(estimate, {}, population()) == ()


def test_documentation_is_current():
    assert DOCS.read_text(encoding="utf-8") == document()
