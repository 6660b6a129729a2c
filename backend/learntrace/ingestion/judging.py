"""What becomes of each event of a group: decided by what the database holds, before writing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from asyncpg import Connection, Record
from asyncpg.pool import PoolConnectionProxy

from learntrace.accounts.secrets import new_code
from learntrace.ingestion import statements as sql
from learntrace.ingestion.content import IncomingEvent, same_content
from learntrace.ingestion.submissions import Key, Submission, columns
from learntrace.ingestion.times import in_range
from learntrace.ingestion.verdicts import Code
from learntrace.roster.codes import PUPIL_CODE_LENGTH, TEST_CLASS_NAME

AnyConnection = Connection | PoolConnectionProxy
Verdict = tuple[Code, str | None]

_OUT_OF_RANGE: Final = (
    "timestamp: is too long ago, or more than one hour after receipt, by the server's clock"
)
_OTHER_GAME: Final = "session_id: this session belongs to another game"


class OvertakenError(Exception):
    """What was found has changed meanwhile: try again."""


@dataclass(slots=True)
class Gain:
    """What a group adds to one game session: events, and the times that they span.

    Times are corrected; `submission` brought the last of the events.
    """

    submission: Submission
    event: IncomingEvent
    started_at: datetime
    ended_at: datetime
    received_at: datetime
    count: int = 0

    def add(self, submission: Submission, event: IncomingEvent) -> None:
        self.count += 1
        self.started_at = min(self.started_at, event.corrected_at)
        self.ended_at = max(self.ended_at, event.corrected_at)
        self.received_at = max(self.received_at, submission.received_at)


@dataclass(slots=True)
class Judged:
    """What a group comes to.

    `standing` are the submissions whose credential stands, with what became of their events.
    `new` are the events to store and `gains` what their game sessions gain, both by key, in the
    order of arrival.
    """

    standing: Sequence[Submission]
    new: dict[Key, tuple[Submission, IncomingEvent]] = field(default_factory=dict)
    gains: dict[Key, Gain] = field(default_factory=dict)


@dataclass(slots=True)
class _Found:
    """What the database knows of a group: its credentials, students, game sessions and events.

    `owners` are each session's student and game, as numbers; judging adds those that it opens.
    """

    credentials: set[bytes] = field(default_factory=set)
    students: set[Key] = field(default_factory=set)
    owners: dict[Key, tuple[int, int]] = field(default_factory=dict)
    hashes: dict[Key, int] = field(default_factory=dict)


async def judge_group(
    connection: AnyConnection, group: Sequence[Submission], earliest: datetime
) -> Judged:
    """Decide what becomes of each event of `group`, inside the caller's transaction.

    An id that is stored, or that an earlier event of the group brings, is a repeat or a conflict,
    whatever else may be said of it. Of new ones, those are refused whose time lies before
    `earliest` or more than an hour after receipt, whose student is not the caller's to write, or
    whose session is another's. Sandbox keys enrol unknown students on the way.
    """
    for submission in group:
        submission.reset()
    found = await _look(connection, group)
    for submission in group:
        submission.revoked = submission.caller.credential_hash not in found.credentials
    judged = Judged([submission for submission in group if not submission.revoked])
    await _enrol_strangers(connection, judged.standing, found, earliest)
    known = [
        (submission, event)
        for submission in judged.standing
        for event in _take_new(submission, found, judged, earliest)
    ]
    if known:
        await _compare(connection, known, found, judged)
    return judged


async def _look(connection: AnyConnection, group: Sequence[Submission]) -> _Found:
    students: dict[Key, tuple[UUID, UUID]] = {}
    sessions: dict[Key, tuple[UUID, UUID]] = {}
    schools: list[UUID] = []
    events: list[UUID] = []
    for submission in group:
        school_id, number = submission.caller.school_id, submission.caller.school_id.int
        schools += [school_id] * len(submission.events)
        for event in submission.events:
            events.append(event.event_id)
            students[number, event.student_id.int] = (school_id, event.student_id)
            sessions[number, event.game_session_id.int] = (school_id, event.game_session_id)
    rows = await connection.fetch(
        sql.LOOK,
        list({submission.caller.credential_hash for submission in group}),
        *columns([students[key] for key in sorted(students)]),
        *columns(sessions.values()),
        schools,
        events,
    )
    found = _Found()
    for kind, school_id, own_id, student_id, game_id, secret_hash, content_hash in rows:
        if kind == sql.CREDENTIAL:
            found.credentials.add(secret_hash)
        elif kind == sql.STUDENT:
            found.students.add((school_id.int, own_id.int))
        elif kind == sql.GAME_SESSION:
            found.owners[school_id.int, own_id.int] = (student_id.int, game_id.int)
        else:
            found.hashes[school_id.int, own_id.int] = content_hash
    return found


async def _enrol_strangers(
    connection: AnyConnection, standing: Sequence[Submission], found: _Found, earliest: datetime
) -> None:
    """Enrol the unknown students of sandbox keys, and add them to what is found."""
    strangers = {
        (submission.caller.school_id, event.student_id)
        for submission in standing
        if submission.caller.may_enrol
        for event in submission.events
        if (submission.caller.school_id.int, event.student_id.int) not in found.students
        and in_range(event.corrected_at, submission.received_at, earliest)
    }
    if not strangers:
        return
    wanted = columns(sorted(strangers))
    codes = [new_code(PUPIL_CODE_LENGTH) for _ in strangers]
    await connection.execute(sql.ENROL_PSEUDONYMS, *wanted, codes, TEST_CLASS_NAME)
    for school_id, student_id in await connection.fetch(sql.LOCK_STUDENTS, *wanted):
        found.students.add((school_id.int, student_id.int))


def _take_new(
    submission: Submission, found: _Found, judged: Judged, earliest: datetime
) -> list[IncomingEvent]:
    """Take or refuse the submission's new events; those whose id is known are returned."""
    known = []
    caller = submission.caller
    school, only = caller.school_id.int, caller.student_id
    new, gains, hashes = judged.new, judged.gains, found.hashes
    for event in submission.events:
        key = (school, event.event_id.int)
        if only is not None and event.student_id != only:
            submission.refuse(event, Code.UNKNOWN_STUDENT)
        elif key in hashes or key in new:
            known.append(event)
        elif refusal := _refusal(submission, event, found, earliest):
            submission.refuse(event, *refusal)
        else:
            new[key] = (submission, event)
            submission.stored.append(event)
            game_session = (school, event.game_session_id.int)
            gain = gains.get(game_session)
            if gain is None:
                at = event.corrected_at
                gain = gains[game_session] = Gain(submission, event, at, at, submission.received_at)
            gain.add(submission, event)
    return known


def _refusal(
    submission: Submission, event: IncomingEvent, found: _Found, earliest: datetime
) -> Verdict | None:
    """Why a new event cannot be stored; else its session is its student's from now on."""
    if not in_range(event.corrected_at, submission.received_at, earliest):
        return Code.TIMESTAMP_OUT_OF_RANGE, _OUT_OF_RANGE
    school, student = submission.caller.school_id.int, event.student_id.int
    if (school, student) not in found.students:
        return Code.UNKNOWN_STUDENT, None
    wanted = (student, submission.caller.game_id.int)
    owner = found.owners.setdefault((school, event.game_session_id.int), wanted)
    if owner == wanted:
        return None
    return (Code.WRONG_STUDENT, None) if owner[0] != student else (Code.INVALID, _OTHER_GAME)


async def _compare(
    connection: AnyConnection,
    known: Sequence[tuple[Submission, IncomingEvent]],
    found: _Found,
    judged: Judged,
) -> None:
    """Tell repeats from conflicts.

    The same hash is the same content; where the hashes differ, the contents are compared.
    """
    doubtful: list[tuple[Submission, IncomingEvent]] = []
    for submission, event in known:
        key = (submission.caller.school_id.int, event.event_id.int)
        if key in judged.new:
            _settle(submission, event, judged.new[key][1])
        elif found.hashes[key] == event.content_hash:
            submission.repeated.append(event)
        else:
            doubtful.append((submission, event))
    if doubtful:
        keys = {(submission.caller.school_id, event.event_id) for submission, event in doubtful}
        rows = await connection.fetch(sql.STORED_EVENTS, *columns(keys))
        if len(rows) < len(keys):
            raise OvertakenError
        stored = {(row["school_id"], row["event_id"]): _stored(row) for row in rows}
        for submission, event in doubtful:
            _settle(submission, event, stored[submission.caller.school_id, event.event_id])


def _stored(row: Record) -> IncomingEvent:
    return IncomingEvent(
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


def _settle(submission: Submission, event: IncomingEvent, truth: IncomingEvent) -> None:
    if same_content(event, truth):
        submission.repeated.append(event)
    else:
        submission.refuse(event, Code.CONFLICT)
