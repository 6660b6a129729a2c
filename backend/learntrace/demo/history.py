"""Two weeks of play for the demo school, by the road that every game's events take.

Everything here may be done again: events have the same ids each time, and count once.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import msgspec

from learntrace.accounts.callers import GameCaller
from learntrace.accounts.credentials import find_game_caller
from learntrace.assessment import inferring, populations, references
from learntrace.assessment.service import assess
from learntrace.demo.demo_file import Unfinished
from learntrace.demo.pupils import Pupil
from learntrace.demo.school import CLASSES, PUPILS_A_CLASS, TIMEZONE
from learntrace.demo.simulator import WireEvent, simulate_play
from learntrace.game_sessions import repository as game_sessions
from learntrace.ingestion import service as ingestion
from learntrace.ingestion.decoding import decode_batch
from learntrace.ingestion.writer import Writer
from learntrace.kit import clock
from learntrace.kit.config import Settings
from learntrace.kit.db import Database
from learntrace.kit.errors import ConflictError
from learntrace.skills.refitting import refit_item_tables

DAYS = 14
LEFT_OPEN = 2
CLIENT_VERSION = "learntrace-demo"
_BATCH_EVENTS = 1000
_ASSESSED_AT_ONCE = 2
_PUPILS = UUID("8d1c1f5e-9a0d-5c56-8b8e-0b6a1f2c7d39")
"""The namespace of simulated pupils; must never change, or an interrupted demo gets play twice."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


async def write_history(
    database: Database, settings: Settings, unfinished: Unfinished, progress: Progress
) -> None:
    """Store the play, close its game sessions, assess them and then the pupils.

    What was played in the last half hour may still go on: at most `LEFT_OPEN` such sessions are
    left open. Raises `ConflictError` where the demo's key was revoked.
    """
    async with database.transaction() as db:
        caller = await find_game_caller(db, unfinished["demo"]["write_key"])
    if caller is None:
        raise ConflictError("The demo's write key was revoked, so its play cannot be completed.")
    until = datetime.fromisoformat(unfinished["until"])
    events = play(unfinished["seed"], until, [UUID(one) for one in unfinished["student_ids"]])
    await _store(settings, caller, events, progress)
    past = past_sessions(events, since=until - timedelta(seconds=settings.idle_close_s))
    async with database.transaction() as db:
        for game_session_id in past:
            await game_sessions.close(db, caller.school_id, game_session_id, now=clock.now())
    # The first time finds out how long tasks take, the second compares with that.
    await _assess(database, caller.school_id, past, progress, "Assessing sessions")
    if await references.refit(database):
        await _assess(database, caller.school_id, past, progress, "Comparing sessions")
    await refit_item_tables(database)
    await populations.refit(database)
    await _infer(database, len(unfinished["student_ids"]), progress)


def play(seed: int, until: datetime, student_ids: Sequence[UUID]) -> list[WireEvent]:
    """What these students did in the two weeks before `until`, in the order of time.

    The same `seed` and `until` give the same play whatever the students' ids are; they are
    ordered by class, `PUPILS_A_CLASS` in each.
    """
    zone = ZoneInfo(TIMEZONE)
    pupils = [
        Pupil(uuid5(_PUPILS, f"{seed}:{number}"), CLASSES[number // PUPILS_A_CLASS])
        for number in range(len(student_ids))
    ]
    own_ids = {
        str(pupil.student_id): str(own) for pupil, own in zip(pupils, student_ids, strict=True)
    }
    start = until.astimezone(zone).date() - timedelta(days=DAYS)
    events = simulate_play(seed, pupils, start=start, days=DAYS + 1, zone=zone, until=until)
    return [{**event, "student_id": own_ids[event["student_id"]]} for event in events]


def past_sessions(events: Sequence[WireEvent], *, since: datetime) -> list[UUID]:
    """The sessions that are over, in order of their ids; `events` in the order of time.

    Over are all but the `LEFT_OPEN` last ones that had an event at `since` or later.
    """
    last = {event["session_id"]: event["timestamp"] for event in events}
    going_on = sorted(
        (at, game_session_id)
        for game_session_id, at in last.items()
        if datetime.fromisoformat(at) >= since
    )
    left_open = {game_session_id for _, game_session_id in going_on[-LEFT_OPEN:]}
    return sorted(UUID(game_session_id) for game_session_id in last.keys() - left_open)


async def _store(
    settings: Settings, caller: GameCaller, events: Sequence[WireEvent], progress: Progress
) -> None:
    assert settings.database_url is not None
    writer = Writer(
        settings.database_url,
        connections=1,
        queue_events=2 * _BATCH_EVENTS,
        earliest=settings.earliest_event_at,
    )
    await writer.start()
    try:
        stored = 0
        for number, batch in enumerate(_batches(events)):
            received_at = clock.now()
            body = {
                "batch_id": uuid5(_PUPILS, f"{caller.school_id}:{number}"),
                "client_version": CLIENT_VERSION,
                "events": batch,
            }
            decoded = decode_batch(
                msgspec.json.encode(body), received_at=received_at, never_store=caller.never_store
            )
            answer = await ingestion.take(writer, caller, decoded, received_at, rehearsal=False)
            assert not answer.content["rejected"], "the simulator speaks as the endpoints want it"
            stored += len(batch)
            progress("Storing play", stored, len(events))
    finally:
        await writer.close()


def _batches(events: Sequence[WireEvent]) -> Iterator[list[WireEvent]]:
    rest = iter(events)
    while batch := list(islice(rest, _BATCH_EVENTS)):
        yield batch


async def _assess(
    database: Database,
    school_id: UUID,
    game_session_ids: Sequence[UUID],
    progress: Progress,
    doing: str,
) -> None:
    rest = iter(game_session_ids)
    assessed = 0

    async def take_turns() -> None:
        nonlocal assessed
        for game_session_id in rest:
            await assess(database, school_id, game_session_id)
            assessed += 1
            progress(doing, assessed, len(game_session_ids))

    async with asyncio.TaskGroup() as tasks:
        for _ in range(_ASSESSED_AT_ONCE):
            tasks.create_task(take_turns())


async def _infer(database: Database, students: int, progress: Progress) -> None:
    inferred = 0
    while done := await inferring.infer_due(database):
        inferred += done
        progress("Estimating skills", min(inferred, students), students)
