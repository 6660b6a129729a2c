"""A school's audit log over HTTP."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime

from learntrace.accounts.auth import PersonAuth, require_role
from learntrace.accounts.callers import Role
from learntrace.accounts.repository import find_sandbox
from learntrace.audit.auth import act_of
from learntrace.classroom import audit
from learntrace.classroom.audit import Asked
from learntrace.classroom.endpoints_ratings import REFUSED
from learntrace.classroom.schemas_audit import AuditEntryOut, AuditPage
from learntrace.kit.db import RequestDb
from learntrace.kit.paging import Cursor, PageLimit, decode_cursor, encode_cursor

router = APIRouter(tags=["audit"], responses=REFUSED)

_Moment = Annotated[
    AwareDatetime | date | None,
    Query(description="An instant with its offset, or a day, which begins as it does at school."),
]


@router.get("/schools/audit")
async def read_audit_log(
    person: PersonAuth,
    request: Request,
    db: RequestDb,
    *,
    student_id: UUID | None = None,
    person_id: UUID | None = None,
    since: _Moment = None,
    until: _Moment = None,
    sandbox: bool = False,
    limit: PageLimit = 50,
    cursor: Cursor = None,
) -> AuditPage:
    """Who read or changed what of which student of your school, and what was done to staff.

    Newest first, for school administrators. `person_id` is who did it, or to whom it was done.
    `until` is not included. Of an entry at most five students are named; with `student_id` that one
    alone. This reading is an entry itself, of all who are named.
    """
    require_role(person, Role.SCHOOL_ADMIN)
    assert person.school_id is not None, "this role belongs to a school"
    before = decode_cursor(cursor, datetime, UUID)
    school_id = person.school_id
    if sandbox:
        twin = await find_sandbox(db, school_id)
        assert twin is not None, "a school is made together with its twin"
        school_id = twin.id
    told, last = await audit.tell_newest(
        db,
        act_of(person, request),
        school_id,
        Asked(student_id, person_id, since, until),
        before=before,
        limit=limit,
    )
    return AuditPage(
        items=[AuditEntryOut.of(one) for one in told], next_cursor=last and encode_cursor(*last)
    )
