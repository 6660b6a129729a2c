"""Learning sessions as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from learntrace.kit.paging import NextCursor
from learntrace.kit.wire import SOME_TEXT, Id, In, Instant, Out, without_nul
from learntrace.learning_sessions import answering
from learntrace.learning_sessions.answering import Answered, Stored
from learntrace.learning_sessions.callers import LearningCaller
from learntrace.learning_sessions.details import Details
from learntrace.learning_sessions.kinds import SessionType, accuracy_rate, written_language
from learntrace.learning_sessions.models import LearningSession

MOST_ITEMS = 100_000
MOST_ANSWERS_AT_ONCE = 200
EITHER = "Send counts or answers: answers raise the counts."

Language = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?$", max_length=16),
    AfterValidator(written_language),
    Field(examples=["en"], description="A BCP 47 tag; its case says nothing."),
]
Count = Annotated[int | None, Field(ge=0, le=MOST_ITEMS, strict=True)]
ItemName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(without_nul),
    Field(examples=["the ticket"], json_schema_extra=SOME_TEXT),
]
AccuracyRate = Annotated[
    float | None,
    Field(ge=0, le=1, description="Right answers of all; null where nothing was answered."),
]


class AnswerIn(In):
    """One answer, in the order in which they were given."""

    item: ItemName
    topic: ItemName | None = None
    correct: bool

    def answered(self, at: datetime) -> Answered:
        return Answered(self.item, self.topic, self.correct, at)


class AnswerOut(Out):
    """One answer, as it was told; `at` is when."""

    item: str
    topic: str | None
    correct: bool
    at: Instant

    @classmethod
    def of(cls, stored: Sequence[Stored]) -> list[Self]:
        """The answers of a column, in order."""
        return [
            cls(item=one.item, topic=one.topic, correct=one.correct, at=one.at)
            for one in answering.read(stored)
        ]


TakenBack = Annotated[
    list[ItemName],
    Field(
        max_length=MOST_ANSWERS_AT_ONCE,
        description="Items whose last answer was told by mistake; it goes before `answers` come.",
    ),
]


class SessionIn(In):
    student_id: Id
    session_type: SessionType
    language: Language
    source_id: Annotated[
        Id | None, Field(description="The scenario or content item that it is about.")
    ] = None
    metadata: Details = Field(default_factory=dict)


class SessionChange(In):
    """What is left out stays as it is. `answers` raise the counts, so both are not sent at once."""

    items_studied: Count = None
    items_correct: Count = None
    items_incorrect: Count = None
    answers: list[AnswerIn] = Field(default_factory=list, max_length=MOST_ANSWERS_AT_ONCE)
    taken_back: TakenBack = Field(default_factory=list)
    metadata_update: Details = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = (self.items_studied, self.items_correct, self.items_incorrect)
        if (self.answers or self.taken_back) and any(one is not None for one in given):
            raise ValueError(EITHER)
        return self


class SessionLine(Out):
    """`ended_at` and `duration_seconds` are null while it goes on; `metadata` has the `title` of
    what it is about.
    """

    id: Id
    student_id: Id
    session_type: SessionType
    language: Language
    source_id: Id | None
    assignment_id: Id | None
    items_studied: int
    items_correct: int
    items_incorrect: int
    accuracy_rate: AccuracyRate
    metadata: dict[str, Any]
    started_at: Instant
    ended_at: Instant | None
    duration_seconds: Annotated[float | None, Field(ge=0)]

    @classmethod
    def of(cls, stored: LearningSession, caller: LearningCaller) -> Self:
        return cls(**cls._members(stored), metadata=caller.told(stored.details))

    @classmethod
    def _members(cls, stored: LearningSession) -> dict[str, Any]:
        ended_at = stored.ended_at
        lasted = None if ended_at is None else (ended_at - stored.started_at).total_seconds()
        return {
            "id": stored.id,
            "student_id": stored.student_id,
            "session_type": SessionType(stored.session_type),
            "language": stored.language,
            "source_id": stored.source_id,
            "assignment_id": stored.assignment_id,
            "items_studied": stored.items_studied,
            "items_correct": stored.items_correct,
            "items_incorrect": stored.items_incorrect,
            "accuracy_rate": accuracy_rate(stored.items_correct, stored.items_incorrect),
            "started_at": stored.started_at,
            "ended_at": ended_at,
            "duration_seconds": lasted,
        }


class SessionOut(SessionLine):
    """A learning session with the answers that were told one by one, in order."""

    answers: list[AnswerOut]

    @classmethod
    def _members(cls, stored: LearningSession) -> dict[str, Any]:
        return super()._members(stored) | {"answers": AnswerOut.of(stored.answers)}


class SessionPage(Out):
    items: list[SessionLine]
    next_cursor: NextCursor
