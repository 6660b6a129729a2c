"""Reading the log: entries, and who still stands behind their pseudonyms."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.audit.acts import About, By
from learntrace.audit.models import AuditEntry
from learntrace.audit.pseudonyms import PSEUDONYM_SQL

Place = tuple[datetime, UUID]
"""Where an entry stands in the log: when it was made, id."""

_PSEUDONYM = text(
    f"select {PSEUDONYM_SQL} from students s where s.school_id = :school_id and s.id = :student_id"  # noqa: S608
).bindparams(bindparam("school_id", type_=Uuid), bindparam("student_id", type_=Uuid))
# The key stands in the row alone, so every student of the tenant is asked: 2 ms a thousand.
_BEHIND = text(
    f"""
    select pseudonym, id, display_name from (
        select {PSEUDONYM_SQL} as pseudonym, s.id, s.display_name from students s
        where s.school_id = :school_id
    ) of_student
    where pseudonym = any(:pseudonyms)
    order by display_name, id
    """  # noqa: S608 - put together from constants
).bindparams(bindparam("school_id", type_=Uuid), bindparam("pseudonyms", type_=ARRAY(Uuid)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of a student by pseudonym, by or about a person, `since` to before `until`."""

    pseudonym: UUID | None = None
    person_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `students` are pseudonyms. `person_name` is what the person was called then."""

    id: UUID
    at: datetime
    by: By
    person_id: UUID | None
    person_name: str | None
    action: str
    class_id: UUID | None
    students: Sequence[UUID]
    about: About | None


@dataclass(frozen=True, slots=True)
class Known:
    """A student who still has a row."""

    id: UUID
    display_name: str


async def newest(
    db: AsyncSession, school_id: UUID, wanted: Wanted, *, before: Place | None, limit: int
) -> list[Entry]:
    """A tenant's entries, newest first, without what this transaction itself has entered."""
    place = (AuditEntry.at, AuditEntry.id)
    query = select(AuditEntry).where(AuditEntry.school_id == school_id, AuditEntry.at < func.now())
    if wanted.pseudonym is not None:
        query = query.where(AuditEntry.students.contains([wanted.pseudonym]))
    if wanted.person_id is not None:
        concerned = (AuditEntry.person_id, AuditEntry.about_id)
        query = query.where(or_(*(one == wanted.person_id for one in concerned)))
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEntry.at < wanted.until)
    if before is not None:
        query = query.where(tuple_(*place) < before)
    rows = await db.scalars(query.order_by(*(one.desc() for one in place)).limit(limit))
    return [_entry(row) for row in rows]


def _entry(row: AuditEntry) -> Entry:
    about = None
    if row.about_id is not None and row.about_name is not None:
        about = About(row.about_id, row.about_name)
    return Entry(
        row.id,
        row.at,
        By(row.by),
        row.person_id,
        row.person_name,
        row.action,
        row.class_id,
        row.students,
        about,
    )


async def pseudonym_of(db: AsyncSession, school_id: UUID, student_id: UUID) -> UUID | None:
    """As what a tenant's student stands in the log; `None` for no student."""
    keys = {"school_id": school_id, "student_id": student_id}
    found: UUID | None = await db.scalar(_PSEUDONYM, keys)
    return found


async def students_behind(
    db: AsyncSession, school_id: UUID, pseudonyms: Collection[UUID]
) -> dict[UUID, Known]:
    """Students by pseudonym, in the order of their names; those erased are missing."""
    keys = {"school_id": school_id, "pseudonyms": list(pseudonyms)}
    return {row[0]: Known(row[1], row[2]) for row in await db.execute(_BEHIND, keys)}
