"""What becomes of each event of a group: decided by what the database holds, before writing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from asyncpg import Connection, Record
from asyncpg.pool import PoolConnectionProxy

from learntrace.accounts.secrets import new_code
from learntrace.ingestion import statements as sql
from learntrace.ingestion.content import IncomingEvent, same_content, without
from learntrace.ingestion.submissions import Submission, columns
from learntrace.ingestion.times import EARLIEST, in_range
from learntrace.ingestion.verdicts import Code
from learntrace.kit.clock import now
from learntrace.privacy import retention, tombstones
from learntrace.privacy.retention import NEVER_FORGOTTEN
from learntrace.roster.codes import PUPIL_CODE_LENGTH, TEST_CLASS_NAME

AnyConnection = Connection | PoolConnectionProxy

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
        at = event.corrected_at
        if at < self.started_at:
            self.started_at = at
        elif at > self.ended_at:
            self.ended_at = at
        if submission is not self.submission:
            self.received_at = max(self.received_at, submission.received_at)


@dataclass(slots=True)
class Part:
    """What a group does in one school; everything by its id there, as a number.

    Found in the database: the `students` and whether each may play, the `owners` of game sessions
    (student and game; judging adds those that it opens) and the `hashes` of events. Students whom
    it does not hold are `unknown`, and may be `erased`. Nothing from before `earliest` is taken. To
    be written: the `new` events and what their game sessions gain, in the order of arrival.
    """

    students: dict[int, bool] = field(default_factory=dict)
    owners: dict[int, tuple[int, int]] = field(default_factory=dict)
    hashes: dict[int, int] = field(default_factory=dict)
    unknown: set[int] = field(default_factory=set)
    erased: set[int] = field(default_factory=set)
    earliest: datetime = EARLIEST
    new: dict[int, tuple[Submission, IncomingEvent]] = field(default_factory=dict)
    gains: dict[int, Gain] = field(default_factory=dict)


@dataclass(slots=True)
class Judged:
    """What a group comes to.

    `standing` are the submissions whose credential stands, with what became of their events;
    `parts` is what the group does in each school, by id in ascending order.
    """

    standing: Sequence[Submission]
    parts: dict[UUID, Part]


async def judge_group(
    connection: AnyConnection, group: Sequence[Submission], earliest: datetime
) -> Judged:
    """Decide what becomes of each event of `group`.

    An id that is stored, or that an earlier event of the group brings, is a repeat or a conflict,
    whatever else may be said of it. Of new ones, those are refused whose time lies before
    `earliest`, before what the school keeps or more than an hour after receipt, whose student is
    not the caller's to write or lacks the consent that the school requires, or whose session is
    another's. Sandbox keys enrol unknown students on the way, which takes a transaction of the
    caller's.
    """
    for submission in group:
        submission.reset()
    parts, credentials = await _look(connection, group)
    for submission in group:
        caller = submission.caller
        submission.revoked = caller.credential_hash not in credentials or not (
            caller.student_id is None or caller.student_id.int in parts[caller.school_id].students
        )
    judged = Judged([submission for submission in group if not submission.revoked], parts)
    await _find_erased(connection, judged)
    await _find_kept(connection, judged, earliest)
    await _enrol_strangers(connection, judged)
    known = [
        (submission, event)
        for submission in judged.standing
        for event in _take_new(submission, parts[submission.caller.school_id])
    ]
    if known:
        await _compare(connection, known, parts)
    return judged


async def _look(
    connection: AnyConnection, group: Sequence[Submission]
) -> tuple[dict[UUID, Part], set[bytes]]:
    """What the database knows of each school's part, and the credentials that stand."""
    ids = sorted({submission.caller.school_id for submission in group})
    parts = {school_id: Part() for school_id in ids}
    students: dict[UUID, set[int]] = {school_id: set() for school_id in ids}
    sessions: dict[UUID, set[int]] = {school_id: set() for school_id in ids}
    events: dict[UUID, list[int]] = {school_id: [] for school_id in ids}
    for submission in group:
        school_id, brought = submission.caller.school_id, submission.events
        students[school_id].update([event.student_id.int for event in brought])
        if submission.caller.student_id is not None:  # also where no event names a student
            students[school_id].add(submission.caller.student_id.int)
        sessions[school_id].update([event.game_session_id.int for event in brought])
        events[school_id] += [event.event_id.int for event in brought]
    rows = await connection.fetch(
        sql.LOOK,
        list({submission.caller.credential_hash for submission in group}),
        ids,
        [sql.uuids(sorted(students[school_id])) for school_id in ids],
        [sql.uuids(sessions[school_id]) for school_id in ids],
        [sql.uuids(events[school_id]) for school_id in ids],
    )
    credentials = set()
    for kind, school_id, own_id, student_id, game_id, secret_hash, number in rows:
        if kind == sql.CREDENTIAL:
            credentials.add(secret_hash)
        elif kind == sql.STUDENT:
            parts[school_id].students[own_id.int] = number == 1
        elif kind == sql.GAME_SESSION:
            parts[school_id].owners[own_id.int] = (student_id.int, game_id.int)
        else:
            parts[school_id].hashes[own_id.int] = number
    for school_id, part in parts.items():
        part.unknown = students[school_id] - part.students.keys()
    return parts, credentials


async def _find_erased(connection: AnyConnection, judged: Judged) -> None:
    """Note which of the unknown students were erased; where all are known, nothing is asked."""
    unknown = [
        (school_id, UUID(int=student))
        for school_id, part in judged.parts.items()
        for student in part.unknown
    ]
    if not unknown:
        return
    if any(submission.caller.may_enrol for submission in judged.standing):
        await _hold_known(connection, judged)
        tenants = sorted({school_id for school_id, _ in unknown})
        await connection.execute(tombstones.BEFORE_ENROLLING_SQL, tenants)
    asked = {(school_id, tombstones.of_student(one)): one.int for school_id, one in unknown}
    for key in await tombstones.erased_among(connection.fetch, asked):
        judged.parts[key[0]].erased.add(asked[key])


async def _hold_known(connection: AnyConnection, judged: Judged) -> None:
    """Lock the known students before enrolling does: an erasure takes its locks in that order."""
    known = [
        (school_id, UUID(int=student))
        for school_id, part in judged.parts.items()
        for student in sorted(part.students)
    ]
    if len(await connection.fetch(sql.LOCK_STUDENTS, *columns(known))) < len(known):
        raise OvertakenError


async def _find_kept(connection: AnyConnection, judged: Judged, earliest: datetime) -> None:
    """Note from when on each school takes play; where all of it is young, nothing is asked."""
    asked = set()
    for submission in judged.standing:
        school_id, young = submission.caller.school_id, submission.received_at - NEVER_FORGOTTEN
        judged.parts[school_id].earliest = earliest
        times = [event.corrected_at for event in submission.events]
        if times and min(times) < young:
            asked.add(school_id)
    if asked:
        kept = await retention.play_begins(connection.fetch, sorted(asked), at=now())
        for school_id, begins in kept.items():
            judged.parts[school_id].earliest = max(earliest, begins)


async def _enrol_strangers(connection: AnyConnection, judged: Judged) -> None:
    """Enrol the unknown students of sandbox keys, and add them to what is found."""
    strangers = {
        (submission.caller.school_id, event.student_id)
        for submission in judged.standing
        if submission.caller.may_enrol
        for event in submission.events
        if _is_stranger(part := judged.parts[submission.caller.school_id], event)
        and in_range(event.corrected_at, submission.received_at, part.earliest)
    }
    if not strangers:
        return
    wanted = columns(sorted(strangers))
    codes = [new_code(PUPIL_CODE_LENGTH) for _ in strangers]
    await connection.execute(sql.ENROL_PSEUDONYMS, *wanted, codes, TEST_CLASS_NAME)
    for school_id, student_id in await connection.fetch(sql.LOCK_STUDENTS, *wanted):
        judged.parts[school_id].students[student_id.int] = True  # a sandbox needs no consent


def _is_stranger(part: Part, event: IncomingEvent) -> bool:
    student = event.student_id.int
    return student not in part.students and student not in part.erased


def _take_new(submission: Submission, part: Part) -> list[IncomingEvent]:
    """Take or refuse the submission's new events; those whose id is known are returned."""
    known = []
    caller = submission.caller
    game = caller.game_id.int
    only = caller.student_id.int if caller.student_id else None
    new, gains, hashes, owners = part.new, part.gains, part.hashes, part.owners
    may_play, earliest = part.students, part.earliest
    stored = submission.stored
    for event in submission.events:
        event_id, student = event.event_id.int, event.student_id.int
        if only is not None and student != only:
            submission.refuse(event, Code.UNKNOWN_STUDENT)
        elif event_id in hashes or event_id in new:
            known.append(event)
        elif not in_range(event.corrected_at, submission.received_at, earliest):
            submission.refuse(event, Code.TIMESTAMP_OUT_OF_RANGE, _OUT_OF_RANGE)
        elif not may_play.get(student):
            submission.refuse(event, _why_not(part, student))
        else:
            game_session = event.game_session_id.int
            owner = owners.setdefault(game_session, (student, game))
            if owner[0] != student:
                submission.refuse(event, Code.WRONG_STUDENT)
            elif owner[1] != game:
                submission.refuse(event, Code.INVALID, _OTHER_GAME)
            else:
                new[event_id] = (submission, event)
                stored.append(event)
                gain = gains.get(game_session)
                if gain is None:
                    at = event.corrected_at
                    gain = gains[game_session] = Gain(
                        submission, event, at, at, submission.received_at
                    )
                gain.add(submission, event)
    return known


def _why_not(part: Part, student: int) -> Code:
    """Why nothing is stored of a student who may not play."""
    if student in part.students:
        return Code.CONSENT_MISSING
    return Code.ERASED_STUDENT if student in part.erased else Code.UNKNOWN_STUDENT


async def _compare(
    connection: AnyConnection,
    known: Sequence[tuple[Submission, IncomingEvent]],
    parts: Mapping[UUID, Part],
) -> None:
    """Tell repeats from conflicts.

    The same hash is the same content; where the hashes differ, the contents are compared.
    """
    doubtful: list[tuple[Submission, IncomingEvent]] = []
    for submission, event in known:
        part, event_id = parts[submission.caller.school_id], event.event_id.int
        if event_id in part.new:
            _settle(submission, event, part.new[event_id][1])
        elif part.hashes[event_id] == event.content_hash:
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
    never_store = submission.caller.never_store
    if never_store is not None:  # the truth may be older than that, and hold it
        truth = without(truth, never_store)
    if same_content(event, truth):
        submission.repeated.append(event)
    else:
        submission.refuse(event, Code.CONFLICT)
