"""What recordings and transcripts tell of one student."""

from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, select, update

from learntrace.kit.held import Column, Condition, Held, Subject, by_person
from learntrace.transcription_sessions.models import (
    AudioFile,
    TranscriptionSession,
    TranscriptSegment,
)

_OF_PERSON = by_person(TranscriptionSession.school_id, TranscriptionSession.student_id)


def _of_recording(tenant: Column, recording: Column) -> Condition:
    """The rows of recordings that are about the person."""

    def of(subject: Subject) -> ColumnElement[bool]:
        theirs = select(TranscriptionSession.id).where(_OF_PERSON(subject))
        return (tenant == subject.tenant_id) & recording.in_(theirs)

    return of


_OF_AUDIO = _of_recording(AudioFile.school_id, AudioFile.transcription_session_id)


def _let_go(tenant_id: UUID, student_id: UUID) -> list[Executable]:
    """The audio is nobody's from then on: the worker deletes it, then its row.

    Its name goes at once: whoever uploads calls a file after whom it is about.
    """
    theirs = _OF_AUDIO(Subject(tenant_id, [student_id]))
    nobodys = {"transcription_session_id": None, "filename": "", "duration_s": None}
    return [update(AudioFile).where(theirs).values(nobodys)]


HELD: Final = (
    Held(
        name="audio_files",
        says="The audio of each recording, as long as it is kept: its name, size and length.",
        model=AudioFile,
        of=_OF_AUDIO,
        told=(
            AudioFile.id,
            AudioFile.transcription_session_id,
            AudioFile.filename,
            AudioFile.size_bytes,
            AudioFile.media_type,
            AudioFile.duration_s,
            AudioFile.uploaded_at,
        ),
        order=(AudioFile.uploaded_at, AudioFile.id),
        aging=None,
        erasing=_let_go,
    ),
    Held(
        name="transcript_segments",
        says="What was said in each recording, by whom and when.",
        model=TranscriptSegment,
        of=_of_recording(TranscriptSegment.school_id, TranscriptSegment.transcription_session_id),
        told=(
            TranscriptSegment.id,
            TranscriptSegment.transcription_session_id,
            TranscriptSegment.speaker_id,
            TranscriptSegment.role,
            TranscriptSegment.start_s,
            TranscriptSegment.end_s,
            TranscriptSegment.content,
            TranscriptSegment.confidence,
        ),
        order=(TranscriptSegment.transcription_session_id, TranscriptSegment.position),
        aging=None,
    ),
    Held(
        name="transcription_sessions",
        says="Each recording or transcript: its title, language, length, who made it and when.",
        model=TranscriptionSession,
        of=_OF_PERSON,
        told=(
            TranscriptionSession.id,
            TranscriptionSession.title,
            TranscriptionSession.language,
            TranscriptionSession.status,
            TranscriptionSession.audio_filename,
            TranscriptionSession.duration_s,
            TranscriptionSession.owner_id,
            TranscriptionSession.created_at,
            TranscriptionSession.checked_at,
            TranscriptionSession.checked_by,
        ),
        order=(TranscriptionSession.created_at, TranscriptionSession.id),
        aging=None,
    ),
)
