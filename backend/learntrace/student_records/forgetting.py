"""Retention: what a school keeps no longer goes, day by day, a little in each transaction.

What is gone is what stands before a boundary, so a pass that was cut off is simply done again, and
two at once find less to do. Locks are taken in the order of all who store: student, sessions.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.repository import find_school, list_schools, lock_school
from learntrace.audit import log
from learntrace.audit.acts import Act
from learntrace.game_sessions import aging
from learntrace.game_sessions.reading import ids_of_students
from learntrace.ingestion import rejections
from learntrace.kit.clock import now
from learntrace.kit.db import Database
from learntrace.kit.held import Old, Subject
from learntrace.kit.loops import for_each
from learntrace.learning_sessions import completed as lessons
from learntrace.plans.service import plan_of
from learntrace.privacy.retention import Boundary, Retention, boundary, in_force
from learntrace.roster.records import hold_student, left_before
from learntrace.skills import assessments, due, items, refits
from learntrace.student_records import removals
from learntrace.student_records.erasing import erase_found, tenants
from learntrace.student_records.holdings import HOLDINGS
from learntrace.transcription_sessions import aging as recordings

MOST_AT_ONCE = 5_000
Done = tuple[date, int]
"""The day at the school and the version of its policy that a pass was made for."""
ASSESSMENTS: Final = "assessments"
AUDIT: Final = "audit_entries"
OF_PLAY: Final = Act.of_program("retention of play")
OF_RECORDINGS: Final = Act.of_program("retention of recordings")
OF_LEFT: Final = Act.of_program("retention of who left")
_WITH_SITTINGS: Final = [one for one in HOLDINGS if one.aging and one.aging.with_sitting]
_BY_TIME: Final = [one for one in HOLDINGS if one.aging and not one.aging.with_sitting]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a school keeps: play, students who left, the audit log, recordings, from these days on.

    `None` for all. `today` is the day at the school.
    """

    play: Boundary | None
    left: Boundary | None
    audit: Boundary | None
    recordings: Boundary | None
    today: Boundary


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go: how many students, and how many records of each kind."""

    limits: Limits
    students: int
    counts: Mapping[str, int]


async def limits(db: AsyncSession, school_id: UUID, kept: Retention, *, at: datetime) -> Limits:
    """What a live school keeps at `at` that keeps so long.

    Recordings go by the plan: that somebody agreed to another plan's days lets none go.
    """
    school = await find_school(db, school_id)
    assert school is not None, "who asks has found it"
    plan = (await plan_of(db, school_id)).plan
    agreed = kept.recordings_days if kept.recordings_days == plan.retention_days else None
    play, left, audit, said, today = (
        None if days is None else boundary(days, school.timezone, at=at)
        for days in (kept.play_days, kept.left_days, kept.audit_days, agreed, 0)
    )
    assert today is not None, "zero days are some"
    return Limits(play, left, audit, said, today)


async def forget_due(database: Database, done: dict[UUID, Done]) -> int:
    """Make today's pass for each school that forgets anything; how many records went.

    `done` remembers for this process what needs no other look before tomorrow.
    """
    removed = 0

    async def forget_at(school_id: UUID) -> None:
        nonlocal removed
        async with database.transaction() as db:
            kept = await in_force(db, school_id)
            bounds = await limits(db, school_id, kept, at=now())
        today = bounds.today.day, kept.version
        if done.get(school_id) != today:
            removed += (await forget(database, school_id, bounds)).total()
            done[school_id] = today

    async with database.transaction() as db:
        schools = [school.id for school in await list_schools(db)]
    await for_each(schools, forget_at)
    return removed


async def preview(db: AsyncSession, school_id: UUID, bounds: Limits) -> Preview:
    """What the next pass would remove at a live school and its sandbox. Removes nothing.

    In as many statements for thousands who left as for one.
    """
    counts: Counter[str] = Counter()
    leaving = [] if bounds.left is None else await left_before(db, school_id, bounds.left.at)
    for tenant_id in await tenants(db, school_id):
        old = None
        if bounds.play is not None:
            sessions = aging.ids_before(tenant_id, bounds.play.at)
            old = Old(tenant_id, bounds.play.at, sessions)
            counts += Counter({one.name: await one.count_old(db, old) for one in HOLDINGS})
            counts[rejections.KIND] += await rejections.count_before(db, tenant_id, old.before)
        if bounds.audit is not None:
            counts[AUDIT] += await log.count_before(db, tenant_id, _of_log(bounds.audit))
        if bounds.recordings is not None:
            at = bounds.recordings.at
            counts += await recordings.count_before(db, tenant_id, at, but=leaving)
        if leaving:
            subject = Subject(tenant_id, leaving, ids_of_students(tenant_id, leaving))
            counts += Counter({one.name: await one.count(db, subject) for one in HOLDINGS})
            if old is not None:  # counted twice
                counts -= Counter(
                    {one.name: await one.count_old(db, old, subject) for one in HOLDINGS}
                )
    return Preview(bounds, len(leaving), dict(sorted((+counts).items())))


async def forget(database: Database, school_id: UUID, bounds: Limits) -> Counter[str]:
    """Remove what a live school keeps no longer, there and in its sandbox: counts by kind.

    In transactions of its own, each with its part of the receipt.
    """
    counts: Counter[str] = Counter()
    if bounds.left is not None:
        counts += await _forget_left(database, school_id, bounds.left, bounds.today)
    async with database.transaction() as db:
        tenant_ids = await tenants(db, school_id)
    for tenant_id in tenant_ids:
        if bounds.play is not None:
            counts += await _forget_play(
                database, school_id, Old(tenant_id, bounds.play.at), bounds.today
            )
        if bounds.audit is not None:
            counts += await _forget_log(
                database, school_id, tenant_id, _of_log(bounds.audit), bounds.today
            )
        if bounds.recordings is not None:
            counts += await _forget_recordings(
                database, school_id, tenant_id, bounds.recordings.at, bounds.today
            )
    return counts


def _of_log(audit: Boundary) -> datetime:
    """Before when the log's entries go; years are not of one length where clocks are changed."""
    return min(audit.at, now() - log.KEPT_AT_LEAST)


async def _forget_log(
    database: Database, school_id: UUID, tenant_id: UUID, before: datetime, today: Boundary
) -> Counter[str]:
    counts: Counter[str] = Counter()
    is_more = True
    while is_more:
        async with database.transaction() as db:
            gone = await log.forget(db, tenant_id, before, most=MOST_AT_ONCE)
            await removals.note(db, school_id, today.day, "audit", Counter({AUDIT: gone}))
        counts[AUDIT] += gone
        is_more = gone >= MOST_AT_ONCE
    return +counts


async def _forget_recordings(
    database: Database, school_id: UUID, tenant_id: UUID, before: datetime, today: Boundary
) -> Counter[str]:
    """Forget a tenant's recordings and transcripts, and have whom they are about assessed anew."""
    counts: Counter[str] = Counter()
    async with database.transaction() as db:
        whose = await recordings.whose_before(db, tenant_id, before)
    for student_id in whose:
        is_more = True
        while is_more:
            async with database.transaction() as db:
                if student_id is not None:
                    if not await hold_student(db, tenant_id, student_id):
                        break
                    await due.mark(db, tenant_id, [student_id])
                gone, is_more = await recordings.forget_before(db, tenant_id, student_id, before)
                await removals.note(db, school_id, today.day, "recordings", gone)
                if gone and student_id is not None:
                    await log.write(db, OF_RECORDINGS, [(tenant_id, student_id)])
            counts += gone
    return counts


async def _forget_left(
    database: Database, school_id: UUID, left: Boundary, today: Boundary
) -> Counter[str]:
    """Erase who left, one in a transaction, without a tombstone: a child may come back."""
    counts: Counter[str] = Counter()
    async with database.transaction() as db:
        leaving = await left_before(db, school_id, left.at)
    for student_id in leaving:
        async with database.transaction() as db:
            await lock_school(db, school_id)  # a roster may just be bringing the student back
            if await left_before(db, school_id, left.at, student_id=student_id):
                gone, _ = await erase_found(db, OF_LEFT, school_id, student_id)
                await removals.note(db, school_id, today.day, "left", gone)
                counts += gone
    return counts


async def _forget_play(
    database: Database, school_id: UUID, old: Old, today: Boundary
) -> Counter[str]:
    """Forget a tenant's play, and what was derived from it."""
    counts: Counter[str] = Counter()
    async with database.transaction() as db:
        students = await aging.players_before(db, old.tenant_id, old.before)
        students |= await assessments.students_before(db, old.tenant_id, old.before)
        taught = await lessons.students_before(db, old.tenant_id, old.before)
    for student_id in sorted(students):
        is_more = True
        while is_more:
            async with database.transaction() as db:
                gone, is_more = await _forget_some_of_student(db, student_id, old)
                await removals.note(db, school_id, today.day, "play", gone)
            counts += gone
    for one in _BY_TIME:
        is_more = True
        while is_more:
            async with database.transaction() as db:
                gone = Counter({one.name: await one.forget(db, old, most=MOST_AT_ONCE)})
                await removals.note(db, school_id, today.day, "play", gone)
            counts += gone
            is_more = gone[one.name] >= MOST_AT_ONCE
    for student_id in sorted(taught):
        async with database.transaction() as db:
            if await hold_student(db, old.tenant_id, student_id):
                await due.mark(db, old.tenant_id, [student_id])
    async with database.transaction() as db:
        gone = Counter(
            {rejections.KIND: await rejections.forget_before(db, old.tenant_id, old.before)}
        )
        await removals.note(db, school_id, today.day, "play", gone)
    return counts + gone


async def _forget_some_of_student(
    db: AsyncSession, student_id: UUID, old: Old
) -> tuple[Counter[str], bool]:
    """Forget some of what a student's estimates rest on, which the worker makes anew.

    Counts by kind, and whether there is more.
    """
    tenant_id = old.tenant_id
    if not await hold_student(db, tenant_id, student_id):
        return Counter(), False
    # First, for it may wait until the student is assessed: nothing that a game needs is held.
    await due.mark(db, tenant_id, [student_id])
    sessions, is_more = await aging.hold_before(db, tenant_id, student_id, old.before)
    games = sorted({one.game_id for one in sessions})
    await refits.mark(db, tenant_id, games)
    going = Old(tenant_id, old.before, [one.id for one in sessions])
    counts = Counter({one.name: await one.forget(db, going) for one in _WITH_SITTINGS})
    counts[ASSESSMENTS] = await assessments.forget_before(db, tenant_id, student_id, old.before)
    for game_id in games:
        await items.take_out_forgotten(
            db, school_id=tenant_id, game_id=game_id, student_id=student_id
        )
    if +counts:
        await log.write(db, OF_PLAY, [(tenant_id, student_id)])
    return +counts, is_more
