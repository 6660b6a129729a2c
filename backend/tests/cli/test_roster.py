"""`learntrace roster`, as a person runs it."""

import re
from pathlib import Path

from sqlalchemy import text

from ..roster.exports import plain, school
from ..world import World
from .conftest import Run


async def test_an_import_prints_what_it_did(run: Run, world: World, tmp_path: Path) -> None:
    command = ("roster", "import", school().folder(tmp_path / "export"), "--school", "Hill School")
    dry = await run(*command, "--dry-run")
    assert dry.endswith("A dry run: nothing was stored.\n")
    assert await world.one("select count(*) from students where source_id is not null") == 0
    said = await run(*command)
    assert dry.startswith(said)
    assert re.search(r"ADDED +CHANGED +ENDED +UNCHANGED", said)
    for noun, count in (("classes", 2), ("students", 20), ("teachers", 2), ("enrolments", 20)):
        assert re.search(rf"{noun} +{count} +0 +0 +0", said)
    assert re.search(r"students +0 +0 +0 +20", await run(*command))


async def test_ending_many_is_shown_refused_and_forced(
    run: Run, world: World, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    command = ("roster", "import", path, "--school", world.school_id)
    path.write_bytes(plain(*(f"5b,Given,Family,{n}" for n in range(10))))
    await run(*command)
    path.write_bytes(plain(*(f"5b,Given,Family,{n}" for n in range(8))))
    said = await run(*command, code=1)
    assert re.search(r"enrolments +0 +0 +2 +8", said)
    assert "Error: Nothing was stored: this would end 2 of the 10 enrolments" in said
    assert "--force" in said
    assert re.search(r"enrolments +0 +0 +2 +8", await run(*command, "--force"))


async def test_problems_are_listed_and_nobody_is_named(
    run: Run, world: World, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(plain("5b,Secret,Family,1", "5b,Secret,Family,", ",Secret,Family,2"))
    said = await run("roster", "import", path, "--school", "Hill School", code=1)
    assert "list.csv, line 3: Give each pupil an external_id" in said
    assert "list.csv, line 4: Give the class a name" in said
    assert said.endswith("Error: Nothing was stored: the files have 2 problems.\n")
    assert "Secret" not in said
    assert await world.one("select count(*) from students where source_id is not null") == 0


async def test_what_the_database_refuses_is_told_without_a_name(
    run: Run, world: World, tmp_path: Path
) -> None:
    async with world.database.transaction() as db:
        await db.execute(text("alter table students add check (display_name not like 'Secret%')"))
    path = tmp_path / "list.csv"
    path.write_bytes(plain("5b,Secret,Family,1"))
    said = await run("roster", "import", path, "--school", "Hill School", code=1)
    assert said.startswith("Error: Nothing was stored: the database refused it (code 23514)")
    assert "Secret" not in said
