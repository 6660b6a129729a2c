"""Play logs straight into the database and out of it."""

import asyncio
import csv
import gzip
import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from learntrace.accounts import mappings
from learntrace.cli.database_sink import DatabaseSink, open_database_sink
from learntrace.events.mapping import packaged_mapping
from learntrace.ingestion.times import EARLIEST
from learntrace.ingestion.writer import Writer
from learntrace.interchange.batches import Batch
from learntrace.interchange.readers import ReadEvent
from learntrace.interchange.sink import ImportStoppedError

from ..student_records.searching import found_in_database
from ..world import World, bearer, now
from .conftest import Run

INTO_LIVE = ("--school", "Hill School", "--game", "Waves")
INTO_SANDBOX = (*INTO_LIVE, "--sandbox")
OUT = ("--school", "Hill School")
KEYS = "select count(*) from write_keys where name like 'import on %'"


def file_of(path: Path, *lines: dict[str, object] | str) -> Path:
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_bytes(gzip.compress("".join(f"{one}\n" for one in texts).encode()))
    return path


@pytest.fixture
def play(world: World, tmp_path: Path) -> Path:
    """1,200 events of three students, each in a session of its own, a second apart."""
    begin = now() - timedelta(hours=2)
    sessions = [uuid4() for _ in world.students]
    events = [
        world.event(
            student_id=world.students[number % 3],
            session_id=sessions[number % 3],
            event_type="task_start" if number < 3 else "choice_made",
            timestamp=(begin + timedelta(seconds=number)).isoformat(),
            sequence=number,
        )
        for number in range(1200)
    ]
    return file_of(tmp_path / "play.jsonl.gz", *events)


async def sessions_of(world: World, school_id: UUID) -> list[tuple[object, ...]]:
    rows = await world.rows(
        "select state, event_count, assessed_event_count from game_sessions "
        "where school_id = :school_id order by id",
        school_id=school_id,
    )
    return [tuple(row) for row in rows]


async def test_a_file_imported_twice_is_stored_once(run: Run, world: World, play: Path) -> None:
    said = await run("import", play, *INTO_LIVE)
    assert "1,200 accepted, 0 duplicates, 0 rejected." in said
    assert "3 game sessions closed." in said
    assert "Game sessions" in said
    assert await sessions_of(world, world.school_id) == [("closed", 400, 400)] * 3
    said = await run("import", play, *INTO_LIVE)
    assert "0 accepted, 1,200 duplicates, 0 rejected." in said
    assert await world.one("select count(*) from events") == 1200


async def test_the_key_of_an_import_is_revoked_at_its_end(
    run: Run, world: World, play: Path
) -> None:
    await run("import", play, *INTO_LIVE)
    assert await world.one(KEYS) == 1
    assert await world.one(f"{KEYS} and revoked_at is null") == 0


async def test_the_real_play_logs_go_in_once(run: Run, world: World, shared: Path) -> None:
    async with world.database.transaction() as db:
        await mappings.publish(db, world.game_id, packaged_mapping("wave_combinator"))
    log = shared / "data" / "waves.jsonl.gz"
    said = await run("import", log, *INTO_SANDBOX)
    assert "5,002 accepted, 0 duplicates, 0 rejected." in said
    assert "25 game sessions closed." in said
    assert "0 accepted, 5,002 duplicates, 0 rejected." in await run("import", log, *INTO_SANDBOX)
    assert await world.one("select sum(tasks_completed) > 100 from session_features")
    assert (
        await world.one("select count(*) from events where school_id = :id", id=world.school_id)
        == 0
    )


async def test_what_comes_out_can_go_in_elsewhere(
    run: Run, world: World, play: Path, tmp_path: Path
) -> None:
    await run("import", play, *INTO_LIVE)
    out, again = tmp_path / "out.jsonl.gz", tmp_path / "again.jsonl"
    assert "1,200 events written" in await run("export", "events", out, *OUT)
    assert "1,200 accepted" in await run("import", out, *INTO_SANDBOX)
    assert "1,200 duplicates" in await run("import", out, *INTO_LIVE)
    await run("export", "events", again, *OUT, "--sandbox")
    assert again.read_bytes() == gzip.decompress(out.read_bytes())


async def test_payloads_come_out_as_they_went_in(
    run: Run, world: World, app: FastAPI, api: httpx.AsyncClient, tmp_path: Path
) -> None:
    payload = (
        '{"x": 0.12345678901234567890123,\n "n": 123456789012345678901234567890, "s": "½ \\u00e9"}'
    )
    body = json.dumps(world.event(data={"here": 1})).replace('{"here": 1}', payload)
    headers = bearer(world.write_key) | {"Content-Type": "application/json"}
    sent = await api.post("/api/v1/telemetry/events", content=body.encode(), headers=headers)
    assert sent.status_code == 201, sent.text
    out = tmp_path / "out.jsonl"
    await run("export", "events", out, *OUT)
    (line,) = out.read_text().splitlines()
    for kept in ("0.12345678901234567890123", "123456789012345678901234567890", "½ \\u00e9"):
        assert kept in line
    assert "1 duplicates, 0 rejected" in await run("import", out, *INTO_LIVE)


async def test_what_is_refused_is_told_and_the_rest_goes_in(
    run: Run, world: World, tmp_path: Path
) -> None:
    stranger = world.event(student_id=uuid4())
    path = file_of(
        tmp_path / "x.jsonl.gz", world.event(), stranger, "{", world.event(session_id="")
    )
    said = await run("import", path, *INTO_LIVE, code=1)
    assert "1 accepted, 0 duplicates, 3 rejected." in said
    assert "unknown_student: 1" in said
    assert "unreadable_line: 1" in said
    assert "1 game sessions closed, 2 left out because nothing of them is stored." in said


async def test_an_unknown_school_or_game_is_named(run: Run, world: World, play: Path) -> None:
    said = await run("import", play, "--school", "Hill", "--game", "Waves", code=1)
    assert "There is no school Hill. Schools: Hill School, Lake School." in said
    said = await run("import", play, "--school", world.school_id, "--game", "Wave", code=1)
    assert "There is no game Wave. Games: Tiles, Waves." in said
    said = await run("export", "events", play.with_name("x"), "--school", uuid4(), code=1)
    assert "There is no school" in said
    assert not play.with_name("x").exists()
    assert await world.one("select count(*) from events") == 0


async def test_sessions_come_out_with_values_or_reasons(
    run: Run, world: World, play: Path, tmp_path: Path
) -> None:
    await run("import", play, *INTO_LIVE)
    await run("import", file_of(tmp_path / "o.jsonl.gz", world.event()), *INTO_LIVE, "--keep-open")
    out = tmp_path / "sessions.csv"
    assert "4 game sessions written" in await run("export", "sessions", out, *OUT)
    lines = list(csv.reader(out.read_text().splitlines()))
    assert len(set(lines[0])) == len(lines[0])
    rows = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    assert sorted(row["student"] for row in rows) == ["Ada", "Ada", "Ben", "Cleo"]
    assert [row["state"] for row in rows] == ["closed"] * 3 + ["open"]
    for row in rows[:3]:
        assert row["game"] == "Waves"
        assert row["event_count"] == "400"
        assert row["retry_rate"] == ""
        assert row["retry_rate_reason"] == "no_failures"
        assert float(row["active_time_s"]) > 1000
    assert (rows[3]["event_count"], rows[3]["active_time_s"]) == ("1", "")


async def test_exports_are_bounded_by_time_and_game(
    run: Run, world: World, play: Path, tmp_path: Path
) -> None:
    await run("import", play, *INTO_LIVE)
    events = [json.loads(line) for line in gzip.decompress(play.read_bytes()).splitlines()]
    middle = sorted(event["timestamp"] for event in events)[700][:19]
    counts = {}
    for name, options in {
        "before": ("--until", middle),
        "after": ("--since", middle),
        "game": ("--game", "Waves"),
        "other": ("--game", "Tiles"),
    }.items():
        out = tmp_path / f"{name}.csv"
        await run("export", "events", out, *OUT, *options)
        counts[name] = len(list(csv.reader(out.read_text().splitlines()))) - 1
        await run("export", "sessions", out, *OUT, *options)
    assert counts["before"] + counts["after"] == 1200
    assert 690 < counts["before"] < 710
    assert (counts["game"], counts["other"]) == (1200, 0)


async def test_a_folder_that_is_not_there_is_one_sentence(run: Run, world: World) -> None:
    said = await run("export", "events", "/nowhere/out.jsonl", *OUT, code=1)
    assert said == "Error: /nowhere/out.jsonl cannot be written: No such file or directory.\n"


def a_batch(world: World) -> Batch:
    event = world.event()
    text_of = json.dumps(event).encode()
    return Batch.of([ReadEvent(1, text_of, event["session_id"], event["student_id"])])


async def test_an_import_whose_key_is_revoked_stops(
    environment: pytest.MonkeyPatch, world: World
) -> None:
    async with open_database_sink("Hill School", "Waves", False) as sink:
        assert (await sink.send(a_batch(world))).accepted == 1
        async with world.database.transaction() as db:
            await db.execute(text("update write_keys set revoked_at = now()"))
        with pytest.raises(ImportStoppedError, match="key was revoked"):
            await sink.send(a_batch(world))


async def test_what_is_never_stored_is_not_imported(run: Run, world: World, tmp_path: Path) -> None:
    async with world.database.transaction() as db:
        await mappings.publish(db, world.game_id, {"never_store": ["data.name"]})
    told = world.event(data={"name": "Rumpelstiltskin", "level": 3})
    said = await run("import", file_of(tmp_path / "play.jsonl.gz", told), *INTO_LIVE)
    assert "1 accepted" in said
    assert await found_in_database(world.database, ["Rumpelstiltskin"]) == []
    assert await world.rows("select data from events") == [({"level": 3},)]


async def test_an_import_is_patient_with_a_database_that_is_away(
    environment: pytest.MonkeyPatch, world: World, database_url: str
) -> None:
    away = Writer(
        "postgresql://x@127.0.0.1:9/x", connections=1, queue_events=1000, earliest=EARLIEST
    )
    await away.start()
    sink = DatabaseSink(world.database, away, world.write_key, delays_s=(0.01, 0.01))
    with pytest.raises(ImportStoppedError, match="safe to run the same import again"):
        await sink.send(a_batch(world))
    await away.close()


async def test_a_very_long_session_has_its_features_at_once(
    run: Run, world: World, tmp_path: Path
) -> None:
    begin, game_session_id = now() - timedelta(hours=9), uuid4()
    events = [
        world.event(
            session_id=game_session_id,
            event_type="choice_made",
            timestamp=(begin + timedelta(seconds=number)).isoformat(),
        )
        for number in range(20_001)
    ]
    path = await asyncio.to_thread(file_of, tmp_path / "long.jsonl.gz", *events)
    said = await run("import", path, *INTO_LIVE)
    assert "20,001 accepted" in said
    assert "being computed" not in said
    assert await sessions_of(world, world.school_id) == [("closed", 20_001, 20_001)]
