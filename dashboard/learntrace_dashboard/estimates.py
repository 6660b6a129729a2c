"""Estimates of skills as people read them: a place on a line, words, what is missing. Pure.

A social-emotional skill is never written as a number: it has a place between less and more seen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import quantiles

from learntrace_dashboard.contract_skills import (
    Knowledge,
    Missing,
    SkillEstimate,
    StudentSkills,
)
from learntrace_dashboard.texts import Texts

SKILLS = (
    "empathy",
    "adaptability",
    "problem_solving",
    "self_regulation",
    "resilience",
    "communication",
    "collaboration",
)
LEAST_CLASS = 10
INSUFFICIENT = "insufficient"
# Sand to teal, which those who see no red or green tell apart; paler with less evidence.
SAND, TEAL, WHITE = (222, 190, 130), (120, 190, 188), (255, 255, 255)
STRENGTH = {"little": 0.35, "some": 0.65, "a_lot": 1.0}


@dataclass(frozen=True)
class Line:
    """A dot with its interval on a line from 0 to 1, and a band to compare with."""

    low: float
    at: float
    high: float
    band: tuple[float, float] | None = None


class Estimates:
    """Writes estimates in one language."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def skill(self, skill: str) -> str:
        """The skill's name; a new one of the API is shown as it is."""
        key = f"skill.{skill}"
        return self.texts(key) if self.texts.has(key) else skill

    def place(self, one: SkillEstimate) -> str:
        """Where it lies and could lie, in words; without a score what is missing."""
        line = line_of(one)
        return self.between(line.at, line.low, line.high) if line else self.missing(one.missing)

    def between(self, score: float, low: float, high: float) -> str:
        """Around the middle; could lie anywhere from less seen to more seen."""
        place = self.texts(f"place.{_zone(score)}")
        ends = [self.texts(f"end.{_zone(end)}") for end in (low, high)]
        if ends[0] == ends[1]:
            return self.texts("skills.surely", place=place)
        return self.texts("skills.could_be", place=place, low=ends[0], high=ends[1])

    def missing(self, missing: Sequence[Missing]) -> str:
        """Needs 2 more finished levels, 1 more day of play."""
        if not missing:
            return self.texts("skills.needs_more")
        return self.texts("skills.needs", missing=", ".join(one.words for one in missing))

    def label(self, one: SkillEstimate) -> str:
        """How much evidence, and whether the sources agree."""
        key = f"label.{one.label}"
        words = self.texts(key) if self.texts.has(key) else one.label
        return f"{words}; {self.texts('skills.conflict')}" if one.conflict else words

    def mastery(self, one: Knowledge) -> str:
        """62 % (from 48 % to 75 %)."""
        return self.texts(
            "skills.know_cell", value=percent(one.value), low=percent(one.low),
            high=percent(one.high),
        )  # fmt: skip

    def interval(self, one: Knowledge) -> str:
        """48 % to 75 %."""
        return self.texts("skills.from_to", low=percent(one.low), high=percent(one.high))

    def middle(self, band: tuple[float, float]) -> str:
        """Where the middle half of a class lies."""
        low, high = (_zone(end) for end in band)
        if low == high:
            return self.texts("skills.class_close", place=self.texts(f"place.{low}"))
        ends = {"low": self.texts(f"end.{low}"), "high": self.texts(f"end.{high}")}
        return self.texts("skills.class_middle", **ends)


def skill_order(skill: str) -> tuple[int, str]:
    """What a skill sorts by: the one order in which skills are always shown, new ones last."""
    return (SKILLS.index(skill) if skill in SKILLS else len(SKILLS), skill)


def in_order(skills: Iterable[SkillEstimate]) -> list[SkillEstimate]:
    """Estimates in the order of their skills."""
    return sorted(skills, key=lambda one: skill_order(one.skill))


def line_of(one: SkillEstimate, band: tuple[float, float] | None = None) -> Line | None:
    """What is drawn of an estimate; None without a score, or with too little evidence for one."""
    known = one.label != INSUFFICIENT
    if not known or one.score is None or one.low is None or one.high is None:
        return None
    return Line(one.low, one.score, one.high, band)


def tint_of(one: SkillEstimate) -> str | None:
    """The colour of a cell of the heat map; None where no line is drawn."""
    line = line_of(one)
    if line is None:
        return None
    end = SAND if line.at < 0.5 else TEAL
    share = abs(line.at - 0.5) * 2 * STRENGTH.get(one.label, 0.35)
    mixed = (round(w + (e - w) * share) for w, e in zip(WHITE, end, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def class_bands(students: Iterable[StudentSkills]) -> dict[str, tuple[float, float]]:
    """By skill, the middle half of a class; skills with fewer than 10 estimates are missing."""
    scores: dict[str, list[float]] = {}
    for student in students:
        for one in student.skills:
            line = line_of(one)
            if line:
                scores.setdefault(one.skill, []).append(line.at)
    bands = {}
    for skill, known in scores.items():
        if len(known) >= LEAST_CLASS:
            quarter, _, three_quarters = quantiles(known, n=4, method="inclusive")
            bands[skill] = (quarter, three_quarters)
    return bands


def percent(share: float) -> int:
    """A share as a whole number of hundredths."""
    return round(share * 100)


def _zone(score: float) -> str:
    if score < 1 / 3:
        return "less"
    return "middle" if score <= 2 / 3 else "more"
