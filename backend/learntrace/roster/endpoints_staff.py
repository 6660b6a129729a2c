"""A school's teachers and administrators over HTTP, for its own administrators."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request

from learntrace.accounts.auth import OwnTransactions, PersonAlone, administered_school
from learntrace.audit.auth import act_of
from learntrace.kit.paging import Cursor, PageLimit
from learntrace.roster import staff
from learntrace.roster.schemas_staff import (
    ResetOut,
    StaffAdded,
    StaffChange,
    StaffIn,
    StaffOut,
    StaffPage,
)

_REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, or one that is not valid now."},
    403: {"description": "A game's credential, or not in this role."},
}
_UNKNOWN = "Nobody at your school."

router = APIRouter(prefix="/users", tags=["people"], responses=_REFUSED)


@router.get("")
async def list_staff(
    person: PersonAlone,
    database: OwnTransactions,
    limit: PageLimit = 50,
    cursor: Cursor = None,
) -> StaffPage:
    """The teachers and administrators of your school by name, the disabled too."""
    school_id = administered_school(person)
    found, more = await staff.list_members(database, school_id, limit=limit, cursor=cursor)
    return StaffPage(items=[StaffOut.of(one) for one in found], next_cursor=more)


@router.post(
    "", status_code=201, responses={409: {"description": "Somebody has that username already."}}
)
async def add_staff(
    told: StaffIn, person: PersonAlone, request: Request, database: OwnTransactions
) -> StaffAdded:
    """Add somebody to your school. `reset` lets that person choose a password, once."""
    listed, reset = await staff.add_member(
        database,
        act_of(person, request),
        administered_school(person),
        username=told.username,
        display_name=told.display_name,
        role=told.role,
    )
    return StaffAdded.of(listed, reset)


@router.patch(
    "/{user_id}",
    responses={
        404: {"description": _UNKNOWN},
        409: {"description": "Yourself, or the last administrator who can sign in."},
    },
)
async def change_staff(
    user_id: UUID,
    told: StaffChange,
    person: PersonAlone,
    request: Request,
    database: OwnTransactions,
) -> StaffOut:
    """Change somebody of your school.

    Another role, and disabling, sign the person out everywhere before this is answered.
    """
    school_id = administered_school(person)
    return StaffOut.of(
        await staff.change_member(
            database,
            act_of(person, request),
            school_id,
            user_id,
            told.change(),
            by=person.user_id,
        )
    )


@router.post(
    "/{user_id}/password-reset",
    status_code=201,
    responses={404: {"description": _UNKNOWN}, 409: {"description": "Somebody disabled."}},
)
async def make_reset(
    user_id: UUID, person: PersonAlone, request: Request, database: OwnTransactions
) -> ResetOut:
    """A one-time link for somebody of your school to choose a new password with.

    It is good for 24 hours, and ends the one made before; the old password stands until then.
    """
    school_id = administered_school(person)
    made = await staff.make_reset(database, act_of(person, request), school_id, user_id)
    return ResetOut.model_validate(made)
