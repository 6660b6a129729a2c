"""Review cards."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import WITH_PLAY, Holds
from learntrace.learning_sessions.models import of_student


class ReviewCard(Base):
    """Something that a student is asked for again, when it is about to be forgotten.

    A student has one card for each `front` in a language. `memory`: the scheduler's state of it;
    `due_at`: when it is asked for next.
    """

    __tablename__ = "review_cards"
    __table_args__ = (
        of_student(),
        Index(
            "review_cards_front_idx", "school_id", "student_id", "language", "front", unique=True
        ),
        Index(None, "school_id", "student_id", "due_at"),
    )
    holds = Holds(
        purpose="Words that a student learns, and when each is to be asked for again.",
        kept=WITH_PLAY,
        identifiers=("id", "student_id"),
        content=("language", "front", "back"),
        derived=("memory", "due_at"),
        organisation=("school_id", "source_id"),
        technical=("created_at", "answered_at"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID]
    source_id: Mapped[UUID | None]
    language: Mapped[str] = mapped_column(String(16))
    front: Mapped[str] = mapped_column(String(200))
    back: Mapped[str] = mapped_column(String(500))
    memory: Mapped[Mapping[str, Any]] = mapped_column(JSONB)
    due_at: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
