"""Does fusion keep what it promises? Simulated coverage beside naive pooling, and the gates."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from learntrace.evaluation.fusion_students import NOW, SCENARIOS, Scenario, Student, students
from learntrace.evaluation.report import Gate, markdown
from learntrace.skills.amounts import table as amounts
from learntrace.skills.fusion import MODEL, Z90, Model, Noise, fuse
from learntrace.skills.types import Observation, Skill, Source

STUDENTS = 8000
DUPLICATES = 500
TRIED = 300
SKILL = Skill.RESILIENCE
RATINGS = range(5)


@dataclass(frozen=True, slots=True)
class Covered:
    """Shares of students whose true skill lay in the 90 % interval, and mean widths, trait SD."""

    scenario: Scenario
    coverage: float
    naive_coverage: float
    width: float
    naive_width: float
    conflicts: float


@dataclass(frozen=True)
class FusionReport:
    """All that `learntrace evaluate fusion` prints."""

    covered: Sequence[Covered]
    moved: float
    floor_ratio: float
    followed: float

    def table(self) -> str:
        """Coverage beside naive pooling."""
        rows = [
            (
                one.scenario.name,
                f"{one.coverage:.3f}",
                f"{one.naive_coverage:.3f}",
                f"{one.width:.2f}",
                f"{one.naive_width:.2f}",
                f"{one.conflicts:.3f}",
            )
            for one in self.covered
        ]
        headings = ("90 % intervals", "coverage", "naive", "width", "naive width", "conflicts")
        return markdown(headings, rows)

    def gates(self) -> list[Gate]:
        """What has to hold."""
        found = []
        for one in self.covered:
            name = f"coverage, {one.scenario.name}"
            if one.scenario.least is not None:
                found.append(Gate(name, one.coverage, one.scenario.least, at_least=True))
            if one.scenario.most is not None:
                found.append(Gate(name, one.coverage, one.scenario.most, at_least=False))
        return [
            *found,
            Gate(
                "an uninformative source moves the mean, in 1e-9 trait SD",
                self.moved / 1e-9,
                1.0,
                at_least=False,
            ),
            Gate(
                f"variance from {DUPLICATES} duplicates of one source, to that source's floor",
                self.floor_ratio,
                1.0,
                at_least=True,
            ),
            Gate("the same, at most", self.floor_ratio, 1.02, at_least=False),
            Gate(
                "share of students whose score follows further evidence",
                self.followed,
                1.0,
                at_least=True,
            ),
        ]


def evaluate(*, seed: int, count: int = STUDENTS) -> FusionReport:
    """`count` simulated students in each scenario; the same seed, the same report."""
    tried = list(students(SCENARIOS[0], count=min(count, TRIED), seed=seed))
    return FusionReport(
        covered=[_covered(scenario, seed=seed, count=count) for scenario in SCENARIOS],
        moved=max(_moved_by_nothing(one) for one in tried),
        floor_ratio=max(_floor_ratio(source) for source in Source),
        followed=sum(_follows(one) for one in tried) / len(tried),
    )


def amounts_table() -> str:
    """Sessions of play that each label takes, beside so many ratings."""
    rows = [
        (label.words, *("-" if sessions is None else str(sessions) for sessions in wanted))
        for label, wanted in amounts(RATINGS).items()
    ]
    return markdown(
        (
            "sessions wanted",
            *("1 rating" if count == 1 else f"{count} ratings" for count in RATINGS),
        ),
        rows,
    )


def _covered(scenario: Scenario, *, seed: int, count: int) -> Covered:
    hits = naive_hits = conflicts = 0
    width = naive_width = 0.0
    for student in students(scenario, count=count, seed=seed):
        estimate = fuse(SKILL, student.observations, now=NOW)
        assert estimate.theta is not None
        assert estimate.variance is not None
        half = Z90 * math.sqrt(estimate.variance)
        hits += abs(student.theta - estimate.theta) <= half
        naive, naive_half = naive_pooling(student.observations)
        naive_hits += abs(student.theta - naive) <= naive_half
        conflicts += estimate.conflict
        width += 2 * half
        naive_width += 2 * naive_half
    return Covered(
        scenario=scenario,
        coverage=hits / count,
        naive_coverage=naive_hits / count,
        width=width / count,
        naive_width=naive_width / count,
        conflicts=conflicts / count,
    )


def naive_pooling(observations: Sequence[Observation], model: Model = MODEL) -> tuple[float, float]:
    """Mean and half of the 90 % interval, trait SD, taking all observations as independent.

    What fusion is without method variance: each weighs by its sigma alone.
    """
    weights = [1 / model.noise[one.source].sigma ** 2 for one in observations]
    variance = 1 / (1 / model.tau**2 + math.fsum(weights))
    pulls = (weight * one.x for weight, one in zip(weights, observations, strict=True))
    return variance * math.fsum(pulls), Z90 * math.sqrt(variance)


def _moved_by_nothing(student: Student) -> float:
    """How far an observation of a source that says nothing moves the mean, trait SD."""
    deaf = Model(dict(MODEL.noise) | {Source.TRANSCRIPTS: Noise(phi=1e6, sigma=1e6)})
    heard = [one for one in student.observations if one.source is not Source.TRANSCRIPTS]
    nothing = Observation("nothing", Source.TRANSCRIPTS, 3.0, NOW, "nothing")
    with_it = fuse(SKILL, [*heard, nothing], now=NOW, model=deaf).theta
    without = fuse(SKILL, heard, now=NOW, model=deaf).theta
    return 0.0 if with_it is None or without is None else abs(with_it - without)


def _floor_ratio(source: Source) -> float:
    """The variance that many duplicates reach, to the least that the source's phi allows."""
    many = [Observation(str(n), source, 1.0, NOW, str(n)) for n in range(DUPLICATES)]
    variance = fuse(SKILL, many, now=NOW).variance
    assert variance is not None
    return variance / (1 / (1 / MODEL.tau**2 + 1 / MODEL.noise[source].phi ** 2))


def _follows(student: Student) -> bool:
    """Whether one more observation beyond all others moves the score that way, either way."""
    before = fuse(SKILL, student.observations, now=NOW).theta
    assert before is not None
    xs = [one.x for one in student.observations]
    at = NOW - timedelta(days=1)

    def after(x: float) -> float:
        more = Observation("more", student.observations[0].source, x, at, "more")
        theta = fuse(SKILL, [*student.observations, more], now=NOW).theta
        assert theta is not None
        return theta

    return after(min(*xs, 0.0) - 0.1) < before < after(max(*xs, 0.0) + 0.1)
