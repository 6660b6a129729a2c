"""Features of assessed game sessions, and the reference tables they were judged against."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant


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


class ReferenceTable(Base):
    """How long a tenant's pupils take for each task and item of a game; one row a version."""

    __tablename__ = "reference_tables"

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    game_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    observation_count: Mapped[int]
    body: Mapped[Mapping[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(Instant)


class WorkerBeat(Base):
    """When each worker process was last seen alive."""

    __tablename__ = "worker_beats"

    worker: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Instant)
