"""Learning sessions and what is assigned."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import WITH_PERSON, WITH_PLAY, Holds
from learntrace.learning_sessions.kinds import Assigned, SessionType


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """The column holds one of these words."""
    allowed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({allowed})", name=column)


def of_student() -> ForeignKeyConstraint:
    """The row is of a student of its tenant."""
    return ForeignKeyConstraint(["school_id", "student_id"], ["students.school_id", "students.id"])


def of_assignment() -> ForeignKeyConstraint:
    """The row outlives the assignment that it was done for."""
    return ForeignKeyConstraint(
        ["school_id", "assignment_id"],
        ["assignments.school_id", "assignments.id"],
        ondelete="SET NULL (assignment_id)",
    )


def for_assignment(table: str) -> Index:
    """Finds what was done for an assignment, which most rows were not."""
    return Index(
        f"{table}_assignment_idx",
        *("school_id", "assignment_id"),
        postgresql_where=text("assignment_id is not null"),
    )


class LearningSession(Base):
    """One sitting with a tutor, or with what a tutor assigned.

    `source_id`: the scenario or content item that it is about. `started_by` is null where the
    game in the student's hands began it, `ended_at` while it goes on. `answers`: those that were
    told one by one, in order: [item, topic or null, right, instant].
    """

    __tablename__ = "learning_sessions"
    __table_args__ = (
        one_of("session_type", SessionType),
        CheckConstraint(
            "items_studied >= 0 and items_correct >= 0 and items_incorrect >= 0", name="counts"
        ),
        CheckConstraint("ended_at >= started_at", name="times"),
        of_student(),
        of_assignment(),
        for_assignment("learning_sessions"),
        Index(None, "school_id", "student_id", "started_at"),
    )
    holds = Holds(
        purpose="Work with a tutor that is no game: what on, how much, and how much was right.",
        kept=WITH_PLAY,
        identifiers=("id", "student_id", "assignment_id", "source_id"),
        circumstances=("session_type", "language", "details"),
        content=("items_studied", "items_correct", "items_incorrect", "answers"),
        staff=("started_by",),
        organisation=("school_id",),
        technical=("started_at", "ended_at"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID]
    assignment_id: Mapped[UUID | None]
    started_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    session_type: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(16))
    source_id: Mapped[UUID | None]
    items_studied: Mapped[int] = mapped_column(server_default="0")
    items_correct: Mapped[int] = mapped_column(server_default="0")
    items_incorrect: Mapped[int] = mapped_column(server_default="0")
    details: Mapped[Mapping[str, Any]] = mapped_column(JSONB, server_default="{}")
    answers: Mapped[Sequence[Any]] = mapped_column(JSONB, server_default="[]")
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Assignment(Base):
    """What a student is to do: a scenario, a content item, or a review of the cards that are due.

    `source_id` is null for a review; `class_id` names the class that it was assigned to. The same
    thing stands open once for each student.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        one_of("kind", Assigned),
        CheckConstraint("(kind = 'review') = (source_id is null)", name="source"),
        of_student(),
        Index(
            "assignments_open_idx",
            *("school_id", "student_id", "kind", "source_id"),
            unique=True,
            postgresql_where=text("done_at is null"),
            postgresql_nulls_not_distinct=True,
        ),
        Index(None, "school_id", "student_id", "assigned_at"),
    )
    holds = Holds(
        purpose="What a teacher gave a student to do, until when, and when it was done.",
        kept=WITH_PERSON,
        identifiers=("id", "student_id", "source_id"),
        circumstances=("kind", "due_on", "done_at", "assigned_at"),
        staff=("assigned_by",),
        organisation=("school_id", "class_id"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID]
    class_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(String(10))
    source_id: Mapped[UUID | None]
    assigned_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    assigned_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None] = mapped_column(Instant)
