"""The shapes of the API's answers about scenarios, content and what is assigned."""

from datetime import date, datetime
from typing import Final, Literal

from learntrace_dashboard.contract import Answer

Kind = Literal["scenario", "content", "review"]
DIFFICULTIES: Final = ("beginner", "intermediate", "advanced", "native")
"""The easiest first."""
CONTENT_TYPES: Final = ("text", "dialogue", "exercise", "audio", "video")


class Word(Answer):
    """A word to learn, and what it means."""

    term: str
    meaning: str


class Phase(Answer):
    """A part of a scenario."""

    key: str
    title: str
    vocabulary: tuple[Word, ...] = ()
    phrases: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    success_criteria: tuple[str, ...] = ()


class Scenario(Answer):
    """A scenario of the school."""

    id: str
    title: str
    description: str
    category: str
    difficulty: str
    language: str
    phases: tuple[Phase, ...] = ()


class Question(Answer):
    """A question and its answer."""

    question: str
    answer: str


class Material(Answer):
    """What a content item is studied with."""

    title: str
    vocabulary: tuple[Word, ...] = ()
    questions: tuple[Question, ...] = ()


class ContentItem(Answer):
    """Something to study; `favourite`: of whoever asked."""

    id: str
    owner_id: str
    owner_name: str
    favourite: bool = False
    source_url: str | None = None
    title: str
    content_type: str
    language: str
    difficulty: str
    text: str = ""
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    materials: tuple[Material, ...] = ()

    @property
    def to_learn(self) -> frozenset[str]:
        """Its words and questions, each once, as answers name them."""
        words = {word.term for one in self.materials for word in one.vocabulary}
        return frozenset(
            words | {asked.question for one in self.materials for asked in one.questions}
        )


class ContentPage(Answer):
    """One page of content by title; `next_cursor` is None on the last one."""

    items: tuple[ContentItem, ...] = ()
    next_cursor: str | None = None


class Facets(Answer):
    """What the school's content can be found by."""

    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class Part(Answer):
    """What one student was given; `done_at` is None while it is to be done."""

    assignment_id: str
    student_id: str
    done_at: datetime | None = None


class Task(Answer):
    """What students of a class were given at once.

    `title` is None for a review and for what is gone, `class_id` where single students were
    chosen.
    """

    kind: str
    source_id: str | None = None
    title: str | None = None
    class_id: str | None = None
    assigned_at: datetime
    due_on: date | None = None
    students: tuple[Part, ...]

    @property
    def id(self) -> str:
        """What it is called in an address: the first of its assignments."""
        return self.students[0].assignment_id

    @property
    def done(self) -> tuple[Part, ...]:
        """Of those who have done it."""
        return tuple(one for one in self.students if one.done_at is not None)

    @property
    def to_do(self) -> tuple[Part, ...]:
        """Of those who have it still to do."""
        return tuple(one for one in self.students if one.done_at is None)

    def is_overdue(self, today: date) -> bool:
        """Whether its day is over and somebody has not done it."""
        return self.due_on is not None and self.due_on < today and bool(self.to_do)


class TasksPage(Answer):
    """One page of what a class was given, the last first."""

    items: tuple[Task, ...] = ()
    next_cursor: str | None = None


class Given(Answer):
    """To how many students something was assigned, and who had it to do already."""

    assigned: int
    already: tuple[str, ...] = ()


class Withdrawn(Answer):
    """From whom something was taken back."""

    student_ids: tuple[str, ...] = ()
