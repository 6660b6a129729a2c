"""Who is to be assessed anew."""

from uuid import UUID, uuid4

from sqlalchemy import text

from learntrace.assessment import inferring, trying
from learntrace.kit.db import Database
from learntrace.skills import due

from ..world import World, add_student


async def test_a_change_for_a_whole_school_reaches_who_is_about_to_be_assessed_for_the_first_time(
    database: Database, world: World
) -> None:
    key = (world.school_id, world.students[0])
    async with database.transaction() as db:
        await due.mark(db, key[0], [key[1]])
    async with database.transaction() as db:
        begun_with = await due.find(db, *key)
    async with database.transaction() as db:
        await due.mark_assessed(db, [world.school_id])
        await due.mark_outdated(db, "another model")
    async with database.transaction() as db:
        await due.settle(db, *key, begun_with)
    async with database.transaction() as db:
        still = await due.find(db, *key)
    assert begun_with is not None
    assert still is not None
    assert still.marks == begun_with.marks + 2


async def mark_pupils(world: World, count: int) -> list[UUID]:
    pupils = [uuid4() for _ in range(count)]
    async with world.database.transaction() as db:
        for number, pupil in enumerate(pupils):
            await add_student(db, world.school_id, pupil, f"Pupil {number}", f"CLASS{number}")
        await due.mark(db, world.school_id, pupils)
    return pupils


async def begin_pass_and_die(world: World) -> list[int]:
    """What a worker's pass claims, and how many at a time; nothing of it is ever settled."""
    taken = []
    for share in trying.SHARES:
        async with world.database.transaction() as db:
            claimed = await due.claim(db, claim_s=60, most=share.most, attempts=share.attempts)
            taken.append(len(claimed))
    async with world.database.transaction() as db:
        await db.execute(text("update assessments_due set next_at = now() - interval '1 s'"))
    return taken


async def test_who_ended_the_worker_twice_is_claimed_alone(world: World) -> None:
    await mark_pupils(world, 20)
    assert await begin_pass_and_die(world) == [20, 0]
    assert await begin_pass_and_die(world) == [20, 0]
    assert await begin_pass_and_die(world) == [0, 1]
    async with world.database.transaction() as db:
        await due.mark(db, world.school_id, world.students)
    assert await begin_pass_and_die(world) == [3, 1]


async def test_suspects_are_assessed_one_a_pass_after_all_others(world: World) -> None:
    suspects = await mark_pupils(world, 2)
    async with world.database.transaction() as db:
        await db.execute(text("update assessments_due set attempts = 2"))
        await due.mark(db, world.school_id, world.students)
    assert await inferring.infer_due(world.database) == len(world.students) + 1
    assert await inferring.infer_due(world.database) == len(suspects) - 1
    assert await world.one("select count(*) from assessments_due") == 0
