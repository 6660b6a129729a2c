"""Lists of classes and students within a caller's sight."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, String, any_, literal, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import tenants
from learntrace.accounts.secrets import normal_code
from learntrace.kit.errors import NotFoundError
from learntrace.kit.held import Column
from learntrace.roster.models import Enrolment, SchoolClass, Student, is_open
from learntrace.roster.visibility import (
    Key,
    SeenClass,
    SeenStudent,
    Sight,
    note,
    select_classes,
    select_students,
)

ClassPlace = tuple[bool, str, UUID, UUID]
"""Where a class stands in the list: sandbox, name, tenant, id."""
StudentPlace = tuple[str, UUID, UUID]
"""Where a student stands in the list: name, tenant, id."""
Page = tuple[list[SeenStudent], bool]
"""At most so many as were asked for, and whether more follow."""

_Students = Select[UUID, UUID, str, str, bool, bool]
_STUDENT_ORDER = (Student.display_name, Student.school_id, Student.id)


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
    db: AsyncSession, sight: Sight, *, with_ended: bool, after: ClassPlace | None, limit: int
) -> list[SeenClass]:
    """Live classes before sandbox ones, by name; only those that are not over, or all."""
    sandbox = SchoolClass.school_id.in_(tenants.sandboxes())
    place = (sandbox, SchoolClass.name, SchoolClass.school_id, SchoolClass.id)
    query = select_classes(sight).order_by(*place).limit(limit)
    if not with_ended:
        query = query.where(SchoolClass.ended_at.is_(None))
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
) -> Page:
    """The live students in sight, or the sandbox ones, by name; of `school_ids` alone."""
    in_sandbox = Student.school_id.in_(tenants.sandboxes())
    query = select_students(sight).where(in_sandbox if sandbox else ~in_sandbox)
    if school_ids is not None:
        query = query.where(Student.school_id.in_(school_ids))
    return await _page(db, sight, query, after, limit)


async def list_students_of_class(db: AsyncSession, sight: Sight, key: Key) -> list[SeenStudent]:
    """All students in sight who are in the class now, by name."""
    rows = await db.execute(_select_of_class(sight, key).order_by(*_STUDENT_ORDER))
    students = [SeenStudent(*row) for row in rows]
    await note(db, sight, students, class_id=key[1])
    return students


async def page_of_class(
    db: AsyncSession, sight: Sight, key: Key, *, after: StudentPlace | None, limit: int
) -> Page:
    """The same in pages."""
    query = _select_of_class(sight, key)
    return await _page(db, sight, query, after, limit, class_id=key[1])


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


def name_of_student(school_id: Column, student_id: Column) -> ScalarSelect[str]:
    """The display name of whom a row is about, to be selected with it; null where it is nobody.

    For rows that are in sight already: nobody's sight limits this.
    """
    query = select(Student.display_name)
    return query.where(Student.school_id == school_id, Student.id == student_id).scalar_subquery()


async def names_of_classes(
    db: AsyncSession, school_id: UUID, class_ids: Collection[UUID]
) -> dict[UUID, str]:
    """Names by id, likewise."""
    query = select(SchoolClass.id, SchoolClass.name).where(
        SchoolClass.school_id == school_id, SchoolClass.id.in_(class_ids)
    )
    return {row.id: row.name for row in await db.execute(query)}


async def students_of_class_code(db: AsyncSession, school_id: UUID, class_code: str) -> list[UUID]:
    """Who is in the class now, for one tenant's own operator. Raises `NotFoundError`."""
    code = normal_code(class_code)
    query = select(SchoolClass.id).where(
        SchoolClass.school_id == school_id, SchoolClass.code == code
    )
    class_id = await db.scalar(query)
    if class_id is None:
        raise NotFoundError("This school has no class with this code.")
    enrolled = select(Enrolment.student_id).where(_of_class((school_id, class_id)))
    return list(await db.scalars(enrolled.where(is_open(Enrolment))))


async def students_of_sources(
    db: AsyncSession, school_id: UUID, source_ids: Collection[str]
) -> dict[str, UUID]:
    """Students by what the school's roster calls them; those unknown are missing."""
    query = select(Student.source_id, Student.id).where(
        Student.school_id == school_id,
        Student.source_id == any_(literal(list(source_ids), ARRAY(String))),
    )
    return {row.source_id: row.id for row in await db.execute(query)}


def keys_of_students(tenant_ids: Select[UUID]) -> Select[UUID, UUID]:
    """The query for tenant and id of everybody who is or was a student there."""
    return select(Student.school_id, Student.id).where(Student.school_id.in_(tenant_ids))


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
            is_open(Enrolment),
            tuple_(Enrolment.school_id, Enrolment.class_id).in_(sight.classes),
            tuple_(Enrolment.school_id, Enrolment.student_id).in_(sight.students),
        )
        .order_by(SchoolClass.name, SchoolClass.id)
    )
    return [Membership(*row) for row in await db.execute(query)]


def _of_class(key: Key) -> ColumnElement[bool]:
    return (Enrolment.school_id == key[0]) & (Enrolment.class_id == key[1])


def _select_of_class(sight: Sight, key: Key) -> _Students:
    enrolled = select(Enrolment.student_id).where(_of_class(key), is_open(Enrolment))
    return select_students(sight).where(Student.school_id == key[0], Student.id.in_(enrolled))


async def _page(
    db: AsyncSession,
    sight: Sight,
    query: _Students,
    after: StudentPlace | None,
    limit: int,
    *,
    class_id: UUID | None = None,
) -> Page:
    query = query.order_by(*_STUDENT_ORDER).limit(limit + 1)
    if after is not None:
        query = query.where(tuple_(*_STUDENT_ORDER) > after)
    found = [SeenStudent(*row) for row in await db.execute(query)]
    # Whether more follow is nobody's record.
    students = found[:limit]
    await note(db, sight, students, class_id=class_id)
    return students, len(found) > limit
