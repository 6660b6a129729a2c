"""What is known of each student's skills, on what it rests, and what of it is to be made anew."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import FOR_GOOD, MADE_ANEW, WITH_PERSON, WITH_PLAY, Holds


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
    holds = Holds(
        purpose="What teachers saw of a skill: evidence of assessments.",
        kept=f"{WITH_PERSON} A teacher may delete their own.",
        identifiers=("id", "student_id"),
        judgement=("skill", "level", "observed_on", "created_at"),
        staff=("rater_id",),
        organisation=("school_id",),
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
    holds = Holds(
        purpose="What teachers write about a student for each other.",
        kept=f"{WITH_PERSON} A teacher may delete their own.",
        identifiers=("id", "student_id"),
        judgement=("text", "created_at"),
        staff=("author_id",),
        organisation=("school_id",),
    )

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
    holds = Holds(
        purpose="How much a school trusts each source of evidence; who changed it when.",
        kept=FOR_GOOD,
        staff=("created_by",),
        organisation=("school_id", "version", "trust", "created_at"),
    )

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
    holds = Holds(
        purpose="The marked answers of a game session: what knowledge is computed from.",
        kept=WITH_PLAY,
        identifiers=("game_session_id", "student_id"),
        derived=("event_count", "answers", "answer_count", "first_at"),
        organisation=("school_id", "game_id"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    game_session_id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID]
    game_id: Mapped[UUID]
    event_count: Mapped[int]
    answers: Mapped[list[Any]] = mapped_column(JSONB)
    answer_count: Mapped[int]
    first_at: Mapped[datetime | None] = mapped_column(Instant)


class AnsweredItem(Base):
    """An item of a skill that pupils of a tenant answered, as one version of the mapping reads it.

    The skill itself stands with an empty `item`. `student_ids`: the first who did, at most three.
    """

    __tablename__ = "answered_items"
    holds = Holds(
        purpose="Which skills and items several pupils answered: only those are shown to others.",
        kept="until another mapping is in force; until the students are erased at the latest.",
        identifiers=("student_ids",),
        derived=("skill", "item"),
        organisation=("school_id", "game_id"),
        technical=("mapping_version",),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    game_id: Mapped[UUID] = mapped_column(primary_key=True)
    mapping_version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    skill: Mapped[str] = mapped_column(String(200), primary_key=True)
    item: Mapped[str] = mapped_column(String(200), primary_key=True)
    student_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))


class ItemTableVersion(Base):
    """How easy a game's items and skills are for a tenant's pupils; one row a version."""

    __tablename__ = "item_tables"
    holds = Holds(
        purpose="How easy a game's items are for all pupils of a school together.",
        kept=MADE_ANEW,
        derived=("body", "answer_count"),
        organisation=("school_id", "game_id"),
        technical=("version", "created_at"),
    )

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
    holds = Holds(
        purpose="What a student knows of a game's skills, as numbers of the model.",
        kept=WITH_PERSON,
        identifiers=("student_id",),
        derived=("answer_count", "state"),
        organisation=("school_id", "game_id"),
        technical=("table_version", "updated_at"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID] = mapped_column(primary_key=True)
    game_id: Mapped[UUID] = mapped_column(primary_key=True)
    table_version: Mapped[int]
    answer_count: Mapped[int]
    state: Mapped[Mapping[str, Any]] = mapped_column(JSONB)
    updated_at: Mapped[datetime] = mapped_column(Instant)


class PopulationVersion(Base):
    """How a tenant's pupils play a game, or talk, feature by feature; one row a version.

    Talk in a language stands under an id of its own instead of a game's.
    """

    __tablename__ = "populations"
    holds = Holds(
        purpose="How all pupils of a school together play a game or talk, feature by feature.",
        kept=MADE_ANEW,
        derived=("body", "session_count"),
        organisation=("school_id", "game_id"),
        technical=("version", "created_at"),
    )

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
    holds = Holds(
        purpose="What is estimated of a student's skills, with its evidence, for the teacher.",
        kept=WITH_PLAY,
        identifiers=("id", "student_id"),
        derived=("assessed_at", "body"),
        organisation=("school_id",),
        technical=("model", "basis"),
    )

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
    holds = Holds(
        purpose="Who is to be assessed anew.",
        kept="until that is done; until the student is erased at the latest.",
        identifiers=("student_id",),
        organisation=("school_id",),
        technical=("marks", "next_at", "attempts"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID] = mapped_column(primary_key=True)
    marks: Mapped[int] = mapped_column(Integer, server_default="1")
    next_at: Mapped[datetime] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")


class RefitDue(Base):
    """A table of a tenant's game that is to be made anew, because answers in it were erased.

    `what`: `item_table`, `population` or `reference`; `marks` counts the erasures, like those of
    `AssessmentDue`.
    """

    __tablename__ = "refits_due"
    holds = Holds(
        purpose="Which tables are to be made anew, because somebody in them was erased.",
        kept="until that is done.",
        organisation=("school_id", "game_id"),
        technical=("what", "marks"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    game_id: Mapped[UUID] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(20), primary_key=True)
    marks: Mapped[int] = mapped_column(Integer, server_default="1")
