"""Scenarios over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from learntrace.kit.clock import now
from learntrace.kit.db import RequestDb
from learntrace.kit.paging import Cursor, PageLimit
from learntrace.learning_sessions.auth import LearningAuth, TutorAuth
from learntrace.learning_sessions.endpoints import REFUSED
from learntrace.learning_sessions.queries import InLanguage, Word
from learntrace.learning_sessions.scenarios import service
from learntrace.learning_sessions.scenarios.schemas import (
    OfStudent,
    ProgressIn,
    RunLine,
    RunList,
    RunOut,
    RunPage,
    ScenarioOut,
    ScenarioPage,
)
from learntrace.learning_sessions.scenarios.types import Difficulty
from learntrace.sights import WhichTenant

router = APIRouter(prefix="/scenarios", tags=["scenarios"], responses=REFUSED)


@router.get("")
async def list_scenarios(
    caller: LearningAuth,
    db: RequestDb,
    category: Word = None,
    difficulty: Difficulty | None = None,
    language: InLanguage = None,
    limit: PageLimit = 50,
    cursor: Cursor = None,
) -> ScenarioPage:
    """The school's scenarios, the easiest first."""
    page, next_cursor = await service.list_scenarios(
        db,
        caller,
        category=category,
        difficulty=difficulty,
        language=language,
        limit=limit,
        cursor=cursor,
    )
    return ScenarioPage(items=[ScenarioOut.of(one) for one in page], next_cursor=next_cursor)


@router.get("/progress")
async def list_of_student(
    student_id: UUID,
    caller: LearningAuth,
    which: WhichTenant,
    db: RequestDb,
    limit: PageLimit = 50,
    cursor: Cursor = None,
) -> RunPage:
    """Every way of a student through a scenario and how far it went, the last begun first."""
    page, next_cursor = await service.list_of_student(
        db, caller, which, student_id, limit=limit, cursor=cursor
    )
    return RunPage(items=[RunLine.of(one) for one in page], next_cursor=next_cursor)


@router.get("/{scenario_id}")
async def read_scenario(scenario_id: UUID, caller: LearningAuth, db: RequestDb) -> ScenarioOut:
    """One scenario with its phases."""
    return ScenarioOut.of(await service.show(db, caller, scenario_id))


@router.post("/{scenario_id}/start")
async def start_scenario(
    scenario_id: UUID, told: OfStudent, caller: LearningAuth, which: WhichTenant, db: RequestDb
) -> RunOut:
    """Begin a scenario with a student, or go on where the student stopped.

    With a player token only what a teacher assigned to that pupil.
    """
    return RunOut.of(await service.start(db, caller, which, scenario_id, told.student_id))


@router.get("/{scenario_id}/progress")
async def list_progress(
    scenario_id: UUID, student_id: UUID, caller: LearningAuth, which: WhichTenant, db: RequestDb
) -> RunList:
    """How often a student went through a scenario and how far, the last first; at most 50."""
    runs = await service.list_runs(db, caller, which, scenario_id, student_id)
    return RunList(items=[RunOut.of(one) for one in runs])


@router.post("/{scenario_id}/progress")
async def add_progress(
    scenario_id: UUID, told: ProgressIn, caller: LearningAuth, which: WhichTenant, db: RequestDb
) -> RunOut:
    """Add what a student met in one phase, or take it back. 409 once the scenario is completed."""
    at = now()
    run = await service.advance(
        db,
        caller,
        which,
        scenario_id,
        told.student_id,
        phase=told.phase,
        met=told.met(),
        unmet=told.unmet,
        answers=[one.answered(at) for one in told.answers],
        taken_back=told.taken_back,
    )
    return RunOut.of(run)


@router.delete("/{scenario_id}/progress", status_code=204)
async def take_progress_away(
    scenario_id: UUID, student_id: UUID, tutor: TutorAuth, which: WhichTenant, db: RequestDb
) -> None:
    """Delete a student's way through a scenario that was begun by mistake; what is assigned stays
    to be done. 409 once it is completed.
    """
    await service.take_away(db, tutor, which, scenario_id, student_id)


@router.post("/{scenario_id}/complete")
async def complete_scenario(
    scenario_id: UUID, told: OfStudent, caller: LearningAuth, which: WhichTenant, db: RequestDb
) -> RunOut:
    """Complete a scenario: its outcome, review cards and learning session are stored together.

    Sent again, it changes nothing and answers the same.
    """
    return RunOut.of(await service.complete(db, caller, which, scenario_id, told.student_id))
