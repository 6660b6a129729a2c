"""A school's budget is set, spent and guarded in the transaction that spends it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from learntrace.accounts.narrowing import narrow
from learntrace.accounts.tenants import tenants_of_school
from learntrace.plans import budgeting
from learntrace.plans.budget import MOST_MICRO
from learntrace.plans.budgeting import OverBudgetError
from learntrace.plans.judging import month_of
from tests.world import World, insert, now

from .conftest import Ask, SchoolDay, do, of_two_at_once, reserved

BUDGET = "/plan/budget"


async def give(world: World, monthly_micro: int, school_id: UUID | None = None) -> None:
    async with world.database.transaction() as db:
        school = {"school_id": school_id or world.school_id, "changed_at": now()}
        await insert(db, "school_budgets", monthly_micro=monthly_micro, **school)


async def reserve(world: World, amount: int, *of: UUID, **at: UUID) -> bool:
    return await reserved(world, budgeting.reserve, amount, *of, **at)


async def spent(world: World, school_id: UUID | None = None) -> tuple[int, int]:
    async with world.database.transaction() as db:
        found = await budgeting.of_school(db, school_id or world.school_id)
    return found.spent_micro, found.reserved_micro


async def test_without_a_budget_only_what_is_free_is_had(world: World) -> None:
    assert await reserve(world, 0)
    assert not await reserve(world, 1)
    assert await world.rows("select * from usage_entries") == []


async def test_a_denial_says_how_the_budget_stands(world: World) -> None:
    await give(world, 10_000)
    assert await reserve(world, 9_000)
    with pytest.raises(OverBudgetError) as denied:
        await do(world, budgeting.reserve, uuid4(), 1_001)
    assert denied.value.status == 403
    assert denied.value.members == {
        "error": "budget_limit",
        "message": denied.value.detail,
        "current_usage": 9_000,
        "limit": 10_000,
        "cost": 1_001,
    }
    assert await reserve(world, 1_000)


async def test_of_two_who_want_the_last_of_it_one_gets_it(world: World) -> None:
    await give(world, 10_000)
    assert await of_two_at_once(world, budgeting.reserve, 6_000) == [False, True]
    assert await spent(world) == (6_000, 6_000)


async def test_a_run_is_counted_once(world: World) -> None:
    await give(world, 10_000)
    run = uuid4()
    assert await reserve(world, 6_000, run)
    assert await reserve(world, 6_000, run)
    assert await reserve(world, 9_000, run)  # an engine that turns out to be dearer
    assert not await reserve(world, 10_001, run)
    assert await spent(world) == (9_000, 9_000)
    for amount in (12_000, 5_000):  # it is done, so over the budget, too
        await do(world, budgeting.settle, run, amount)
        assert await spent(world) == (12_000, 0)
    await do(world, budgeting.release, run)
    assert await spent(world) == (12_000, 0)
    assert not await reserve(world, 1)


async def test_what_failed_or_cost_nothing_is_given_back(world: World) -> None:
    await give(world, 10_000)
    failed, free = uuid4(), uuid4()
    assert await reserve(world, 5_000, failed)
    assert await reserve(world, 5_000, free)
    await do(world, budgeting.release, failed)
    await do(world, budgeting.settle, free, 0)
    assert await spent(world) == (0, 0)
    assert await reserve(world, 10_000)


async def test_it_is_of_the_month_it_was_reserved_in(world: World) -> None:
    await give(world, 10_000)
    run, start = uuid4(), month_of(now()).start
    assert await reserve(world, 10_000, run)
    moved = "update usage_entries set used_at = :at returning 1"
    await world.one(moved, at=start - timedelta(microseconds=1))
    # Another attempt takes nothing of the new month, and being done neither.
    assert await reserve(world, 10_000, run)
    await do(world, budgeting.settle, run, 10_000)
    assert await spent(world) == (0, 0)
    assert await reserve(world, 10_000)


async def test_the_sandbox_spends_its_schools_and_others_their_own(world: World) -> None:
    await give(world, 10_000)
    await give(world, 500, world.other_school_id)
    assert await reserve(world, 8_000, school_id=world.sandbox_id)
    assert not await reserve(world, 2_001)
    assert not await reserve(world, 501, school_id=world.other_school_id)
    assert await spent(world, world.sandbox_id) == await spent(world) == (8_000, 8_000)
    assert await spent(world, world.other_school_id) == (0, 0)


async def test_it_works_under_a_persons_rights(world: World) -> None:
    await give(world, 10_000)
    run = uuid4()
    async with world.database.transaction() as db:
        await narrow(db, tenants_of_school(world.school_id))
        await budgeting.reserve(db, world.sandbox_id, run, 100)
        await budgeting.release(db, world.sandbox_id, run)
        await budgeting.reserve(db, world.school_id, run, 100)
        await budgeting.settle(db, world.school_id, run, 90)
    assert await spent(world) == (90, 0)


async def test_an_administrator_sets_it_and_the_log_tells(
    ask: Ask, day: SchoolDay, world: World
) -> None:
    nothing = {
        "budget_micro": 0,
        "spent_micro": 0,
        "reserved_micro": 0,
        "share": None,
        "status": "green",
        "reset_date": month_of(now()).reset_date.isoformat(),
    }
    assert (await ask("teacher", "GET", BUDGET)).json() == nothing
    given = await ask("school_admin", "PUT", BUDGET, {"budget_micro": 2_000_000})
    assert given.json() == nothing | {"budget_micro": 2_000_000, "share": 0}
    assert await reserve(world, 900_000)
    assert await reserve(world, 600_000)
    run = uuid4()
    assert await reserve(world, 1, run)
    await do(world, budgeting.settle, run, 300_000)
    for who in ("teacher", "school_admin"):
        assert (await ask(who, "GET", BUDGET)).json() == nothing | {
            "budget_micro": 2_000_000,
            "spent_micro": 1_800_000,
            "reserved_micro": 1_500_000,
            "share": 0.9,
            "status": "red",
        }
    for _ in range(2):  # the second time nothing changes, and nothing is told
        less = await ask("school_admin", "PUT", BUDGET, {"budget_micro": 0})
        assert (less.json()["status"], less.json()["share"]) == ("critical", None)
    assert (await ask("lake_admin", "GET", BUDGET)).json() == nothing
    log = (await ask("school_admin", "GET", "/schools/audit")).json()["items"]
    assert [(one["who"]["name"], one["words"]) for one in log] == [
        ("school_admin", "set the monthly budget for paid engines to 0.00"),
        ("school_admin", "set the monthly budget for paid engines to 2.00"),
    ]
    assert (await ask("lake_admin", "GET", "/schools/audit")).json()["items"] == []


@pytest.mark.parametrize(
    "body", [{}, *({"budget_micro": wrong} for wrong in (-1, MOST_MICRO + 1, 0.5, None, "all"))]
)
async def test_what_no_budget_is_is_refused(ask: Ask, day: SchoolDay, body: Any) -> None:
    assert (await ask("school_admin", "PUT", BUDGET, body)).status_code == 422


async def test_others_set_none(ask: Ask, day: SchoolDay, world: World) -> None:
    for who, status in (
        *(("nobody", 401), ("teacher", 403), ("system_admin", 403), ("developer", 403)),
        *(("ada", 403), ("write_key", 403)),
    ):
        answer = await ask(who, "PUT", BUDGET, {"budget_micro": 5})
        assert answer.status_code == status, who
    assert await world.rows("select * from school_budgets") == []
