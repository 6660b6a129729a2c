"""What an estimate of a skill is made of. Pure values; nothing here computes.

`trait SD` is the unit of all strengths: the standard deviation of the skill in the reference
population, 0 its mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Skill(StrEnum):
    """The seven social-emotional skills, in the order in which they are shown."""

    EMPATHY = "empathy"
    ADAPTABILITY = "adaptability"
    PROBLEM_SOLVING = "problem_solving"
    SELF_REGULATION = "self_regulation"
    RESILIENCE = "resilience"
    COMMUNICATION = "communication"
    COLLABORATION = "collaboration"


class Source(StrEnum):
    """The ways of learning something about a student. What one way gets wrong, it gets wrong
    each time, so much of one source is worth less than little of several.
    """

    GAME_PLAY = "game_play"
    LEARNING_SESSIONS = "learning_sessions"
    TRANSCRIPTS = "transcripts"
    TEACHER_RATINGS = "teacher_ratings"


@dataclass(frozen=True, slots=True)
class Observation:
    """One piece of evidence on one skill.

    `x`: how much of the skill it speaks for, trait SD, more is more. `at`: aware. `occasion`: what
    counts as one sitting (a game session, a teacher's day); however many observations an occasion
    has, together they count at most as one. `weight`: 0..1, how much of an observation it is.
    `kind`: a feature's name, `mastery` or `rating`; `value` in `unit` is what was seen and `words`
    says it in one plain clause without a full stop.
    """

    evidence_id: str
    source: Source
    x: float
    at: datetime
    occasion: str
    weight: float = 1.0
    kind: str = ""
    value: float | int | bool | None = None
    unit: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Trust:
    """A school's factors by source and skill, 0 to 2, which multiply what a source is worth.

    Where none is set it is 1; with 0 the source does not count. Raises `ValueError` outside 0..2.
    """

    factors: Mapping[tuple[Source, Skill], float]

    def __post_init__(self) -> None:
        if not all(0 <= factor <= 2 for factor in self.factors.values()):
            raise ValueError("A trust factor is from 0 to 2.")

    def of(self, source: Source, skill: Skill) -> float:
        """The factor for evidence of `source` on `skill`."""
        return self.factors.get((source, skill), 1.0)


FULL_TRUST: Final = Trust({})
"""Every source by its own precision: what holds until a school says otherwise."""


class Label(StrEnum):
    """How much evidence an estimate rests on; nothing about how good the student is."""

    INSUFFICIENT = "insufficient"
    LITTLE = "little"
    SOME = "some"
    A_LOT = "a_lot"

    @property
    def words(self) -> str:
        """In words for teachers. Never "confidence": no skill is validated."""
        return _LABEL_WORDS[self]


_LABEL_WORDS: Final[Mapping[Label, str]] = {
    Label.INSUFFICIENT: "not enough evidence yet",
    Label.LITTLE: "a little evidence",
    Label.SOME: "some evidence",
    Label.A_LOT: "a lot of evidence",
}


class Lack(StrEnum):
    """What there is too little of; the words for people are in `labels.missing_words`."""

    OBSERVATIONS = "observations"
    OCCASIONS = "occasions"
    DAYS = "days"
    PRECISION = "precision"
    CLOSED_TASKS = "closed_tasks"
    FAILURES = "failures"
    FAILED_TASKS = "failed_tasks"
    OPPORTUNITIES = "opportunities"
    COLLABORATION_CHANCES = "collaboration_chances"
    LEADERSHIP_CHANCES = "leadership_chances"
    ANSWERS = "answers"
    PLAYERS = "players"
    RATINGS = "ratings"


@dataclass(frozen=True, slots=True)
class Missing:
    """`count` more of `what` is needed; `count` is 1 or more."""

    what: Lack
    count: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A skill of a student as far as the evidence goes. Not validated.

    `score`, `low` and `high`: 0..1, position in the reference population and its 90 % interval;
    `theta` and `variance`: the same in trait SD and its square. All five are `None` together, when
    nothing counted. `evidence` pairs the id of each observation that counted with its weight; with
    `prior_weight`, how far the estimate still rests on knowing nothing, the weights sum to 1.
    `conflict`: the sources contradict each other more than chance explains. `missing` is empty
    unless the label is `insufficient`.
    """

    skill: Skill
    score: float | None
    low: float | None
    high: float | None
    theta: float | None
    variance: float | None
    label: Label
    conflict: bool
    evidence: tuple[tuple[str, float], ...]
    prior_weight: float
    missing: tuple[Missing, ...]
