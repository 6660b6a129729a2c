"""Students' consents over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from learntrace.accounts.auth import PersonAuth
from learntrace.classroom import consents
from learntrace.classroom.endpoints_ratings import REFUSED, WrittenLimit
from learntrace.classroom.schemas_consents import (
    Changed,
    ClassConsentsOut,
    ConsentIn,
    ConsentOut,
    ConsentsIn,
    ConsentsOut,
)
from learntrace.kit.db import RequestDb
from learntrace.kit.paging import Cursor
from learntrace.privacy.kinds import Kind
from learntrace.sights import PersonSight, WhichTenant

router = APIRouter(tags=["consent"], responses=REFUSED)


@router.get("/students/{student_id}/consents")
async def read_consents(
    student_id: UUID,
    person: PersonAuth,
    sight: PersonSight,
    which: WhichTenant,
    db: RequestDb,
    limit: WrittenLimit = 50,
    cursor: Cursor = None,
) -> ConsentsOut:
    """How a student's consents stand, and what was said of them when and by whom.

    For the student's teachers and the school's administrators. `limit` and `cursor` page through
    `history`.
    """
    return await consents.read(db, person, sight, student_id, which, limit=limit, cursor=cursor)


@router.get("/classes/{class_id}/consents")
async def read_class_consents(
    class_id: UUID, person: PersonAuth, sight: PersonSight, which: WhichTenant, db: RequestDb
) -> ClassConsentsOut:
    """How every consent stands for each student of a class, by name.

    For the class's teachers and the school's administrators.
    """
    return await consents.of_class(db, person, sight, class_id, which)


@router.put("/students/{student_id}/consents/{kind}")
async def put_consent(
    student_id: UUID,
    kind: Kind,
    told: ConsentIn,
    person: PersonAuth,
    sight: PersonSight,
    which: WhichTenant,
    db: RequestDb,
) -> ConsentOut:
    """Note how one consent of a student stands. Only school administrators do.

    Once this is answered no event is stored by the state before.
    """
    return await consents.put(db, person, sight, student_id, which, kind, told)


@router.post("/consents")
async def post_consents(
    told: ConsentsIn, person: PersonAuth, sight: PersonSight, which: WhichTenant, db: RequestDb
) -> Changed:
    """Note the same consent of several students. Only school administrators do.

    All or nothing: 404 names in `student_ids` whom the caller may not see.
    """
    changed = await consents.put_all(db, person, sight, told.student_ids, which, told.kind, told)
    return Changed(changed=changed)
