"""The studies that a school has handed data to, and whose data each was given."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import WITH_PERSON, Holds


class Study(Base):
    """A study of a school, with the key of its pseudonyms, 32 random bytes."""

    __tablename__ = "research_studies"
    holds = Holds(
        purpose="Gives a student the same pseudonym in every export for one study.",
        kept="until the study is forgotten; from then on no pseudonym leads to anybody.",
        secrets=("key",),
        organisation=("school_id", "name"),
        technical=("created_at",),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Disclosure(Base):
    """A student's play as handed to a study once: to whom, and what for."""

    __tablename__ = "research_disclosures"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "student_id"], ["students.school_id", "students.id"]),
    )
    holds = Holds(
        purpose="Shows which studies a student's play was handed to, to whom and what for.",
        kept=WITH_PERSON,
        identifiers=("student_id",),
        circumstances=("study", "recipient", "purpose", "at"),
        organisation=("school_id",),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    study: Mapped[str] = mapped_column(String(100))
    recipient: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(500))
