"""Teachers assign, and see what became of it; pupils' games read what is assigned to the pupil."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.errors import NotFoundError
from learntrace.kit.paging import decode_cursor, encode_cursor, split_page
from learntrace.learning_sessions import assignments, gate, sources
from learntrace.learning_sessions.assignments import AtOnce, Task
from learntrace.learning_sessions.callers import LearningCaller, Tutor
from learntrace.learning_sessions.kinds import Assigned
from learntrace.learning_sessions.models import Assignment
from learntrace.roster.choice import Which
from learntrace.roster.reading import list_students_of_class, memberships_of_classes
from learntrace.roster.visibility import (
    Key,
    find_students,
    note,
    note_keys,
    require_class,
    require_student,
)

UNKNOWN: Final = "There is no assignment with this id, or you may not see it."
NONE_OPEN: Final = "None of these assignments is still to be done, or you may not see them."
NOT_SEEN: Final = (
    "Some of these students are unknown, or you may not see them. Nothing was assigned."
)


@dataclass(frozen=True, slots=True)
class Given:
    """To how many students something was assigned, and who of them all had it to do already."""

    assigned: int
    already: Sequence[UUID]


async def assign_to_class(
    db: AsyncSession,
    tutor: Tutor,
    which: Which,
    class_id: UUID,
    kind: Assigned,
    source_id: UUID | None,
    *,
    due_on: date | None,
) -> Given:
    """Assign to whoever is in the class now who does not have it to do yet."""
    found = await require_class(db, tutor.sight, class_id, which)
    students = await list_students_of_class(db, tutor.sight, found.key)
    await note(db, tutor.sight, students, class_id=class_id)
    task = Task(kind, source_id, class_id, due_on)
    await _require_source(db, found.school_id, task)
    return await _assign(db, tutor, {one.key for one in students}, task)


async def assign_to_students(
    db: AsyncSession,
    tutor: Tutor,
    which: Which,
    student_ids: Collection[UUID],
    kind: Assigned,
    source_id: UUID | None,
    *,
    due_on: date | None,
) -> Given:
    """Assign to those of these students who do not have it to do yet.

    Raises `NotFoundError` naming whom the caller may not see.
    """
    found = await find_students(db, tutor.sight, student_ids, which)
    missing = sorted(str(one) for one in {*student_ids} - found.keys())
    if missing:
        raise NotFoundError(NOT_SEEN, members={"student_ids": missing})
    task = Task(kind, source_id, None, due_on)
    return await _assign(db, tutor, {one.key for one in found.values()}, task)


async def _assign(db: AsyncSession, tutor: Tutor, students: Collection[Key], task: Task) -> Given:
    """Raises `ForbiddenError` naming who lacks the consent that the school requires."""
    given: set[UUID] = set()
    for school_id in sorted({one for one, _ in students}):
        await _require_source(db, school_id, task)
        there = [student_id for one, student_id in students if one == school_id]
        await gate.require_all_storable(db, school_id, there)
        given |= await assignments.add(db, school_id, there, task, by=tutor.person_id)
    return Given(len(given), sorted({student_id for _, student_id in students} - given))


async def _require_source(db: AsyncSession, school_id: UUID, task: Task) -> None:
    if task.source_id is not None:
        await sources.require_title(db, school_id, task.kind, task.source_id, hold=True)


async def list_assignments(
    db: AsyncSession,
    caller: LearningCaller,
    which: Which,
    *,
    student_id: UUID | None,
    class_id: UUID | None,
    is_open: bool | None,
    limit: int,
    cursor: str | None,
) -> tuple[Sequence[Assignment], str | None]:
    """Those of the students that the caller may see, the last first, and where the next page
    begins.
    """
    before = decode_cursor(cursor, datetime, UUID)
    student = None
    if student_id is not None:
        student = (await require_student(db, caller.sight, student_id, which)).key
    found = await assignments.newest(
        db,
        caller.sight,
        student=student,
        class_id=class_id,
        is_open=is_open,
        before=before,
        limit=limit + 1,
    )
    page, last = split_page(found, limit)
    if student is None:
        await gate.note_all(db, caller, {(one.school_id, one.student_id) for one in page})
    return page, None if last is None else encode_cursor(last.assigned_at, last.id)


async def list_of_class(
    db: AsyncSession,
    tutor: Tutor,
    which: Which,
    class_id: UUID,
    *,
    is_open: bool | None,
    limit: int,
    cursor: str | None,
) -> tuple[Sequence[AtOnce], str | None]:
    """What whoever is in the class now was given at once, the last first, and where the next page
    begins. Also what each was given alone, or before.
    """
    before = decode_cursor(cursor, datetime)
    found = await require_class(db, tutor.sight, class_id, which)
    members = await memberships_of_classes(db, tutor.sight, [found.key])
    given = await assignments.at_once(
        db,
        found.school_id,
        [one.student_id for one in members],
        is_open=is_open,
        before=None if before is None else before[0],
        limit=limit + 1,
    )
    instants = list(dict.fromkeys(one.assigned_at for one in given))
    kept, last = split_page(instants, limit)
    page = [one for one in given if one.assigned_at in kept]
    told = {one.student_id for task in page for one in task.assignments}
    keys = {(found.school_id, student_id) for student_id in told}
    await note_keys(db, tutor.sight, keys, class_id=class_id)
    return page, None if last is None else encode_cursor(last)


async def titles(
    db: AsyncSession, caller: LearningCaller, page: Sequence[Assignment]
) -> dict[UUID, str]:
    """What the assigned scenarios and content items are called, by their ids."""
    wanted = {one.source_id for one in page if one.source_id is not None}
    return await sources.titles(db, caller.sight.tenants, wanted)


async def withdraw(db: AsyncSession, tutor: Tutor, assignment_id: UUID) -> None:
    """Take an assignment back; what was done for it stays. Raises `NotFoundError`."""
    held = await assignments.hold(db, tutor.sight, [assignment_id], only_open=False)
    if not held:
        raise NotFoundError(UNKNOWN)
    [found] = held
    await require_student(db, tutor.sight, found.student_id, Which(school_ids={found.school_id}))
    await db.delete(found)


async def withdraw_all(
    db: AsyncSession, tutor: Tutor, assignment_ids: Collection[UUID]
) -> Sequence[UUID]:
    """Take back those of them that are still to be done; from which students.

    Raises `NotFoundError` where the caller may see none of them, or all are done.
    """
    found = await assignments.hold(db, tutor.sight, assignment_ids, only_open=True)
    if not found:
        raise NotFoundError(NONE_OPEN)
    await gate.note_all(db, tutor, {(one.school_id, one.student_id) for one in found})
    for one in found:
        await db.delete(one)
    return [one.student_id for one in found]
