"""Transcription sessions in short, for what refers to them."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.transcription_sessions import repository
from learntrace.transcription_sessions.models import TranscriptionSession
from learntrace.transcription_sessions.states import Status


@dataclass(frozen=True, slots=True)
class Summary:
    """How a transcription session stands now. `student_id`: whom it is about, if a student."""

    id: UUID
    title: str
    status: Status
    segments_count: int
    owner_id: UUID
    student_id: UUID | None


async def with_ids(db: AsyncSession, school_id: UUID, ids: Collection[UUID]) -> dict[UUID, Summary]:
    """These transcription sessions of one tenant, by id; those unknown are missing."""
    wanted = (TranscriptionSession.school_id == school_id, TranscriptionSession.id.in_(ids))
    found = await repository.newest(db, *wanted, limit=len(ids), offset=0)
    return {
        one.recording.id: Summary(
            id=one.recording.id,
            title=one.recording.title,
            status=Status(one.recording.status),
            segments_count=one.segments_count,
            owner_id=one.recording.owner_id,
            student_id=one.recording.student_id,
        )
        for one in found
    }
