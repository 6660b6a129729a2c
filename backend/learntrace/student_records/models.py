"""What is kept of erasing and forgetting: that it was done, and nothing of whom."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import FOR_GOOD, Holds


class Erasure(Base):
    """The receipt of one student's erasure.

    `counts`: kind of record -> how many were erased. `tombstone` is that of the student's id.
    `erased_by` is null where it was done on the command line.
    """

    __tablename__ = "erasures"
    holds = Holds(
        purpose="The receipt of an erasure: shows that it was done, and names nobody.",
        kept=FOR_GOOD,
        staff=("erased_by",),
        secrets=("tombstone",),
        organisation=("school_id",),
        technical=("id", "erased_at", "counts"),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(Instant)
    erased_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    tombstone: Mapped[bytes] = mapped_column(LargeBinary)
    counts: Mapped[Mapping[str, Any]] = mapped_column(JSONB)


class Removal(Base):
    """How many records of one kind a school's retention removed on one day at the school.

    `cause`: `play` that was too long ago, students who `left`, entries of the `audit` log, or
    `recordings` that the plan keeps no longer. The sandbox's are among them.
    """

    __tablename__ = "retention_removals"
    __table_args__ = (
        CheckConstraint("cause in ('play', 'left', 'audit', 'recordings')", name="cause"),
    )
    holds = Holds(
        purpose="The receipt of what a school's retention removed; names nobody.",
        kept=FOR_GOOD,
        organisation=("school_id",),
        technical=("day", "cause", "kind", "count", "last_at"),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    cause: Mapped[str] = mapped_column(String(10), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
    last_at: Mapped[datetime] = mapped_column(Instant)
