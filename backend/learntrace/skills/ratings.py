"""What teachers saw, as levels of the rubric."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.skills import due
from learntrace.skills.models import Rating
from learntrace.skills.types import Skill


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


async def add(db: AsyncSession, school_id: UUID, rater_id: UUID, seen: Collection[Seen]) -> None:
    """Store ratings of one tenant's students and have these assessed anew."""
    at = now()
    for one in sorted(seen, key=lambda one: one.student_id):
        db.add(
            Rating(
                school_id=school_id,
                id=uuid4(),
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


async def of_student(db: AsyncSession, school_id: UUID, student_id: UUID) -> list[StoredRating]:
    """A student's ratings, the last observed first."""
    query = (
        select(Rating)
        .where(Rating.school_id == school_id, Rating.student_id == student_id)
        .order_by(Rating.observed_on.desc(), Rating.created_at.desc(), Rating.id)
    )
    return [
        StoredRating(
            id=one.id,
            student_id=one.student_id,
            skill=Skill(one.skill),
            level=one.level,
            observed_on=one.observed_on,
            rater_id=one.rater_id,
            created_at=one.created_at,
        )
        for one in await db.scalars(query)
    ]


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
