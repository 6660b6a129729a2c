"""Nobody changes the log; what is older than a year, the owner may let go."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from learntrace.accounts.narrowing import narrow
from learntrace.accounts.tenants import every_tenant, tenants_of_school
from learntrace.audit import log
from learntrace.kit.clock import now
from learntrace.kit.errors import InvalidError
from tests.world import insert

from .conftest import Ask, Entries, SchoolDay

REPLACE = (
    "insert into audit_entries as e (school_id, at, id, by, action, students) "
    "select school_id, at, id, by, 'nothing', students from audit_entries "
    "on conflict (school_id, at, id) do update set action = 'nothing'"
)
CHANGES = (
    "update audit_entries set action = 'nothing'",
    "update audit_entries set at = at - interval '2 years'",
    "delete from audit_entries",
    "truncate audit_entries",
    REPLACE,
)


@pytest.fixture
async def read(ask: Ask, day: SchoolDay, entries: Entries) -> None:
    """Ada was read just now."""
    await ask("teacher", "GET", f"/students/{day.ada}")
    assert len(await entries()) == 1


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("who", ["reader", "owner"])
async def test_an_entry_stays_as_it_is(read: None, day: SchoolDay, who: str, change: str) -> None:
    before = await day.world.rows("select * from audit_entries")
    async with day.world.database.handles() as db:
        if who == "reader":
            await narrow(db, every_tenant())
        said = "permission denied" if who == "reader" else "audit log is not changed"
        with pytest.raises(DBAPIError, match=said):
            await db.execute(text(change))
    assert await day.world.rows("select * from audit_entries") == before


async def test_who_reads_neither_dates_an_entry_nor_enters_anything_elsewhere(
    read: None, day: SchoolDay
) -> None:
    dated = "insert into audit_entries (school_id, at, by, action, students) values "
    foreign = "insert into audit_entries (school_id, by, action, students) values "
    school, other = day.world.school_id, day.world.other_school_id
    for statement, said in (
        (f"{dated} ('{school}', now() - interval '2 years', 'person', 'x', '{{}}')", "permission"),
        (f"{foreign} ('{other}', 'person', 'x', '{{}}')", "row-level security"),
    ):
        async with day.world.database.handles() as db:
            await narrow(db, tenants_of_school(school))
            with pytest.raises(DBAPIError, match=said):
                await db.execute(text(statement))


async def test_what_is_older_than_a_year_is_let_go_school_by_school(day: SchoolDay) -> None:
    own = {"by": "person", "action": "x", "students": []}
    hill, lake = day.world.school_id, day.world.other_school_id
    async with day.world.database.transaction() as db:
        for school_id in (hill, lake):
            for days in (366, 400, 500):
                at = now() - timedelta(days=days)
                await insert(db, "audit_entries", school_id=school_id, at=at, **own)
        await insert(db, "audit_entries", school_id=hill, **own)
    with pytest.raises(InvalidError, match="365 days"):
        async with day.world.database.transaction() as db:
            await log.forget(db, hill, now() - timedelta(days=364), most=9)
    async with day.world.database.transaction() as db:
        before = now() - timedelta(days=390)
        assert [await log.forget(db, hill, before, most=1) for _ in range(3)] == [1, 1, 0]
    left = "select count(*) from audit_entries where school_id = :school"
    assert await day.world.one(left, school=hill) == 2
    assert await day.world.one(left, school=lake) == 3
