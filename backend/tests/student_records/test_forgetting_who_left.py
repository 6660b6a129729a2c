"""Who left goes after as many days as the school says, and may come back."""

import asyncio
from datetime import timedelta

import httpx
from sqlalchemy import text
from sqlalchemy.event import listen

from learntrace.assessment import references
from learntrace.skills.refitting import refit_item_tables

from ..skills.lessons import play_as_a_class, play_lesson
from ..world import World, add_class, batch, bearer, now
from .keeping import BATCH, PLAY_DAYS, enrol, forget, leave, limits, preview, receipts, rows_of
from .life import live_a_life
from .searching import found_in_database, traces_of

# At a school and its sandbox: of each kind what is old, whose, and both.
MOST_STATEMENTS = 120


async def test_who_left_is_erased_and_may_come_back(api: httpx.AsyncClient, world: World) -> None:
    lived = await live_a_life(api, world)
    async with world.database.transaction() as db:
        await add_class(db, world.school_id, "CLASS6", world.students[0])
    ada, ben, cleo = world.students
    await leave(world, lived.student_id, days_ago=91.5)
    await leave(world, ben, days_ago=89)
    await leave(world, cleo, days_ago=500)
    async with world.database.transaction() as db:
        statement = "update enrolments set ended_at = :at where student_id = :id and class_id = :c"
        at = now() - timedelta(days=500)
        await db.execute(text(statement), {"at": at, "id": ada, "c": world.class_id})
    bounds = await limits(world, left=90, at=now())
    expected = await preview(world, bounds)
    assert (expected.students, expected.counts["student"]) == (2, 2)
    removed = await forget(world, bounds)
    assert dict(removed) == dict(expected.counts)
    assert await receipts(world) == {("left", kind): n for kind, n in removed.items()}
    left = await world.rows("select id from students where school_id = :id", id=world.school_id)
    assert {row[0] for row in left} == {ada, ben}
    assert await found_in_database(world.database, traces_of(lived.student_id, lived.name)) == []
    for table in ("erased_students", "erasures"):
        assert await rows_of(world, table) == 0
    told = world.event(student_id=lived.student_id)
    answer = await api.post(BATCH, json=batch([told]), headers=bearer(world.write_key))
    assert answer.json()["rejected"][0]["code"] == "unknown_student"
    answer = await api.post(BATCH, json=batch([told]), headers=bearer(world.sandbox_key))
    assert answer.status_code == 201


async def test_who_left_and_whose_play_is_old_is_counted_once(
    api: httpx.AsyncClient, world: World
) -> None:
    await live_a_life(api, world)
    ada = world.students[0]
    await play_lesson(api, world, ada)
    await leave(world, ada, days_ago=100)
    bounds = await limits(world, play=PLAY_DAYS, left=90)
    expected = await preview(world, bounds)
    assert dict(await forget(world, bounds)) == dict(expected.counts)
    assert expected.students == 1


async def test_the_preview_counts_many_in_as_many_statements_as_one(
    api: httpx.AsyncClient, world: World
) -> None:
    pupils = await play_as_a_class(api, world)
    await references.refit(world.database)
    await refit_item_tables(world.database)
    async with world.database.transaction() as db:
        await enrol(db, world, pupils)
    await leave(world, pupils[0], days_ago=100)
    bounds = await limits(world, play=PLAY_DAYS, left=90)
    sent: list[str] = []
    listen(
        world.database.engine.sync_engine,
        "before_cursor_execute",
        lambda *told: sent.append(told[2]),
    )
    assert (await preview(world, bounds)).students == 1
    of_one = len(sent)
    assert of_one <= MOST_STATEMENTS
    async with world.database.transaction() as db:
        long_ago = now() - timedelta(days=100)
        await db.execute(
            text("update enrolments set started_at = :at, ended_at = :at"), {"at": long_ago}
        )
    sent.clear()
    expected = await preview(world, bounds)
    assert (expected.students, len(sent)) == (23, of_one)
    assert dict(await forget(world, bounds)) == dict(expected.counts)


async def test_the_preview_counts_an_item_for_each_who_answered_it(
    api: httpx.AsyncClient, world: World
) -> None:
    pupils = await play_as_a_class(api, world)
    async with world.database.transaction() as db:
        await enrol(db, world, pupils)
    for one in pupils:
        await leave(world, one, days_ago=100)
    bounds = await limits(world, left=90, at=now())
    expected = await preview(world, bounds)
    assert expected.counts["answered_items"] > await rows_of(world, "answered_items") > 0
    assert dict(await forget(world, bounds)) == dict(expected.counts)


async def test_a_student_whom_a_roster_brings_back_meanwhile_stays(world: World) -> None:
    ada = world.students[0]
    await leave(world, ada, days_ago=100)
    bounds = await limits(world, left=90, at=now())
    async with world.database.transaction() as db:
        # What a roster's import holds while it opens an enrolment again.
        lock = "select from schools where id = :id for no key update"
        await db.execute(text(lock), {"id": world.school_id})
        passing = asyncio.create_task(forget(world, bounds))
        await world.until_waiting()
        again = "update enrolments set ended_at = null where student_id = :id"
        await db.execute(text(again), {"id": ada})
    assert await passing == {}
    assert await world.one("select count(*) from students where id = :id", id=ada) == 1
