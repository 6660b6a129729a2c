"""Completed learning sessions, for the rooms above that read what they say of a student."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.learning_sessions import answering
from learntrace.learning_sessions.kinds import SessionType
from learntrace.learning_sessions.models import LearningSession
from learntrace.skills.knowledge import Answer

NO_TOPIC: Final = "lesson"
"""The topic of items whose topic nobody told."""
_ENDED: Final = LearningSession.ended_at.is_not(None)


@dataclass(frozen=True, slots=True)
class Completed:
    """`title`: of what it was about; `at` is its end; `answers` are those told one by one, in
    order.
    """

    id: UUID
    student_id: UUID
    session_type: SessionType
    title: str | None
    at: datetime
    correct: int
    incorrect: int
    answers: Sequence[Answer]


async def of_student(
    db: AsyncSession,
    school_id: UUID,
    student_id: UUID,
    *,
    kinds: Collection[SessionType] = tuple(SessionType),
    before: tuple[datetime, UUID] | None = None,
    limit: int,
) -> list[Completed]:
    """A student's of these types, the last ended first."""
    whose = [LearningSession.school_id == school_id, LearningSession.student_id == student_id]
    whose.append(LearningSession.session_type.in_(kinds))
    if before is not None:
        whose.append(tuple_(LearningSession.ended_at, LearningSession.id) < before)
    return await _newest(db, whose, limit)


async def of_type(
    db: AsyncSession, school_id: UUID, session_type: SessionType, *, limit: int
) -> list[Completed]:
    """A tenant's of one type, the last ended first."""
    whose = [LearningSession.school_id == school_id, LearningSession.session_type == session_type]
    return await _newest(db, whose, limit)


async def counts(db: AsyncSession) -> list[tuple[UUID, SessionType, int]]:
    """How many each tenant has of each type: tenant, type, sessions."""
    keys = (LearningSession.school_id, LearningSession.session_type)
    query = select(*keys, func.count()).where(_ENDED).group_by(*keys).order_by(*keys)
    return [(row[0], SessionType(row[1]), row[2]) for row in await db.execute(query)]


async def students_before(db: AsyncSession, school_id: UUID, before: datetime) -> set[UUID]:
    """The students of sessions that began before then."""
    query = select(LearningSession.student_id).where(
        LearningSession.school_id == school_id, LearningSession.started_at < before
    )
    return set(await db.scalars(query.distinct()))


async def _newest(
    db: AsyncSession, whose: Sequence[ColumnElement[bool]], limit: int
) -> list[Completed]:
    query = (
        select(LearningSession)
        .where(_ENDED, *whose)
        .order_by(LearningSession.ended_at.desc(), LearningSession.id.desc())
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return [_completed(one) for one in await db.scalars(query)]


def _completed(stored: LearningSession) -> Completed:
    assert stored.ended_at is not None, "only completed ones are read"
    title = stored.details.get("title")
    return Completed(
        id=stored.id,
        student_id=stored.student_id,
        session_type=SessionType(stored.session_type),
        title=title if isinstance(title, str) else None,
        at=stored.ended_at,
        correct=stored.items_correct,
        incorrect=stored.items_incorrect,
        answers=[
            Answer(one.at, one.item, one.topic or NO_TOPIC, one.correct)
            for one in answering.read(stored.answers)
        ],
    )
