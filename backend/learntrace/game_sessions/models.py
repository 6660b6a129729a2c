"""Game sessions as stored, with what was last assessed of each."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import WITH_PLAY, Holds

# As PostgreSQL repeats them.
_LAST_RECEIVED_BIN = Computed(
    "date_bin('00:05:00'::interval, last_received_at,"
    " '2000-01-01 00:00:00+00'::timestamp with time zone)",
    persisted=True,
)
_IS_UNREAD = Computed(
    "state::text = 'closed'::text and assessed_event_count is distinct from event_count",
    persisted=True,
)


class GameSession(Base):
    """One student's sitting with one game.

    `started_at` and `ended_at` are the earliest and latest corrected event times;
    `last_received_at` is the server's clock. `assessed_*` say on what the stored features rest:
    how many events were read, and `assessed_basis`, the versions they were read with.

    Every group of events changes `ended_at`, `last_received_at` and `event_count`. No index has
    one of them, so that PostgreSQL changes the row alone: in their stead `last_received_bin`, the
    first of the five minutes that `last_received_at` lies in, and `is_unread`.
    """

    __tablename__ = "game_sessions"
    __table_args__ = (
        CheckConstraint("state in ('open', 'closed')", name="state"),
        # Began it with the school, it would look as good as the key while the table is young.
        Index("game_sessions_student_idx", "student_id", "school_id", text("started_at desc")),
        Index(
            "game_sessions_open_idx",
            "last_received_bin",
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "game_sessions_unread_idx",
            "last_received_bin",
            postgresql_where=text("is_unread"),
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
        technical=(
            "last_received_bin",
            "is_unread",
            "assessed_event_count",
            "assessed_basis",
            "claimed_until",
            "attempts",
        ),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID]
    game_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(String(6), server_default="open")
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    last_received_at: Mapped[datetime] = mapped_column(Instant)
    last_received_bin: Mapped[datetime] = mapped_column(Instant, _LAST_RECEIVED_BIN)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    event_count: Mapped[int] = mapped_column(Integer, server_default="0")
    assessed_event_count: Mapped[int | None]
    is_unread: Mapped[bool] = mapped_column(_IS_UNREAD)
    assessed_basis: Mapped[str | None] = mapped_column(String(40))
    claimed_until: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
