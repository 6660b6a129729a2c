"""Who is coached, when somebody met them, and what was seen of them then."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import WITH_PERSON, Holds


class Client(Base):
    """Somebody who is coached: by `name`, or a student of the roster; neither once anonymized.

    `owner_id` coaches them.
    """

    __tablename__ = "coaching_clients"
    __table_args__ = (
        CheckConstraint("num_nonnulls(name, student_id, anonymized_at) = 1", name="who"),
        ForeignKeyConstraint(["school_id", "student_id"], ["students.school_id", "students.id"]),
        Index(None, "school_id", "owner_id"),
        Index(None, "school_id", "student_id"),
    )
    holds = Holds(
        purpose="Who is coached by whom; of an anonymized client only that there was one.",
        kept=f"{WITH_PERSON} The name of who is no student until a teacher takes it away.",
        identifiers=("id", "student_id"),
        names=("name",),
        circumstances=("anonymized_at", "created_at", "updated_at"),
        staff=("owner_id",),
        organisation=("school_id",),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    student_id: Mapped[UUID | None]
    name: Mapped[str | None] = mapped_column(String(200))
    anonymized_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)


class CoachingSession(Base):
    """One meeting with a client, on `session_date` at the school; `coach_id` noted it."""

    __tablename__ = "coaching_sessions"
    __table_args__ = (
        CheckConstraint("duration_min >= 0", name="duration"),
        CheckConstraint("fee_amount >= 0", name="fee"),
        ForeignKeyConstraint(
            ["school_id", "client_id"], ["coaching_clients.school_id", "coaching_clients.id"]
        ),
        ForeignKeyConstraint(
            ["school_id", "transcription_session_id"],
            ["transcription_sessions.school_id", "transcription_sessions.id"],
            ondelete="SET NULL (transcription_session_id)",
        ),
        Index(None, "school_id", "client_id", "session_date"),
        Index(None, "school_id", "transcription_session_id"),
    )
    holds = Holds(
        purpose="Meetings of a teacher with somebody who is coached, and notes of them.",
        kept=f"{WITH_PERSON} A teacher may delete them.",
        identifiers=("id", "client_id", "transcription_session_id"),
        circumstances=(
            *("session_date", "duration_min", "fee_amount", "fee_currency"),
            *("created_at", "updated_at"),
        ),
        judgement=("notes",),
        staff=("coach_id",),
        organisation=("school_id",),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    coach_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    session_date: Mapped[date]
    duration_min: Mapped[int | None]
    notes: Mapped[str] = mapped_column(Text, server_default="")
    fee_amount: Mapped[int] = mapped_column(server_default="0")
    fee_currency: Mapped[str | None] = mapped_column(String(3))
    transcription_session_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)


class Observation(Base):
    """What was seen of a skill in a meeting: the rating itself is the student's, in `ratings`."""

    __tablename__ = "coaching_observations"
    __table_args__ = (
        ForeignKeyConstraint(
            ["school_id", "coaching_session_id"],
            ["coaching_sessions.school_id", "coaching_sessions.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["school_id", "rating_id"], ["ratings.school_id", "ratings.id"], ondelete="CASCADE"
        ),
        Index(None, "school_id", "coaching_session_id"),
    )
    holds = Holds(
        purpose="In which meeting a rating was given, and what was seen.",
        kept=f"{WITH_PERSON} With the rating or the meeting at the latest.",
        identifiers=("rating_id", "coaching_session_id"),
        judgement=("text",),
        organisation=("school_id",),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    rating_id: Mapped[UUID] = mapped_column(primary_key=True)
    coaching_session_id: Mapped[UUID]
    text: Mapped[str] = mapped_column(String(2000), server_default="")
