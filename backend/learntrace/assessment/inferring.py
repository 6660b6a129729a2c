"""From everything known of a student to a stored assessment: one road for every cause.

Whatever changes what an assessment rests on marks the student (`skills.due`). `infer_due` claims
marked students in a short transaction. Whoever has a student assessed, the worker or a request,
has that one read, assessed and stored in a transaction of its own, in which nobody else assesses
that student; several students take several transactions, and one's failure undoes no other's.
No row is locked before an assessment is stored: a game that sends goes on.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import games
from learntrace.assessment import learning, reading, talking, trying
from learntrace.game_sessions import reading as played
from learntrace.kit import clock
from learntrace.kit.db import Database
from learntrace.kit.errors import NotFoundError
from learntrace.roster.reading import has_extra_time
from learntrace.roster.records import hold_student
from learntrace.skills import answers, assessments, due, ratings, states, weights
from learntrace.skills.assessing import assess
from learntrace.skills.assessments import StoredAssessment
from learntrace.skills.due import ClaimedStudent
from learntrace.skills.grounds import MODEL, Game, Grounds, Played
from learntrace.skills.states import StoredLearner
from learntrace.skills.versions import ITEM_TABLES, POPULATIONS

log = logging.getLogger(__name__)

MOST_SESSIONS = 30
"""More of one source would narrow no interval that anybody sees: see docs/assessments.md."""
CLAIM_S = 120.0
APART = timedelta(microseconds=4)
"""By so much at least an assessment is later than the one before, also by a clock that is behind.

Ids stand in order to as much; see `ordered_id`.
"""
NO_STUDENT = "There is no such student."
HOPELESS = 2
"""Tried so often in vain, a student's stored assessment is read as it is."""


@dataclass(frozen=True, slots=True)
class Inferred:
    """The newest assessment, and whether it is a new one."""

    assessment: StoredAssessment
    is_new: bool


async def latest(db: AsyncSession, school_id: UUID, student_id: UUID) -> StoredAssessment:
    """The assessment of what is known now: stored, or made here where something has changed."""
    mark = await due.find(db, school_id, student_id)
    if mark is None or mark.attempts >= HOPELESS:
        stored = await assessments.latest(db, school_id, student_id)
        if stored is not None:
            return stored
    return (await infer(db, school_id, student_id)).assessment


async def infer(db: AsyncSession, school_id: UUID, student_id: UUID) -> Inferred:
    """Assess a student; stored only if what it rests on differs from the newest before.

    Raises `NotFoundError` where the tenant has no such student.
    """
    await assessments.take_turns(db, school_id, student_id)
    mark = await due.find(db, school_id, student_id)
    await talking.bring_up_to_date(db, school_id, student_id)
    grounds = await read_grounds(db, school_id, student_id)
    now = clock.now()
    assessed = await asyncio.to_thread(assess, grounds, now=now)
    newest = await assessments.latest(db, school_id, student_id)
    is_new = newest is None or newest.basis != assessed.basis
    if newest is None or is_new:
        counts = {one.game_id: len(one.answers) for one in grounds.answers}
        learners = {
            game_id: StoredLearner(learner, grounds.games[game_id].table.version, counts[game_id])
            for game_id, learner in assessed.learners.items()
        }
        if not await hold_student(db, school_id, student_id):
            raise NotFoundError(NO_STUDENT)
        await states.replace(db, school_id, student_id, learners)
        newest = await assessments.add(
            db,
            school_id,
            student_id,
            at=now if newest is None else max(now, newest.assessed_at + APART),
            model=MODEL,
            basis=assessed.basis,
            body=assessed.body,
        )
    await due.settle(db, school_id, student_id, mark)
    return Inferred(newest, is_new)


async def read_grounds(db: AsyncSession, school_id: UUID, student_id: UUID) -> Grounds:
    """All that an assessment of the student rests on now. Raises `NotFoundError`."""
    extra_time = await has_extra_time(db, school_id, student_id)
    if extra_time is None:
        raise NotFoundError(NO_STUDENT)
    key = (school_id, student_id)
    newest = await played.list_sessions(db, key, games=None, after=None, limit=MOST_SESSIONS)
    features = await reading.find_features(db, school_id, [one.id for one in newest])
    given = await answers.of_student(db, *key)
    sessions = [
        Played(one.id, one.game_id, one.ended_at, features[one.id])
        for one in newest
        if one.id in features
    ]
    game_ids = {one.game_id for one in sessions} | {one.game_id for one in given}
    return Grounds(
        extra_time=extra_time,
        played=sessions,
        answers=given,
        ratings=await ratings.of_student(db, *key),
        games={game_id: await _read_game(db, school_id, game_id) for game_id in sorted(game_ids)},
        weights=await weights.in_force(db, school_id),
        talked=await talking.of_student(db, *key),
        learned=await learning.of_student(db, *key),
    )


async def _read_game(db: AsyncSession, school_id: UUID, game_id: UUID) -> Game:
    version, mapping = await games.ready_mapping_in_force(db, school_id, game_id)
    return Game(
        mapping_version=version,
        names={skill: described.name for skill, described in mapping.skills.items()},
        population=await POPULATIONS.in_force(db, school_id, game_id),
        table=await ITEM_TABLES.in_force(db, school_id, game_id),
    )


async def infer_due(database: Database) -> int:
    """Assess some of the students of whom something has changed; how many.

    One who fails is tried again later, each time after a longer rest, and stops no other.
    """
    done = 0
    for share in trying.SHARES:
        async with database.transaction() as db:
            claimed = await due.claim(db, claim_s=CLAIM_S, most=share.most, attempts=share.attempts)
        for one in claimed:
            done += await _try_to_infer(database, one)
    return done


async def _try_to_infer(database: Database, one: ClaimedStudent) -> bool:
    try:
        async with database.transaction() as db:
            await infer(db, one.school_id, one.student_id)
    except Exception:  # the others are not to wait for this one
        log.exception("student not assessed", extra={"attempts": one.attempts})
        async with database.transaction() as db:
            await due.back_off(db, one, rest_s=trying.rest_s(one.attempts))
        return False
    return True
