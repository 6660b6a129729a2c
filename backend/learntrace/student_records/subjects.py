"""Finding the student whom a school means."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.game_sessions.reading import ids_of_student
from learntrace.kit.errors import NotFoundError
from learntrace.kit.held import Subject
from learntrace.roster.reading import names_of_students

UNKNOWN = "This school has no such student."


async def find_subject(db: AsyncSession, school_id: UUID, student_id: UUID) -> Subject:
    """The student, with all game sessions. Raises `NotFoundError`."""
    if not await names_of_students(db, school_id, [student_id]):
        raise NotFoundError(UNKNOWN)
    return Subject(school_id, [student_id], await ids_of_student(db, school_id, student_id))
