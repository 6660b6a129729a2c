"""The writer: shared commits, two processes at once, poisoned groups, lost connections."""

import asyncio
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from learntrace.accounts.callers import GameCaller
from learntrace.accounts.credentials import RememberedCallers, look_up
from learntrace.ingestion.content import IncomingEvent
from learntrace.ingestion.storing import COPIED_FROM
from learntrace.ingestion.submissions import Submission
from learntrace.ingestion.times import EARLIEST
from learntrace.ingestion.verdicts import Code, Rejected
from learntrace.ingestion.writer import Writer
from learntrace.kit import clock
from learntrace.kit.errors import UnavailableError

from ..world import World, batch, bearer

BATCH = "/api/v1/telemetry/batch"
BACKEND = Path(__file__).parents[2]


@pytest.fixture
async def caller(world: World) -> GameCaller:
    found = await look_up(world.database, RememberedCallers(), world.write_key)
    assert found is not None
    return found


def incoming(world: World, **changes: Any) -> IncomingEvent:
    own: dict[str, Any] = {
        "index": 0,
        "event_id": uuid4(),
        "student_id": world.students[0],
        "game_session_id": uuid4(),
        "event_type": "task_start",
        "timestamp": clock.now(),
        "corrected_at": clock.now(),
        "data_text": "{}",
        "mission_id": None,
        "game_version": "1.0.0",
        "sequence": None,
        "content_hash": 7,
    }
    return IncomingEvent(**own | changes)


def submission(caller: GameCaller, *events: IncomingEvent) -> Submission:
    return Submission(caller, clock.now(), len(events), events, [])


async def test_two_processes_with_overlapping_batches(
    world: World, database_url: str, tmp_path: Path
) -> None:
    sessions = [(uuid4(), world.students[number % 3]) for number in range(12)]
    events = [
        world.event(session_id=sessions[n % 12][0], student_id=sessions[n % 12][1])
        for n in range(600)
    ]
    file = tmp_path / "events.json"
    file.write_text(json.dumps(events))
    command = [sys.executable, "-m", "tests.ingestion.writer_process", database_url]
    processes = [
        subprocess.Popen(
            [*command, world.write_key, str(seed), str(file)],
            cwd=BACKEND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in (1, 2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert await asyncio.to_thread(process.stdout.readline) == "ready\n"
    totals = [0, 0, 0]
    outputs = await asyncio.gather(
        *(asyncio.to_thread(process.communicate, "\n") for process in processes)
    )
    for output, _ in outputs:
        totals = [a + b for a, b in zip(totals, json.loads(output), strict=True)]
    sent = 2 * (12 * (300 + 40 + 1 + 40 + 300) + 2 * 600)
    assert totals == [600, sent - 600, 0]
    assert await world.one("select count(*) from events") == 600
    assert await world.one("select sum(event_count) from game_sessions") == 600
    counts = await world.rows(
        "select g.event_count, count(e.*) from game_sessions g "
        "join events e on e.game_session_id = g.id group by g.id, g.event_count"
    )
    assert all(row[0] == row[1] for row in counts)
    deadlocks = "select deadlocks from pg_stat_database where datname = current_database()"
    assert await world.one(deadlocks) == 0


async def test_single_events_share_commits(
    world: World, caller: GameCaller, database_url: str
) -> None:
    writer = Writer(database_url, connections=1, queue_events=1000, earliest=EARLIEST)
    await writer.start()
    sent = [submission(caller, incoming(world)) for _ in range(200)]
    await asyncio.gather(*(writer.submit(one) for one in sent))
    await writer.close()
    assert all(len(one.stored) == 1 for one in sent)
    commits = await world.one("select count(distinct xmin::text) from events")
    assert commits < 20


@pytest.mark.parametrize(
    ("beside", "said"),
    [(0, "UntranslatableCharacterError"), (COPIED_FROM, "CharacterNotInRepertoireError")],
)
async def test_poisoned_event_costs_only_its_own_request(
    world: World, caller: GameCaller, database_url: str, beside: int, said: str
) -> None:
    """Whether it is inserted, or copied in with many beside it."""
    writer = Writer(database_url, connections=1, queue_events=1000, earliest=EARLIEST)
    await writer.start()
    good = [submission(caller, incoming(world)) for _ in range(5)]
    poison = incoming(world, event_type="a\0b")
    bad = submission(caller, poison, *(incoming(world) for _ in range(beside)))
    results = await asyncio.gather(
        *(writer.submit(one) for one in [*good[:3], bad, *good[3:]]), return_exceptions=True
    )
    await writer.close()
    assert [type(result).__name__ for result in results if result is not None] == [said]
    assert await world.one("select count(*) from events") == 5


async def test_full_queue_says_to_come_back(
    world: World, caller: GameCaller, database_url: str
) -> None:
    writer = Writer(database_url, connections=1, queue_events=1000, earliest=EARLIEST)
    await writer.start()
    big = submission(caller, *(incoming(world) for _ in range(900)))
    first = asyncio.create_task(writer.submit(big))
    second = asyncio.create_task(writer.submit(submission(caller, incoming(world))))
    await asyncio.sleep(0)
    with pytest.raises(UnavailableError):
        await writer.submit(submission(caller, *(incoming(world) for _ in range(900))))
    await asyncio.gather(first, second)
    await writer.close()
    with pytest.raises(UnavailableError):
        await writer.submit(submission(caller, incoming(world)))
    assert await world.one("select count(*) from events") == 901


async def test_waiting_events_are_bounded_by_their_bytes(
    world: World, caller: GameCaller, database_url: str
) -> None:
    writer = Writer(
        database_url, connections=1, queue_events=1000, earliest=EARLIEST, queue_bytes=25_000
    )
    heavy = [
        submission(caller, incoming(world, data_text=json.dumps({"pad": "x" * 9000})))
        for _ in range(3)
    ]
    waiting = [asyncio.create_task(writer.submit(one)) for one in heavy[:2]]
    await asyncio.sleep(0)
    with pytest.raises(UnavailableError):
        await writer.submit(heavy[2])
    await writer.start()
    await asyncio.gather(*waiting)
    await writer.submit(heavy[2])
    await writer.close()
    assert await world.one("select count(*) from events") == 3


async def test_close_writes_what_still_waits(
    world: World, caller: GameCaller, database_url: str
) -> None:
    writer = Writer(database_url, connections=1, queue_events=10_000, earliest=EARLIEST)
    await writer.start()
    waiting = [
        asyncio.create_task(writer.submit(submission(caller, incoming(world)))) for _ in range(50)
    ]
    await asyncio.sleep(0)
    await writer.close()
    await asyncio.gather(*waiting)
    assert await world.one("select count(*) from events") == 50


async def test_lost_connection_is_503_and_a_repeat_stores_once(
    api: httpx.AsyncClient, app: FastAPI, world: World
) -> None:
    envelope = batch([world.event() for _ in range(300)])
    # A lock that stalls the writer in the middle of its transaction, until its backend is killed.
    async with world.database.transaction() as db:
        await db.execute(text("lock table events in access exclusive mode"))
        sending = asyncio.create_task(
            api.post(BATCH, json=envelope, headers=bearer(world.write_key))
        )
        await world.until_waiting()
        await db.execute(
            text(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where wait_event_type = 'Lock' and datname = current_database()"
            )
        )
        answer = await sending
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    again = await api.post(BATCH, json=envelope, headers=bearer(world.write_key))
    assert (again.status_code, again.json()["accepted"]) == (201, 300)
    assert await world.one("select count(*) from events") == 300


async def test_whenever_a_connection_dies_the_answer_is_to_send_again(
    world: World, caller: GameCaller, database_url: str
) -> None:
    writer = Writer(database_url, connections=2, queue_events=100_000, earliest=EARLIEST)
    await writer.start()
    sent: list[IncomingEvent] = []
    killed = asyncio.Event()

    async def keep_sending() -> None:
        while not killed.is_set():
            event = incoming(world, content_hash=len(sent))
            sent.append(event)
            while True:
                try:
                    await writer.submit(submission(caller, event))
                except UnavailableError:
                    await asyncio.sleep(0.01)
                else:
                    break

    async def kill_often() -> None:
        for _ in range(40):
            await asyncio.sleep(random.uniform(0, 0.06))
            await world.one(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid() "
                "and query ilike any(array['%begin%', '%commit%', '%copy%', '%counted%'])"
            )
        killed.set()

    await asyncio.gather(kill_often(), *(keep_sending() for _ in range(8)))
    await writer.close()
    assert await world.one("select count(*) from events") == len(sent)
    assert await world.one("select sum(event_count) from game_sessions") == len(sent)


async def test_refused_events_take_room_in_the_queue_as_well(
    world: World, caller: GameCaller
) -> None:
    writer = Writer(
        "postgresql://x@127.0.0.1:9/x", connections=1, queue_events=10, earliest=EARLIEST
    )
    refused = [Rejected(n, None, Code.INVALID, "broken") for n in range(6)]
    sent = [
        Submission(
            caller=caller,
            received_at=clock.now(),
            received_count=6,
            events=[],
            invalid=refused,
            batch_id=uuid4(),
        )
        for _ in range(2)
    ]
    first = asyncio.create_task(writer.submit(sent[0]))
    await asyncio.sleep(0)
    assert writer.queue_depth == 6
    with pytest.raises(UnavailableError):
        await writer.submit(sent[1])
    first.cancel()


async def test_killed_process_loses_nothing_that_it_acknowledged(
    world: World, database_url: str, tmp_path: Path
) -> None:
    session_id = uuid4()
    events = [world.event(session_id=session_id) for _ in range(600)]
    file = tmp_path / "events.json"
    file.write_text(json.dumps(events))
    command = [sys.executable, "-m", "tests.ingestion.writer_process", database_url]
    for attempt in range(2):
        process = subprocess.Popen(
            [*command, world.write_key, "3", str(file)],
            cwd=BACKEND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        assert await asyncio.to_thread(process.stdout.readline) == "ready\n"
        process.stdin.write("\n")
        process.stdin.flush()
        if attempt == 0:
            while not await world.one("select count(*) from events"):
                await asyncio.sleep(0.005)
            process.kill()
        await asyncio.to_thread(process.communicate)
    assert await world.one("select count(*) from events") == 600
    assert await world.one("select event_count from game_sessions") == 600
