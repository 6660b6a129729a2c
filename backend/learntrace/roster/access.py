"""Taking away what lets a pupil play: player tokens and codes.

Each `act` stands in the audit log.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import players
from learntrace.accounts.secrets import new_code
from learntrace.audit import log
from learntrace.audit.acts import Act
from learntrace.kit.errors import NotFoundError
from learntrace.roster.codes import PUPIL_CODE_LENGTH
from learntrace.roster.models import Student
from learntrace.roster.reading import students_of_class_code


async def revoke_student(db: AsyncSession, act: Act, *, school_id: UUID, student_id: UUID) -> int:
    """End the student's player tokens; how many there were. Raises `NotFoundError`."""
    student = await _locked(db, act, school_id, student_id)
    return await players.revoke_tokens(db, school_id=school_id, student_ids=[student.id])


async def revoke_class(db: AsyncSession, act: Act, *, school_id: UUID, class_code: str) -> int:
    """End the player tokens of all who are in the class now; how many there were.

    Raises `NotFoundError`.
    """
    student_ids = await students_of_class_code(db, school_id, class_code)
    await log.write(db, act, [(school_id, one) for one in student_ids])
    return await players.revoke_tokens(db, school_id=school_id, student_ids=student_ids)


async def renew_code(db: AsyncSession, act: Act, *, school_id: UUID, student_id: UUID) -> str:
    """Give the student a new pupil code, and end what the old one let in; the new one.

    Raises `NotFoundError`.
    """
    student = await _locked(db, act, school_id, student_id)
    old = student.pupil_code
    while student.pupil_code == old:
        try:
            async with db.begin_nested():
                student.pupil_code = new_code(PUPIL_CODE_LENGTH)
                await db.flush()
        except IntegrityError:
            # Another pupil has it: draw again.
            await db.refresh(student)
    await players.revoke_tokens(db, school_id=school_id, student_ids=[student_id])
    return student.pupil_code


async def _locked(db: AsyncSession, act: Act, school_id: UUID, student_id: UUID) -> Student:
    query = select(Student).where(Student.school_id == school_id, Student.id == student_id)
    student = await db.scalar(query.with_for_update(key_share=True))
    if student is None:
        raise NotFoundError("This school has no such student.")
    await log.write(db, act, [(school_id, student_id)])
    return student
