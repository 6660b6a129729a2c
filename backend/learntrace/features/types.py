"""What a feature's value is, and the settings and results of an extraction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from learntrace.events.types import Behaviour

Value = float | int | bool


class Reason(StrEnum):
    """Why a feature has no value; the words for people are in the catalogue."""

    NO_CLOSED_TASKS = "no_closed_tasks"
    NO_REFERENCE = "no_reference"
    NO_FAILURES = "no_failures"
    TOO_LITTLE_TIME = "too_little_time"
    TOO_FEW_EVENTS = "too_few_events"
    NO_OPPORTUNITY = "no_opportunity"
    TOO_FEW_OPPORTUNITIES = "too_few_opportunities"


class TalkReason(StrEnum):
    """Why a feature of talk has no value; the words for people are in the catalogue of talk."""

    NOT_REVIEWED = "not_reviewed"
    LANGUAGE = "language"
    NO_ROLES = "no_roles"
    NO_STUDENT = "no_student"
    TOO_FEW_WORDS = "too_few_words"
    NOBODY_ELSE = "nobody_else"
    TOO_LITTLE_TIME = "too_little_time"
    NO_PUNCTUATION = "no_punctuation"


@dataclass(frozen=True, slots=True)
class Measure:
    """A feature's value, or the reason why there is none: always exactly one of the two.

    `cut_off`: the value would be larger had the play been watched for longer. `evidence` is how
    much the value rests on, or how much there was too little of, in the catalogue's unit.
    """

    value: Value | None
    reason: Reason | TalkReason | None = None
    cut_off: bool = False
    evidence: float = 0.0

    def __post_init__(self) -> None:
        if (self.value is None) is (self.reason is None):
            raise ValueError("A measure has either a value or a reason.")


class Outcome(StrEnum):
    """How one go at a task went on."""

    COMPLETED = "completed"
    ABANDONED = "abandoned"
    ENDED = "ended"
    TIMED_OUT = "timed_out"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class TaskInstance:
    """One go at a task, from start to completion, abandonment, silence or the session's end.

    `ended_at` is `None` while open. `started` is false where the game told of no start: the
    first thing done at the task opened it, so its times are no measure of the whole.
    """

    task: str
    started_at: datetime
    ended_at: datetime | None
    outcome: Outcome
    attempts: int
    failures: int
    active_time_s: float
    started: bool


@dataclass(frozen=True, slots=True)
class FeatureSettings:
    """Seconds. `idle_threshold_s`: the longest gap that counts as activity; `silence_s`: silence
    that ends a task; `opening_s`: see `learntrace.events.openings`.
    """

    idle_threshold_s: float = 30.0
    silence_s: float = 1800.0
    opening_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Completion:
    """A task completed, seen from start to end, and the active seconds it took."""

    task: str
    active_s: float


@dataclass(frozen=True, slots=True)
class AnswerTime:
    """An answer to an item and the active seconds from when the item could be answered."""

    item: str
    answer_s: float


@dataclass(frozen=True, slots=True)
class SessionFeatures:
    """All that one game session says about how it was played.

    `features` holds every name of the catalogue; `tasks` stand in the order of their starts;
    `completions` and `answers` are what reference tables are built from.
    """

    extractor_version: int
    reference_version: int | None
    features: Mapping[str, Measure]
    tasks: tuple[TaskInstance, ...]
    completions: tuple[Completion, ...]
    answers: tuple[AnswerTime, ...]
    behaviour_counts: Mapping[Behaviour, int]
    tasks_completed: int
    failures: int
