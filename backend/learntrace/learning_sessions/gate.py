"""Before anything is stored of a student: that one may be seen, is there, and has consented."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.errors import ForbiddenError, NotFoundError
from learntrace.learning_sessions.callers import LearningCaller
from learntrace.privacy import policies
from learntrace.roster.choice import Which
from learntrace.roster.records import hold_student
from learntrace.roster.visibility import Key, find_students, require_student

UNKNOWN = "There is no student with this id, or you may not see it."
NO_CONSENT = (
    "The school requires consent to play, and has none for this student. Nothing was stored."
)

NO_CONSENT_OF_SOME = (
    "The school requires consent to play, and has none for some of these students. Nothing was "
    "stored: leave out those in `student_ids`, or note their consent first."
)


async def require_storable(db: AsyncSession, school_id: UUID, student_id: UUID) -> None:
    """Hold the student until the transaction ends, so that an erasure or a consent that is taken
    back waits. Raises `NotFoundError` where there is none, `ForbiddenError` without consent.
    """
    if not await hold_student(db, school_id, student_id):
        raise NotFoundError(UNKNOWN)
    await policies.require_play(db, school_id, student_id, refusal=NO_CONSENT)


async def require_all_storable(
    db: AsyncSession, school_id: UUID, student_ids: Collection[UUID]
) -> None:
    """As `require_storable`, of several: `student_ids` of the error names who lacks consent."""
    for student_id in sorted(student_ids):
        if not await hold_student(db, school_id, student_id):
            raise NotFoundError(UNKNOWN)
    without = await policies.who_may_not_play(db, school_id, student_ids)
    if without:
        told = {"code": "consent_missing", "student_ids": [str(one) for one in without]}
        raise ForbiddenError(NO_CONSENT_OF_SOME, members=told)


async def admit(db: AsyncSession, caller: LearningCaller, student_id: UUID, which: Which) -> Key:
    """The student of whom the caller is about to store something; raises like the gate."""
    student = await require_student(db, caller.sight, student_id, which)
    await require_storable(db, *student.key)
    return student.key


async def note_all(db: AsyncSession, caller: LearningCaller, students: Collection[Key]) -> None:
    """Enter into the audit log that the caller, who sees these students, is told of them."""
    for school_id in sorted({one for one, _ in students}):
        there = {student_id for one, student_id in students if one == school_id}
        await find_students(db, caller.sight, there, Which(school_ids={school_id}))
