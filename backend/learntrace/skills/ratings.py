"""What teachers saw, as levels of the rubric."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import QueryableAttribute

from learntrace.kit.clock import now
from learntrace.kit.errors import InvalidError
from learntrace.skills import due
from learntrace.skills.models import Rating
from learntrace.skills.types import Skill

Observed = tuple[date, datetime, UUID]
"""Where a rating stands among those of a student: the day observed, when it was stored, id."""

OLDEST = timedelta(days=3650)
_OBSERVED = (Rating.observed_on, Rating.created_at, Rating.id)
_STORED = (Rating.created_at, Rating.id)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one skill of one student; `level` 1..4."""

    student_id: UUID
    skill: Skill
    level: int
    observed_on: date


@dataclass(frozen=True, slots=True)
class StoredRating(Seen):
    id: UUID
    rater_id: UUID
    created_at: datetime


def day_of(told: date | None, today: date) -> date:
    """The day of which a rating is: `told`, or `today` where nothing was.

    Raises `InvalidError` for a day that is still to come, or too long ago.
    """
    day = told or today
    if not today - OLDEST <= day <= today:
        raise InvalidError("A rating's day is today or in the ten years before.")
    return day


async def add(
    db: AsyncSession, school_id: UUID, rater_id: UUID, seen: Collection[Seen]
) -> list[UUID]:
    """Store ratings of one tenant's students and have these assessed anew; ids as in `seen`."""
    at = now()
    added = [(uuid4(), one) for one in seen]
    for rating_id, one in sorted(added, key=lambda row: row[1].student_id):
        db.add(
            Rating(
                school_id=school_id,
                id=rating_id,
                student_id=one.student_id,
                rater_id=rater_id,
                skill=one.skill,
                level=one.level,
                observed_on=one.observed_on,
                created_at=at,
            )
        )
    await db.flush()
    await due.mark(db, school_id, {one.student_id for one in seen})
    return [rating_id for rating_id, _ in added]


async def with_ids(
    db: AsyncSession, school_id: UUID, rating_ids: Collection[UUID]
) -> list[StoredRating]:
    """These ratings of one tenant, the first stored first; those that are gone are missing."""
    query = select(Rating).where(Rating.school_id == school_id, Rating.id.in_(rating_ids))
    return [_stored(one) for one in await db.scalars(query.order_by(*_STORED))]


async def of_student(db: AsyncSession, school_id: UUID, student_id: UUID) -> list[StoredRating]:
    """All ratings of a student, the last observed first: what an assessment rests on."""
    return await _newest(db, school_id, student_id, _OBSERVED, before=None, limit=None)


async def last_observed(
    db: AsyncSession, school_id: UUID, student_id: UUID, *, before: Observed | None, limit: int
) -> list[StoredRating]:
    """A student's ratings, the last observed first, `limit` of those that come after `before`."""
    return await _newest(db, school_id, student_id, _OBSERVED, before=before, limit=limit)


async def last_stored(
    db: AsyncSession,
    school_id: UUID,
    student_id: UUID,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[StoredRating]:
    """A student's ratings, the last stored first, `limit` of those older than `before`."""
    return await _newest(db, school_id, student_id, _STORED, before=before, limit=limit)


async def _newest(
    db: AsyncSession,
    school_id: UUID,
    student_id: UUID,
    place: Sequence[QueryableAttribute[Any]],
    *,
    before: tuple[Any, ...] | None,
    limit: int | None,
) -> list[StoredRating]:
    query = (
        select(Rating)
        .where(Rating.school_id == school_id, Rating.student_id == student_id)
        .order_by(*(column.desc() for column in place))
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(*place) < before)
    return [_stored(one) for one in await db.scalars(query)]


def _stored(one: Rating) -> StoredRating:
    return StoredRating(
        id=one.id,
        student_id=one.student_id,
        skill=Skill(one.skill),
        level=one.level,
        observed_on=one.observed_on,
        rater_id=one.rater_id,
        created_at=one.created_at,
    )


async def remove(
    db: AsyncSession, school_id: UUID, student_id: UUID, rating_id: UUID, *, rater_id: UUID
) -> bool:
    """Delete a rater's own rating and have the student assessed anew; whether there was one."""
    statement = delete(Rating).where(
        Rating.school_id == school_id,
        Rating.id == rating_id,
        Rating.student_id == student_id,
        Rating.rater_id == rater_id,
    )
    gone = (await db.scalars(statement.returning(Rating.id))).one_or_none()
    if gone is not None:
        await due.mark(db, school_id, [student_id])
    return gone is not None
