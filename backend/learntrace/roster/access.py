"""Taking away what lets a pupil play: player tokens and codes."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import players
from learntrace.accounts.secrets import new_code, normal_code
from learntrace.kit.errors import NotFoundError
from learntrace.roster.codes import PUPIL_CODE_LENGTH
from learntrace.roster.models import Enrolment, SchoolClass, Student


async def revoke_student(db: AsyncSession, *, school_id: UUID, student_id: UUID) -> int:
    """End the student's player tokens; how many there were. Raises `NotFoundError`."""
    student = await _locked(db, school_id, student_id)
    return await players.revoke_tokens(db, school_id=school_id, student_id=student.id)


async def revoke_class(db: AsyncSession, *, school_id: UUID, class_code: str) -> int:
    """End the player tokens of all who are in the class now; how many there were.

    Raises `NotFoundError`.
    """
    code = normal_code(class_code)
    query = select(SchoolClass.id).where(
        SchoolClass.school_id == school_id, SchoolClass.code == code
    )
    class_id = await db.scalar(query)
    if class_id is None:
        raise NotFoundError("This school has no class with this code.")
    enrolled = select(Enrolment.student_id).where(
        Enrolment.school_id == school_id,
        Enrolment.class_id == class_id,
        Enrolment.ended_at.is_(None),
    )
    student_ids = list(await db.scalars(enrolled.order_by(Enrolment.student_id)))
    return sum(
        [
            await players.revoke_tokens(db, school_id=school_id, student_id=student_id)
            for student_id in student_ids
        ]
    )


async def renew_code(db: AsyncSession, *, school_id: UUID, student_id: UUID) -> str:
    """Give the student a new pupil code, and end what the old one let in; the new one.

    Raises `NotFoundError`.
    """
    student = await _locked(db, school_id, student_id)
    old = student.pupil_code
    while student.pupil_code == old:
        try:
            async with db.begin_nested():
                student.pupil_code = new_code(PUPIL_CODE_LENGTH)
                await db.flush()
        except IntegrityError:
            # Another pupil has it: draw again.
            await db.refresh(student)
    await players.revoke_tokens(db, school_id=school_id, student_id=student_id)
    return student.pupil_code


async def _locked(db: AsyncSession, school_id: UUID, student_id: UUID) -> Student:
    query = select(Student).where(Student.school_id == school_id, Student.id == student_id)
    student = await db.scalar(query.with_for_update(key_share=True))
    if student is None:
        raise NotFoundError("This school has no such student.")
    return student
