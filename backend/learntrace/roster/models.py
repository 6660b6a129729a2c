"""Classes, students and who belongs where."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant


class SchoolClass(Base):
    __tablename__ = "classes"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(16), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Student(Base):
    """A pupil. `pupil_code` is what the pupil types after the class code, unique in the school.

    `extra_time`: has extra time or assistive tools, so that no measure of speed counts.
    """

    __tablename__ = "students"
    __table_args__ = (UniqueConstraint("school_id", "pupil_code"),)

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    display_name: Mapped[str] = mapped_column(String(200))
    pupil_code: Mapped[str] = mapped_column(String(16))
    extra_time: Mapped[bool] = mapped_column(server_default=false())
    created_at: Mapped[datetime] = mapped_column(Instant)


class Enrolment(Base):
    """A student's time in a class; open while `ended_at` is null."""

    __tablename__ = "enrolments"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.id"]),
        ForeignKeyConstraint(["school_id", "student_id"], ["students.school_id", "students.id"]),
        Index(None, "school_id", "student_id"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    class_id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Teaching(Base):
    """A teacher's time with a class; open while `ended_at` is null."""

    __tablename__ = "teachings"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.id"]),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    class_id: Mapped[UUID] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
