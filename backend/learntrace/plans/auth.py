"""Whose plan a caller asks about, as a type in an endpoint's signature."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from learntrace.accounts.auth import PersonAuth, require_role
from learntrace.accounts.callers import Role


async def _school(person: PersonAuth) -> UUID:
    require_role(person, Role.TEACHER, Role.SCHOOL_ADMIN)
    assert person.school_id is not None, "these roles belong to a school"
    return person.school_id


# Of a teacher, or of a school's administrator.
OwnSchool = Annotated[UUID, Depends(_school, scope="function")]
