"""What was proposed to a student, with the chance that it had."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import WITH_PLAY, Holds


class AdaptiveDecision(Base):
    """One proposal of what to play next.

    `propensity`: the chance, 0 to 1, with which the policy proposes just this in that state;
    `body`: the answer as it was given.
    """

    __tablename__ = "adaptive_decisions"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "student_id"], ["students.school_id", "students.id"]),
        Index("adaptive_decisions_student_idx", "school_id", "student_id", "game_id", "decided_at"),
    )
    holds = Holds(
        purpose="What was offered to play next and why, so that the offers can be judged.",
        kept=WITH_PLAY,
        identifiers=("id", "student_id"),
        derived=("decided_at", "policy_version", "propensity", "body"),
        organisation=("school_id", "game_id"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID]
    game_id: Mapped[UUID]
    decided_at: Mapped[datetime] = mapped_column(Instant)
    policy_version: Mapped[str] = mapped_column(String(40))
    propensity: Mapped[float]
    body: Mapped[Mapping[str, Any]] = mapped_column(JSONB)
