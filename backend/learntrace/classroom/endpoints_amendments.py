"""Requests to amend a student's record, over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from learntrace.accounts.auth import PersonAuth
from learntrace.classroom import amendments
from learntrace.classroom.endpoints_ratings import REFUSED, WrittenLimit
from learntrace.classroom.schemas_amendments import (
    AmendmentIn,
    AmendmentOut,
    AmendmentPage,
    DecisionIn,
    NamedAmendmentPage,
)
from learntrace.kit.db import RequestDb
from learntrace.kit.paging import Cursor, PageLimit
from learntrace.privacy.kinds import Decision
from learntrace.sights import PersonSight, WhichTenant

router = APIRouter(tags=["amendments"], responses=REFUSED)


@router.get("/students/{student_id}/amendments")
async def list_amendments(
    student_id: UUID,
    person: PersonAuth,
    sight: PersonSight,
    which: WhichTenant,
    db: RequestDb,
    limit: WrittenLimit = 50,
    cursor: Cursor = None,
) -> AmendmentPage:
    """What was said to be wrong in a student's record, and what was decided; newest first.

    For the student's teachers and the school's administrators. Where one was refused, show its
    `statement` with the record.
    """
    return await amendments.read(db, person, sight, student_id, which, limit=limit, cursor=cursor)


@router.post("/students/{student_id}/amendments", status_code=201)
async def post_amendment(
    student_id: UUID,
    told: AmendmentIn,
    person: PersonAuth,
    sight: PersonSight,
    which: WhichTenant,
    db: RequestDb,
) -> AmendmentOut:
    """Note that somebody says that something in a student's record is wrong.

    For the student's teachers and the school's administrators, who decide.
    """
    return await amendments.note(db, person, sight, student_id, which, told)


@router.post(
    "/students/{student_id}/amendments/{amendment_id}/decision",
    responses={409: {"description": "It was decided already; or several schools have this id."}},
)
async def decide_amendment(
    student_id: UUID,
    amendment_id: UUID,
    told: DecisionIn,
    person: PersonAuth,
    sight: PersonSight,
    which: WhichTenant,
    db: RequestDb,
) -> AmendmentOut:
    """Accept or refuse a request, once. Only school administrators do.

    The record is not changed by it: correct it where the error is.
    """
    return await amendments.decide(db, person, sight, student_id, amendment_id, which, told)


@router.get("/schools/amendments")
async def list_school_amendments(
    person: PersonAuth,
    sight: PersonSight,
    db: RequestDb,
    state: Decision | None = None,
    limit: PageLimit = 50,
    cursor: Cursor = None,
) -> NamedAmendmentPage:
    """The requests about all students of your school; who waits longest comes first.

    For school administrators.
    """
    return await amendments.of_school(db, person, sight, state=state, limit=limit, cursor=cursor)
