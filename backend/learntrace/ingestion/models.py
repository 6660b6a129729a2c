"""What the server keeps about each batch, and of what it had to refuse."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, Integer, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import Holds


class TelemetryBatch(Base):
    """The stored truth about a batch id, written with its events.

    `owner` is who sent it first: `game:<id>` for a write key's game, `student:<id>` for a player
    token's student; nobody else reads or changes it.
    """

    __tablename__ = "telemetry_batches"
    holds = Holds(
        purpose="How each batch was answered, for the game that sent it.",
        kept="as long as the school keeps play; a student's own until they are erased.",
        identifiers=("batch_id", "owner", "rejected"),
        content=("received_at", "received_count", "accepted", "duplicates"),
        organisation=("school_id",),
        technical=("client_version", "attempts"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(50))
    client_version: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime] = mapped_column(Instant)
    attempts: Mapped[int]
    received_count: Mapped[int]
    accepted: Mapped[int] = mapped_column(BigInteger)
    duplicates: Mapped[int]
    rejected: Mapped[Sequence[Mapping[str, Any]]] = mapped_column(JSONB)


class Rejection(Base):
    """How often a game's events were refused on one UTC day, by code; no student in it."""

    __tablename__ = "rejections"
    holds = Holds(
        purpose="Shows a game's developer what of its events is refused, without any student.",
        kept="as long as the school keeps play (retention).",
        organisation=("school_id", "game_id"),
        technical=("day", "code", "count", "detail", "last_at"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    game_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    detail: Mapped[str] = mapped_column(String(300))
    last_at: Mapped[datetime] = mapped_column(Instant)
