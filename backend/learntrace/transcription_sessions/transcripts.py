"""Transcripts: uploaded, read, corrected, and held to be right by a person."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError, InvalidError
from learntrace.plans import enforcing
from learntrace.transcription_sessions import keeping, removing, repository, segments, service
from learntrace.transcription_sessions.captions.lines import CaptionError
from learntrace.transcription_sessions.captions.reading import read as read_captions
from learntrace.transcription_sessions.consenting import require_audio_consent
from learntrace.transcription_sessions.models import TranscriptionSession
from learntrace.transcription_sessions.repository import Standing
from learntrace.transcription_sessions.segments import Segment
from learntrace.transcription_sessions.service import Educator
from learntrace.transcription_sessions.states import Role, Status

NOT_COMPLETED = "There is no transcript yet. Wait until this session is completed, or upload one."
TRANSCRIBING = "This recording is being transcribed. Cancel that before you upload a transcript."
NO_ROLES = (
    "Say first who speaks: give roles to the speakers or segments. Without them nothing of what "
    "the student said is read."
)


@dataclass(frozen=True, slots=True)
class Transcript:
    """A completed session and what was said in it, the first said first."""

    standing: Standing
    segments: list[Segment]


async def upload(
    db: AsyncSession,
    educator: Educator,
    transcription_session_id: UUID,
    content: bytes,
    *,
    roles: Mapping[str, Role | None],
    checked: bool,
) -> Standing:
    """Complete a session with the transcript in a VTT or SRT file, in place of any it had.

    `roles` are those of speakers in it. Raises `NotFoundError`, `ForbiddenError` without consent,
    `ConflictError` while it is transcribed, and `InvalidError` for what cannot be read.
    """
    one = await service.lock(db, educator, transcription_session_id)
    await require_audio_consent(db, one.school_id, one.student_id)
    if one.status == Status.PROCESSING:
        raise ConflictError(TRANSCRIBING)
    try:
        heard = await asyncio.to_thread(read_captions, content)
    except CaptionError as error:
        raise InvalidError(str(error)) from error
    await segments.replace(db, one.school_id, one.id, heard)
    if one.audio_filename is None:
        one.duration_s = max(said.end_s for said in heard)
    one.status, one.share, one.completed_at = Status.COMPLETED, 1.0, now()
    one.engine = one.error_message = None
    if roles:
        await segments.give_speakers_roles(db, one.school_id, one.id, roles)
    if checked:
        await _check(db, educator, one)
    return await _standing(db, one)


async def read(db: AsyncSession, educator: Educator, transcription_session_id: UUID) -> Transcript:
    """Raises `NotFoundError`, and `ConflictError` where it is not completed."""
    found = await service.find(db, educator, transcription_session_id)
    _require_completed(found.recording)
    one = found.recording
    return Transcript(found, await segments.of_session(db, one.school_id, one.id))


async def export(
    db: AsyncSession, educator: Educator, transcription_session_id: UUID, file_format: str
) -> Transcript:
    """As `read`; raises `OverPlanError` too, where the school's plan has no such files."""
    found = await read(db, educator, transcription_session_id)
    await enforcing.require_format(db, found.standing.recording.school_id, file_format)
    return found


async def give_speakers_roles(
    db: AsyncSession,
    educator: Educator,
    transcription_session_id: UUID,
    roles: Mapping[str, Role | None],
) -> int:
    """See `segments.give_speakers_roles`; raises as `read` and without consent."""
    one = await _to_change(db, educator, transcription_session_id)
    return await segments.give_speakers_roles(db, one.school_id, one.id, roles)


async def give_roles(
    db: AsyncSession,
    educator: Educator,
    transcription_session_id: UUID,
    roles: Mapping[UUID, Role | None],
) -> int:
    """See `segments.give_roles`; raises as `read` and without consent."""
    one = await _to_change(db, educator, transcription_session_id)
    return await segments.give_roles(db, one.school_id, one.id, roles)


async def correct(
    db: AsyncSession,
    educator: Educator,
    transcription_session_id: UUID,
    texts: Mapping[UUID, str],
) -> int:
    """See `segments.correct`; raises as `read` and without consent."""
    one = await _to_change(db, educator, transcription_session_id)
    return await segments.correct(db, one.school_id, one.id, texts)


async def put_checked(
    db: AsyncSession, educator: Educator, transcription_session_id: UUID, *, checked: bool
) -> Standing:
    """Hold a transcript to be right, or no more.

    Once it is right its audio goes, unless the school keeps audio. Raises `NotFoundError`,
    `ConflictError` where it is not completed or says of no one who speaks, and `ForbiddenError`
    without consent; what nobody consents to may still be held to be wrong.
    """
    if checked:
        one = await _to_change(db, educator, transcription_session_id)
        await _check(db, educator, one)
    else:
        one = await service.lock(db, educator, transcription_session_id)
        _require_completed(one)
        await segments.change(db, one.school_id, one.id, segments.UNCHECKED)
    return await _standing(db, one)


async def _check(db: AsyncSession, educator: Educator, one: TranscriptionSession) -> None:
    said = await segments.of_session(db, one.school_id, one.id)
    if one.student_id is not None and all(segment.role is None for segment in said):
        raise ConflictError(NO_ROLES)
    if one.checked_at is None:
        mark = {"checked_at": now(), "checked_by": educator.user_id}
        await segments.change(db, one.school_id, one.id, mark)
    if not await keeping.keeps_audio(db, one.school_id):
        await removing.discard(db, one.school_id, one.id)


async def _to_change(
    db: AsyncSession, educator: Educator, transcription_session_id: UUID
) -> TranscriptionSession:
    one = await service.lock(db, educator, transcription_session_id)
    _require_completed(one)
    await require_audio_consent(db, one.school_id, one.student_id)
    return one


def _require_completed(one: TranscriptionSession) -> None:
    if one.status != Status.COMPLETED:
        raise ConflictError(NOT_COMPLETED)


async def _standing(db: AsyncSession, one: TranscriptionSession) -> Standing:
    found = await repository.find(
        db, TranscriptionSession.school_id == one.school_id, TranscriptionSession.id == one.id
    )
    assert found is not None, "it is held"
    return found
