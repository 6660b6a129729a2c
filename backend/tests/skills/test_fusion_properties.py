"""What holds for any evidence whatever."""

import dataclasses
import inspect
import math
from datetime import timedelta
from statistics import NormalDist

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from learntrace.skills.fusion import MODEL, Model, Noise, fuse
from learntrace.skills.labels import MIN_RELIABILITY
from learntrace.skills.types import Label, Observation, Skill, Source, Trust

from .given import NOW, each, observations, seen, strengths

SKILL = Skill.RESILIENCE


def theta_of(found: list[Observation], **settings: object) -> float:
    theta = fuse(SKILL, found, now=NOW, **settings).theta
    assert theta is not None
    return theta


@pytest.mark.parametrize("skill", Skill)
def test_no_evidence_gives_no_score(skill: Skill):
    estimate = fuse(skill, [], now=NOW)
    assert estimate.score is estimate.low is estimate.high is None
    assert estimate.theta is estimate.variance is None
    assert estimate.label is Label.INSUFFICIENT
    assert estimate.evidence == ()
    assert estimate.prior_weight == 1


@given(observations)
def test_weights_sum_to_one_and_make_the_estimate(found):
    estimate = fuse(SKILL, found, now=NOW)
    assert math.isclose(sum(w for _, w in estimate.evidence) + estimate.prior_weight, 1)
    assert all(weight > 0 for _, weight in estimate.evidence)
    x = {one.evidence_id: one.x for one in found}
    weighted = sum(weight * x[evidence_id] for evidence_id, weight in estimate.evidence)
    assert math.isclose(estimate.theta, weighted, abs_tol=1e-9)
    assert math.isclose(estimate.score, NormalDist().cdf(estimate.theta))
    assert estimate.low < estimate.score < estimate.high


@given(observations, st.randoms())
def test_order_changes_nothing(found, random):
    shuffled = random.sample(found, len(found))
    assert fuse(SKILL, shuffled, now=NOW) == fuse(SKILL, found, now=NOW)


@given(observations)
def test_evidence_given_twice_counts_once(found):
    assert fuse(SKILL, found + found, now=NOW) == fuse(SKILL, found, now=NOW)


@given(observations, strengths)
def test_an_uninformative_source_changes_nothing(found, x):
    found = [one for one in found if one.source is not Source.TRANSCRIPTS]
    assume(found)
    deaf = dict(MODEL.noise) | {Source.TRANSCRIPTS: Noise(phi=1e6, sigma=1e6)}
    model = Model(deaf)
    more = [*found, seen(99, x, source=Source.TRANSCRIPTS)]
    moved = theta_of(more, model=model) - theta_of(found, model=model)
    assert abs(moved) < 1e-9


@given(observations, st.sampled_from(Source))
def test_a_source_that_is_not_trusted_is_as_if_it_were_not_there(found, source):
    trust = Trust({(source, SKILL): 0.0, (source, Skill.EMPATHY): 2.0})
    others = [one for one in found if one.source is not source]
    assert fuse(SKILL, found, now=NOW, trust=trust) == fuse(SKILL, others, now=NOW)


@given(observations)
def test_an_observation_of_no_weight_is_as_if_it_were_not_there(found):
    estimate = fuse(SKILL, [*found, seen(99, 3.0, weight=0.0)], now=NOW)
    assert estimate == fuse(SKILL, found, now=NOW)


@given(observations, st.sampled_from(Source), st.floats(0, 2), st.booleans())
def test_more_evidence_in_one_direction_moves_the_score_that_way(found, source, beyond, upwards):
    """Beyond all that was seen, in a sitting of its own or in one that was there."""
    xs = [one.x for one in found]
    x = max(*xs, 0.0) + beyond + 0.01 if upwards else min(*xs, 0.0) - beyond - 0.01
    for occasion in ("new", "0"):
        more = [*found, seen(99, x, source=source, days_ago=0, occasion=occasion)]
        moved = theta_of(more) - theta_of(found)
        assert moved > 0 if upwards else moved < 0


@given(strengths, st.sampled_from(Source))
def test_duplicates_of_one_source_saturate_at_its_floor(x, source):
    floor = 1 / (1 + 1 / MODEL.noise[source].phi ** 2)
    several = fuse(SKILL, [seen(n, x, source=source, days_ago=0) for n in range(500)], now=NOW)
    assert floor < several.variance < floor * 1.02
    assert abs(several.theta) <= abs(x)


@given(strengths, st.integers(2, 50))
def test_much_from_one_occasion_is_one_observation(x, count):
    one = [seen(0, x)]
    many = [seen(n, x, days_ago=0, occasion="sitting") for n in range(count)]
    assert math.isclose(theta_of(many), theta_of(one), abs_tol=1e-12)


def test_two_sources_say_more_than_twice_as_much_of_one():
    one = fuse(SKILL, each([1.0] * 6), now=NOW)
    two = fuse(SKILL, each([1.0] * 3) + each([1.0] * 3, Source.TEACHER_RATINGS), now=NOW)
    assert two.variance < one.variance


@given(observations, st.floats(1, 1000))
def test_older_evidence_never_says_more(found, days):
    older = [dataclasses.replace(one, at=one.at - timedelta(days=days)) for one in found]
    before, after = fuse(SKILL, found, now=NOW), fuse(SKILL, older, now=NOW)
    assert after.prior_weight > before.prior_weight


@given(observations, st.sampled_from(Source), st.floats(0, 1), st.floats(1, 2))
def test_trust_moves_what_a_source_weighs(found, source, less, more):
    assume(source in {one.source for one in found})

    def weight(factor: float) -> float:
        trust = Trust({(source, SKILL): factor})
        evidence = fuse(SKILL, found, now=NOW, trust=trust).evidence
        return sum(one for evidence_id, one in evidence if evidence_id.startswith(source))

    assert weight(less) <= weight(1) <= weight(more)


@pytest.mark.parametrize("factor", [-0.1, 2.1, math.nan])
def test_a_trust_factor_out_of_range_is_refused(factor):
    with pytest.raises(ValueError, match="from 0 to 2"):
        Trust({(Source.GAME_PLAY, SKILL): factor})


def test_a_class_changes_nothing_because_nothing_of_it_goes_in():
    """No input names a class, a group or other students; the prior is the same for everybody."""
    assert set(inspect.signature(fuse).parameters) == {
        "skill",
        "observations",
        "now",
        "trust",
        "model",
    }
    assert {field.name for field in dataclasses.fields(Observation)} == {
        "evidence_id",
        "source",
        "x",
        "at",
        "occasion",
        "weight",
        "kind",
        "value",
        "unit",
        "words",
    }
    assert {field.name for field in dataclasses.fields(Model)} == {
        "noise",
        "tau",
        "drift_per_day",
    }


@given(strengths, strengths)
def test_sources_that_contradict_each_other_widen_and_never_move_the_estimate(one, other):
    found = each([one] * 6) + each([other] * 6, Source.TEACHER_RATINGS)
    estimate = fuse(SKILL, found, now=NOW)
    agreed = fuse(SKILL, each([one] * 6) + each([one] * 6, Source.TEACHER_RATINGS), now=NOW)
    assert estimate.conflict == (estimate.variance > agreed.variance * (1 + 1e-9))
    assert estimate.conflict or abs(one - other) < 3
    assert not estimate.conflict or abs(one - other) > 2.5
    assert estimate.prior_weight == pytest.approx(agreed.prior_weight)


@given(observations)
def test_missing_is_told_exactly_where_a_label_is(found):
    estimate = fuse(SKILL, found, now=NOW)
    assert bool(estimate.missing) == (estimate.label is Label.INSUFFICIENT)
    assert all(one.count >= 1 for one in estimate.missing)
    if estimate.label is not Label.INSUFFICIENT:
        assert 1 - estimate.variance >= MIN_RELIABILITY
