"""Scenarios, and how far students are in them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import FOR_GOOD, WITH_PLAY, Holds
from learntrace.learning_sessions.models import for_assignment, of_assignment, of_student, one_of
from learntrace.learning_sessions.scenarios.types import Difficulty


class Scenario(Base):
    """A scenario of a tenant; `key` is its name in files, with which it is imported again.

    `phases`: as `schemas.PhaseIn` writes them.
    """

    __tablename__ = "scenarios"
    __table_args__ = (
        one_of("difficulty", Difficulty),
        Index(None, "school_id", "key", unique=True),
    )
    holds = Holds(
        purpose="Scenarios that a school works with.",
        kept=FOR_GOOD,
        organisation=("school_id", "id", "key", "title", "description", "category"),
        technical=("difficulty", "language", "phases", "created_at", "updated_at"),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(60))
    difficulty: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(16))
    phases: Mapped[Sequence[Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)


class ScenarioRun(Base):
    """One student's way through a scenario; one at a time is open for each scenario.

    `title`, `language` and `phases` are the scenario's as they were when it began. `met`: phase ->
    aim -> what was met. `answers` as those of a learning session. `outcome` is null until it is
    completed.
    """

    __tablename__ = "scenario_runs"
    __table_args__ = (
        CheckConstraint("(ended_at is null) = (outcome is null)", name="outcome"),
        of_student(),
        of_assignment(),
        for_assignment("scenario_runs"),
        Index(
            "scenario_runs_open_idx",
            *("school_id", "student_id", "scenario_id"),
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
        Index(None, "school_id", "student_id", "started_at"),
    )
    holds = Holds(
        purpose="How far a student is in a scenario, and what became of it.",
        kept=WITH_PLAY,
        identifiers=("id", "student_id", "assignment_id"),
        content=("met", "answers"),
        derived=("outcome",),
        staff=("started_by",),
        organisation=("school_id", "scenario_id", "title", "language", "phases"),
        technical=("started_at", "updated_at", "ended_at"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID]
    scenario_id: Mapped[UUID]
    assignment_id: Mapped[UUID | None]
    started_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(16))
    phases: Mapped[Sequence[Any]] = mapped_column(JSONB)
    met: Mapped[Mapping[str, Any]] = mapped_column(JSONB, server_default="{}")
    answers: Mapped[Sequence[Any]] = mapped_column(JSONB, server_default="[]")
    outcome: Mapped[Mapping[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    started_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
