"""Making and finding transcription sessions: who may have which is decided here alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.audit import log
from learntrace.kit.clock import now
from learntrace.kit.errors import NotFoundError
from learntrace.plans import enforcing
from learntrace.roster.choice import Which
from learntrace.roster.records import hold_student
from learntrace.roster.visibility import Sight, require_student
from learntrace.transcription_sessions import repository
from learntrace.transcription_sessions.consenting import require_audio_consent
from learntrace.transcription_sessions.models import TranscriptionSession
from learntrace.transcription_sessions.repository import Standing
from learntrace.transcription_sessions.states import Status

UNKNOWN = "Session not found"


@dataclass(frozen=True, slots=True)
class Educator:
    """A teacher or school administrator of `school_id`, and whom that one may see.

    `sees_only_own`: a teacher, whose colleagues' recordings are not hers.
    """

    user_id: UUID
    school_id: UUID
    sees_only_own: bool
    sight: Sight


async def create(
    db: AsyncSession,
    educator: Educator,
    which: Which,
    *,
    title: str,
    language: str,
    stt_provider: str,
    student_id: UUID | None,
) -> Standing:
    """A new one of the educator's, in the student's tenant, waiting for its audio.

    Raises `NotFoundError` for a student out of sight, `ForbiddenError` without consent to audio.
    """
    school_id, student_name = educator.school_id, None
    if student_id is not None:
        student = await require_student(db, educator.sight, student_id, which)
        school_id, student_name = student.school_id, student.display_name
        await require_audio_consent(db, school_id, student_id)
    at = now()
    made = TranscriptionSession(
        school_id=school_id,
        id=uuid4(),
        owner_id=educator.user_id,
        student_id=student_id,
        title=title,
        language=language,
        stt_provider=stt_provider,
        status=Status.UPLOADING,
        share=0.0,
        attempts=0,
        created_at=at,
        updated_at=at,
    )
    db.add(made)
    await enforcing.note_recording(db, school_id, made.id)
    return Standing(made, student_name, segments_count=0, has_audio=False)


def _in_sight(educator: Educator) -> list[ColumnElement[bool]]:
    """Those that the educator may have: a teacher's own, while she may see whom they are about."""
    sight = educator.sight
    student = tuple_(TranscriptionSession.school_id, TranscriptionSession.student_id)
    conditions: list[ColumnElement[bool]] = [
        TranscriptionSession.school_id.in_(sight.tenants),
        TranscriptionSession.student_id.is_(None) | student.in_(sight.students),
    ]
    if educator.sees_only_own:
        conditions.append(TranscriptionSession.owner_id == educator.user_id)
    return conditions


async def find(db: AsyncSession, educator: Educator, transcription_session_id: UUID) -> Standing:
    """The one with this id. Raises `NotFoundError` where it is unknown or out of sight."""
    wanted = TranscriptionSession.id == transcription_session_id
    found = await repository.find(db, wanted, *_in_sight(educator))
    if found is None:
        raise NotFoundError(UNKNOWN)
    await _note(db, educator, [found.recording])
    return found


async def lock(
    db: AsyncSession, educator: Educator, transcription_session_id: UUID
) -> TranscriptionSession:
    """The one with this id, to be changed: held until the transaction ends.

    Raises `NotFoundError` where it is unknown or out of sight.
    """
    wanted = [TranscriptionSession.id == transcription_session_id, *_in_sight(educator)]
    seen = await repository.find(db, *wanted)
    # Whoever erases a student holds the student first, and then what is about the student.
    if seen is not None and seen.recording.student_id is not None:
        await hold_student(db, seen.recording.school_id, seen.recording.student_id)
    found = await repository.lock(db, *wanted)
    if found is None:
        raise NotFoundError(UNKNOWN)
    await _note(db, educator, [found])
    return found


async def newest(
    db: AsyncSession,
    educator: Educator,
    *,
    status: Status | None,
    student_id: UUID | None,
    limit: int,
    offset: int,
) -> tuple[Sequence[Standing], int]:
    """Those that the educator may have, the last made first; and how many there are in all."""
    conditions = _in_sight(educator)
    if status is not None:
        conditions.append(TranscriptionSession.status == status)
    if student_id is not None:
        conditions.append(TranscriptionSession.student_id == student_id)
    found = await repository.newest(db, *conditions, limit=limit, offset=offset)
    await _note(db, educator, [one.recording for one in found])
    return found, await repository.count(db, *conditions)


async def _note(
    db: AsyncSession, educator: Educator, recordings: Sequence[TranscriptionSession]
) -> None:
    """Enter into the audit log whom these tell of."""
    about = [(one.school_id, one.student_id) for one in recordings if one.student_id is not None]
    if educator.sight.act is not None:
        await log.write(db, educator.sight.act, about)
