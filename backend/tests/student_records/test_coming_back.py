"""Neither a roster nor a file of play brings back whom the school had erased."""

import json
from pathlib import Path
from uuid import UUID

import pytest

from learntrace.audit.acts import Act
from learntrace.roster.importing.service import Report, import_roster
from learntrace.student_records import erasing

from ..skills.lessons import lesson
from ..world import World, now
from .conftest import Run
from .searching import found_in_database, traces_of

ACT = Act.of_command("roster import")
ROSTER = """\
class,given_name,family_name,external_id
5c,Zora,Quirkfield,sis-1
5c,Yann,Plain,sis-2
6c,Zora,Quirkfield,sis-1
"""


async def import_again(world: World, school_id: UUID | None = None) -> Report:
    async with world.database.transaction() as db:
        files = {"roster.csv": ROSTER.encode()}
        return await import_roster(db, files, school_id=school_id or world.school_id, act=ACT)


async def erase_zora(world: World) -> UUID:
    query = "select id from students where source_id = 'sis-1' and school_id = :school"
    zora: UUID = await world.one(query, school=world.school_id)
    async with world.database.transaction() as db:
        await erasing.erase(db, erasing.BY_COMMAND, world.school_id, zora)
    return zora


async def test_a_roster_that_names_an_erased_student_leaves_that_one_out(world: World) -> None:
    first = await import_again(world)
    assert (first.students.added, first.erased) == (2, 0)
    zora = await erase_zora(world)
    again = await import_again(world)
    assert (again.students.added, again.students.unchanged, again.erased) == (0, 1, 1)
    assert (again.enrolments.added, again.enrolments.unchanged) == (0, 1)
    traces = traces_of(zora, "Zora Quirkfield", "sis-1")
    assert await found_in_database(world.database, traces) == []
    other = await import_again(world, world.other_school_id)
    assert (other.students.added, other.erased) == (2, 0)


async def test_the_command_says_how_many_are_left_out(
    world: World, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "roster.csv"
    file.write_text(ROSTER)
    await import_again(world)
    await erase_zora(world)
    told = await run("roster", "import", file, "--school", "Hill School")
    assert "Left out, because the school had them erased: 1 students." in told


@pytest.mark.parametrize("where", [(), ("--sandbox",)], ids=["live", "sandbox"])
async def test_an_import_of_play_does_not_bring_a_student_back(
    world: World, run: Run, tmp_path: Path, where: tuple[str, ...]
) -> None:
    ada, ben, _ = world.students
    told = [
        one
        for student_id in (ada, ben)
        for one in lesson(world, student_id, UUID(int=student_id.int ^ 1), at=now(), tries_again=1)
    ]
    file = tmp_path / "play.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in told))
    async with world.database.transaction() as db:
        await erasing.erase(db, erasing.BY_COMMAND, world.school_id, ada)
    said = await run("import", file, "--school", "Hill School", "--game", "Waves", *where, code=1)
    assert f"erased_student: {len(told) // 2}" in said
    assert await world.one("select count(*) from events") == len(told) // 2
    assert await found_in_database(world.database, traces_of(ada)) == []
