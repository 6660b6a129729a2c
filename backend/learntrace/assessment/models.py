"""Features of assessed sessions and checked transcripts; tables that sessions were judged by."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import MADE_ANEW, WITH_PLAY, Holds


class SessionFeatures(Base):
    """What was extracted from one game session, with the versions it rests on.

    `features`: name -> {value, reason, cut_off}; `tasks`: the task instances in order;
    `observations`: completion and answer times, from which the reference tables are built.
    """

    __tablename__ = "session_features"
    __table_args__ = (
        ForeignKeyConstraint(
            ["school_id", "game_session_id"], ["game_sessions.school_id", "game_sessions.id"]
        ),
        Index(
            "session_features_game_idx",
            "school_id",
            "game_id",
            postgresql_include=["observation_count"],
        ),
    )
    holds = Holds(
        purpose="What was measured in a game session: the evidence of assessments.",
        kept=WITH_PLAY,
        identifiers=("game_session_id",),
        derived=(
            "event_count",
            "features",
            "tasks",
            "observations",
            "observation_count",
            "active_time_s",
            "tasks_completed",
            "failures",
        ),
        organisation=("school_id", "game_id"),
        technical=("extractor_version", "mapping_version", "reference_version", "assessed_at"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    game_session_id: Mapped[UUID] = mapped_column(primary_key=True)
    game_id: Mapped[UUID]
    event_count: Mapped[int]
    extractor_version: Mapped[int]
    mapping_version: Mapped[int]
    reference_version: Mapped[int | None]
    features: Mapped[Mapping[str, Any]] = mapped_column(JSONB)
    tasks: Mapped[list[Any]] = mapped_column(JSONB)
    observations: Mapped[Mapping[str, Any]] = mapped_column(JSONB)
    observation_count: Mapped[int]
    active_time_s: Mapped[float]
    tasks_completed: Mapped[int]
    failures: Mapped[int]
    assessed_at: Mapped[datetime] = mapped_column(Instant)


class TranscriptFeatures(Base):
    """What was measured in one checked transcript of a student, as of `transcript_updated_at`.

    `features`: name -> {value, reason, cut_off, evidence}; `versions` are those of the extraction
    and the lexicon. `population_id`: what it is compared with, one for each language. `words` are
    the student's, `confidence` 0..1, how surely they were heard. A trigger enters each row that
    goes into `refits_due`.
    """

    __tablename__ = "transcript_features"
    __table_args__ = (
        ForeignKeyConstraint(
            ["school_id", "transcription_session_id"],
            ["transcription_sessions.school_id", "transcription_sessions.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["school_id", "student_id"], ["students.school_id", "students.id"]),
        Index(None, "school_id", "student_id"),
        Index(None, "school_id", "population_id"),
    )
    holds = Holds(
        purpose="What was measured in a checked transcript: the evidence of assessments.",
        kept="until its transcript goes, or is checked no more.",
        identifiers=("transcription_session_id", "student_id"),
        circumstances=("language", "said_at"),
        derived=("words", "features"),
        organisation=("school_id",),
        technical=("population_id", "versions", "transcript_updated_at", "confidence"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    transcription_session_id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID]
    population_id: Mapped[UUID]
    language: Mapped[str] = mapped_column(String(16))
    versions: Mapped[str] = mapped_column(String(20))
    said_at: Mapped[datetime] = mapped_column(Instant)
    transcript_updated_at: Mapped[datetime] = mapped_column(Instant)
    words: Mapped[int]
    confidence: Mapped[float | None]
    features: Mapped[Mapping[str, Any]] = mapped_column(JSONB)


class ReferenceTable(Base):
    """How long a tenant's pupils take for each task and item of a game; one row a version."""

    __tablename__ = "reference_tables"
    holds = Holds(
        purpose="How long all pupils of a school together take for a game's tasks.",
        kept=MADE_ANEW,
        derived=("body", "observation_count"),
        organisation=("school_id", "game_id"),
        technical=("version", "created_at"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    game_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    observation_count: Mapped[int]
    body: Mapped[Mapping[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(Instant)


class WorkerBeat(Base):
    """When each worker process was last seen alive."""

    __tablename__ = "worker_beats"
    holds = Holds(
        purpose="Tells whether a worker is alive.",
        kept="a day.",
        technical=("worker", "seen_at"),
    )

    worker: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Instant)
