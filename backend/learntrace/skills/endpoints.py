"""The rubric and the fusion weights over HTTP."""

from typing import Any

from fastapi import APIRouter

from learntrace.accounts.auth import PersonAuth, require_role
from learntrace.accounts.callers import Role
from learntrace.kit.db import RequestDb
from learntrace.skills import weights
from learntrace.skills.schemas import RubricOut, WeightsIn, WeightsOut

_REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, or one that is not valid now."},
    403: {"description": "A game's credential, or not in this role."},
}

router = APIRouter(responses=_REFUSED)


@router.get("/ratings/rubric", tags=["ratings"])
async def read_rubric(_: PersonAuth) -> RubricOut:
    """What each level of each skill looks like."""
    return RubricOut.whole()


@router.get("/fusion/weights", tags=["skills"])
async def read_weights(person: PersonAuth, db: RequestDb) -> WeightsOut:
    """How much your school trusts each source for each skill."""
    require_role(person, Role.TEACHER, Role.SCHOOL_ADMIN)
    assert person.school_id is not None, "these roles belong to a school"
    return WeightsOut.of(await weights.in_force(db, person.school_id))


@router.put(
    "/fusion/weights",
    tags=["skills"],
    responses={409: {"description": "Somebody else changed them at the same time."}},
)
async def put_weights(told: WeightsIn, person: PersonAuth, db: RequestDb) -> WeightsOut:
    """Put these weights in force for your school and its sandbox, as the next version.

    What is left out is 1. Every estimate follows at once.
    """
    require_role(person, Role.SCHOOL_ADMIN)
    assert person.school_id is not None, "this role belongs to a school"
    return WeightsOut.of(await weights.put(db, person.school_id, person.user_id, told.factors))
