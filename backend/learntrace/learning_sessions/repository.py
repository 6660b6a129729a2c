"""Learning sessions as they are stored."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.learning_sessions.kinds import SessionType
from learntrace.learning_sessions.models import LearningSession
from learntrace.roster.visibility import Key, Sight

Place = tuple[datetime, UUID]
"""Where a session stands in a list: its start and id."""


def _within(sight: Sight) -> tuple[ColumnElement[bool], ...]:
    key = tuple_(LearningSession.school_id, LearningSession.student_id)
    return LearningSession.school_id.in_(sight.tenants), key.in_(sight.students)


async def find(
    db: AsyncSession, sight: Sight, learning_session_id: UUID, *, to_change: bool = False
) -> LearningSession | None:
    """The session with this id within `sight`; `to_change` holds it until the transaction ends."""
    query = select(LearningSession).where(
        LearningSession.id == learning_session_id, *_within(sight)
    )
    if to_change:
        query = query.with_for_update(of=LearningSession).execution_options(populate_existing=True)
    return await db.scalar(query)


async def newest(
    db: AsyncSession,
    sight: Sight,
    *,
    student: Key | None,
    session_type: SessionType | None,
    language: str | None,
    before: Place | None,
    limit: int,
    source_id: UUID | None = None,
) -> Sequence[LearningSession]:
    """Those within `sight`, the last started first."""
    place = tuple_(LearningSession.started_at, LearningSession.id)
    query = select(LearningSession).where(*_within(sight))
    if student is not None:
        key = (LearningSession.school_id, LearningSession.student_id)
        query = query.where(key[0] == student[0], key[1] == student[1])
    if session_type is not None:
        query = query.where(LearningSession.session_type == session_type)
    if language is not None:
        query = query.where(LearningSession.language == language)
    if source_id is not None:
        query = query.where(LearningSession.source_id == source_id)
    if before is not None:
        query = query.where(place < before)
    found = await db.scalars(
        query.order_by(LearningSession.started_at.desc(), LearningSession.id.desc()).limit(limit)
    )
    return found.all()
