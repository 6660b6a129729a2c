"""A paid engine runs for schools whose budget covers it, and what it costs is counted once."""

import asyncio
from typing import BinaryIO
from uuid import UUID

import pytest
from fastapi import FastAPI

from learntrace.plans import budgeting
from learntrace.transcription_sessions import jobs, paying
from learntrace.transcription_sessions.transcribing import Transcribing
from learntrace.transcription_sessions.transcription.engines import Engines
from learntrace.transcription_sessions.transcription.port import LONGEST_S, TranscriptionError
from tests.classroom.conftest import SchoolDay
from tests.skills.conftest import Ask

from ..world import insert, now
from .scripted import LENGTH_S, ScriptedTranscriber
from .starting import MINUTE_S, Given, start, stored

A_MINUTE = 6_000
assert LENGTH_S == MINUTE_S, "a recording costs what a minute costs"


@pytest.fixture
def paid(app: FastAPI) -> ScriptedTranscriber:
    """The only engine of the API, which costs something; it does not wait."""
    engine = ScriptedTranscriber(cost_per_minute_micro=A_MINUTE, name="paid")
    engine.gate.set()
    app.state.engines = Engines((engine,))
    return engine


async def budget(day: SchoolDay, micro: int) -> None:
    async with day.world.database.transaction() as db:
        values = {"monthly_micro": micro, "changed_at": now()}
        await insert(db, "school_budgets", school_id=day.world.school_id, **values)


async def spent(day: SchoolDay) -> tuple[int, int]:
    async with day.world.database.transaction() as db:
        found = await budgeting.of_school(db, day.world.school_id)
    return found.spent_micro, found.reserved_micro


@pytest.fixture
async def started(ask: Ask, day: SchoolDay, given: Given, paid: ScriptedTranscriber) -> UUID:
    """A recording that was started, at a school whose budget is spent with it."""
    await budget(day, A_MINUTE)
    recording = await given()
    assert (await start(ask, recording)).status_code == 202
    return recording


async def work(day: SchoolDay, *engines: ScriptedTranscriber) -> int:
    """Let a worker with these engines transcribe the next one."""

    async def fetch(school_id: UUID, audio_id: UUID, into: BinaryIO) -> bool:
        into.write(b"sound")
        return True

    database, known = day.world.database, Engines(engines)
    stop = asyncio.Event()
    return await Transcribing(database, fetch, known, stop, rest_s=0.0).transcribe_next()


async def test_engines_say_what_they_cost(ask: Ask, paid: ScriptedTranscriber) -> None:
    [told] = (await ask("teacher", "GET", "/sessions/providers")).json()["providers"]
    assert (told["name"], told["cost_per_minute_micro"]) == ("paid", A_MINUTE)


async def test_without_a_budget_a_paid_engine_is_refused_and_a_free_one_runs(
    ask: Ask, day: SchoolDay, given: Given, app: FastAPI, paid: ScriptedTranscriber
) -> None:
    recording = await given()
    before = await stored(day, recording)
    answer = await start(ask, recording)
    assert answer.status_code == 403
    told = answer.json()
    assert (told["error"], told["limit"], told["cost"]) == ("budget_limit", 0, A_MINUTE)
    assert "no budget for it" in told["detail"]
    assert await stored(day, recording) == before
    assert await day.world.rows("select * from usage_entries") == []

    app.state.engines = Engines((free := ScriptedTranscriber(gate=paid.gate),))
    assert (await start(ask, recording)).status_code == 202
    assert await work(day, free) == 1
    assert (await stored(day, recording)).status == "completed"
    assert await day.world.rows("select 1 from usage_entries where meter = 'spent_micro'") == []


async def test_it_is_reserved_settled_and_paid_anew_when_transcribed_anew(
    ask: Ask, day: SchoolDay, given: Given, paid: ScriptedTranscriber
) -> None:
    await budget(day, 2 * A_MINUTE)
    recording = await given()
    for already in (0, A_MINUTE):
        assert (await start(ask, recording)).status_code == 202
        assert (await start(ask, recording)).status_code == 409  # sent again
        assert await spent(day) == (already + A_MINUTE, A_MINUTE)
        assert await work(day, paid) == 1
        assert await spent(day) == (already + A_MINUTE, 0)
    assert (await start(ask, recording)).status_code == 403
    assert (await stored(day, recording)).status == "completed"


async def test_of_two_who_want_the_last_of_the_budget_one_gets_it(
    ask: Ask, day: SchoolDay, given: Given, paid: ScriptedTranscriber
) -> None:
    await budget(day, A_MINUTE)
    both = [await given(), await given()]
    answers = await asyncio.gather(*(start(ask, one) for one in both))
    assert sorted(answer.status_code for answer in answers) == [202, 403]
    assert await spent(day) == (A_MINUTE, A_MINUTE)


async def test_a_killed_workers_second_attempt_costs_nothing_more(
    day: SchoolDay, started: UUID, paid: ScriptedTranscriber
) -> None:
    async with day.world.database.transaction() as db:
        killed = await jobs.claim(db)
    assert killed is not None
    async with day.world.database.transaction() as db:
        assert await jobs.pay(db, killed, paid)
    # As the passing of a minute would.
    await day.world.rows("update transcription_sessions set claimed_until = now() returning 1")
    paid.failures = [RuntimeError("the line broke")]
    assert await work(day, paid) == 1
    assert await spent(day) == (A_MINUTE, A_MINUTE)
    assert await work(day, paid) == 1
    done = await stored(day, started)
    assert (done.status, done.attempts) == ("completed", 3)
    assert await spent(day) == (A_MINUTE, 0)
    async with day.world.database.transaction() as db:  # the killed one, had it only slept
        assert not await jobs.complete(db, killed, [], engine=paid, duration_s=6_000.0)
        await jobs.let_go(db, killed)
    assert await spent(day) == (A_MINUTE, 0)


async def test_what_failed_is_given_back_and_a_retry_is_counted_once(
    ask: Ask, day: SchoolDay, started: UUID, paid: ScriptedTranscriber
) -> None:
    paid.failures = [TranscriptionError("This file is damaged.")]
    await work(day, paid)
    assert (await stored(day, started)).status == "failed"
    assert await spent(day) == (0, 0)
    assert (await start(ask, started, how="retry")).status_code == 202
    await work(day, paid)
    assert await spent(day) == (A_MINUTE, 0)


async def test_what_is_cancelled_is_given_back(ask: Ask, day: SchoolDay, started: UUID) -> None:
    assert (await ask("teacher", "POST", f"/sessions/{started}/cancel")).status_code == 200
    assert await spent(day) == (0, 0)


async def test_an_api_without_engines_leaves_the_guard_to_the_worker(
    ask: Ask, day: SchoolDay, given: Given, app: FastAPI, paid: ScriptedTranscriber
) -> None:
    """Also one whose `auto` is another engine than the worker's."""
    app.state.engines = Engines(())
    refused = await given()
    assert (await start(ask, refused)).status_code == 202
    await work(day, paid)
    failed = await stored(day, refused)
    assert failed.status == "failed"
    assert "no budget for it" in failed.error_message
    assert paid.got == []

    await budget(day, A_MINUTE)
    assert (await start(ask, refused, how="retry")).status_code == 202
    await work(day, paid)
    assert (await stored(day, refused)).status == "completed"
    assert await spent(day) == (A_MINUTE, 0)


async def test_a_worker_whose_engine_is_free_spends_nothing(
    day: SchoolDay, started: UUID, paid: ScriptedTranscriber
) -> None:
    assert await spent(day) == (A_MINUTE, A_MINUTE)
    await work(day, ScriptedTranscriber(gate=paid.gate))
    assert await spent(day) == (0, 0)


async def test_of_a_length_that_nobody_knows_the_longest_is_reserved(
    ask: Ask, day: SchoolDay, given: Given, paid: ScriptedTranscriber
) -> None:
    longest = paying.cost_of(paid, LONGEST_S)
    await budget(day, longest)
    await start(ask, await given(duration_s=None))
    assert await spent(day) == (longest, longest)
    await work(day, paid)  # the engine knows that it was a minute
    assert await spent(day) == (A_MINUTE, 0)


async def test_what_was_erased_while_it_waited_is_given_back(
    ask: Ask, day: SchoolDay, given: Given, paid: ScriptedTranscriber
) -> None:
    await budget(day, 3 * A_MINUTE)
    erased, done, waits = await given(), await given(), await given()
    await start(ask, done)
    await work(day, paid)
    await start(ask, erased)
    await start(ask, waits)
    gone = "delete from transcription_sessions where id = any(:ids) returning 1"
    await day.world.rows(gone, ids=[erased, done])
    async with day.world.database.transaction() as db:
        assert await jobs.release_lost(db) == 1
    assert await spent(day) == (2 * A_MINUTE, A_MINUTE)
