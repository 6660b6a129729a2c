"""Who may have a student's whole record: the administrator of the student's school."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from learntrace.accounts.auth import PersonAlone, require_role
from learntrace.accounts.callers import Role
from learntrace.roster.visibility import SeenStudent, require_student
from learntrace.sights import (
    NarrowedTransactions,
    PersonSightAlone,
    WhichTenantAlone,
)


async def _own_student(
    student_id: UUID,
    person: PersonAlone,
    sight: PersonSightAlone,
    which: WhichTenantAlone,
    database: NarrowedTransactions,
) -> SeenStudent:
    """The student meant. Raises `ForbiddenError`, and `NotFoundError` for a foreign one."""
    require_role(person, Role.SCHOOL_ADMIN)
    async with database.transaction() as db:
        return await require_student(db, sight, student_id, which)


async def _student_to_erase(
    student_id: UUID,
    person: PersonAlone,
    sight: PersonSightAlone,
    which: WhichTenantAlone,
    database: NarrowedTransactions,
) -> SeenStudent:
    """As `_own_student`, without an entry in the audit log: erasing makes its own."""
    return await _own_student(student_id, person, replace(sight, act=None), which, database)


OwnStudent = Annotated[SeenStudent, Depends(_own_student)]
StudentToErase = Annotated[SeenStudent, Depends(_student_to_erase)]
