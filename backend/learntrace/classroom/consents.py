"""Consents of the students in a school administrator's sight; their teachers read them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import users
from learntrace.accounts.auth import require_role
from learntrace.accounts.callers import Person, Role
from learntrace.classroom.ratings import found_students, read_by, refuse_developers
from learntrace.classroom.schemas_consents import (
    ClassConsentsOut,
    ConsentChangeOut,
    ConsentIn,
    ConsentOut,
    ConsentsOfStudent,
    ConsentsOut,
)
from learntrace.kit.errors import InvalidError
from learntrace.kit.paging import decode_cursor, encode_cursor, split_page
from learntrace.privacy import consents, policies
from learntrace.privacy.kinds import Kind
from learntrace.roster import reading as roster
from learntrace.roster.choice import Which
from learntrace.roster.visibility import SeenStudent, Sight, require_class, require_student

NOBODY = "Who plays in a sandbox is nobody: no consent is needed or kept there."


async def read(
    db: AsyncSession,
    person: Person,
    sight: Sight,
    student_id: UUID,
    which: Which,
    *,
    limit: int,
    cursor: str | None,
) -> ConsentsOut:
    """How a student's consents stand, and what was said of them, newest first."""
    before = decode_cursor(cursor, datetime, UUID)
    student = await read_by(db, person, sight, student_id, which)
    required = (await policies.in_force(db, student.school_id)).required
    standing = await consents.of_student(db, *student.key)
    found = await consents.history(db, *student.key, before=before, limit=limit + 1)
    page, last = split_page(found, limit)
    names = await users.display_names(db, {one.changed_by for one in page if one.changed_by})
    return ConsentsOut(
        consents=[ConsentOut.of(kind, one, required) for kind, one in standing.items()],
        history=[ConsentChangeOut.of(one, names) for one in page],
        next_cursor=last and encode_cursor(last.changed_at, last.id),
    )


async def of_class(
    db: AsyncSession, person: Person, sight: Sight, class_id: UUID, which: Which
) -> ClassConsentsOut:
    """How every consent stands for each student of a class, by name."""
    refuse_developers(person)
    found = await require_class(db, sight, class_id, which)
    students = await roster.list_students_of_class(db, sight, found.key)
    required = (await policies.in_force(db, found.school_id)).required
    standing = await consents.of_students(db, found.school_id, [one.id for one in students])
    return ClassConsentsOut(
        class_id=found.id,
        students=[
            ConsentsOfStudent(
                student_id=one.id,
                display_name=one.display_name,
                consents=[
                    ConsentOut.of(kind, how, required) for kind, how in standing[one.id].items()
                ],
            )
            for one in students
        ],
    )


async def put(
    db: AsyncSession,
    person: Person,
    sight: Sight,
    student_id: UUID,
    which: Which,
    kind: Kind,
    told: ConsentIn,
) -> ConsentOut:
    """Note how one kind of consent of a student stands; how it does now."""
    require_role(person, Role.SCHOOL_ADMIN)
    student = await require_student(db, sight, student_id, which)
    await _store(db, person, [student], kind, told)
    required = (await policies.in_force(db, student.school_id)).required
    return ConsentOut.of(kind, (await consents.of_student(db, *student.key))[kind], required)


async def put_all(
    db: AsyncSession,
    person: Person,
    sight: Sight,
    student_ids: Collection[UUID],
    which: Which,
    kind: Kind,
    told: ConsentIn,
) -> int:
    """The same for all of these or, where one is out of sight, for none; of how many it is new."""
    require_role(person, Role.SCHOOL_ADMIN)
    students = await found_students(db, sight, set(student_ids), which)
    return await _store(db, person, list(students.values()), kind, told)


async def _store(
    db: AsyncSession,
    person: Person,
    students: Collection[SeenStudent],
    kind: Kind,
    told: ConsentIn,
) -> int:
    if any(student.sandbox for student in students):
        raise InvalidError(NOBODY)
    [school_id] = {student.school_id for student in students}
    return await consents.put(
        db,
        school_id,
        [student.id for student in students],
        kind,
        told.state,
        user_id=person.user_id,
        note=told.note,
    )
