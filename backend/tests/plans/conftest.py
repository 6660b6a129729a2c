"""A school's plan and what it used, in transactions of their own."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from learntrace.plans import service
from learntrace.plans.judging import seconds_of
from tests.classroom.conftest import SchoolDay, day
from tests.cli.conftest import environment, run
from tests.skills.conftest import Ask, ask
from tests.world import World, insert, now

__all__ = ["Ask", "SchoolDay", "ask", "day", "environment", "run"]

Put = Callable[[str], Awaitable[None]]
Spend = Callable[..., Awaitable[UUID]]


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
