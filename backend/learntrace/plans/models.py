"""Which plan and budget a school has, and what it used."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import FOR_GOOD, Holds


class Meter(StrEnum):
    """What is counted, and in what.

    Recordings made, one each; audio transcribed, in seconds; what paid engines cost, in
    millionths of the currency (`plans.budget`).
    """

    RECORDINGS = "recordings"
    TRANSCRIBED_S = "transcribed_s"
    SPENT_MICRO = "spent_micro"


class SchoolPlan(Base):
    """The plan that an operator gave a live school; no row is the default."""

    __tablename__ = "school_plans"
    holds = Holds(
        purpose="How much a school may transcribe, upload and export.",
        kept=FOR_GOOD,
        organisation=("school_id", "plan", "changed_at"),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    plan: Mapped[str] = mapped_column(String(20))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class SchoolBudget(Base):
    """How much a live school may spend a month on paid engines; no row is nothing."""

    __tablename__ = "school_budgets"
    __table_args__ = (CheckConstraint("monthly_micro >= 0", name="monthly_micro"),)
    holds = Holds(
        purpose="How much a school may spend a month on engines that cost money.",
        kept=FOR_GOOD,
        organisation=("school_id", "monthly_micro", "changed_at"),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    monthly_micro: Mapped[int] = mapped_column(BigInteger)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class UsageEntry(Base):
    """How much of a meter one thing used, once; a live school's, with its sandbox's.

    `used_at` says of which month it is. Until `settled_at` it is a reservation, which may be
    given back. `thing_id` outlives the thing, and leads nowhere then.
    """

    __tablename__ = "usage_entries"
    __table_args__ = (
        CheckConstraint("meter in ('recordings', 'transcribed_s', 'spent_micro')", name="meter"),
        CheckConstraint("amount >= 0", name="amount"),
        Index(None, "school_id", "used_at"),
    )
    holds = Holds(
        purpose="What a school used of its plan, each thing counted once.",
        kept="for 400 days.",
        organisation=("school_id",),
        technical=("meter", "thing_id", "amount", "used_at", "settled_at"),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    meter: Mapped[str] = mapped_column(String(20), primary_key=True)
    thing_id: Mapped[UUID] = mapped_column(primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    used_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
