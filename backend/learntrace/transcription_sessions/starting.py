"""Starting transcriptions: what has to be so before a worker may claim one."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError
from learntrace.kit.object_storage import ObjectStorage
from learntrace.plans import budgeting, enforcing
from learntrace.transcription_sessions import audio, jobs, paying, segments, service
from learntrace.transcription_sessions.consenting import require_audio_consent
from learntrace.transcription_sessions.models import TranscriptionSession
from learntrace.transcription_sessions.progress import expected_minutes
from learntrace.transcription_sessions.service import Educator
from learntrace.transcription_sessions.states import Status
from learntrace.transcription_sessions.transcription.engines import FOR_UPLOADS, NONE, Engines

NO_AUDIO: Final = (
    "There is no audio to transcribe. Upload the recording and confirm the upload first."
)
WRONG_STATE: Final = {
    Status.UPLOADING: NO_AUDIO,
    Status.PENDING: "Nothing has failed here: start the transcription.",
    Status.PROCESSING: "It is being transcribed already.",
    Status.COMPLETED: "It is transcribed. To have it transcribed anew, start the transcription.",
    Status.FAILED: "The last transcription failed. Retry it, or upload the recording again.",
    Status.CANCELLED: "It was cancelled. Upload the recording again.",
}
LEAST_S: Final = 1.0
"""What is reserved where nobody knows yet how long the recording is."""


@dataclass(frozen=True, slots=True)
class Started:
    """`minutes`: in how many it is likely to be done."""

    transcription_session_id: UUID
    minutes: int


async def start(
    db: AsyncSession,
    storage: ObjectStorage,
    educator: Educator,
    transcription_session_id: UUID,
    engines: Engines,
) -> Started:
    """Let a worker transcribe a recording, or one that is transcribed once more.

    A transcript that was held to be right has to be checked anew. Raises `NotFoundError`;
    `ConflictError` where it stands otherwise or has no audio; `InvalidError` for a language that no
    engine here knows; `ForbiddenError` without consent to audio, or over the school's plan or
    budget.
    """
    one = await service.lock(db, educator, transcription_session_id)
    _require_status(one, {Status.PENDING, Status.COMPLETED})
    await segments.change(db, one.school_id, one.id, segments.UNCHECKED)
    return await _begin(db, storage, educator, one, engines)


async def retry(
    db: AsyncSession,
    storage: ObjectStorage,
    educator: Educator,
    transcription_session_id: UUID,
    engines: Engines,
) -> Started:
    """Likewise, for one that failed; what was transcribed before goes."""
    one = await service.lock(db, educator, transcription_session_id)
    _require_status(one, {Status.FAILED})
    await segments.replace(db, one.school_id, one.id, [])
    return await _begin(db, storage, educator, one, engines)


def _require_status(one: TranscriptionSession, allowed: Collection[Status]) -> None:
    status = Status(one.status)
    if status not in allowed:
        raise ConflictError(WRONG_STATE[status])


async def _begin(
    db: AsyncSession,
    storage: ObjectStorage,
    educator: Educator,
    one: TranscriptionSession,
    engines: Engines,
) -> Started:
    if one.stt_provider == NONE:
        raise ConflictError(FOR_UPLOADS)
    engines.require(one.stt_provider, one.language)
    await require_audio_consent(db, one.school_id, one.student_id)
    file = await audio.find(db, one.school_id, one.id)
    if file is None or not await audio.is_whole(storage, file):
        raise ConflictError(NO_AUDIO)
    length_s = one.duration_s or LEAST_S
    await enforcing.reserve_minutes(db, one.school_id, file.id, length_s / 60)
    one.run_id = uuid4()
    engine = engines.find(one.stt_provider)
    if engine is not None:
        cost = paying.cost_of(engine, one.duration_s)
        await budgeting.reserve(db, one.school_id, one.run_id, cost)
    going_on = await jobs.going_on(db, educator.sight.tenants)
    await enforcing.require_job_slot(db, one.school_id, going_on.count)
    at = now()
    one.status, one.share, one.attempts = Status.PROCESSING, 0.0, 0
    one.error_message = one.started_at = one.completed_at = None
    one.claimed_until = one.updated_at = at
    return Started(one.id, expected_minutes(going_on.left_s + length_s))
