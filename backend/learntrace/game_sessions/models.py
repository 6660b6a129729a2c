"""Game sessions as stored, with what was last assessed of each."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import WITH_PLAY, Holds


class GameSession(Base):
    """One student's sitting with one game.

    `started_at` and `ended_at` are the earliest and latest corrected event times;
    `last_received_at` is the server's clock. `assessed_*` say on what the stored features rest:
    how many events were read, and `assessed_basis`, the versions they were read with.
    """

    __tablename__ = "game_sessions"
    __table_args__ = (
        CheckConstraint("state in ('open', 'closed')", name="state"),
        Index("game_sessions_student_idx", "school_id", "student_id", text("started_at desc")),
        Index(
            "game_sessions_open_idx",
            "last_received_at",
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "game_sessions_unread_idx",
            "last_received_at",
            postgresql_where=text(
                "state = 'closed' and assessed_event_count is distinct from event_count"
            ),
        ),
        Index(
            "game_sessions_basis_idx",
            "school_id",
            "game_id",
            "assessed_basis",
            postgresql_where=text("state = 'closed'"),
        ),
    )
    holds = Holds(
        purpose="Which events belong together, and what of them is still to be assessed.",
        kept=WITH_PLAY,
        identifiers=("id", "student_id"),
        derived=(
            "state",
            "started_at",
            "ended_at",
            "last_received_at",
            "closed_at",
            "event_count",
        ),
        organisation=("school_id", "game_id"),
        technical=("assessed_event_count", "assessed_basis", "claimed_until", "attempts"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID]
    game_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(String(6), server_default="open")
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    last_received_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    event_count: Mapped[int] = mapped_column(Integer, server_default="0")
    assessed_event_count: Mapped[int | None]
    assessed_basis: Mapped[str | None] = mapped_column(String(40))
    claimed_until: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
