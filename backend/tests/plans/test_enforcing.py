"""What a plan refuses is refused in the transaction that would use it, whoever asks at once."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from learntrace.accounts.narrowing import narrow
from learntrace.accounts.tenants import tenants_of_school
from learntrace.kit.db import Database
from learntrace.plans import enforcing, ledger
from learntrace.plans.enforcing import FileOverPlanError, OverPlanError
from learntrace.plans.judging import month_of
from tests.world import World, now

from .conftest import Put, Spend, do, of_two_at_once, reserved


async def used_minutes(world: World) -> float:
    async with world.database.transaction() as db:
        return (await ledger.used(db, world.school_id, month_of(now()))).minutes


async def reserve(world: World, minutes: float, *of: UUID, **at: UUID) -> bool:
    return await reserved(world, enforcing.reserve_minutes, minutes, *of, **at)


@pytest.mark.parametrize(("minutes", "taken"), [(49, True), (50, True), (51, False)])
async def test_minutes_are_taken_up_to_the_limit(
    world: World, put_on: Put, spend: Spend, minutes: float, taken: bool
) -> None:
    await put_on("free")
    await spend(150)
    assert await reserve(world, minutes) == taken
    assert await used_minutes(world) == 150 + (minutes if taken else 0)


async def test_a_denial_says_what_the_plan_allows(world: World, put_on: Put, spend: Spend) -> None:
    await put_on("free")
    await spend(150.5)
    with pytest.raises(OverPlanError) as denied:
        await do(world, enforcing.reserve_minutes, uuid4(), 60)
    assert denied.value.status == 403
    assert denied.value.members == {
        "error": "plan_limit",
        "message": denied.value.detail,
        "plan": "free",
        "current_usage": 150.5,
        "limit": 200,
    }
    assert "49.5 of this month's 200 minutes are left, and this takes 60." in denied.value.detail


async def test_of_two_who_want_the_last_minutes_one_gets_them(
    world: World, put_on: Put, spend: Spend
) -> None:
    await put_on("free")
    await spend(190)
    assert await of_two_at_once(world, enforcing.reserve_minutes, 10) == [False, True]
    assert await used_minutes(world) == 200


async def test_of_two_who_want_the_last_job_one_gets_it(world: World, put_on: Put) -> None:
    await put_on("free")
    running = 0

    async def start() -> bool:
        nonlocal running
        try:
            async with world.database.transaction() as db:
                await enforcing.reserve_minutes(db, world.school_id, uuid4(), 1)
                await enforcing.require_job_slot(db, world.school_id, running)
                await asyncio.sleep(0.1)
                running += 1
        except OverPlanError:
            return False
        return True

    assert sorted(await asyncio.gather(start(), start())) == [False, True]
    assert await used_minutes(world) == 1


async def test_what_was_rolled_back_was_not_used(world: World, put_on: Put) -> None:
    await put_on("free")
    async with world.database.transaction() as db:
        await enforcing.reserve_minutes(db, world.school_id, uuid4(), 200)
        await db.rollback()
    assert await reserve(world, 200)


async def test_one_thing_is_counted_once(world: World, put_on: Put) -> None:
    await put_on("free")
    thing = uuid4()
    assert await reserve(world, 150, thing)
    assert await reserve(world, 160, thing)
    assert await used_minutes(world) == 160
    for minutes in (140, 190):
        await do(world, enforcing.settle_minutes, thing, minutes)
        assert await used_minutes(world) == 140
    # Settled, it costs no more, nor is it given back.
    assert await reserve(world, 500, thing)
    await do(world, enforcing.release_minutes, thing)
    assert await used_minutes(world) == 140


async def test_what_failed_is_given_back(world: World, put_on: Put) -> None:
    await put_on("free")
    thing = uuid4()
    assert await reserve(world, 200, thing)
    assert not await reserve(world, 1)
    for _ in range(2):
        await do(world, enforcing.release_minutes, thing)
    assert await used_minutes(world) == 0
    assert await reserve(world, 1)


async def test_what_is_done_is_counted_even_over_the_limit(world: World, put_on: Put) -> None:
    await put_on("free")
    thing = uuid4()
    assert await reserve(world, 200, thing)
    async with world.database.transaction() as db:
        await enforcing.settle_minutes(db, world.school_id, thing, 230)
        await enforcing.settle_minutes(db, world.school_id, uuid4(), 5)  # never reserved
    assert await used_minutes(world) == 235
    assert not await reserve(world, 1)


async def test_the_month_before_does_not_count(world: World, put_on: Put, spend: Spend) -> None:
    await put_on("free")
    start = month_of(now()).start
    await spend(200, at=start - timedelta(microseconds=1))
    assert await reserve(world, 199)
    await spend(1, at=start)
    assert not await reserve(world, 1)


async def test_minutes_are_of_the_month_they_were_reserved_in(world: World, put_on: Put) -> None:
    thing = uuid4()
    assert await reserve(world, 10, thing)
    before = month_of(now()).start - timedelta(days=1)
    moved = "update usage_entries set used_at = :at returning 1"
    await world.one(moved, at=before)
    await do(world, enforcing.settle_minutes, thing, 12)
    assert await used_minutes(world) == 0
    assert await world.rows("select amount, used_at from usage_entries") == [(720, before)]


async def test_the_sandbox_uses_its_schools_plan_and_others_their_own(
    world: World, put_on: Put
) -> None:
    await put_on("free")
    assert await reserve(world, 120, school_id=world.sandbox_id)
    assert not await reserve(world, 81)
    assert await reserve(world, 5000, school_id=world.other_school_id)
    assert await used_minutes(world) == 120


async def test_files_and_formats_are_refused(world: World, put_on: Put) -> None:
    await put_on("free")
    async with world.database.transaction() as db:
        await enforcing.require_upload_mb(db, world.school_id, 60)
        await enforcing.require_format(db, world.school_id, "txt")
        with pytest.raises(FileOverPlanError) as large:
            await enforcing.require_upload_mb(db, world.school_id, 60.5)
        with pytest.raises(OverPlanError) as lacking:
            await enforcing.require_format(db, world.sandbox_id, "xlsx")
    assert (large.value.status, lacking.value.status) == (413, 403)
    for error, limit in ((large.value, 60), (lacking.value, 0)):
        assert (error.members["plan"], error.members["limit"]) == ("free", limit)
        assert error.members["current_usage"] is None
    await put_on("pro")
    async with world.database.transaction() as db:
        await enforcing.require_upload_mb(db, world.school_id, 200)
        await enforcing.require_format(db, world.school_id, "xlsx")


async def test_it_works_under_a_persons_rights(world: World, put_on: Put) -> None:
    await put_on("student")
    thing = uuid4()
    async with world.database.transaction() as db:
        await narrow(db, tenants_of_school(world.school_id))
        await enforcing.note_recording(db, world.sandbox_id, thing)
        await enforcing.note_recording(db, world.sandbox_id, thing)
        await enforcing.reserve_minutes(db, world.school_id, thing, 100)
        await enforcing.release_minutes(db, world.school_id, thing)
        await enforcing.reserve_minutes(db, world.school_id, thing, 100)
        await enforcing.settle_minutes(db, world.school_id, thing, 90)
        await enforcing.require_job_slot(db, world.school_id, 1)
    async with world.database.transaction() as db:
        used = await ledger.used(db, world.school_id, month_of(now()))
    assert (used.recordings, used.transcriptions, used.minutes) == (1, 1, 90)


async def test_a_school_that_was_given_no_plan_has_no_limit_of_minutes(world: World) -> None:
    assert await reserve(world, 10**6)
    assert await reserve(world, 10**6)


async def test_old_entries_go(database: Database, world: World, spend: Spend) -> None:
    old, kept = now() - timedelta(days=401), now() - timedelta(days=399)
    await spend(1, at=old)
    await spend(2, at=kept)
    async with database.transaction() as db:
        assert await ledger.drop_old(db) == 1
    assert await world.rows("select amount from usage_entries") == [(120,)]
