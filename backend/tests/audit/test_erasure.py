"""After an erasure the log says what it said, and nothing leads from it to whom it was."""

import hashlib

import pytest
from sqlalchemy import text

from tests.student_records.searching import found_in_database

from .conftest import Ask, Entries, Run, SchoolDay


def digest(key: bytes, student_id) -> str:
    return hashlib.sha256(key + student_id.bytes).hexdigest()[:32]


async def test_the_entries_stay_and_nobody_is_found_by_them(
    ask: Ask, day: SchoolDay, entries: Entries
) -> None:
    key = bytes(await day.world.one("select audit_key from students where id = :id", id=day.ada))
    assert len(key) == 32
    for path in (f"/students/{day.ada}", f"/classes/{day.world.class_id}/overview"):
        await ask("teacher", "GET", path)
    before = await entries()
    of_ada = digest(key, day.ada)
    assert [of_ada in {one.hex for one in entry.pseudonyms} for entry in before] == [True, True]

    erased = await ask("school_admin", "POST", f"/students/{day.ada}/erasure", {"confirm": "Ada"})
    assert erased.status_code == 200, erased.text
    stored = await day.world.rows("select students from audit_entries order by at, id")
    assert [list(one.pseudonyms) for one in before] == [row.students for row in stored[:2]]
    assert await found_in_database(day.world.database, [key.hex()]) == []

    keys = [row.audit_key for row in await day.world.rows("select audit_key from students")]
    ids = [*day.world.students, day.tess, day.world.foreign_student]
    known = {digest(bytes(one), student_id) for one in keys for student_id in ids}
    logged = {one.hex for row in stored for one in row.students}
    [[of_erasure]] = [row.students for row in stored[2:]]
    assert logged - known == {of_ada, of_erasure.hex}
    assert len(logged & known) == 2  # Ben and Cleo, who were read with the class


# From an id by its tombstone to the receipt, by when that was to the entry, and on to others.
JOIN = """
    with receipts as (
        select r.erased_at from erasures r join tombstone_keys k using (school_id)
        where r.tombstone = sha256(
            k.outer_key || sha256(k.inner_key || convert_to('student:' || :id, 'UTF8')))
    ), near as (
        select e.id, unnest(e.students) as pseudonym from audit_entries e join receipts r
            on e.at between r.erased_at - interval '1 minute' and r.erased_at
        where e.action like '%eras%'
    )
    select near.id, other.action from near left join audit_entries other
        on near.pseudonym = any(other.students) and other.id <> near.id
"""


@pytest.mark.parametrize(("way", "entered"), [("page", 1), ("command", 3)])
async def test_the_erasures_own_entry_leads_to_no_other(
    ask: Ask, run: Run, day: SchoolDay, way: str, entered: int
) -> None:
    for path in (f"/students/{day.ada}", f"/classes/{day.world.class_id}/overview"):
        await ask("teacher", "GET", path)
    erase = ("students", "erase", "--school", "Hill School", "--student", day.ada)
    if way == "page":
        path = f"/students/{day.ada}/erasure"
        assert (await ask("school_admin", "POST", path, {"confirm": "ada"})).status_code == 422
        assert (await ask("school_admin", "POST", path, {"confirm": "Ada"})).status_code == 200
    else:
        await run(*erase, "--dry-run")
        await run(*erase, "--yes")
    led = await day.world.rows(JOIN, id=str(day.ada))
    assert len({one.id for one in led}) == entered
    assert {one.action for one in led} == {None}


async def test_nor_does_that_of_who_is_kept_no_longer(ask: Ask, run: Run, day: SchoolDay) -> None:
    await ask("teacher", "GET", f"/students/{day.ada}")
    async with day.world.database.transaction() as db:
        left = "ended_at = now() - interval '400 days'"
        began = "started_at = now() - interval '500 days'"
        enrolments = f"update enrolments set {began}, {left} where student_id = :id"
        await db.execute(text(enrolments), {"id": day.ada})
    hill = ("--school", "Hill School")
    await run("retention", "set", *hill, "--left-days", 365)
    await run("retention", "run", *hill)
    read, erased = await day.world.rows("select action, students from audit_entries order by at")
    assert (read.action, erased.action) == (
        "GET /students/{student_id}",
        "retention of who left",
    )
    assert len(read.students) == len(erased.students) == 1
    assert read.students != erased.students


async def test_every_student_has_a_key_of_their_own(day: SchoolDay) -> None:
    rows = await day.world.rows("select audit_key from students")
    assert len({bytes(row.audit_key) for row in rows}) == len(rows) == 5
