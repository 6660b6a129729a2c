"""`learntrace demo`, as a person runs it."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from learntrace.kit.db import Database

from ..world import World
from .conftest import Run


async def test_an_empty_database_becomes_the_demo_school(
    run: Run, database: Database, tmp_path: Path
) -> None:
    said = await run("demo")
    assert said.startswith("Making the demo school.")
    assert "Storing play" in said
    path = tmp_path / "data" / "demo.json"
    assert str(path) in said
    demo = json.loads(path.read_text())
    async with database.transaction() as db:
        name = await db.scalar(text("select name from schools where sandbox_of is null"))
    assert name == "Demo School"
    said = await run("demo", "--if-empty")
    assert "is here already" in said
    assert json.loads(path.read_text()) == demo


async def test_another_school_is_left_alone(run: Run, world: World, tmp_path: Path) -> None:
    assert "Error: The database is not empty" in await run("demo", code=1)
    assert "The database is not empty" in await run("demo", "--if-empty")
    assert not (tmp_path / "data").exists()


async def test_a_database_out_of_reach_is_one_sentence(
    run: Run, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("DATABASE_URL", "postgresql://learntrace@127.0.0.1:9/nowhere")
    said = await run("demo", code=1)
    assert said.startswith("Error: The database does not answer")
    assert len(said.splitlines()) == 1


async def test_an_interrupted_demo_says_how_it_goes_on(
    environment: pytest.MonkeyPatch, database: Database
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "learntrace.cli", "demo"), stdout=asyncio.subprocess.PIPE
    )
    stored = False
    while not stored:
        assert process.returncode is None
        await asyncio.sleep(0.02)
        async with database.transaction() as db:
            stored = bool(await db.scalar(text("select exists (select 1 from events)")))
    process.send_signal(signal.SIGINT)
    said, _ = await process.communicate()
    assert process.returncode == 130
    assert "Interrupted. The next `learntrace demo` goes on from here." in said.decode()
