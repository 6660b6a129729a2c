"""Everything about one student in one archive."""

import csv
import io
import json
import tracemalloc
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import httpx
import pytest
from sqlalchemy import text

from learntrace.kit.db import Database
from learntrace.kit.errors import NotFoundError
from learntrace.student_records import erasing
from learntrace.student_records.exporting import export
from learntrace.student_records.holdings import HOLDINGS

from ..skills.lessons import TASKS, play_lesson
from ..world import World, batch, bearer
from .conftest import Run
from .life import live_a_life


async def exported(database: Database, school_id: UUID, student_id: UUID) -> ZipFile:
    file = io.BytesIO()
    await export(database, school_id, student_id, file)
    return ZipFile(file)


def read(archive: ZipFile, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(archive.read(f"{kind}.json"))
    table = list(csv.DictReader(io.StringIO(archive.read(f"{kind}.csv").decode())))
    assert len(table) == len(found), kind
    return found


async def test_everything_about_a_student_is_there_twice(
    api: httpx.AsyncClient, world: World
) -> None:
    lived = await live_a_life(api, world)
    archive = await exported(world.database, world.school_id, lived.student_id)
    assert archive.testzip() is None
    kinds = [*(one.name for one in HOLDINGS), "games"]
    names = ["README.txt", *(f"{kind}.{form}" for kind in kinds for form in ("json", "csv"))]
    assert archive.namelist() == names
    readme = archive.read("README.txt").decode()
    for kind in kinds:
        assert f"- {kind}: " in readme
    read_again = {kind: read(archive, kind) for kind in kinds}
    empty = [kind for kind, rows in read_again.items() if not rows]
    assert empty == ["research_disclosures"]
    assert [one["name"] for one in read_again["games"]] == ["Waves"]
    [student] = read_again["student"]
    assert (student["id"], student["display_name"]) == (str(lived.student_id), lived.name)
    assert {one["class_name"] for one in read_again["enrolments"]} == {"5a"}
    assert {one["student_id"] for one in read_again["events"]} == {str(lived.student_id)}
    newest = read_again["assessments"][-1]["body"]
    assert newest["reasoning"]
    assert newest["evidence"]
    ids = csv.DictReader(io.StringIO(archive.read("ratings.csv").decode()))
    for row, rating in zip(ids, read_again["ratings"], strict=True):
        assert (row["id"], row["observed_on"]) == (rating["id"], rating["observed_on"])
    whole = "".join(archive.read(name).decode() for name in names)
    assert lived.token not in whole
    assert "token_hash" not in whole
    others = {str(one) for one in world.students} - {str(lived.student_id)}
    assert not any(other in whole for other in others)


async def test_what_a_game_sent_comes_back_letter_for_letter(
    api: httpx.AsyncClient, world: World
) -> None:
    told = '{"n": 1.50, "big": 12345678901234567890, "name":  "=1+1"}'
    event = json.dumps(world.event(data="HERE")).replace('"HERE"', told)
    body = json.dumps(batch(["EVENT"])).replace('"EVENT"', event)
    headers = bearer(world.write_key) | {"Content-Type": "application/json"}
    sent = await api.post("/api/v1/telemetry/batch", content=body, headers=headers)
    assert sent.status_code == 201, sent.text
    archive = await exported(world.database, world.school_id, world.students[0])
    assert told in archive.read("events.json").decode()
    [row] = csv.DictReader(io.StringIO(archive.read("events.csv").decode()))
    assert row["data"] == told


async def test_who_is_not_of_the_school_is_unknown(world: World) -> None:
    for student_id in (uuid4(), world.foreign_student):
        with pytest.raises(NotFoundError):
            await exported(world.database, world.school_id, student_id)


async def test_memory_does_not_grow_with_the_events(world: World) -> None:
    async def most_held(count: int) -> int:
        async with world.database.transaction() as db:
            await db.execute(_MANY, _keys(world, count))
        tracemalloc.start()
        with TemporaryFile() as file:
            await export(world.database, world.school_id, world.students[0], file)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few = await most_held(2_000)
    many = await most_held(12_000)
    assert many < few + 2_000_000
    tracemalloc.start()
    async with world.database.transaction() as db:
        await erasing.erase(db, erasing.BY_COMMAND, world.school_id, world.students[0])
    assert tracemalloc.get_traced_memory()[1] < 8_000_000  # statements are kept, events are not
    tracemalloc.stop()


_MANY = text(
    """
    with opened as (
        insert into game_sessions (
            school_id, id, student_id, game_id, started_at, ended_at, last_received_at, event_count
        ) values (:school, :session, :student, :game, now(), now(), now(), :count)
    )
    insert into events
    select :school, gen_random_uuid(), :session, :student, :game, now(), now(), now(), n, n,
           'attempt', null, '1', json_build_object('pad', repeat(md5(n::text), 10))
    from generate_series(1, :count) n
    """
)


def _keys(world: World, count: int) -> dict[str, Any]:
    own = {"school": world.school_id, "student": world.students[0], "game": world.game_id}
    return own | {"session": uuid4(), "count": count}


async def test_command_writes_the_archive_whole_or_not_at_all(
    api: httpx.AsyncClient, world: World, tmp_path: Path, run: Run
) -> None:
    await play_lesson(api, world, world.students[0])
    folder = tmp_path / "out"
    folder.mkdir()
    out = folder / "ada.zip"
    command = ("students", "export", "--school", "Hill School", "--out", out, "--student")
    refused = await run(*command, uuid4(), code=1)
    assert refused == "Error: This school has no such student.\n"
    assert not list(folder.iterdir())
    await run(*command, world.students[0])
    assert list(folder.iterdir()) == [out]
    assert out.stat().st_mode & 0o077 == 0
    with ZipFile(out) as archive:
        assert archive.read("events.csv").count(b"task_start") == TASKS
    nowhere = await run(*command, world.students[0], "--out", folder / "no" / "ada.zip", code=1)
    assert "cannot be written: No such file or directory." in nowhere
