"""Revocation against writers at work: real commits, two writers, both orders of the locks."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from learntrace.accounts.credentials import RememberedCallers, look_up
from learntrace.ingestion.content import IncomingEvent
from learntrace.ingestion.storing import store_group
from learntrace.ingestion.submissions import Submission
from learntrace.ingestion.times import EARLIEST
from learntrace.ingestion.verdicts import Code
from learntrace.ingestion.writer import Writer
from learntrace.kit import clock
from learntrace.privacy import consents
from learntrace.privacy.kinds import Kind, State

STORED = "select count(*) from events"


@pytest.fixture
async def submission(world):
    """Makes what a game server sends of Ada: one event, or as many as told."""
    caller = await look_up(world.database, RememberedCallers(), world.write_key)
    assert caller is not None

    def make(count=1):
        at = clock.now()
        events = [
            IncomingEvent(
                index=number,
                event_id=uuid4(),
                student_id=world.students[0],
                game_session_id=uuid4(),
                event_type="task_start",
                timestamp=at,
                corrected_at=at,
                data_text="{}",
                mission_id=None,
                game_version="1.0.0",
                sequence=None,
                content_hash=7,
            )
            for number in range(count)
        ]
        return Submission(caller, at, count, events, [])

    return make


@pytest.fixture
async def writers(database_url):
    """Two writers, as in two processes: they share nothing but the database."""
    made = [Writer(database_url, connections=2, queue_events=9000, earliest=EARLIEST) for _ in "ab"]
    for writer in made:
        await writer.start()
    yield made
    for writer in made:
        await writer.close()


async def _revoke(db, world):
    await consents.put(
        db, world.school_id, [world.students[0]], Kind.PLAY, State.REVOKED, user_id=None
    )


def codes(submission):
    return {verdict.code for _, verdict in submission.refused}


async def test_a_batch_that_meets_a_revocation_waits_for_its_outcome(
    world, require, say, submission, writers
):
    await require(Kind.PLAY)
    await say(State.VERIFIED)
    sent = [submission(), submission(300)]
    async with world.database.transaction() as db:
        await _revoke(db, world)
        waiting = [
            asyncio.create_task(writer.submit(one))
            for writer, one in zip(writers, sent, strict=True)
        ]
        await asyncio.sleep(0.3)
        assert not any(task.done() for task in waiting)
    await asyncio.gather(*waiting)
    assert [codes(one) for one in sent] == [{Code.CONSENT_MISSING}] * 2
    assert await world.one(STORED) == 0


async def test_a_revocation_that_is_undone_costs_a_waiting_batch_nothing(
    world, require, say, submission, writers
):
    await require(Kind.PLAY)
    await say(State.VERIFIED)
    sent = submission()
    async with world.database.transaction() as db:
        await _revoke(db, world)
        waiting = asyncio.create_task(writers[0].submit(sent))
        await asyncio.sleep(0.2)
        await db.rollback()
    await waiting
    assert len(sent.stored) == 1


async def test_a_revocation_waits_for_a_batch_in_flight_which_is_stored(
    world, require, say, submission, writers, database_url
):
    await require(Kind.PLAY)
    await say(State.VERIFIED)
    in_flight = submission(5)
    connection = await asyncpg.connect(database_url)
    await connection.execute("begin")
    await store_group(connection, [in_flight], EARLIEST)
    revoking = asyncio.create_task(say(State.REVOKED))
    await asyncio.sleep(0.3)
    assert not revoking.done()
    await connection.execute("commit")
    await connection.close()
    assert await revoking == 1
    assert (len(in_flight.stored), await world.one(STORED)) == (5, 5)
    for writer in writers:
        late = submission()
        await writer.submit(late)
        assert codes(late) == {Code.CONSENT_MISSING}
    assert await world.one(STORED) == 5


async def _play_until(ended, writer, submission, size):
    """Send one after the other, the last of them after `ended`; all that was sent."""
    sent = []
    while not (sent and ended.is_set()):
        last = ended.is_set()
        sent.append(submission(size))
        await writer.submit(sent[-1])
        if last:
            break
    return sent


async def test_under_load_nothing_is_stored_once_the_revocation_is_committed(
    world, require, say, submission, writers
):
    await require(Kind.PLAY)
    for _ in range(4):
        await say(State.VERIFIED)
        ended = asyncio.Event()
        before = await world.one(STORED)
        playing = [
            asyncio.create_task(_play_until(ended, writer, submission, size))
            for writer in writers
            for size in (1, 7, 250)
        ]
        while await world.one(STORED) == before:
            await asyncio.sleep(0.02)
        await say(State.REVOKED)
        after = await world.one(STORED)
        ended.set()
        sent = await asyncio.gather(*playing)
        assert all(codes(some[-1]) == {Code.CONSENT_MISSING} for some in sent)
        told = sum(len(one.stored) for some in sent for one in some)
        assert await world.one(STORED) == after == before + told
        assert told > 0
    deadlocks = "select deadlocks from pg_stat_database where datname = current_database()"
    assert await world.one(deadlocks) == 0


async def test_many_are_revoked_while_many_are_played(world, require, say, submission, writers):
    await require(Kind.PLAY)
    await say(State.VERIFIED, *world.students)

    async def play(writer):
        for _ in range(15):
            await writer.submit(submission(20))

    async def change(*order):
        for number in range(10):
            await say((State.VERIFIED, State.REVOKED)[number % 2], *order)

    await asyncio.gather(
        *(play(writer) for writer in writers),
        change(*world.students),
        change(*reversed(world.students)),
    )
    deadlocks = "select deadlocks from pg_stat_database where datname = current_database()"
    assert await world.one(deadlocks) == 0
