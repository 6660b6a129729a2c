"""Lists of classes and students within a caller's sight."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import tenants
from learntrace.roster.models import Enrolment, SchoolClass, Student
from learntrace.roster.visibility import (
    Key,
    SeenClass,
    SeenStudent,
    Sight,
    select_classes,
    select_students,
)

ClassPlace = tuple[bool, str, UUID, UUID]
"""Where a class stands in the list: sandbox, name, tenant, id."""
StudentPlace = tuple[str, UUID, UUID]
"""Where a student stands in the list: name, tenant, id."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A student being in a class now."""

    school_id: UUID
    class_id: UUID
    class_name: str
    student_id: UUID

    @property
    def class_key(self) -> Key:
        return (self.school_id, self.class_id)

    @property
    def student_key(self) -> Key:
        return (self.school_id, self.student_id)


async def list_classes(
    db: AsyncSession, sight: Sight, *, after: ClassPlace | None, limit: int
) -> list[SeenClass]:
    """Live classes before sandbox ones, by name."""
    sandbox = SchoolClass.school_id.in_(tenants.sandboxes())
    place = (sandbox, SchoolClass.name, SchoolClass.school_id, SchoolClass.id)
    query = select_classes(sight).order_by(*place).limit(limit)
    if after is not None:
        query = query.where(tuple_(*place) > after)
    return [SeenClass(*row) for row in await db.execute(query)]


async def list_students(
    db: AsyncSession,
    sight: Sight,
    *,
    sandbox: bool,
    school_ids: Collection[UUID] | None,
    after: StudentPlace | None,
    limit: int,
) -> list[SeenStudent]:
    """The live students in sight, or the sandbox ones, by name; of `school_ids` alone."""
    in_sandbox = Student.school_id.in_(tenants.sandboxes())
    query = select_students(sight).where(in_sandbox if sandbox else ~in_sandbox)
    if school_ids is not None:
        query = query.where(Student.school_id.in_(school_ids))
    return await _page(db, query, after, limit)


async def list_students_of_class(
    db: AsyncSession, sight: Sight, key: Key, *, after: StudentPlace | None, limit: int | None
) -> list[SeenStudent]:
    """The students in sight who are in the class now, by name; all of them without `limit`."""
    enrolled = select(Enrolment.student_id).where(_of_class(key), Enrolment.ended_at.is_(None))
    query = select_students(sight).where(Student.school_id == key[0], Student.id.in_(enrolled))
    return await _page(db, query, after, limit)


async def memberships_of_classes(
    db: AsyncSession, sight: Sight, classes: Collection[Key]
) -> list[Membership]:
    """Who in sight is in these classes now."""
    key = tuple_(Enrolment.school_id, Enrolment.class_id)
    return await _memberships(db, sight, key.in_(classes))


async def memberships_of_students(
    db: AsyncSession, sight: Sight, students: Collection[Key]
) -> list[Membership]:
    """Which classes in sight these students are in now, by class name."""
    key = tuple_(Enrolment.school_id, Enrolment.student_id)
    return await _memberships(db, sight, key.in_(students))


async def names_of_students(
    db: AsyncSession, school_id: UUID, student_ids: Collection[UUID]
) -> dict[UUID, str]:
    """Display names by id, for one tenant's own operator: nobody's sight limits this."""
    query = select(Student.id, Student.display_name).where(
        Student.school_id == school_id, Student.id.in_(student_ids)
    )
    return {row.id: row.display_name for row in await db.execute(query)}


async def has_extra_time(db: AsyncSession, school_id: UUID, student_id: UUID) -> bool | None:
    """Whether the student has extra time or assistive tools; `None` for no student."""
    query = select(Student.extra_time).where(
        Student.school_id == school_id, Student.id == student_id
    )
    return await db.scalar(query)


async def _memberships(
    db: AsyncSession, sight: Sight, which: ColumnElement[bool]
) -> list[Membership]:
    query = (
        select(Enrolment.school_id, Enrolment.class_id, SchoolClass.name, Enrolment.student_id)
        .join(
            SchoolClass,
            (SchoolClass.school_id == Enrolment.school_id) & (SchoolClass.id == Enrolment.class_id),
        )
        .where(
            which,
            Enrolment.ended_at.is_(None),
            tuple_(Enrolment.school_id, Enrolment.class_id).in_(sight.classes),
            tuple_(Enrolment.school_id, Enrolment.student_id).in_(sight.students),
        )
        .order_by(SchoolClass.name, SchoolClass.id)
    )
    return [Membership(*row) for row in await db.execute(query)]


def _of_class(key: Key) -> ColumnElement[bool]:
    return (Enrolment.school_id == key[0]) & (Enrolment.class_id == key[1])


async def _page(
    db: AsyncSession,
    query: Select[UUID, UUID, str, str, bool, bool],
    after: StudentPlace | None,
    limit: int | None,
) -> list[SeenStudent]:
    place = (Student.display_name, Student.school_id, Student.id)
    query = query.order_by(*place).limit(limit)
    if after is not None:
        query = query.where(tuple_(*place) > after)
    return [SeenStudent(*row) for row in await db.execute(query)]
