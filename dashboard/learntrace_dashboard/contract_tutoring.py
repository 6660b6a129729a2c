"""The shapes of the API's answers about lessons: scenarios, content, reviews, conversations."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from learntrace_dashboard.contract import Answer
from learntrace_dashboard.contract_library import Phase


class Told(Answer):
    """One answer of the student, right or wrong."""

    item: str
    correct: bool


def told_of(item: str, answers: Sequence[Told]) -> list[bool]:
    """How each answer to an item was, the first given first."""
    return [one.correct for one in answers if one.item == item]


class Outcome(Answer):
    """What became of a scenario."""

    phases_completed: int
    total_phases: int
    vocabulary_mastered: int
    objectives_completed: int


class RunLine(Answer):
    """A student's way through a scenario; `outcome` and `ended_at` are None while it goes on.

    The lesson that it leaves has the same id.
    """

    id: str
    scenario_id: str
    title: str
    language: str
    phases_completed: int
    total_phases: int
    outcome: Outcome | None = None
    started_at: datetime
    ended_at: datetime | None = None


class RunPage(Answer):
    """One page of a student's ways, the last begun first."""

    items: tuple[RunLine, ...] = ()
    next_cursor: str | None = None


class PhaseOfRun(Phase):
    """A phase as it was when the student began, and what was met of it, by aim."""

    completed: bool
    met: Mapping[str, tuple[str, ...]] = {}


class Run(RunLine):
    """A student's way through a scenario with its phases and the answers given, in order."""

    phases: tuple[PhaseOfRun, ...]
    answers: tuple[Told, ...] = ()


class Runs(Answer):
    """A student's ways through one scenario, one that goes on first."""

    items: tuple[Run, ...] = ()


class LessonLine(Answer):
    """A learning session; `ended_at` and `duration_seconds` are None while it goes on."""

    id: str
    student_id: str
    session_type: str
    language: str
    source_id: str | None = None
    items_correct: int
    items_incorrect: int
    metadata: Mapping[str, Any] = {}
    started_at: datetime
    ended_at: datetime | None = None
    duration_seconds: float | None = None

    @property
    def title(self) -> str | None:
        """What it is about, where it is about something."""
        return self._noted("title")

    @property
    def note(self) -> str | None:
        """What was noted of it here."""
        return self._noted("note")

    def _noted(self, name: str) -> str | None:
        value = self.metadata.get(name)
        return value if isinstance(value, str) and value else None


class LessonPage(Answer):
    """One page of a student's learning sessions, the last begun first."""

    items: tuple[LessonLine, ...] = ()
    next_cursor: str | None = None


class Lesson(LessonLine):
    """A learning session with the answers given in it, in order."""

    answers: tuple[Told, ...] = ()


class Studies(Answer):
    """A student's studies of one content item, the last first.

    `mastery`: share of its words and questions whose last answer was right, None where it has none.
    """

    mastery: float | None = None
    items: tuple[LessonLine, ...] = ()


class Card(Answer):
    """A word that is asked for again; `due_at` is when."""

    id: str
    language: str
    front: str
    back: str
    due_at: datetime


class CardPage(Answer):
    """Cards, the first due first."""

    items: tuple[Card, ...] = ()


class Assignment(Answer):
    """Something that a student is to do; `title` is None for a review and for what is gone."""

    id: str
    kind: str
    source_id: str | None = None
    title: str | None = None
    assigned_at: datetime
    due_on: date | None = None

    def is_overdue(self, today: date) -> bool:
        """Whether its day is over."""
        return self.due_on is not None and self.due_on < today
