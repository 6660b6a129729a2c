"""Events as stored, and the versions of each game's mapping."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.dialects.postgresql import JSON, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import FOR_GOOD, WITH_PLAY, Holds


class StoredEvent(Base):
    """One event of one school, once.

    No foreign keys: what stores an event locks its student and counts its session. `data` is
    the text as sent, without what the game's mapping never stores. `content_hash` settles whether
    a repeat says the same.
    """

    __tablename__ = "events"
    __table_args__ = (Index("events_session_idx", "game_session_id", "timestamp"),)
    holds = Holds(
        purpose="What pupils do in games: all else is computed from it, again and again.",
        kept=WITH_PLAY,
        identifiers=("event_id", "game_session_id", "student_id"),
        content=(
            "timestamp",
            "received_at",
            "corrected_at",
            "sequence",
            "content_hash",
            "event_type",
            "mission_id",
            "game_version",
            "data",
        ),
        organisation=("school_id", "game_id"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    game_session_id: Mapped[UUID]
    student_id: Mapped[UUID]
    game_id: Mapped[UUID]
    timestamp: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    corrected_at: Mapped[datetime] = mapped_column(Instant)
    sequence: Mapped[int | None] = mapped_column(BigInteger)
    content_hash: Mapped[int] = mapped_column(BigInteger)
    event_type: Mapped[str] = mapped_column(String(100))
    mission_id: Mapped[str | None] = mapped_column(String(100))
    game_version: Mapped[str] = mapped_column(String(20))
    data: Mapped[Mapping[str, Any]] = mapped_column(JSON)


class GameMapping(Base):
    """One published version of a game's mapping; never changed, only followed by the next."""

    __tablename__ = "game_mappings"
    holds = Holds(
        purpose="What a game's own event names mean; stored sessions can be read again by it.",
        kept=FOR_GOOD,
        organisation=("game_id", "mapping"),
        technical=("version", "created_at"),
    )

    game_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mapping: Mapped[Mapping[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(Instant)
