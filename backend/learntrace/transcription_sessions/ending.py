"""Ending transcription sessions: cancelled before they are done, or deleted."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError
from learntrace.plans import budgeting, enforcing
from learntrace.skills import due
from learntrace.transcription_sessions import audio, removing, repository, service
from learntrace.transcription_sessions.models import TranscriptionSession
from learntrace.transcription_sessions.repository import Standing
from learntrace.transcription_sessions.service import Educator
from learntrace.transcription_sessions.states import Status, may_become


async def cancel(db: AsyncSession, educator: Educator, transcription_session_id: UUID) -> Standing:
    """End one that is not done, with its audio; whoever transcribes it notices. As it is then.

    Raises `NotFoundError`, and `ConflictError` where it has ended.
    """
    recording = await service.lock(db, educator, transcription_session_id)
    if not may_become(Status(recording.status), Status.CANCELLED):
        raise ConflictError(f"It is {recording.status}: there is nothing to cancel.")
    recording.status = Status.CANCELLED
    recording.share = 0.0
    recording.claimed_until = None
    recording.updated_at = now()
    await _let_go_of_audio(db, recording)
    ended = await repository.find(
        db,
        TranscriptionSession.school_id == recording.school_id,
        TranscriptionSession.id == recording.id,
    )
    assert ended is not None, "it is held"
    return ended


async def delete(db: AsyncSession, educator: Educator, transcription_session_id: UUID) -> None:
    """Delete one with its transcript and its audio; what rests on it is assessed anew.

    Raises `NotFoundError`, and `ConflictError` while it is transcribed.
    """
    recording = await service.lock(db, educator, transcription_session_id)
    if recording.status == Status.PROCESSING:
        raise ConflictError("It is being transcribed. Cancel that first.")
    await _let_go_of_audio(db, recording)
    if recording.student_id is not None:
        await due.mark(db, recording.school_id, [recording.student_id])
    await db.delete(recording)


async def _let_go_of_audio(db: AsyncSession, recording: TranscriptionSession) -> None:
    """The worker deletes the audio; what was taken for transcribing it is given back."""
    file = await audio.find(db, recording.school_id, recording.id)
    if file is not None:
        await enforcing.release_minutes(db, recording.school_id, file.id)
    await budgeting.release(db, recording.school_id, recording.run_id)
    await removing.discard(db, recording.school_id, recording.id)
