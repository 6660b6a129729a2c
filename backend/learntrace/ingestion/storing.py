"""One transaction that stores a group of submissions: every rule that needs the database.

Order of locks, the same in every process: students, sessions opened, events, sessions counted,
batches, rejections; each in id order. Nothing here commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from learntrace.accounts.secrets import new_code
from learntrace.ingestion import statements as sql
from learntrace.ingestion.content import IncomingEvent, same_content
from learntrace.ingestion.opening import AnyConnection, Sessions, open_sessions, with_own_session
from learntrace.ingestion.submissions import Candidate, Key, Submission, columns
from learntrace.ingestion.times import in_range
from learntrace.ingestion.verdicts import Code
from learntrace.roster.codes import PUPIL_CODE_LENGTH, TEST_CLASS_NAME

_OUT_OF_RANGE: Final = (
    "timestamp: is too long ago, or more than one hour after receipt, by the server's clock"
)


class OvertakenError(Exception):
    """Another process stored an id, or opened a session, between two statements: try again."""


@dataclass(slots=True)
class _SessionTally:
    """What a group added to one game session."""

    started_at: datetime
    ended_at: datetime
    received_at: datetime
    count: int = 0

    def add(self, candidate: Candidate) -> None:
        self.count += 1
        self.started_at = min(self.started_at, candidate.event.corrected_at)
        self.ended_at = max(self.ended_at, candidate.event.corrected_at)
        self.received_at = max(self.received_at, candidate.submission.received_at)


async def store_group(
    connection: AnyConnection, group: Sequence[Submission], earliest: datetime
) -> None:
    """Store `group` inside the caller's transaction and fill in each submission's outcome.

    A new event from before `earliest`, or from more than an hour after receipt, is refused.

    Raises what asyncpg raises, and OvertakenError; the transaction is then to be rolled back.
    """
    for submission in group:
        submission.reset()
    standing = await _drop_revoked(connection, group)
    candidates, untimely = _own_by_time(standing, earliest)
    if candidates:
        candidates = await _with_known_student(connection, candidates)
    if candidates:
        sessions = await open_sessions(connection, candidates)
        candidates = with_own_session(candidates, sessions)
        tallies = await _store_events(connection, candidates, sessions)
        if sessions.opened - tallies.keys():
            raise OvertakenError
        await _count(connection, tallies)
    await _judge_untimely(connection, untimely)
    await _record_batches(connection, standing)
    await _record_rejections(connection, standing)


async def _drop_revoked(connection: AnyConnection, group: Sequence[Submission]) -> list[Submission]:
    hashes = list({s.caller.credential_hash for s in group})
    rows = await connection.fetch(sql.STANDING_CREDENTIALS, hashes)
    standing = {row[0] for row in rows}
    for submission in group:
        submission.revoked = submission.caller.credential_hash not in standing
    return [s for s in group if not s.revoked]


def _own_by_time(
    standing: Sequence[Submission], earliest: datetime
) -> tuple[list[Candidate], list[Candidate]]:
    """The candidates of students that the caller may write: those in range, those out of it."""
    timely: list[Candidate] = []
    untimely: list[Candidate] = []
    for submission in standing:
        only = submission.caller.student_id
        for event in submission.events:
            candidate = Candidate(submission, event)
            if only is not None and event.student_id != only:
                candidate.refuse(Code.UNKNOWN_STUDENT)
            elif in_range(event.corrected_at, submission.received_at, earliest):
                timely.append(candidate)
            else:
                untimely.append(candidate)
    return timely, untimely


async def _with_known_student(
    connection: AnyConnection, candidates: Sequence[Candidate]
) -> list[Candidate]:
    """The candidates whose student is in the caller's school; the others are refused.

    Students are locked FOR KEY SHARE, so that none is erased before this commits. A sandbox
    key's unknown students are enrolled on the way.
    """
    wanted = {(c.submission.caller.school_id, c.event.student_id) for c in candidates}
    known = await _lock_students(connection, wanted)
    strangers = {
        (c.submission.caller.school_id, c.event.student_id)
        for c in candidates
        if c.submission.caller.may_enrol
    } - known
    if strangers:
        await _enrol_pseudonyms(connection, sorted(strangers))
        known |= await _lock_students(connection, strangers)
    kept = []
    for candidate in candidates:
        if (candidate.submission.caller.school_id, candidate.event.student_id) in known:
            kept.append(candidate)
        else:
            candidate.refuse(Code.UNKNOWN_STUDENT)
    return kept


async def _lock_students(connection: AnyConnection, wanted: set[Key]) -> set[Key]:
    rows = await connection.fetch(sql.LOCK_STUDENTS, *columns(list(wanted)))
    return {(row[0], row[1]) for row in rows}


async def _enrol_pseudonyms(connection: AnyConnection, strangers: Sequence[Key]) -> None:
    codes = [new_code(PUPIL_CODE_LENGTH) for _ in strangers]
    await connection.execute(sql.ENROL_PSEUDONYMS, *columns(strangers), codes, TEST_CLASS_NAME)


async def _store_events(
    connection: AnyConnection, candidates: Sequence[Candidate], sessions: Sessions
) -> dict[Key, _SessionTally]:
    """Insert what is new, judge what is not; what each session gained.

    In arrival order the first to bring an id owns it within the group. A row that was there
    before, from any process, is the truth that repeats are compared with.
    """
    owners: dict[Key, Candidate] = {}
    for candidate in candidates:
        if candidate.session_key in sessions.owners:
            owners.setdefault(candidate.key, candidate)
    ordered = [owners[key] for key in sorted(owners)]
    inserted = {
        (row[0], row[1]) for row in await connection.fetch(sql.INSERT_EVENTS, *_rows(ordered))
    }
    truths = await _truths(connection, candidates, inserted)
    tallies: dict[Key, _SessionTally] = {}
    for candidate in candidates:
        key = candidate.key
        if key in inserted and owners[key] is candidate:
            candidate.submission.stored.append(candidate.event)
            _tally(tallies, candidate)
            continue
        truth = owners[key].event if key in inserted else truths.get(key)
        if truth is None:
            raise OvertakenError
        if _repeats(candidate.event, truth):
            candidate.submission.repeated.append(candidate.event)
        else:
            candidate.refuse(Code.CONFLICT)
    return tallies


async def _judge_untimely(connection: AnyConnection, untimely: Sequence[Candidate]) -> None:
    """Repeats of what is stored are repeats at any time; only what is new is out of range.

    A repeat may come without the `sent_at` that put the first into range.
    """
    truths = await _truths(connection, untimely, set())
    for candidate in untimely:
        truth = truths.get(candidate.key)
        if truth is None:
            candidate.refuse(Code.TIMESTAMP_OUT_OF_RANGE, _OUT_OF_RANGE)
        elif _repeats(candidate.event, truth):
            candidate.submission.repeated.append(candidate.event)
        else:
            candidate.refuse(Code.CONFLICT)


def _tally(tallies: dict[Key, _SessionTally], candidate: Candidate) -> None:
    at, received_at = candidate.event.corrected_at, candidate.submission.received_at
    tally = tallies.setdefault(candidate.session_key, _SessionTally(at, at, received_at))
    tally.add(candidate)


def _rows(ordered: Sequence[Candidate]) -> tuple[list[object], ...]:
    """The columns of `INSERT_EVENTS`, one list each."""
    columns: list[list[object]] = [[] for _ in range(14)]
    for candidate in ordered:
        caller, event = candidate.submission.caller, candidate.event
        row = (
            caller.school_id,
            event.event_id,
            event.game_session_id,
            event.student_id,
            caller.game_id,
            event.timestamp,
            candidate.submission.received_at,
            event.corrected_at,
            event.sequence,
            event.content_hash,
            event.event_type,
            event.mission_id,
            event.game_version,
            event.data_text,
        )
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    return tuple(columns)


def _repeats(event: IncomingEvent, truth: IncomingEvent | int) -> bool:
    """Whether `event` says what `truth` says: a stored event, or the hash that settled it."""
    if isinstance(truth, int):
        return event.content_hash == truth
    return event.content_hash == truth.content_hash or same_content(event, truth)


async def _truths(
    connection: AnyConnection, candidates: Sequence[Candidate], inserted: set[Key]
) -> dict[Key, IncomingEvent | int]:
    """What was stored before under the ids that were not inserted now.

    Statements of their own, because the insert's snapshot does not see the row it waited for.
    The hash is enough where every repeat has the same one; else the row itself is read.
    """
    known = [c for c in candidates if c.key not in inserted]
    if not known:
        return {}
    keys = list({c.key for c in known})
    rows = await connection.fetch(sql.STORED_HASHES, *columns(keys))
    hashes: dict[Key, int] = {(row[0], row[1]): row[2] for row in rows}
    truths: dict[Key, IncomingEvent | int] = dict(hashes)
    doubtful = list({c.key for c in known if hashes.get(c.key) != c.event.content_hash})
    if doubtful:
        for row in await connection.fetch(sql.STORED_EVENTS, *columns(doubtful)):
            truths[(row["school_id"], row["event_id"])] = IncomingEvent(
                index=0,
                event_id=row["event_id"],
                student_id=row["student_id"],
                game_session_id=row["game_session_id"],
                event_type=row["event_type"],
                timestamp=row["timestamp"],
                corrected_at=row["corrected_at"],
                data_text=row["data"],
                mission_id=row["mission_id"],
                game_version=row["game_version"],
                sequence=row["sequence"],
                content_hash=row["content_hash"],
            )
    return truths


async def _count(connection: AnyConnection, tallies: dict[Key, _SessionTally]) -> None:
    """Raise the counts of the sessions that gained events."""
    if not tallies:
        return
    keys = sorted(tallies)
    counted = [tallies[key] for key in keys]
    await connection.execute(sql.LOCK_SESSIONS, *columns(keys))
    await connection.execute(
        sql.COUNT_SESSIONS,
        *columns(keys),
        [tally.count for tally in counted],
        [tally.started_at for tally in counted],
        [tally.ended_at for tally in counted],
        [tally.received_at for tally in counted],
    )


async def _record_batches(connection: AnyConnection, submissions: Sequence[Submission]) -> None:
    """Write each batch's stored truth; one statement each, because an id may stand twice."""
    batches = [(s.caller.school_id, s.batch_id, s) for s in submissions if s.batch_id]
    for school_id, batch_id, submission in sorted(batches, key=lambda batch: batch[:2]):
        await connection.execute(
            sql.RECORD_BATCH,
            school_id,
            batch_id,
            submission.caller.batch_owner,
            submission.client_version,
            submission.received_at,
            submission.received_count,
            len(submission.stored),
            len(submission.repeated),
            sql.rejections_json(submission.rejected),
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
