"""The audit log goes by its own days, and none of its last year."""

from datetime import timedelta
from uuid import uuid4

import httpx
from sqlalchemy import text
from sqlalchemy.event import listen

from learntrace.audit.words import WORDS
from learntrace.student_records import forgetting

from ..skills.lessons import play_lesson
from ..world import World, insert, now
from .keeping import PLAY_DAYS, forget, leave, limits, preview, receipts, rows_of


async def test_the_audit_log_goes_by_its_own_days_and_says_what_the_program_removed(
    api: httpx.AsyncClient, world: World
) -> None:
    ada, ben, _ = world.students
    await play_lesson(api, world, ada)
    await leave(world, ben, days_ago=100)
    bounds = await limits(world, play=PLAY_DAYS, left=90)
    await forget(world, bounds)
    entries = await world.rows("select by, person_id, action from audit_entries order by action")
    assert [tuple(row) for row in entries] == [
        ("program", None, "retention of play"),
        ("program", None, "retention of who left"),
    ]
    assert {row.action for row in entries} <= WORDS.keys()
    async with world.database.transaction() as db:
        for days in (370, 364):
            await insert(
                db,
                "audit_entries",
                school_id=world.school_id,
                at=now() - timedelta(days=days),
                by="program",
                action="retention of play",
                students=[uuid4()],
            )
    assert await forget(world, await limits(world, left=90, at=now())) == {}
    bounds = await limits(world, audit=365, at=now())
    assert (await preview(world, bounds)).counts == {"audit_entries": 1}
    assert await forget(world, bounds) == {"audit_entries": 1}
    assert (await receipts(world))["audit", "audit_entries"] == 1
    assert await rows_of(world, "audit_entries") == 3


async def test_a_long_audit_log_goes_a_little_in_each_transaction(world: World) -> None:
    count = forgetting.MOST_AT_ONCE + 1
    async with world.database.transaction() as db:
        many = """
            insert into audit_entries (school_id, at, by, action, students)
            select :school, now() - interval '400 days', 'program', 'retention of play', '{}'
            from generate_series(1, :count)
        """
        await db.execute(text(many), {"school": world.school_id, "count": count})
    sent: list[str] = []
    listen(
        world.database.engine.sync_engine,
        "before_cursor_execute",
        lambda *told: sent.append(told[2]),
    )
    bounds = await limits(world, audit=365, at=now())
    assert await forget(world, bounds) == {"audit_entries": count}
    deleting = [one for one in sent if one.startswith("DELETE FROM audit_entries")]
    assert len(deleting) == 3  # two at the school, and one at its sandbox
    assert (await receipts(world))["audit", "audit_entries"] == count


async def test_no_entry_of_the_last_365_days_goes_whatever_the_clocks(world: World) -> None:
    # Where the day a year ago was an hour longer, its midnight is less than 365 days away.
    bounds = await limits(world, audit=365, at=now() + timedelta(days=3))
    assert await forget(world, bounds) == {}
