"""One transaction that stores a group of submissions: what is judged new is written.

Order of locks, the same in every process: students, sessions, batches, events, rejections; each
in id order. Nothing here commits. A constraint decides: where another process was faster, the
whole group is judged again by what it then finds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from learntrace.ingestion import statements as sql
from learntrace.ingestion.content import IncomingEvent
from learntrace.ingestion.judging import AnyConnection, Judged, OvertakenError, judge_group
from learntrace.ingestion.submissions import Key, Submission

Row = tuple[object, ...]


async def store_group(
    connection: AnyConnection, group: Sequence[Submission], earliest: datetime
) -> None:
    """Store `group` inside the caller's transaction and fill in each submission's outcome.

    No two submissions of a group may have the same batch. `earliest`: see `judge_group`. Raises
    what asyncpg raises (`UniqueViolationError` where another process was faster) and
    `OvertakenError`; the transaction is then to be rolled back.
    """
    judged = await judge_group(connection, group, earliest)
    await _count_and_record(connection, judged)
    await _store_events(connection, judged)
    await _record_rejections(connection, judged.standing)


async def _count_and_record(connection: AnyConnection, judged: Judged) -> None:
    sessions = [
        (
            school_id,
            gain.event.game_session_id,
            gain.event.student_id,
            gain.submission.caller.game_id,
            gain.count,
            gain.started_at,
            gain.ended_at,
            gain.received_at,
        )
        for school_id, part in judged.parts.items()
        for gain in _in_order(part.gains)
    ]
    batches = [
        (
            submission.caller.school_id,
            submission.batch_id,
            submission.caller.batch_owner,
            submission.client_version,
            submission.received_at,
            submission.received_count,
            len(submission.stored),
            len(submission.repeated),
            sql.rejections_json(submission.rejected),
        )
        for submission in _in_order(
            {one.batch_key: one for one in judged.standing if one.batch_key}
        )
    ]
    if not sessions and not batches:
        return
    counted = await connection.fetchval(
        sql.COUNT_AND_RECORD, *_columns(sessions, 8), *_columns(batches, 9)
    )
    if counted < len(sessions):
        raise OvertakenError


K = TypeVar("K", int, Key)
V = TypeVar("V")


def _in_order(values: Mapping[K, V]) -> Iterator[V]:
    """The values by ascending keys, which are ids as numbers."""
    return (values[key] for key in sorted(values))


def _columns(rows: Sequence[Row], count: int) -> Iterable[Sequence[object]]:
    return zip(*rows, strict=True) if rows else [()] * count


async def _store_events(connection: AnyConnection, judged: Judged) -> None:
    rows = [_row(*new) for part in judged.parts.values() for new in _in_order(part.new)]
    if rows:
        await connection.copy_records_to_table("events", records=rows, columns=sql.EVENT_COLUMNS)


def _row(submission: Submission, event: IncomingEvent) -> Row:
    """The event as `sql.EVENT_COLUMNS` name its parts."""
    return (
        submission.caller.school_id,
        event.event_id,
        event.game_session_id,
        event.student_id,
        submission.caller.game_id,
        event.timestamp,
        submission.received_at,
        event.corrected_at,
        event.sequence,
        event.content_hash,
        event.event_type,
        event.mission_id,
        event.game_version,
        event.data_text,
    )


async def _record_rejections(connection: AnyConnection, submissions: Sequence[Submission]) -> None:
    counts: dict[tuple[UUID, UUID, str], tuple[int, str, datetime]] = {}
    for submission in submissions:
        for rejected in submission.rejected:
            key = (submission.caller.school_id, submission.caller.game_id, rejected.code)
            count = counts.get(key, (0,))[0]
            counts[key] = (count + 1, rejected.detail, submission.received_at)
    for (school_id, game_id, code), (count, detail, last_at) in sorted(counts.items()):
        await connection.execute(
            sql.RECORD_REJECTIONS, school_id, game_id, last_at, code, count, detail[:300]
        )
