"""Recordings and transcripts that are too long ago: each as a whole, by when it was made.

One that is being transcribed is left until it is done.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.transcription_sessions.models import (
    AudioFile,
    TranscriptionSession,
    TranscriptSegment,
)
from learntrace.transcription_sessions.states import Status

MOST_AT_ONCE: Final = 50
Ids = Collection[UUID] | Select[UUID]


def _before(school_id: UUID, before: datetime) -> ColumnElement[bool]:
    return (
        (TranscriptionSession.school_id == school_id)
        & (TranscriptionSession.created_at < before)
        & (TranscriptionSession.status != Status.PROCESSING)
    )


async def whose_before(db: AsyncSession, school_id: UUID, before: datetime) -> list[UUID | None]:
    """Whom a tenant's recordings from before then are about; `None` where some are about nobody."""
    student_id = TranscriptionSession.student_id
    query = select(student_id).where(_before(school_id, before)).distinct().order_by(student_id)
    return list(await db.scalars(query))


async def count_before(
    db: AsyncSession, school_id: UUID, before: datetime, *, but: Collection[UUID] = ()
) -> Counter[str]:
    """How many records of each kind go with a tenant's recordings from before then.

    Those about the students in `but` are left out.
    """
    student_id = TranscriptionSession.student_id
    others = student_id.is_(None) | student_id.not_in(but)
    ids = select(TranscriptionSession.id).where(_before(school_id, before), others)
    return await _count(db, school_id, ids)


async def forget_before(
    db: AsyncSession, school_id: UUID, student_id: UUID | None, before: datetime
) -> tuple[Counter[str], bool]:
    """Delete some of a student's recordings from before then, or of those about nobody.

    With their transcripts; their audio is nobody's then, and goes with the worker's next look.
    How many records of each kind, and whether there may be more recordings.
    """
    some = (
        select(TranscriptionSession.id)
        .where(
            _before(school_id, before),
            TranscriptionSession.student_id.is_not_distinct_from(student_id),
        )
        .order_by(TranscriptionSession.id)
        .limit(MOST_AT_ONCE)
        .with_for_update()
    )
    ids = list(await db.scalars(some))
    counts = await _count(db, school_id, ids)
    these = (TranscriptionSession.school_id == school_id) & TranscriptionSession.id.in_(ids)
    whole = delete(TranscriptionSession).where(these)
    await db.execute(whole.execution_options(synchronize_session=False))
    return counts, len(ids) == MOST_AT_ONCE


async def _count(db: AsyncSession, school_id: UUID, ids: Ids) -> Counter[str]:
    """How many records of each kind these recordings are; audio that was ended is none."""
    counts: Counter[str] = Counter()
    for model, tenant, recording in (
        (TranscriptionSession, TranscriptionSession.school_id, TranscriptionSession.id),
        (
            TranscriptSegment,
            TranscriptSegment.school_id,
            TranscriptSegment.transcription_session_id,
        ),
        (AudioFile, AudioFile.school_id, AudioFile.transcription_session_id),
    ):
        query = select(func.count()).where(tenant == school_id, recording.in_(ids))
        if model is AudioFile:
            query = query.where(AudioFile.discarded_at.is_(None))
        counts[model.__tablename__] = int(await db.scalar(query) or 0)
    return +counts
