"""What the transcripts of a student say about how the student talks."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.features.linguistic.extract import TalkFeatures, extract_talk
from learntrace.features.linguistic.talk import Segment
from learntrace.transcription_sessions import segments, service
from learntrace.transcription_sessions.models import TranscriptionSession
from learntrace.transcription_sessions.service import Educator
from learntrace.transcription_sessions.states import Status

_COLUMNS: Final = (
    TranscriptionSession.id,
    TranscriptionSession.language,
    TranscriptionSession.created_at,
    TranscriptionSession.updated_at,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A transcript that a person holds to be right; `updated_at` moves with all that is in it."""

    id: UUID
    language: str
    created_at: datetime
    updated_at: datetime


async def show(
    db: AsyncSession, educator: Educator, transcription_session_id: UUID
) -> tuple[str, TalkFeatures]:
    """The language of a transcript and the features of the student's talk in it.

    Raises `NotFoundError` where it is unknown or out of sight.
    """
    found = (await service.find(db, educator, transcription_session_id)).recording
    features = await features_of(
        db,
        found.school_id,
        found.id,
        language=found.language,
        is_reviewed=found.status == Status.COMPLETED and found.checked_at is not None,
    )
    return found.language, features


async def features_of(
    db: AsyncSession,
    school_id: UUID,
    transcription_session_id: UUID,
    *,
    language: str,
    is_reviewed: bool,
) -> TalkFeatures:
    """The features of one transcript as it stands now, worked out in a thread."""
    said = [
        Segment(one.role, one.start_s, one.end_s, one.text, one.confidence)
        for one in await segments.of_session(db, school_id, transcription_session_id)
    ]
    return await asyncio.to_thread(extract_talk, said, language=language, is_reviewed=is_reviewed)


async def checked_of_student(db: AsyncSession, school_id: UUID, student_id: UUID) -> list[Checked]:
    """A student's checked transcripts, in no order."""
    query = select(*_COLUMNS).where(
        TranscriptionSession.school_id == school_id,
        TranscriptionSession.student_id == student_id,
        *_is_checked(),
    )
    return [Checked(*row) for row in await db.execute(query)]


async def hold_checked(
    db: AsyncSession, school_id: UUID, transcription_session_ids: Collection[UUID]
) -> list[Checked]:
    """Keep these transcripts from going until the transaction ends, by id; those still checked."""
    query = (
        select(*_COLUMNS)
        .where(
            TranscriptionSession.school_id == school_id,
            TranscriptionSession.id.in_(transcription_session_ids),
            *_is_checked(),
        )
        .order_by(TranscriptionSession.id)
        .with_for_update(read=True, key_share=True)
    )
    return [Checked(*row) for row in await db.execute(query)]


async def checked_of_everybody(db: AsyncSession) -> list[tuple[UUID, UUID, UUID, str]]:
    """Tenant, student, id and language of each checked transcript that is about a student."""
    query = select(
        TranscriptionSession.school_id,
        TranscriptionSession.student_id,
        TranscriptionSession.id,
        TranscriptionSession.language,
    ).where(TranscriptionSession.student_id.is_not(None), *_is_checked())
    return [
        (row[0], row[1], row[2], row[3]) for row in await db.execute(query) if row[1] is not None
    ]


def _is_checked() -> tuple[ColumnElement[bool], ...]:
    return (
        TranscriptionSession.status == Status.COMPLETED,
        TranscriptionSession.checked_at.is_not(None),
    )
