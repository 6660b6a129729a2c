"""Which consents a school requires, how each student's stand; what of a record is said to be wrong;
how long a school keeps what; and who must not come back.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import FOR_GOOD, WITH_PERSON, Holds
from learntrace.privacy.kinds import About, Decision, Kind, State


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    allowed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({allowed})", name=column)


def _of_student() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["school_id", "student_id"], ["students.school_id", "students.id"])


class ConsentPolicy(Base):
    """The kinds of consent that a school requires; one row a version, the newest counts.

    `changed_by` is null where it was done on the command line.
    """

    __tablename__ = "consent_policies"
    holds = Holds(
        purpose="Shows which consents a school required when, and who said so.",
        kept=FOR_GOOD,
        staff=("changed_by",),
        organisation=("school_id", "version", "required", "changed_at"),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    required: Mapped[list[str]] = mapped_column(ARRAY(String(20)))
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class Consent(Base):
    """How a student's consent stands; no row is `pending`."""

    __tablename__ = "consents"
    __table_args__ = (_one_of("kind", Kind), _one_of("state", State), _of_student())
    holds = Holds(
        purpose="Whether a student's play, voice and use in research are allowed.",
        kept=WITH_PERSON,
        identifiers=("student_id",),
        circumstances=("kind", "state", "changed_at"),
        organisation=("school_id",),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class ConsentChange(Base):
    """What was said of a student's consent, once; never changed afterwards.

    `changed_by` is null where it was done on the command line.
    """

    __tablename__ = "consent_changes"
    __table_args__ = (
        _one_of("kind", Kind),
        _one_of("from_state", State),
        _one_of("to_state", State),
        _of_student(),
        Index(None, "school_id", "student_id"),
    )
    holds = Holds(
        purpose="Shows how a consent came to stand as it does.",
        kept=WITH_PERSON,
        identifiers=("id", "student_id"),
        circumstances=("kind", "from_state", "to_state", "note", "changed_at"),
        staff=("changed_by",),
        organisation=("school_id",),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(String(500))
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class AmendmentRequest(Base):
    """What somebody, a parent say, holds to be wrong in a student's record, and what was decided.

    `asked_by` says who asks, in words; `noted_by` is who wrote it down. `decision`, `decided_by`
    and `decided_at` are null while it is open. `statement`: what is to be shown with the record
    where it was refused.
    """

    __tablename__ = "amendment_requests"
    __table_args__ = (
        _one_of("about", About),
        _one_of("state", Decision),
        CheckConstraint(
            "(state = 'open') = (decided_at is null) and (state = 'open') = (decision is null)"
            " and (state = 'open') = (decided_by is null)",
            name="decided",
        ),
        CheckConstraint("statement is null or state = 'refused'", name="statement"),
        _of_student(),
        Index(None, "school_id", "student_id"),
    )
    holds = Holds(
        purpose="What of a student's record was said to be wrong, and what the school decided.",
        kept=WITH_PERSON,
        identifiers=("id", "student_id"),
        circumstances=("about", "text", "asked_by", "created_at", "statement"),
        judgement=("state", "decision", "decided_at"),
        staff=("noted_by", "decided_by"),
        organisation=("school_id",),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID]
    about: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(2000))
    asked_by: Mapped[str] = mapped_column(String(200))
    noted_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(8), server_default=Decision.OPEN)
    decision: Mapped[str | None] = mapped_column(String(2000))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    statement: Mapped[str | None] = mapped_column(String(2000))


class RetentionPolicy(Base):
    """For how many days a school keeps what; one row a version, the newest counts.

    Null keeps until erased. `recordings_days` are those of the plan that somebody agreed to.
    `changed_by` is null where it was done on the command line.
    """

    __tablename__ = "retention_policies"
    holds = Holds(
        purpose="Shows how long a school kept what when, and who said so.",
        kept=FOR_GOOD,
        staff=("changed_by",),
        organisation=(
            *("school_id", "version", "changed_at"),
            *("play_days", "left_days", "audit_days", "recordings_days"),
        ),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    play_days: Mapped[int | None]
    left_days: Mapped[int | None]
    audit_days: Mapped[int | None]
    recordings_days: Mapped[int | None]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class TombstoneKey(Base):
    """A school's key for tombstones, as the two halves that HMAC makes of it, 64 bytes each."""

    __tablename__ = "tombstone_keys"
    holds = Holds(
        purpose="The key of a school's tombstones: without it they tell nothing.",
        kept=FOR_GOOD,
        secrets=("inner_key", "outer_key"),
        organisation=("school_id",),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    inner_key: Mapped[bytes] = mapped_column(LargeBinary)
    outer_key: Mapped[bytes] = mapped_column(LargeBinary)


class ErasedStudent(Base):
    """A student's id, or a roster's, that must not come back to a school: its keyed digest."""

    __tablename__ = "erased_students"
    holds = Holds(
        purpose="Keeps who was erased from coming back; names nobody.",
        kept=FOR_GOOD,
        secrets=("tombstone",),
        organisation=("school_id",),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    tombstone: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
