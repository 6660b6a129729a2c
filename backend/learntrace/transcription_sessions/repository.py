"""Transcription sessions as stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.held import Column
from learntrace.roster.reading import name_of_student
from learntrace.transcription_sessions.audio import IS_THERE
from learntrace.transcription_sessions.models import (
    AudioFile,
    TranscriptionSession,
    TranscriptSegment,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A transcription session and what is known of its parts."""

    recording: TranscriptionSession
    student_name: str | None
    segments_count: int
    has_audio: bool


def _of_recording(tenant: Column, recording: Column) -> ColumnElement[bool]:
    return (tenant == TranscriptionSession.school_id) & (recording == TranscriptionSession.id)


def _select_standing() -> Select[TranscriptionSession, str | None, int, bool]:
    segments = (
        select(func.count())
        .where(
            _of_recording(TranscriptSegment.school_id, TranscriptSegment.transcription_session_id)
        )
        .scalar_subquery()
    )
    audio = (
        select(AudioFile.id)
        .where(
            _of_recording(AudioFile.school_id, AudioFile.transcription_session_id),
            IS_THERE,
        )
        .exists()
    )
    name = name_of_student(TranscriptionSession.school_id, TranscriptionSession.student_id)
    return select(TranscriptionSession, name, segments, audio)


async def find(db: AsyncSession, *conditions: ColumnElement[bool]) -> Standing | None:
    """The one that meets `conditions`."""
    row = (await db.execute(_select_standing().where(*conditions))).first()
    return None if row is None else Standing(*row)


async def lock(db: AsyncSession, *conditions: ColumnElement[bool]) -> TranscriptionSession | None:
    """The one that meets `conditions`, held until the transaction ends."""
    query = select(TranscriptionSession).where(*conditions).with_for_update()
    return await db.scalar(query.execution_options(populate_existing=True))


async def newest(
    db: AsyncSession, *conditions: ColumnElement[bool], limit: int, offset: int
) -> Sequence[Standing]:
    """Those that meet `conditions`, the last made first."""
    query = (
        _select_standing()
        .where(*conditions)
        .order_by(TranscriptionSession.created_at.desc(), TranscriptionSession.id)
        .limit(limit)
        .offset(offset)
    )
    return [Standing(*row) for row in await db.execute(query)]


async def count(db: AsyncSession, *conditions: ColumnElement[bool]) -> int:
    """How many meet `conditions`."""
    query = select(func.count()).select_from(TranscriptionSession).where(*conditions)
    return int(await db.scalar(query) or 0)
