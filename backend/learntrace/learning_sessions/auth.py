"""The callers of this room as types in an endpoint's signature."""

from typing import Annotated

from fastapi import Depends, Request

from learntrace.accounts.auth import require_role
from learntrace.accounts.callers import Role
from learntrace.kit.db import RequestDb
from learntrace.kit.errors import ForbiddenError
from learntrace.learning_sessions.callers import LearningCaller, Tutor
from learntrace.sights import find_reader


async def _learning(request: Request, db: RequestDb) -> LearningCaller:
    sight, person = await find_reader(request, db)
    if person is None:
        return LearningCaller(sight, None)
    require_role(person, Role.TEACHER, Role.SCHOOL_ADMIN)
    return LearningCaller(sight, person.user_id, person.role is Role.SCHOOL_ADMIN)


# A tutor, or the game in a student's hands.
LearningAuth = Annotated[LearningCaller, Depends(_learning, scope="function")]


async def _tutor(caller: LearningAuth) -> Tutor:
    if caller.person_id is None:
        raise ForbiddenError("Only teachers and school administrators do this.")
    return Tutor(caller.sight, caller.person_id, caller.administers)


TutorAuth = Annotated[Tutor, Depends(_tutor, scope="function")]
