"""The log of who read and changed what of which student, and what was done to staff."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.audit.acts import By
from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import Holds

_BY = ", ".join(f"'{one}'" for one in By)


class AuditEntry(Base):
    """One read or change of one or more students' records of one tenant, or an act on its staff.

    `students` are pseudonyms (see `audit.pseudonyms`) in their own order, which is nobody's; none
    where it is `about` somebody of the staff, a write key or the school, by id and name. `action`
    is a route's method and template, or a command. The row refers to nothing, so that writing it
    waits for nobody and it outlives whom it names. Triggers let nobody change it. No index leads to
    a student: row-level security would keep readers from using it, for what compares arrays is not
    known to leak nothing.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (CheckConstraint(f"by in ({_BY})", name="by"),)

    holds = Holds(
        purpose="Who read or changed the records of which students, who stand here as digests "
        "that tell nothing once their rows are gone; and what was done to staff, write keys "
        "and the budget.",
        kept="a year at least; then until the school's period for it is over.",
        staff=("by", "person_id", "person_name", "action", "at", "about_id", "about_name"),
        secrets=("students",),
        organisation=("school_id", "class_id"),
        technical=("id",),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, primary_key=True, server_default=text("now()"))
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    by: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[UUID | None]
    person_name: Mapped[str | None] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(200))
    class_id: Mapped[UUID | None]
    students: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    about_id: Mapped[UUID | None]
    about_name: Mapped[str | None] = mapped_column(String(200))
