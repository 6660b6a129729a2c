"""Plans and what is used of them, over HTTP."""

from typing import Any

from fastapi import APIRouter, Request

from learntrace.accounts.auth import PersonAuth, administered_school
from learntrace.audit.auth import act_of
from learntrace.kit.db import RequestDb
from learntrace.plans import budgeting, service
from learntrace.plans.auth import OwnSchool
from learntrace.plans.schemas import (
    ActionIn,
    ComparisonOut,
    CurrentPlanOut,
    PlanOut,
    PlansOut,
    UsageOut,
    VerdictOut,
)
from learntrace.plans.schemas_budget import BudgetIn, BudgetOut

_REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, or one that is not valid now."},
    403: {"description": "A game's credential, or not in this role."},
}

router = APIRouter(tags=["plans"], responses=_REFUSED)


@router.post("/plan/validate-action")
async def validate_action(told: ActionIn, school_id: OwnSchool, db: RequestDb) -> VerdictOut:
    """Whether your school's plan would allow this now. Uses nothing of it.

    A denial is an answer like any other. What is allowed here may be refused when it is done:
    somebody else may have been quicker.
    """
    params = told.params
    verdict = await service.judge(
        db,
        school_id,
        told.action,
        duration_min=params.duration_min or 0,
        file_mb=params.file_size_mb or 0,
        wanted_format=params.format,
    )
    return VerdictOut.of(verdict)


@router.get("/plan/current-usage")
async def read_usage(school_id: OwnSchool, db: RequestDb) -> UsageOut:
    """What your school and its sandbox used this month, reservations among it."""
    return UsageOut.of(await service.current_usage(db, school_id))


@router.get("/plan/budget")
async def read_budget(school_id: OwnSchool, db: RequestDb) -> BudgetOut:
    """What your school may spend on paid engines this month, and what it spent."""
    return BudgetOut.of(await budgeting.of_school(db, school_id))


@router.put("/plan/budget")
async def put_budget(
    told: BudgetIn, person: PersonAuth, request: Request, db: RequestDb
) -> BudgetOut:
    """Let your school and its sandbox spend so much a month from now on.

    Engines that cost nothing need no budget. What is spent or reserved stays so.
    """
    school_id = administered_school(person)
    act = act_of(person, request)
    return BudgetOut.of(await budgeting.put(db, act, school_id, told.budget_micro))


@router.get("/plans")
async def list_plans(_: OwnSchool) -> PlansOut:
    """Every plan and what it allows."""
    return PlansOut.whole()


@router.get("/plans/current")
async def read_current_plan(school_id: OwnSchool, db: RequestDb) -> CurrentPlanOut:
    """Your school's plan."""
    return CurrentPlanOut.of(await service.plan_of(db, school_id))


@router.get("/plans/compare")
async def compare_plans(school_id: OwnSchool, db: RequestDb) -> ComparisonOut:
    """Each limit across all plans."""
    return ComparisonOut.of(await service.plan_of(db, school_id))


@router.get("/plans/{plan_id}", responses={404: {"description": "There is no such plan."}})
async def read_plan(plan_id: str, _: OwnSchool) -> PlanOut:
    """One plan, by its id or an alias."""
    return PlanOut.of(service.require_plan(plan_id))
