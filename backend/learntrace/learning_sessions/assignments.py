"""What teachers assign to students, and what became of it.

Who changes both an assignment and what was done for it holds the assignment first: to take one
back reaches what was done for it, too.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.learning_sessions.kinds import Assigned
from learntrace.learning_sessions.models import Assignment
from learntrace.roster.visibility import Key, Sight

Place = tuple[datetime, UUID]
"""Where an assignment stands in a list: when it was assigned, and its id."""
_TOGETHER: Final = (
    *(Assignment.assigned_at, Assignment.assigned_by, Assignment.kind, Assignment.source_id),
    *(Assignment.class_id, Assignment.due_on),
)
"""What is the same for all to whom something was assigned at once."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is assigned; `source_id` is `None` for a review."""

    kind: Assigned
    source_id: UUID | None
    class_id: UUID | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class AtOnce:
    """One task as some students were given it at once: their assignments, never empty."""

    assignments: Sequence[Assignment]

    @property
    def assigned_at(self) -> datetime:
        """When it was."""
        return self.assignments[0].assigned_at

    @property
    def is_open(self) -> bool:
        """Whether one of them has it still to do."""
        return any(one.done_at is None for one in self.assignments)


async def hold_task(
    db: AsyncSession, student: Key, kind: Assigned, source_id: UUID | None
) -> UUID | None:
    """The assignment of just this that the student still has to do.

    Held until the transaction ends, so that nobody takes it back meanwhile.
    """
    wanted = None if kind is Assigned.REVIEW else source_id
    query = select(Assignment.id).where(
        Assignment.school_id == student[0],
        Assignment.student_id == student[1],
        Assignment.kind == kind,
        Assignment.source_id.is_not_distinct_from(wanted),
        Assignment.done_at.is_(None),
    )
    return await db.scalar(query.with_for_update(key_share=True))


async def add(
    db: AsyncSession,
    school_id: UUID,
    student_ids: Collection[UUID],
    task: Task,
    *,
    by: UUID,
    at: datetime | None = None,
) -> set[UUID]:
    """Assign to students of one tenant, `at` now; to whom: who has it to do already keeps it."""
    at = at or now()
    rows = [
        {
            "school_id": school_id,
            "id": uuid4(),
            "student_id": student_id,
            "class_id": task.class_id,
            "kind": task.kind,
            "source_id": task.source_id,
            "assigned_by": by,
            "assigned_at": at,
            "due_on": task.due_on,
        }
        for student_id in sorted(student_ids)
    ]
    if not rows:
        return set()
    made = insert(Assignment).values(rows).on_conflict_do_nothing()
    return set(await db.scalars(made.returning(Assignment.student_id)))


async def finish(db: AsyncSession, school_id: UUID, assignment_id: UUID, *, at: datetime) -> None:
    """Note that it is done; what is done already stays done when it was."""
    still_open = (
        Assignment.school_id == school_id,
        Assignment.id == assignment_id,
        Assignment.done_at.is_(None),
    )
    await db.execute(update(Assignment).where(*still_open).values(done_at=at))


async def withdraw_open(
    db: AsyncSession, tenants: Select[UUID], kind: Assigned, source_id: UUID
) -> None:
    """Take back what of this is still to be done; what was done for it stays."""
    still_open = select(Assignment.id).where(
        Assignment.school_id.in_(tenants),
        Assignment.kind == kind,
        Assignment.source_id == source_id,
        Assignment.done_at.is_(None),
    )
    held = list(await db.scalars(still_open.order_by(Assignment.id).with_for_update()))
    gone = delete(Assignment).where(Assignment.school_id.in_(tenants), Assignment.id.in_(held))
    await db.execute(gone.execution_options(synchronize_session=None))


async def hold(
    db: AsyncSession, sight: Sight, assignment_ids: Collection[UUID], *, only_open: bool
) -> Sequence[Assignment]:
    """Those of them within `sight`, held until the transaction ends; only what is to be done."""
    key = tuple_(Assignment.school_id, Assignment.student_id)
    query = select(Assignment).where(
        Assignment.id.in_(assignment_ids),
        Assignment.school_id.in_(sight.tenants),
        key.in_(sight.students),
    )
    if only_open:
        query = query.where(Assignment.done_at.is_(None))
    return (await db.scalars(query.order_by(Assignment.id).with_for_update(of=Assignment))).all()


async def at_once(
    db: AsyncSession,
    school_id: UUID,
    student_ids: Collection[UUID],
    *,
    is_open: bool | None,
    before: datetime | None,
    limit: int,
) -> Sequence[AtOnce]:
    """What students of one tenant were given at once, the last first; open while one of them has
    it still to do.

    Of at most `limit` instants, each with all that was given at it.
    """
    open_count = func.count().filter(Assignment.done_at.is_(None))
    wanted = [Assignment.school_id == school_id, Assignment.student_id.in_(student_ids)]
    groups = select(Assignment.assigned_at).where(*wanted).group_by(*_TOGETHER)
    if is_open is not None:
        groups = groups.having(open_count > 0 if is_open else open_count == 0)
    if before is not None:
        groups = groups.where(Assignment.assigned_at < before)
    instants = groups.distinct().order_by(Assignment.assigned_at.desc()).limit(limit)
    rows = await db.scalars(
        select(Assignment)
        .where(*wanted, Assignment.assigned_at.in_(instants))
        .order_by(Assignment.assigned_at.desc(), *_TOGETHER, Assignment.id)
    )
    found = [
        AtOnce(tuple(together))
        for _, together in groupby(rows, lambda one: [getattr(one, c.key) for c in _TOGETHER])
    ]
    return [one for one in found if is_open is None or one.is_open is is_open]


async def newest(
    db: AsyncSession,
    sight: Sight,
    *,
    student: Key | None,
    class_id: UUID | None,
    is_open: bool | None,
    before: Place | None,
    limit: int,
) -> Sequence[Assignment]:
    """Those of students within `sight`, the last assigned first."""
    key = tuple_(Assignment.school_id, Assignment.student_id)
    query = select(Assignment).where(
        Assignment.school_id.in_(sight.tenants), key.in_(sight.students)
    )
    if student is not None:
        query = query.where(Assignment.school_id == student[0], Assignment.student_id == student[1])
    if class_id is not None:
        query = query.where(Assignment.class_id == class_id)
    if is_open is not None:
        done = Assignment.done_at
        query = query.where(done.is_(None) if is_open else done.is_not(None))
    if before is not None:
        query = query.where(tuple_(Assignment.assigned_at, Assignment.id) < before)
    found = await db.scalars(
        query.order_by(Assignment.assigned_at.desc(), Assignment.id.desc()).limit(limit)
    )
    return found.all()
