"""Classes, students and who belongs where."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.clock import now
from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import FOR_GOOD, WITH_PERSON, Holds

# Partial, so that it is no key: who changes a source id locks out nobody who refers to the row.
_WITH_SOURCE = text("source_id is not null")
_RANDOM = text("(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))")


class SchoolClass(Base):
    """A class. `source_id` is what the school's roster calls it, null where made by hand;
    `ended_at` is when the roster had it no more.
    """

    __tablename__ = "classes"
    __table_args__ = (
        Index(None, "school_id", "source_id", unique=True, postgresql_where=_WITH_SOURCE),
    )
    holds = Holds(
        purpose="Who learns together, and the code with which pupils join.",
        kept=FOR_GOOD,
        organisation=("school_id", "id", "name", "code", "source_id", "ended_at"),
        technical=("created_at",),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(16), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    source_id: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Student(Base):
    """A pupil. `pupil_code` is what the pupil types after the class code, unique in the school.

    `extra_time`: has extra time or assistive tools, so that no measure of speed counts.
    `play_consent`: consent to play is verified; kept by `privacy.consents`.
    `audit_key`: random; by it alone the audit log knows the student, see `audit.pseudonyms`.
    `source_id` is what the school's roster calls the student, null where made by hand; `left_at`
    is when the roster had the student in no class any more.
    """

    __tablename__ = "students"
    __table_args__ = (
        # Began it with the school, it would look as good as the key while the table is young.
        UniqueConstraint("pupil_code", "school_id"),
        Index(None, "school_id", "source_id", unique=True, postgresql_where=_WITH_SOURCE),
    )
    holds = Holds(
        purpose="Who the pupils are, so that teachers know of whom an assessment is.",
        kept=WITH_PERSON,
        identifiers=("id",),
        names=("display_name", "pupil_code", "source_id"),
        circumstances=("extra_time", "play_consent", "left_at"),
        secrets=("audit_key",),
        organisation=("school_id",),
        technical=("created_at",),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    display_name: Mapped[str] = mapped_column(String(200))
    pupil_code: Mapped[str] = mapped_column(String(16))
    extra_time: Mapped[bool] = mapped_column(server_default=false())
    play_consent: Mapped[bool] = mapped_column(server_default=false())
    audit_key: Mapped[bytes] = mapped_column(LargeBinary, server_default=_RANDOM)
    created_at: Mapped[datetime] = mapped_column(Instant)
    source_id: Mapped[str | None] = mapped_column(Text)
    left_at: Mapped[datetime | None] = mapped_column(Instant)


class Enrolment(Base):
    """A student's time in a class: from `started_at` to `ended_at`, null for no end in sight.

    Both may lie ahead. `from_roster`: a roster brought it and may end it.
    """

    __tablename__ = "enrolments"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.id"]),
        ForeignKeyConstraint(["school_id", "student_id"], ["students.school_id", "students.id"]),
        Index(None, "school_id", "student_id"),
    )
    holds = Holds(
        purpose="Who is in which class from when to when, and so which teachers see whom.",
        kept=WITH_PERSON,
        identifiers=("student_id",),
        circumstances=("class_id", "started_at", "ended_at"),
        organisation=("school_id",),
        technical=("from_roster",),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    class_id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    from_roster: Mapped[bool] = mapped_column(server_default=false())


class Teaching(Base):
    """A teacher's time with a class, like `Enrolment`."""

    __tablename__ = "teachings"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.id"]),
        Index(None, "school_id", "class_id"),
    )
    holds = Holds(
        purpose="Who teaches which class from when to when, and so sees whom.",
        kept=FOR_GOOD,
        staff=("user_id", "class_id", "started_at", "ended_at"),
        organisation=("school_id",),
        technical=("from_roster",),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    class_id: Mapped[UUID] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    from_roster: Mapped[bool] = mapped_column(server_default=false())


def is_open(kind: type[Enrolment | Teaching]) -> ColumnElement[bool]:
    """Whether it is now: begun and not over."""
    return (kind.started_at <= now()) & not_over(kind)


def not_over(kind: type[Enrolment | Teaching]) -> ColumnElement[bool]:
    """Whether it is now or still to come."""
    return kind.ended_at.is_(None) | (kind.ended_at > now())
