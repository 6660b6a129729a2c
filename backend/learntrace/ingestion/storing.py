"""Stores a group of submissions, whole or not at all: what is judged new is written.

Order of locks, the same in every process: students, who is being enrolled, sessions, batches,
events, rejections; each in id order. Where another process was faster, a constraint or a student's
lock says so, and the whole group is judged again by what it then finds.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import asyncpg
import msgspec

from learntrace.ingestion import copy_format
from learntrace.ingestion import statements as sql
from learntrace.ingestion.content import IncomingEvent
from learntrace.ingestion.judging import AnyConnection, Judged, OvertakenError, judge_group
from learntrace.ingestion.submissions import Key, Submission

Row = tuple[object, ...]

# From this many events on they are copied in, which takes a transaction of several statements.
COPIED_FROM = 50


async def store_group(
    connection: AnyConnection, group: Sequence[Submission], earliest: datetime
) -> None:
    """Store `group` at once or not at all, and fill in each submission's outcome.

    No two submissions of a group may have the same batch. `earliest`: see `judge_group`. Raises
    what asyncpg raises (`UniqueViolationError` where another process was faster) and
    `OvertakenError`; nothing is stored then. In a transaction of the caller's it is
    the caller who commits, or rolls back.
    """
    judged = await judge_group(connection, group, earliest)
    new = [one for part in judged.parts.values() for one in _in_order(part.new)]
    rejections = _rejections(judged.standing)
    copied = new if len(new) >= COPIED_FROM else []
    if copied or rejections:
        async with connection.transaction():
            await _store(connection, judged, with_events=not copied)
            await _copy(connection, copied)
            for rejection in rejections:
                await connection.execute(sql.RECORD_REJECTIONS, *rejection)
    else:
        await _store(connection, judged, with_events=True)


async def _store(connection: AnyConnection, judged: Judged, *, with_events: bool) -> None:
    """Open and count sessions, record batches and, where told, store the new events."""
    sessions = [
        {
            "school_id": school_id,
            "id": gain.event.game_session_id,
            "student_id": gain.event.student_id,
            "game_id": gain.submission.caller.game_id,
            "event_count": gain.count,
            "started_at": gain.started_at,
            "ended_at": gain.ended_at,
            "last_received_at": gain.received_at,
        }
        for school_id, part in judged.parts.items()
        for gain in _in_order(part.gains)
    ]
    batches = _in_order({one.batch_key: one for one in judged.standing if one.batch_key})
    recorded = [_recorded(one) for one in batches]
    if not sessions and not recorded:
        return
    brought = [
        {
            "school_id": one.caller.school_id,
            "game_id": one.caller.game_id,
            "received_at": one.received_at,
            "events": one.stored,
        }
        for one in judged.standing
        if with_events and one.stored
    ]
    held = _held(judged)
    parameters = (_json(rows) for rows in (held, sessions, recorded, brought))
    try:
        all_are_held = await connection.fetchval(sql.STORE, *parameters)
    except asyncpg.NotNullViolationError as error:
        if (error.table_name, error.column_name) != ("game_sessions", "student_id"):
            raise
        raise OvertakenError from None
    if not all_are_held:
        raise OvertakenError


def _held(judged: Judged) -> list[dict[str, object]]:
    """The students of whom something is stored, and whether that is play, in order of their ids."""
    plays = {
        (one.caller.school_id.int, one.caller.student_id.int): False
        for one in judged.standing
        if one.batch_id is not None and one.caller.student_id is not None
    }
    plays |= {
        (school_id.int, gain.event.student_id.int): True
        for school_id, part in judged.parts.items()
        for gain in part.gains.values()
    }
    return [
        {"school_id": UUID(int=school), "student_id": UUID(int=student), "plays": played}
        for (school, student), played in sorted(plays.items())
    ]


def _recorded(submission: Submission) -> dict[str, object]:
    return {
        "school_id": submission.caller.school_id,
        "batch_id": submission.batch_id,
        "owner": submission.caller.batch_owner,
        "client_version": submission.client_version,
        "received_at": submission.received_at,
        "received_count": submission.received_count,
        "accepted": len(submission.stored),
        "duplicates": len(submission.repeated),
        "rejected": [sql.as_json(one) for one in submission.rejected],
    }


def _json(rows: Sequence[Mapping[str, object]]) -> str:
    return msgspec.json.encode(rows).decode()


K = TypeVar("K", int, Key)
V = TypeVar("V")


def _in_order(values: Mapping[K, V]) -> Iterator[V]:
    """The values by ascending keys, which are ids as numbers."""
    return (values[key] for key in sorted(values))


async def _copy(connection: AnyConnection, new: Sequence[tuple[Submission, IncomingEvent]]) -> None:
    if new:
        await connection.copy_to_table(
            "events",
            source=_at_once(copy_format.encoded(new)),
            columns=copy_format.COLUMNS,
            format="binary",
        )


async def _at_once(data: bytes) -> AsyncIterator[bytes]:
    yield data


def _rejections(submissions: Sequence[Submission]) -> list[Row]:
    """What `sql.RECORD_REJECTIONS` takes, in order of its keys."""
    counts: dict[tuple[UUID, UUID, str], tuple[int, str, datetime]] = {}
    for submission in submissions:
        for rejected in submission.rejected:
            key = (submission.caller.school_id, submission.caller.game_id, rejected.code)
            count = counts.get(key, (0,))[0]
            counts[key] = (count + 1, rejected.detail, submission.received_at)
    return [
        (school_id, game_id, last_at, code, count, detail[:300])
        for (school_id, game_id, code), (count, detail, last_at) in sorted(counts.items())
    ]
