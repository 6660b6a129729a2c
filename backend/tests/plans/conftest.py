"""A school's plan and what it used, in transactions of their own."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from learntrace.plans import service
from learntrace.plans.budgeting import OverBudgetError
from learntrace.plans.enforcing import OverPlanError
from learntrace.plans.judging import seconds_of
from tests.classroom.conftest import SchoolDay, day
from tests.cli.conftest import environment, run
from tests.skills.conftest import Ask, ask
from tests.world import World, insert, now

__all__ = ["Ask", "SchoolDay", "ask", "day", "environment", "run"]

Put = Callable[[str], Awaitable[None]]
Spend = Callable[..., Awaitable[UUID]]
Act = Callable[..., Awaitable[object]]
REFUSALS = (OverBudgetError, OverPlanError)


async def do(world: World, act: Act, *args: Any) -> None:
    """What a guard does for the school, in a transaction of its own."""
    async with world.database.transaction() as db:
        await act(db, world.school_id, *args)


async def reserved(
    world: World,
    act: Act,
    amount: float,
    thing_id: UUID | None = None,
    school_id: UUID | None = None,
) -> bool:
    """Whether a guard let so much be reserved, for something new unless it is named."""
    try:
        async with world.database.transaction() as db:
            await act(db, school_id or world.school_id, thing_id or uuid4(), amount)
    except REFUSALS:
        return False
    return True


async def of_two_at_once(world: World, act: Act, amount: float) -> list[bool]:
    """Whether each of two may reserve so much, the refused first; both ask before one has it."""
    both_asked = asyncio.Barrier(2)

    async def ask_late(*args: Any) -> None:
        await both_asked.wait()
        await act(*args)
        await asyncio.sleep(0.1)  # the other is to ask while this one is not committed

    return sorted(await asyncio.gather(*(reserved(world, ask_late, amount) for _ in range(2))))


@pytest.fixture
def put_on(world: World) -> Put:
    """Gives the school a plan."""

    async def put(name: str) -> None:
        async with world.database.transaction() as db:
            await service.put_plan(db, world.school_id, name)

    return put


@pytest.fixture
def spend(world: World) -> Spend:
    """Writes so many minutes into the school's ledger, as of `at`; the thing's id."""

    async def write(minutes: float, *, at: datetime | None = None) -> UUID:
        thing_id = uuid4()
        async with world.database.transaction() as db:
            await insert(
                db,
                "usage_entries",
                school_id=world.school_id,
                meter="transcribed_s",
                thing_id=thing_id,
                amount=seconds_of(minutes),
                used_at=at or now(),
                settled_at=at or now(),
            )
        return thing_id

    return write
