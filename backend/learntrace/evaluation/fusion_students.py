"""Made-up students whose true skill is known, and what would be seen of it.

Drawn as the model assumes, or against what it assumes, each in one respect. Nothing real stands
behind the seven skills' noise, so this shows that the arithmetic keeps its promise, never that a
skill is measured.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from learntrace.skills.fusion import MODEL, WIDENED, Model, Noise
from learntrace.skills.population import population_of
from learntrace.skills.types import Observation, Source

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MOST_SEEN: Mapping[Source, int] = {
    Source.GAME_PLAY: 20,
    Source.LEARNING_SESSIONS: 8,
    Source.TRANSCRIPTS: 6,
    Source.TEACHER_RATINGS: 4,
}
"""At most so many observations of a student by source; a student has any number from 1 up."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """How students are drawn.

    `noise_factor` multiplies the model's phi and sigma to give the true ones; `tails` are degrees
    of freedom of Student's t, scaled to the same spread, `None` normal; `drifting` lets the skill
    itself wander over the days, as far as the model's drift says but on one path, where the model
    takes each observation to have blurred by itself; `school` is how many students' sessions, 3 of
    each, what was seen is read against, `None` all there are. `least` and `most` bound the
    coverage; without `least` it is printed for information only.
    """

    name: str
    noise_factor: float = 1.0
    sources: tuple[int, int] = (2, 4)
    tails: int | None = None
    drifting: bool = False
    days: float = 60.0
    school: int | None = None
    least: float | None = 0.88
    most: float | None = 0.92


TERM_DAYS, YEAR_DAYS = 90, 360
TOO_SMALL = 0.15
SESSIONS_KNOWN = 3

SCENARIOS = (
    Scenario("well specified"),
    Scenario("few sources", sources=(1, 1)),
    Scenario("heavy tails", tails=5),
    Scenario("drift, evidence of a term", drifting=True, days=TERM_DAYS),
    Scenario("read by place in a school of 50", school=50),
    Scenario("phi, sigma 15 % too small", noise_factor=1 / (1 - TOO_SMALL), least=0.85, most=None),
    Scenario("drift, evidence of a year", drifting=True, days=YEAR_DAYS, least=None, most=None),
    Scenario("phi, sigma widened in vain", noise_factor=1 / WIDENED, least=None, most=None),
)


@dataclass(frozen=True, slots=True)
class Student:
    """`theta`: the true skill today, trait SD; and what was seen of it."""

    theta: float
    observations: tuple[Observation, ...]


def students(
    scenario: Scenario, *, count: int, seed: int, model: Model = MODEL
) -> Iterator[Student]:
    """So many students of the scenario; the same seed, the same students."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        yield _student(scenario, rng, model)


def _student(scenario: Scenario, rng: np.random.Generator, model: Model) -> Student:
    theta = float(rng.normal(0, model.tau))
    low, high = scenario.sources
    chosen = rng.permutation(len(Source))[: rng.integers(low, high + 1)]
    seen: list[tuple[Source, float, float]] = []
    for source in (list(Source)[place] for place in chosen):
        noise = model.noise[source]
        true = Noise(noise.phi * scenario.noise_factor, noise.sigma * scenario.noise_factor)
        count = int(rng.integers(1, MOST_SEEN[source] + 1))
        ages = rng.uniform(0, scenario.days, count)
        wrong = _drawn(rng, scenario, true.phi, 1)[0] + _drawn(rng, scenario, true.sigma, count)
        seen += [(source, float(age), float(x)) for age, x in zip(ages, wrong, strict=True)]
    wandered = _wandered(rng, scenario, [age for _, age, _ in seen], model.drift_per_day)
    observations = [
        Observation(str(number), source, theta + off + x, NOW - timedelta(days=age), str(number))
        for number, ((source, age, x), off) in enumerate(zip(seen, wandered, strict=True))
    ]
    if scenario.school is not None:
        observations = _by_place(rng, scenario.school, observations, model)
    return Student(theta, tuple(observations))


def _by_place(
    rng: np.random.Generator, school: int, observations: list[Observation], model: Model
) -> list[Observation]:
    """The same observations as a school reads them: by their place among all its sessions."""
    values: dict[str, list[tuple[str, float]]] = {}
    for source in dict.fromkeys(one.source for one in observations):
        noise = model.noise[source]
        usual = rng.normal(0, np.hypot(model.tau, noise.phi), school)
        values[source] = [
            (str(student), float(value))
            for student, mean in enumerate(usual)
            for value in rng.normal(mean, noise.sigma, SESSIONS_KNOWN)
        ]
    population = population_of(values, version=1)
    read = []
    for one in observations:
        score = population.normal_score(one.source, one.x)
        if score is not None:
            read.append(replace(one, x=score * model.spread(one.source)))
    return read


def _drawn(
    rng: np.random.Generator, scenario: Scenario, spread: float, count: int
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    if scenario.tails is None:
        return rng.normal(0, spread, count)
    scale = spread * float(np.sqrt((scenario.tails - 2) / scenario.tails))
    drawn: np.ndarray[tuple[int], np.dtype[np.float64]] = rng.standard_t(scenario.tails, count)
    return drawn * scale


def _wandered(
    rng: np.random.Generator, scenario: Scenario, ages: list[float], drift_per_day: float
) -> list[float]:
    """How far off today's skill was on each of the days, trait SD, one path for all sources."""
    off = [0.0] * len(ages)
    if not scenario.drifting:
        return off
    at, before = 0.0, 0.0
    for place in sorted(range(len(ages)), key=ages.__getitem__):
        at += float(rng.normal(0, np.sqrt(drift_per_day * (ages[place] - before))))
        before = ages[place]
        off[place] = at
    return off
