"""Transcription sessions as JSON. Times are ISO 8601 in UTC; unknown is null."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints

from learntrace.kit.wire import SOME_TEXT, Id, In, Instant, Out, without_nul
from learntrace.transcription_sessions.repository import Standing
from learntrace.transcription_sessions.states import Status, progress_percentage
from learntrace.transcription_sessions.transcription.engines import AUTO

Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=255),
    AfterValidator(without_nul),
    Field(examples=["Reading with Mila"], json_schema_extra=SOME_TEXT),
]
Language = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$", max_length=16),
    Field(examples=["en"], description="Spoken in the recording, as in ISO 639 or BCP 47."),
]


class TranscriptionSessionIn(In):
    """A recording to be made. `student_id`: whom it is about; left out, nobody in particular."""

    title: Title
    language: Language
    stt_provider: Annotated[
        str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=40)
    ] = AUTO
    student_id: Id | None = None


class TranscriptionSessionOut(Out):
    """A recording or an uploaded transcript, and how far it is."""

    id: Id
    title: str
    status: Status
    language: str
    stt_provider: str
    student_id: Id | None
    student_name: Annotated[str | None, Field(description="Whom it is about; null for nobody.")]
    audio_filename: str | None
    duration_seconds: Annotated[float | None, Field(ge=0, description="Null until it is known.")]
    duration_minutes: Annotated[float | None, Field(ge=0)]
    segments_count: Annotated[int, Field(ge=0)]
    progress_percentage: Annotated[int, Field(ge=0, le=100)]
    error_message: Annotated[str | None, Field(description="Why it failed; null where it did not.")]
    checked_at: Annotated[
        Instant | None, Field(description="When somebody held the transcript to be right.")
    ]
    has_audio: Annotated[bool, Field(description="Whether there is audio to listen to.")]
    created_at: Instant
    updated_at: Instant

    @classmethod
    def of(cls, known: Standing) -> Self:
        one = known.recording
        seconds = one.duration_s
        return cls(
            id=one.id,
            title=one.title,
            status=Status(one.status),
            language=one.language,
            stt_provider=one.stt_provider,
            student_id=one.student_id,
            student_name=known.student_name,
            audio_filename=one.audio_filename,
            duration_seconds=None if seconds is None else round(seconds, 3),
            duration_minutes=None if seconds is None else round(seconds / 60, 2),
            segments_count=known.segments_count,
            progress_percentage=progress_percentage(Status(one.status), one.share),
            error_message=one.error_message,
            checked_at=one.checked_at,
            has_audio=known.has_audio,
            created_at=one.created_at,
            updated_at=one.updated_at,
        )


class TranscriptionSessionPage(Out):
    """`total` counts all that were asked for, also those before and after these."""

    items: list[TranscriptionSessionOut]
    total: Annotated[int, Field(ge=0)]
