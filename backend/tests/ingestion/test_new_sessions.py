"""Who opens a game session: the first event that is stored, and no other."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from learntrace.accounts.callers import GameCaller
from learntrace.accounts.credentials import RememberedCallers, look_up
from learntrace.ingestion.submissions import Submission
from learntrace.ingestion.times import EARLIEST
from learntrace.ingestion.writer import Writer

from ..world import World, batch, bearer
from .test_writer import incoming, submission

BATCH = "/api/v1/telemetry/batch"


@pytest.fixture
async def caller(world: World) -> GameCaller:
    found = await look_up(world.database, RememberedCallers(), world.write_key)
    assert found is not None
    return found


async def write_together(url: str, *submissions: Submission) -> None:
    """Have a writer store `submissions` as one group."""
    writer = Writer(url, connections=1, queue_events=1000, earliest=EARLIEST)
    waiting = [asyncio.create_task(writer.submit(one)) for one in submissions]
    await asyncio.sleep(0)
    await writer.start()
    await asyncio.gather(*waiting)
    await writer.close()


def codes(answer: httpx.Response) -> list[tuple[int, str]]:
    return [(rejected["index"], rejected["code"]) for rejected in answer.json()["rejected"]]


async def owners(world: World) -> dict[Any, Any]:
    return {row.id: row.student_id for row in await world.rows("select * from game_sessions")}


async def test_conflicting_event_does_not_take_a_new_session(
    api: httpx.AsyncClient, world: World
) -> None:
    key = bearer(world.write_key)
    known = world.event()
    await api.post(BATCH, json=batch([known]), headers=key)
    session_id = uuid4()
    stray = known | {"session_id": str(session_id)}
    good = world.event(session_id=session_id, student_id=world.students[1])
    answer = await api.post(BATCH, json=batch([stray, good]), headers=key)
    assert answer.status_code == 201
    assert codes(answer) == [(0, "conflict")]
    assert (await owners(world))[session_id] == world.students[1]
    alone = await api.post(
        BATCH, json=batch([known | {"session_id": str(uuid4())}, known]), headers=key
    )
    assert codes(alone) == [(0, "conflict")]
    assert len(await owners(world)) == 2


async def test_id_used_twice_in_a_batch_does_not_take_a_new_session(
    api: httpx.AsyncClient, world: World
) -> None:
    session_id = uuid4()
    first = world.event()
    again = first | {"session_id": str(session_id)}
    good = world.event(session_id=session_id, student_id=world.students[1])
    answer = await api.post(
        BATCH, json=batch([first, again, good]), headers=bearer(world.write_key)
    )
    assert (answer.json()["accepted"], codes(answer)) == (2, [(1, "conflict")])
    assert (await owners(world))[session_id] == world.students[1]


async def test_event_refused_for_its_session_leaves_its_id_to_another(
    api: httpx.AsyncClient, world: World
) -> None:
    key = bearer(world.write_key)
    bens = world.event(student_id=world.students[1])
    await api.post(BATCH, json=batch([bens]), headers=key)
    wrong = world.event(session_id=bens["session_id"])
    moved = wrong | {"session_id": str(uuid4())}
    answer = await api.post(BATCH, json=batch([wrong, moved]), headers=key)
    assert (answer.json()["accepted"], codes(answer)) == (1, [(0, "wrong_student")])


async def test_requests_of_one_group_settle_it_alike(
    world: World, caller: GameCaller, database_url: str
) -> None:
    ada, ben = world.students[:2]
    known = incoming(world)
    session_id, other_id = uuid4(), uuid4()
    await write_together(database_url, submission(caller, known))
    stray = incoming(world, event_id=known.event_id, game_session_id=session_id, content_hash=8)
    first = incoming(world)
    again = incoming(world, event_id=first.event_id, game_session_id=other_id, content_hash=9)
    strays = submission(caller, stray, first, again)
    good = submission(
        caller,
        incoming(world, game_session_id=session_id, student_id=ben, content_hash=10),
        incoming(world, game_session_id=other_id, student_id=ben, content_hash=11),
    )
    await write_together(database_url, strays, good)
    assert [rejected.code for _, rejected in strays.refused] == ["conflict"] * 2
    assert (len(strays.stored), len(good.stored)) == (1, 2)
    found = await owners(world)
    assert (found[session_id], found[other_id]) == (ben, ben)
    assert found[first.game_session_id] == ada


async def test_id_stored_meanwhile_does_not_take_a_new_session(
    world: World, caller: GameCaller, database_url: str
) -> None:
    known = incoming(world)
    session_id = uuid4()
    stray = incoming(world, event_id=known.event_id, game_session_id=session_id, content_hash=8)
    good = incoming(world, game_session_id=session_id, student_id=world.students[1])
    sent = submission(caller, stray, good)
    own = {
        "school": world.school_id,
        "game": world.game_id,
        "student": world.students[0],
        "session": known.game_session_id,
        "event": known.event_id,
    }
    # Another process has inserted the id and commits only when this group waits for it.
    async with world.database.transaction() as db:
        await db.execute(
            text(
                "insert into game_sessions (school_id, id, student_id, game_id, last_received_at)"
                " values (:school, :session, :student, :game, now())"
            ),
            own,
        )
        await db.execute(
            text(
                "insert into events (school_id, event_id, game_session_id, student_id, game_id,"
                " timestamp, received_at, corrected_at, content_hash, event_type, game_version,"
                " data) values (:school, :event, :session, :student, :game, now(), now(), now(),"
                " 7, 'task_start', '1.0.0', '{}')"
            ),
            own,
        )
        writing = asyncio.create_task(write_together(database_url, sent))
        await world.until_waiting()
    await writing
    assert [rejected.code for _, rejected in sent.refused] == ["conflict"]
    assert sent.stored == [good]
    assert (await owners(world))[session_id] == world.students[1]
