"""Which plan a school has, and how much of it is used."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.repository import find_school, lock_school
from learntrace.accounts.tenants import tenants_of_school
from learntrace.game_sessions.reading import count_events
from learntrace.kit.clock import now
from learntrace.kit.errors import NotFoundError
from learntrace.plans import judging, ledger
from learntrace.plans.judging import Action, LimitInfo, Month, Verdict
from learntrace.plans.limits import DEFAULT, PLANS, Plan, find_plan
from learntrace.plans.models import SchoolPlan
from learntrace.roster.reading import keys_of_students


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A live school's plan; `since` is `None` where it never was given one."""

    school_id: UUID
    plan: Plan
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Usage:
    """How a school stands this month: each limit that a month counts for."""

    plan: Plan
    month: Month
    limits: tuple[LimitInfo, ...]


async def plan_of(db: AsyncSession, school_id: UUID) -> Subscribed:
    """The plan of a tenant's live school."""
    school = await find_school(db, school_id)
    assert school is not None, "who asks has found it"
    live_id = school.sandbox_of or school.id
    found = await db.get(SchoolPlan, live_id, populate_existing=True)
    if found is None:
        return Subscribed(live_id, PLANS[DEFAULT], None)
    return Subscribed(live_id, PLANS[found.plan], found.changed_at)


def require_plan(name: str) -> Plan:
    """The plan with this id or alias. Raises `NotFoundError`."""
    plan = find_plan(name)
    if plan is None:
        raise NotFoundError(f"There is no such plan. There are {', '.join(PLANS)}.")
    return plan


async def put_plan(db: AsyncSession, school_id: UUID, name: str) -> Plan:
    """Give a live school this plan from now on. Raises `NotFoundError`."""
    plan = require_plan(name)
    await lock_school(db, school_id)
    values = {"plan": plan.id, "changed_at": now()}
    statement = insert(SchoolPlan).values(school_id=school_id, **values)
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=["school_id"], set_=values, where=SchoolPlan.plan != plan.id
        )
    )
    return plan


async def current_usage(db: AsyncSession, school_id: UUID) -> Usage:
    """What a tenant's live school and its sandbox used this month."""
    subscribed = await plan_of(db, school_id)
    month = judging.month_of(now())
    used = await ledger.used(db, subscribed.school_id, month)
    limits = (
        judging.minutes(subscribed.plan, used, month).info,
        judging.recording(used, month).info,
        judging.transcriptions(used, month),
        judging.events(await _events(db, subscribed.school_id, month), month).info,
    )
    return Usage(subscribed.plan, month, limits)


async def judge(
    db: AsyncSession,
    school_id: UUID,
    action: Action,
    *,
    duration_min: float = 0,
    file_mb: float = 0,
    wanted_format: str | None = None,
) -> Verdict:
    """Whether a tenant's plan would allow this now. Uses nothing of it."""
    subscribed = await plan_of(db, school_id)
    plan, month = subscribed.plan, judging.month_of(now())
    match action:
        case Action.UPLOAD_FILE:
            return judging.file_mb(plan, file_mb)
        case Action.EXPORT_TRANSCRIPT:
            return judging.export(plan, wanted_format)
        case Action.INGEST_EVENTS:
            return judging.events(await _events(db, subscribed.school_id, month), month)
    used = await ledger.used(db, subscribed.school_id, month)
    match action:
        case Action.CREATE_SESSION:
            return judging.recording(used, month)
        case Action.TRANSCRIBE:
            return judging.transcribing(plan, used, month, duration_min)
        case Action.CHECK_MINUTES:
            return judging.minutes(plan, used, month, duration_min)


async def _events(db: AsyncSession, school_id: UUID, month: Month) -> int:
    """How many events are stored of play that began this month, at a live school and its sandbox.

    The game sessions know their numbers: no event is read, and nothing counted beside them.
    """
    students = keys_of_students(tenants_of_school(school_id))
    return await count_events(db, students, since=month.start)
