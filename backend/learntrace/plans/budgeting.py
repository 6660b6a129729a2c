"""Spending a school's budget for paid engines: the guard, and the setting.

As in `enforcing`, of two who want the last of it one gets it, a sandbox spends its live school's,
and what is to be locked is locked before. A run of an engine is counted once, in the month of its
reservation, by an id of its own: what is transcribed anew is paid anew.
"""

from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.audit import log
from learntrace.audit.acts import About, Act
from learntrace.kit.clock import now
from learntrace.kit.errors import ForbiddenError
from learntrace.plans import budget, ledger
from learntrace.plans.budget import Budget
from learntrace.plans.enforcing import hold
from learntrace.plans.judging import month_of
from learntrace.plans.models import Meter, SchoolBudget
from learntrace.plans.service import plan_of

OVER_BUDGET: Final = "budget_limit"


class OverBudgetError(ForbiddenError):
    """The school's budget for paid engines does not allow it."""


async def of_school(db: AsyncSession, school_id: UUID) -> Budget:
    """How a tenant's live school stands this month."""
    live_id = (await plan_of(db, school_id)).school_id
    return await _standing(db, live_id)


async def put(db: AsyncSession, act: Act, school_id: UUID, monthly_micro: int) -> Budget:
    """Let a live school spend so much a month from now on; what is spent stays spent."""
    await hold(db, school_id)
    before = await _standing(db, school_id)
    if before.monthly_micro == monthly_micro:
        return before
    values = {"monthly_micro": monthly_micro, "changed_at": now()}
    statement = insert(SchoolBudget).values(school_id=school_id, **values)
    await db.execute(statement.on_conflict_do_update(index_elements=["school_id"], set_=values))
    await log.write_about(db, act, school_id, About(school_id, budget.told(monthly_micro)))
    return replace(before, monthly_micro=monthly_micro)


async def reserve(db: AsyncSession, school_id: UUID, run_id: UUID, amount_micro: int) -> None:
    """Take so much of this month's budget for a run. Raises `OverBudgetError`.

    Nothing where it costs nothing, or where as much is taken for the run already.
    """
    if amount_micro == 0:
        return
    live_id = (await hold(db, school_id)).school_id
    taken = await ledger.find(db, live_id, Meter.SPENT_MICRO, run_id)
    if taken is not None and taken.amount >= amount_micro:
        return
    standing = await _standing(db, live_id, but=run_id)
    why = standing.refusal(amount_micro)
    if why is not None:
        members = {
            "error": OVER_BUDGET,
            "message": why,
            "current_usage": standing.spent_micro,
            "limit": standing.monthly_micro,
            "cost": amount_micro,
        }
        raise OverBudgetError(why, members=members)
    await ledger.reserve(db, live_id, Meter.SPENT_MICRO, run_id, amount_micro)


async def settle(db: AsyncSession, school_id: UUID, run_id: UUID, amount_micro: int) -> None:
    """Count what a run cost for good; never refused, for it is done. See `ledger.settle`."""
    if amount_micro == 0:
        await release(db, school_id, run_id)
        return
    live_id = (await hold(db, school_id)).school_id
    await ledger.settle(db, live_id, Meter.SPENT_MICRO, run_id, amount_micro)


async def release(db: AsyncSession, school_id: UUID, run_id: UUID) -> None:
    """Give back what is reserved for a run that ended without a transcript."""
    live_id = (await plan_of(db, school_id)).school_id
    await ledger.release(db, live_id, Meter.SPENT_MICRO, run_id)


async def release_all_but(db: AsyncSession, going_on: Select[UUID]) -> int:
    """Give back what is reserved for runs of all schools that are not `going_on`; of how many."""
    return await ledger.release_all_but(db, Meter.SPENT_MICRO, going_on)


async def _standing(db: AsyncSession, live_id: UUID, *, but: UUID | None = None) -> Budget:
    month = month_of(now())
    found = await db.get(SchoolBudget, live_id, populate_existing=True)
    spent_micro, reserved_micro = await ledger.spent(db, live_id, month, but=but)
    monthly_micro = 0 if found is None else found.monthly_micro
    return Budget(monthly_micro, spent_micro, reserved_micro, month.reset_date)
