"""Which students are to be assessed anew: whoever changes what an assessment rests on says so.

A mark is set in the transaction of the change. It goes only with the assessment that began after
it, so that a change in the middle of one is not lost.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.kit.db import Instant

_MARK = """
    insert into assessments_due as due (school_id, student_id, next_at)
    select school_id, student_id, :at from ({who}) who
    order by school_id, student_id
    on conflict (school_id, student_id) do update set marks = due.marks + 1
"""
_SOME = text(
    _MARK.format(who="select :school_id as school_id, id as student_id from unnest(:ids) as id")
).bindparams(
    bindparam("school_id", type_=Uuid),
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("at", type_=Instant),
)
_OF_SCHOOLS = text(
    _MARK.format(
        who="""
        select school_id, student_id from assessments where school_id = any(:schools)
        union select school_id, student_id from assessments_due where school_id = any(:schools)
        """
    )
).bindparams(bindparam("schools", type_=ARRAY(Uuid)), bindparam("at", type_=Instant))
_PLAYERS = text(
    _MARK.format(
        who="""
        select distinct school_id, student_id from session_answers
        where school_id = :school_id and game_id = :game_id
        """
    )
).bindparams(bindparam("at", type_=Instant))
_OTHER_MODEL = text(
    _MARK.format(
        who="""
        select school_id, student_id from (
            select distinct on (school_id, student_id) school_id, student_id, model
            from assessments order by school_id, student_id, id desc
        ) newest where model <> :model
        union select school_id, student_id from assessments_due
        """
    )
).bindparams(bindparam("at", type_=Instant))
_FIND = text(
    """
    select marks, attempts from assessments_due
    where school_id = :school_id and student_id = :student_id
    """
)
_CLAIM = text(
    """
    update assessments_due d
    set attempts = d.attempts + 1,
        next_at = :now + make_interval(secs => :claim_s * power(2, least(d.attempts, 10)))
    from (
        select school_id, student_id from assessments_due
        where next_at <= :now and attempts between :least_attempts and :most_attempts
        order by next_at limit :most for update skip locked
    ) due
    where d.school_id = due.school_id and d.student_id = due.student_id
    returning d.school_id, d.student_id, d.attempts
    """
).bindparams(bindparam("now", type_=Instant))
_COUNT = text(
    """
    select count(*) as due, min(next_at) filter (where next_at <= :now) as oldest
    from assessments_due
    """
).bindparams(bindparam("now", type_=Instant))
_DONE = text(
    """
    delete from assessments_due
    where school_id = :school_id and student_id = :student_id and marks = :marks
    """
)
_AGAIN = text(
    """
    update assessments_due set next_at = :at, attempts = 0
    where school_id = :school_id and student_id = :student_id
    """
).bindparams(bindparam("at", type_=Instant))
_REST = text(
    """
    update assessments_due set next_at = :until
    where school_id = :school_id and student_id = :student_id
    """
).bindparams(bindparam("until", type_=Instant))


@dataclass(frozen=True, slots=True)
class Mark:
    """How often a student was marked, and how often assessing was begun since."""

    marks: int
    attempts: int


@dataclass(frozen=True, slots=True)
class ClaimedStudent:
    """A student whom this worker may assess until the claim runs out."""

    school_id: UUID
    student_id: UUID
    attempts: int


async def mark(db: AsyncSession, school_id: UUID, student_ids: Collection[UUID]) -> None:
    """Have these students of one tenant assessed anew."""
    await db.execute(_SOME, {"school_id": school_id, "ids": sorted(set(student_ids)), "at": now()})


async def mark_assessed(db: AsyncSession, school_ids: Collection[UUID]) -> None:
    """Have all students of these tenants assessed anew who were, or are about to be, assessed."""
    await db.execute(_OF_SCHOOLS, {"schools": sorted(school_ids), "at": now()})


async def mark_players(db: AsyncSession, school_id: UUID, game_id: UUID) -> None:
    """Have all who played one tenant's game assessed anew."""
    await db.execute(_PLAYERS, {"school_id": school_id, "game_id": game_id, "at": now()})


async def mark_outdated(db: AsyncSession, model: str) -> int:
    """Have all whose newest assessment was made by another model assessed anew; how many."""
    done: Any = await db.execute(_OTHER_MODEL, {"model": model, "at": now()})
    return int(done.rowcount)


async def find(db: AsyncSession, school_id: UUID, student_id: UUID) -> Mark | None:
    """The student's mark, `None` when nothing has changed."""
    keys = {"school_id": school_id, "student_id": student_id}
    row = (await db.execute(_FIND, keys)).one_or_none()
    return None if row is None else Mark(row.marks, row.attempts)


async def count(db: AsyncSession) -> tuple[int, datetime | None]:
    """How many students are marked, and since when the one waits that a worker should have taken.

    Whoever is claimed or rests after a failure is counted, and keeps no other waiting.
    """
    row = (await db.execute(_COUNT, {"now": now()})).one()
    return int(row.due), row.oldest


async def claim(
    db: AsyncSession, *, claim_s: float, most: int, attempts: tuple[int, int]
) -> list[ClaimedStudent]:
    """Take some marked students that were tried so often, from and to; in id order.

    A claim lasts longer with each attempt.
    """
    parameters = {
        "now": now(),
        "claim_s": claim_s,
        "most": most,
        "least_attempts": attempts[0],
        "most_attempts": attempts[1],
    }
    rows = await db.execute(_CLAIM, parameters)
    return sorted(
        (ClaimedStudent(*row) for row in rows), key=lambda one: (one.school_id, one.student_id)
    )


async def settle(db: AsyncSession, school_id: UUID, student_id: UUID, known: Mark | None) -> None:
    """End the marks that were `known` when assessing began; if more came, the student stays due."""
    if known is None:
        return
    keys = {"school_id": school_id, "student_id": student_id}
    ended: Any = await db.execute(_DONE, keys | {"marks": known.marks})
    if not ended.rowcount:
        await db.execute(_AGAIN, keys | {"at": now()})


async def back_off(db: AsyncSession, one: ClaimedStudent, *, rest_s: float) -> None:
    """Leave a student whose assessment failed alone for so long."""
    until = now() + timedelta(seconds=rest_s)
    keys = {"school_id": one.school_id, "student_id": one.student_id}
    await db.execute(_REST, keys | {"until": until})
