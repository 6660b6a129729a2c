"""What a school requires, over HTTP."""

from typing import Any

from fastapi import APIRouter

from learntrace.accounts.auth import PersonAuth, administered_school
from learntrace.kit.db import RequestDb
from learntrace.privacy import consents, policies
from learntrace.privacy.schemas import PolicyIn, PolicyOut

_REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, or one that is not valid now."},
    403: {"description": "A game's credential, or not in this role."},
}

router = APIRouter(tags=["consent"], responses=_REFUSED)


@router.get("/schools/consent-policy")
async def read_consent_policy(person: PersonAuth, db: RequestDb) -> PolicyOut:
    """Which consents your school requires, and for how many students each stands how."""
    school_id = administered_school(person)
    policy = await policies.in_force(db, school_id)
    return PolicyOut.of(policy, await consents.counts(db, school_id))


@router.put(
    "/schools/consent-policy",
    responses={409: {"description": "Somebody else changed it at the same time."}},
)
async def put_consent_policy(told: PolicyIn, person: PersonAuth, db: RequestDb) -> PolicyOut:
    """Have your school require these kinds of consent and no others, at once.

    With `play`, nothing more is stored of students whose consent to play is not verified, and
    they cannot join a game; `students` says how many that are. The sandbox requires none.
    """
    school_id = administered_school(person)
    policy = await policies.put(db, school_id, told.required, user_id=person.user_id)
    return PolicyOut.of(policy, await consents.counts(db, school_id))
