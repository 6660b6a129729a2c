"""Who may have recordings, as a type in an endpoint's signature."""

from typing import Annotated

from fastapi import Depends

from learntrace.accounts.auth import PersonAuth, require_role
from learntrace.accounts.callers import Role
from learntrace.sights import PersonSight
from learntrace.transcription_sessions.service import Educator


async def _educator(person: PersonAuth, sight: PersonSight) -> Educator:
    require_role(person, Role.TEACHER, Role.SCHOOL_ADMIN)
    assert person.school_id is not None, "these roles belong to a school"
    return Educator(person.user_id, person.school_id, person.role is Role.TEACHER, sight)


EducatorAuth = Annotated[Educator, Depends(_educator)]
