"""What is known of each student's skills, on what it rests, and what of it is to be made anew."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant


def _of_student() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["school_id", "student_id"], ["students.school_id", "students.id"])


class Rating(Base):
    """What a teacher saw of one skill, as a level of the rubric, 1 to 4."""

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint("level between 1 and 4", name="level"),
        _of_student(),
        Index(None, "school_id", "student_id"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID]
    rater_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    skill: Mapped[str] = mapped_column(String(40))
    level: Mapped[int]
    observed_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(Instant)


class Note(Base):
    """What a teacher wrote about a student, for those who may see the student."""

    __tablename__ = "notes"
    __table_args__ = (_of_student(), Index(None, "school_id", "student_id"))

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(String(2000))
    created_at: Mapped[datetime] = mapped_column(Instant)


class FusionWeights(Base):
    """How much a school trusts each source for each skill; one row a version, the newest counts.

    `trust`: skill -> source -> 0 to 2; what is left out is 1.
    """

    __tablename__ = "fusion_weights"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    trust: Mapped[Mapping[str, Any]] = mapped_column(JSONB)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)


class SessionAnswers(Base):
    """The answers given in one game session, in canonical order: [at, item, skill, correct]."""

    __tablename__ = "session_answers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["school_id", "game_session_id"], ["game_sessions.school_id", "game_sessions.id"]
        ),
        Index(None, "school_id", "student_id"),
        Index(None, "school_id", "game_id"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    game_session_id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID]
    game_id: Mapped[UUID]
    event_count: Mapped[int]
    answers: Mapped[list[Any]] = mapped_column(JSONB)
    answer_count: Mapped[int]
    first_at: Mapped[datetime | None] = mapped_column(Instant)


class ItemTableVersion(Base):
    """How easy a game's items and skills are for a tenant's pupils; one row a version."""

    __tablename__ = "item_tables"

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    game_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    answer_count: Mapped[int]
    body: Mapped[Mapping[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(Instant)


class KnowledgeState(Base):
    """What a student knows of one game's skills after `answer_count` answers.

    It is those answers replayed with one version of the item table.
    """

    __tablename__ = "knowledge_states"
    __table_args__ = (_of_student(),)

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID] = mapped_column(primary_key=True)
    game_id: Mapped[UUID] = mapped_column(primary_key=True)
    table_version: Mapped[int]
    answer_count: Mapped[int]
    state: Mapped[Mapping[str, Any]] = mapped_column(JSONB)
    updated_at: Mapped[datetime] = mapped_column(Instant)


class PopulationVersion(Base):
    """How a tenant's pupils play a game, feature by feature; one row a version."""

    __tablename__ = "populations"

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    game_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    session_count: Mapped[int]
    body: Mapped[Mapping[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Assessment(Base):
    """What was estimated of a student at one time, with all evidence; the newest id counts.

    `basis` is a digest of the versions and the evidence that `body` rests on.
    """

    __tablename__ = "assessments"
    __table_args__ = (_of_student(),)

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    assessed_at: Mapped[datetime] = mapped_column(Instant)
    model: Mapped[str] = mapped_column(String(40))
    basis: Mapped[str] = mapped_column(String(64))
    body: Mapped[Mapping[str, Any]] = mapped_column(JSONB)


class AssessmentDue(Base):
    """A student of whom something underneath has changed since the newest assessment.

    `marks` counts the changes, so that one that comes while the student is being assessed is not
    lost; a worker may take the student at `next_at`.
    """

    __tablename__ = "assessments_due"
    __table_args__ = (_of_student(), Index(None, "next_at"))

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID] = mapped_column(primary_key=True)
    marks: Mapped[int] = mapped_column(Integer, server_default="1")
    next_at: Mapped[datetime] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
