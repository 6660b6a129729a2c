"""Who stands in an entry, and when there is none."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from learntrace.audit import log
from learntrace.audit.acts import Act

from .conftest import Ask, Entries, SchoolDay


async def test_a_page_names_whom_it_shows_and_not_who_follows(
    ask: Ask, day: SchoolDay, entries: Entries
) -> None:
    first = await ask("teacher", "GET", "/students?limit=1")
    cursor = first.json()["next_cursor"]
    await ask("teacher", "GET", f"/students?limit=1&cursor={cursor}")
    await ask("teacher", "GET", f"/students?limit=2&class_id={day.world.class_id}")
    found = await entries()
    assert [one.students for one in found] == [{day.ada}, {day.ben}, {day.ada, day.ben}]
    assert [one.class_id for one in found] == [None, None, day.world.class_id]


async def test_a_class_stands_in_no_order_by_which_one_could_be_told(
    ask: Ask, day: SchoolDay, entries: Entries
) -> None:
    await ask("teacher", "GET", f"/classes/{day.world.class_id}/now")
    [entry] = await entries()
    assert list(entry.pseudonyms) == sorted(entry.pseudonyms)
    assert len(entry.pseudonyms) == len(entry.students) == 3


@pytest.mark.parametrize("write", [log.write, log.write_apart])
async def test_an_act_of_very_many_is_several_entries(
    day: SchoolDay, entries: Entries, write: Callable[..., Awaitable[None]]
) -> None:
    school_id = day.world.school_id
    many = (
        "insert into students (school_id, id, display_name, pupil_code, created_at) "
        "select :school, gen_random_uuid(), 'Pupil', 'MANY' || n, now() "
        "from generate_series(1, 1999) n returning id"
    )
    async with day.world.database.transaction() as db:
        ids = [*await db.scalars(text(many), {"school": school_id}), day.ada, day.ben]
        await write(db, Act.of_command("roster import"), [(school_id, one) for one in ids])
    found = await entries()
    assert sorted(len(one.pseudonyms) for one in found) == [1, 1000, 1000]
    assert len({one for entry in found for one in entry.pseudonyms}) == len(ids)
    for one in found:
        assert list(one.pseudonyms) == sorted(one.pseudonyms)
        assert one.action == "learntrace roster import"
    told = {one for entry in found for one in entry.students}
    assert told == (set(ids) if write is log.write else set())


async def test_whoever_belongs_to_no_school_is_named_in_the_schools_log(
    ask: Ask, day: SchoolDay, entries: Entries
) -> None:
    await ask("system_admin", "GET", "/students")
    hill, lake = sorted(await entries(), key=lambda one: -len(one.students))
    assert (hill.school_id, hill.students) == (day.world.school_id, set(day.world.students))
    assert lake.school_id == day.world.other_school_id
    assert lake.students == {day.world.foreign_student}
    assert {one.person_name for one in (hill, lake)} == {"system_admin"}


async def test_a_sandbox_has_a_log_of_its_own(ask: Ask, day: SchoolDay, entries: Entries) -> None:
    await ask("developer", "GET", f"/students/{day.tess}/sessions")
    [entry] = await entries()
    assert (entry.school_id, entry.students) == (day.world.sandbox_id, {day.tess})


@pytest.mark.parametrize(
    ("who", "method", "path", "status"),
    [
        ("lake_teacher", "GET", "/students/{ada}", 404),
        ("lake_admin", "GET", "/students/{ada}/export", 404),
        ("lake_teacher", "GET", "/game-sessions/{live}", 404),
        ("developer", "GET", "/students/{tess}/notes", 403),
        ("teacher", "PUT", "/students/{ada}/consents/play", 403),
        ("teacher", "DELETE", "/students/{ada}/notes/{live}", 404),
        ("teacher", "GET", "/students/{ada}/sessions?cursor=x", 422),
        ("nobody", "GET", "/students/{ada}", 401),
    ],
)
async def test_what_is_refused_is_no_read(
    ask: Ask, day: SchoolDay, entries: Entries, who: str, method: str, path: str, status: int
) -> None:
    address = path.format(ada=day.ada, tess=day.tess, live=day.live)
    body = {"state": "verified"} if method == "PUT" else None
    assert (await ask(who, method, address, body)).status_code == status
    assert await entries() == []


async def test_a_pupils_own_game_reads_without_an_entry(
    ask: Ask, day: SchoolDay, entries: Entries
) -> None:
    for path in (f"/students/{day.ada}/sessions", f"/game-sessions/{day.live}"):
        assert (await ask("ada", "GET", path)).status_code == 200
    assert await entries() == []


async def test_without_its_entry_nothing_is_read(
    ask: Ask, day: SchoolDay, entries: Entries
) -> None:
    async with day.world.database.transaction() as db:
        await db.execute(text("revoke insert on audit_entries from learntrace_reader"))
    for path in (f"/students/{day.ada}", f"/classes/{day.world.class_id}/overview"):
        answer = await ask("teacher", "GET", path)
        assert answer.status_code == 500
        assert "Ada" not in answer.text
    assert await entries() == []


async def test_no_entry_holds_an_id_or_a_name_of_a_student(ask: Ask, day: SchoolDay) -> None:
    for path in (f"/students/{day.ada}", f"/game-sessions/{day.live}/events", "/students"):
        await ask("teacher", "GET", path)
    for row in await day.world.rows("select e::text as whole from audit_entries e"):
        for trace in (str(day.ada), day.ada.hex, "Ada", str(day.live)):
            assert trace not in row.whole
