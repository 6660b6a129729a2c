"""From all the evidence on a skill to one estimate with its uncertainty.

Observation e of source m is `x = a_m + theta + u_m + eps`: the skill `theta ~ N(0, tau^2)` (one
reference for everybody, so the class a student sits in changes nothing), what the source gets
wrong each time `u_m ~ N(0, phi_m^2)`, and what this observation got wrong
`eps ~ N(0, sigma_m^2 + q age)`. `a_m` is 0 because observations are normal scores of a reference
population, stretched to the spread that skill and noise have together. Formulas:
docs/skills.md#fusion.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import NormalDist
from typing import Final

from learntrace.skills.labels import MIN_RELIABILITY, label, lacking
from learntrace.skills.types import (
    FULL_TRUST,
    Estimate,
    Label,
    Lack,
    Missing,
    Observation,
    Skill,
    Source,
    Trust,
)

FUSION_VERSION: Final = 1
"""Raised with every change that can change an estimate."""

Z90: Final = 1.645
_DAY_S: Final = 86_400.0
WIDENED: Final = 1.25
_NORMAL: Final = NormalDist()

CHI2_99: Final = (6.635, 9.210, 11.345)
"""99 % quantiles of chi squared with 1, 2 and 3 degrees of freedom: two, three, four sources.
At 95 % every third student would have a conflict somewhere among seven skills by chance alone.
"""


@dataclass(frozen=True, slots=True)
class Noise:
    """Trait SD. `phi`: what a source gets wrong each time; `sigma`: what varies in between."""

    phi: float
    sigma: float


@dataclass(frozen=True, slots=True)
class Model:
    """`tau`: spread of the skill, trait SD; `drift_per_day`: q, by how much what an observation
    says about today blurs, trait SD squared. Its default: in childhood ranks on traits correlate
    about .3 over 6.7 years (Roberts and DelVecchio 2000), which is about .3 in the first year.
    """

    noise: Mapping[Source, Noise]
    tau: float = 1.0
    drift_per_day: float = 0.3 / 365

    def spread(self, source: Source, weight: float = 1.0) -> float:
        """How far observations of this weight differ over a population, trait SD.

        What is seen differs by more than the skill does, because it holds noise as well; a normal
        score times this is an observation.
        """
        noise = self.noise[source]
        return math.sqrt(self.tau**2 + noise.phi**2 + noise.sigma**2 / weight)


STARTING: Final[Mapping[Source, Noise]] = {
    Source.GAME_PLAY: Noise(phi=0.55, sigma=0.9),
    Source.LEARNING_SESSIONS: Noise(phi=0.45, sigma=0.8),
    Source.TRANSCRIPTS: Noise(phi=0.8, sigma=1.1),
    Source.TEACHER_RATINGS: Noise(phi=0.5, sigma=0.6),
}
"""Where the noise of each source starts. Status: not locally validated; our judgement."""

MODEL: Final = Model(
    {
        source: Noise(noise.phi * WIDENED, noise.sigma * WIDENED)
        for source, noise in STARTING.items()
    }
)
"""The starting values widened by a quarter, because too narrow is worse than too wide."""


@dataclass(frozen=True, slots=True)
class _Pool:
    """What one source says: its mean, its precision and the share of it each observation has."""

    mean: float
    precision: float
    shares: Mapping[str, float]


def fuse(
    skill: Skill,
    observations: Sequence[Observation],
    *,
    now: datetime,
    trust: Trust = FULL_TRUST,
    model: Model = MODEL,
) -> Estimate:
    """The estimate of `skill` from `observations`, in any order.

    An evidence id counts once; an observation of weight 0 or of a source with trust 0 not at all.
    `now`: aware; later observations count as fresh. Linear in their number.
    """
    counted = _that_count(skill, observations, trust)
    if not counted:
        return _without_evidence(skill)
    by_source = defaultdict(list)
    for one in counted:
        by_source[one.source].append(one)
    pools = [
        _pool(found, model.noise[source], model.drift_per_day, now, trust.of(source, skill))
        for source, found in by_source.items()
    ]
    variance = 1 / (1 / model.tau**2 + math.fsum(pool.precision for pool in pools))
    theta = variance * math.fsum(pool.precision * pool.mean for pool in pools)
    inflation = _inflation(pools)
    widened = variance * inflation
    half = Z90 * math.sqrt(widened)
    conflict = inflation > 1
    found_label = label(widened, tau=model.tau, sources=len(pools), conflict=conflict)
    missing = lacking(counted)
    if not missing and found_label is Label.INSUFFICIENT:
        missing = (Missing(Lack.PRECISION, _sessions_wanted(widened, model)),)
    return Estimate(
        skill=skill,
        score=_NORMAL.cdf(theta),
        low=_NORMAL.cdf(theta - half),
        high=_NORMAL.cdf(theta + half),
        theta=theta,
        variance=widened,
        label=Label.INSUFFICIENT if missing else found_label,
        conflict=conflict,
        evidence=tuple(
            (evidence_id, variance * pool.precision * share)
            for pool in pools
            for evidence_id, share in pool.shares.items()
        ),
        prior_weight=variance / model.tau**2,
        missing=missing,
    )


def _that_count(
    skill: Skill, observations: Sequence[Observation], trust: Trust
) -> list[Observation]:
    """In an order of their own, so that the sums do not depend on the caller's."""
    by_id = {one.evidence_id: one for one in observations}
    counted = [one for one in by_id.values() if one.weight > 0 and trust.of(one.source, skill) > 0]
    return sorted(counted, key=lambda one: (one.source, one.at, one.evidence_id))


def _pool(
    observations: Sequence[Observation],
    noise: Noise,
    drift_per_day: float,
    now: datetime,
    trust: float,
) -> _Pool:
    """All of one source. The observations of one occasion share the weight of one."""
    in_occasion: dict[str, float] = defaultdict(float)
    for one in observations:
        in_occasion[one.occasion] += one.weight
    weights = {}
    for one in observations:
        age_days = max(0.0, (now - one.at).total_seconds() / _DAY_S)
        share = one.weight / max(1.0, in_occasion[one.occasion])
        weights[one.evidence_id] = share / (noise.sigma**2 + drift_per_day * age_days)
    total = math.fsum(weights.values())
    return _Pool(
        mean=math.fsum(weights[one.evidence_id] * one.x for one in observations) / total,
        precision=trust / (noise.phi**2 + 1 / total),
        shares={evidence_id: weight / total for evidence_id, weight in weights.items()},
    )


def _inflation(pools: Sequence[_Pool]) -> float:
    """By how much the variance grows because the sources contradict each other; 1 or more.

    Cochran's Q over the sources, against the 99 % quantile of chi squared.
    """
    if len(pools) < 2:
        return 1.0
    total = math.fsum(pool.precision for pool in pools)
    mean = math.fsum(pool.precision * pool.mean for pool in pools) / total
    q = math.fsum(pool.precision * (pool.mean - mean) ** 2 for pool in pools)
    freedom = len(pools) - 1
    return q / freedom if q > CHI2_99[freedom - 1] else 1.0


def _sessions_wanted(variance: float, model: Model) -> int:
    """How many further sessions of play would tell enough, 1 or more."""
    wanted = 1 / (model.tau**2 * (1 - MIN_RELIABILITY)) - 1 / variance
    play = model.noise[Source.GAME_PLAY]
    room = 1 / wanted - play.phi**2 if wanted > 0 else math.inf
    return max(1, math.ceil(play.sigma**2 / room)) if room > 0 else 1


def _without_evidence(skill: Skill) -> Estimate:
    return Estimate(
        skill=skill,
        score=None,
        low=None,
        high=None,
        theta=None,
        variance=None,
        label=Label.INSUFFICIENT,
        conflict=False,
        evidence=(),
        prior_weight=1.0,
        missing=lacking(()),
    )
