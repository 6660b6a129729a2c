"""Who is to be assessed anew."""

from learntrace.kit.db import Database
from learntrace.skills import due

from ..world import World


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
