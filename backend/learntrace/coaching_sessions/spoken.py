"""What was said in a meeting, where somebody has it as a file."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.repository import find_school
from learntrace.coaching_sessions import clients, repository, service
from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError
from learntrace.roster.choice import Which
from learntrace.transcription_sessions import service as recordings
from learntrace.transcription_sessions import transcripts
from learntrace.transcription_sessions.repository import Standing
from learntrace.transcription_sessions.service import Educator
from learntrace.transcription_sessions.states import Role
from learntrace.transcription_sessions.transcription.engines import NONE

HAS_ONE: Final = (
    "This meeting has a transcription session already. Upload to that one, or take it from the "
    "meeting: PATCH with transcription_session_id null."
)


@dataclass(frozen=True, slots=True)
class Said:
    """A VTT or SRT file; `roles` are those of the speakers in it, `checked` whether it is right.

    Without a `title` it is called by the meeting's day; without a `language` it is the school's.
    """

    content: bytes
    roles: Mapping[str, Role | None]
    checked: bool
    title: str | None
    language: str | None


async def upload(db: AsyncSession, educator: Educator, meeting_id: UUID, said: Said) -> Standing:
    """Make a completed transcription session of a meeting: about its client, the educator's own.

    Raises `NotFoundError`, `ForbiddenError` without consent to audio, `ConflictError` where the
    meeting has one already or its client is anonymized, `InvalidError` for what cannot be read.
    """
    meeting, _ = await service.hold(db, educator, meeting_id)
    client = meeting.client
    if client.anonymized_at is not None:
        raise ConflictError(clients.READ_ONLY)
    if meeting.transcription_session_id is not None:
        raise ConflictError(HAS_ONE)
    # The student was entered into the audit log when the meeting was found: once is enough.
    unlogged = replace(educator, sight=replace(educator.sight, act=None))
    made = await recordings.create(
        db,
        unlogged,
        Which(school_ids=frozenset([client.school_id])),
        title=said.title or f"Meeting of {meeting.session_date}",
        language=said.language or await _spoken_at(db, client.school_id),
        stt_provider=NONE,
        student_id=client.student_id,
    )
    await db.flush()
    stored = await transcripts.upload(
        db,
        unlogged,
        made.recording.id,
        said.content,
        roles=said.roles,
        checked=said.checked,
    )
    linked = replace(meeting, transcription_session_id=stored.recording.id, updated_at=now())
    await repository.change_meeting(db, meeting, linked)
    return stored


async def _spoken_at(db: AsyncSession, school_id: UUID) -> str:
    school = await find_school(db, school_id)
    assert school is not None, "its client was found"
    return school.language
