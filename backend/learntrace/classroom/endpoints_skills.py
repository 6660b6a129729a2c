"""Assessments, skills and progress over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from learntrace.classroom import assessments, timeline
from learntrace.classroom.endpoints import Days
from learntrace.classroom.schemas_skills import (
    AssessmentOut,
    AssessmentPage,
    BatchIn,
    BatchOut,
    ClassSkillsOut,
    InferredOut,
    ProgressOut,
    SkillOut,
    SkillsOut,
    TimelinePage,
)
from learntrace.kit.db import RequestDb
from learntrace.kit.paging import Cursor, PageLimit
from learntrace.sights import (
    NarrowedTransactions,
    PersonSight,
    PersonSightAlone,
    WhichTenant,
    WhichTenantAlone,
)
from learntrace.skills.types import Skill

_REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, or one that is not valid now."},
    403: {"description": "A game's credential."},
    404: {"description": "Unknown, or not for this caller's eyes: both are answered alike."},
    409: {"description": "Several schools have this id; `school_ids` names them."},
}

router = APIRouter(tags=["skills"], responses=_REFUSED)


@router.get("/assessments/{student_id}")
async def read_assessment(
    student_id: UUID, sight: PersonSight, which: WhichTenant, db: RequestDb
) -> AssessmentOut:
    """What can be said about a student now, with all evidence.

    Where anything underneath has changed since it was last assessed, it is assessed first.
    """
    return await assessments.read_latest(db, sight, student_id, which)


@router.post(
    "/assessments/{student_id}",
    responses={201: {"model": AssessmentOut, "description": "A new assessment was stored."}},
)
async def assess_now(
    student_id: UUID, sight: PersonSight, which: WhichTenant, db: RequestDb, response: Response
) -> AssessmentOut:
    """Assess a student now: 201, or 200 where nothing underneath has changed."""
    done = await assessments.infer(db, sight, student_id, which)
    assert done.assessment is not None, "whoever is found has one"
    response.status_code = 201 if done.status == "assessed" else 200
    return done.assessment


@router.get("/assessments/{student_id}/history")
async def read_history(
    student_id: UUID,
    sight: PersonSight,
    which: WhichTenant,
    db: RequestDb,
    limit: PageLimit = 50,
    cursor: Cursor = None,
) -> AssessmentPage:
    """A student's assessments, newest first, without evidence and reasoning.

    One is stored whenever what it rests on has changed; none is ever altered.
    """
    return await assessments.read_history(db, sight, student_id, which, limit=limit, cursor=cursor)


@router.get("/assessments/{student_id}/{skill}")
async def read_assessment_of_skill(
    student_id: UUID, skill: Skill, sight: PersonSight, which: WhichTenant, db: RequestDb
) -> AssessmentOut:
    """What of a student's assessment is about one skill."""
    return (await assessments.read_latest(db, sight, student_id, which)).only(skill)


@router.get("/skills/{student_id}")
async def read_skills(
    student_id: UUID, sight: PersonSight, which: WhichTenant, db: RequestDb
) -> SkillsOut:
    """A student's skills and knowledge, without the evidence behind them."""
    found = await assessments.read_latest(db, sight, student_id, which)
    return SkillsOut.model_validate(found, from_attributes=True)


@router.get("/skills/{student_id}/{skill}")
async def read_skill(
    student_id: UUID, skill: Skill, sight: PersonSight, which: WhichTenant, db: RequestDb
) -> SkillOut:
    """One skill of a student."""
    found = await assessments.read_latest(db, sight, student_id, which)
    return found.only(skill).skills[0]


@router.post("/infer-batch")
async def infer_batch(
    told: BatchIn,
    sight: PersonSightAlone,
    which: WhichTenantAlone,
    database: NarrowedTransactions,
) -> BatchOut:
    """Assess 1 to 100 students now. Each is stored for itself; none stops another."""
    return await assessments.infer_batch(database, sight, told.student_ids, which)


@router.post("/infer/{student_id}")
async def infer(
    student_id: UUID, sight: PersonSight, which: WhichTenant, db: RequestDb
) -> InferredOut:
    """Assess a student now, and say whether anything had changed."""
    return await assessments.infer(db, sight, student_id, which)


@router.post("/infer/{student_id}/{skill}")
async def infer_skill(
    student_id: UUID, skill: Skill, sight: PersonSight, which: WhichTenant, db: RequestDb
) -> InferredOut:
    """The same, with what is about one skill."""
    done = await assessments.infer(db, sight, student_id, which)
    assert done.assessment is not None, "whoever is found has one"
    return done.model_copy(update={"assessment": done.assessment.only(skill)})


@router.get("/classes/{class_id}/skills")
async def show_class_skills(
    class_id: UUID, sight: PersonSight, which: WhichTenant, db: RequestDb
) -> ClassSkillsOut:
    """The newest stored estimates of everybody in a class, by name.

    What has just changed is in it after the worker's next pass.
    """
    return await assessments.show_class(db, sight, class_id, which)


@router.get("/students/{student_id}/progress")
async def show_progress(
    student_id: UUID, sight: PersonSight, which: WhichTenant, db: RequestDb, days: Days = 90
) -> ProgressOut:
    """How a student's estimates went on, a point a day at most."""
    return await assessments.show_progress(db, sight, student_id, which, days=days)


@router.get("/students/{student_id}/timeline")
async def show_timeline(
    student_id: UUID,
    sight: PersonSight,
    which: WhichTenant,
    db: RequestDb,
    limit: PageLimit = 50,
    cursor: Cursor = None,
) -> TimelinePage:
    """Play, ratings, notes and assessments of a student, newest first."""
    return await timeline.show_timeline(db, sight, student_id, which, limit=limit, cursor=cursor)
