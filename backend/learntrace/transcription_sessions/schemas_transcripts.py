"""Transcripts as JSON. Times are seconds from the beginning of the audio."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from learntrace.kit.wire import SOME_TEXT, Id, In, Instant, Out, without_nul
from learntrace.transcription_sessions.heard import MOST_CHARACTERS
from learntrace.transcription_sessions.keeping import Keeping
from learntrace.transcription_sessions.segments import Segment
from learntrace.transcription_sessions.states import Role
from learntrace.transcription_sessions.transcripts import Transcript

SpeakerId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
MaybeRole = Annotated[Role | None, Field(description="Null takes the role away.")]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_CHARACTERS),
    AfterValidator(without_nul),
    Field(json_schema_extra=SOME_TEXT),
]


class SpeakerRolesIn(In):
    roles: Annotated[dict[SpeakerId, MaybeRole], Field(min_length=1)]


class SegmentRolesIn(In):
    roles: Annotated[dict[UUID, MaybeRole], Field(min_length=1)]


class SegmentContentIn(In):
    contents: Annotated[dict[UUID, Text], Field(min_length=1)]


class CheckedIn(In):
    checked: bool


class ChangedSegments(Out):
    changed: Annotated[int, Field(ge=0, description="Of how many segments it was said.")]


class SegmentOut(Out):
    """What one speaker said without a break."""

    id: Id
    speaker_id: Annotated[str | None, Field(description="Null where nobody tells who speaks.")]
    role: Role | None
    start_sec: Annotated[float, Field(ge=0)]
    end_sec: Annotated[float, Field(ge=0)]
    content: str
    confidence: Annotated[
        float | None,
        Field(ge=0, le=1, description="How surely it was heard; null where a person wrote it."),
    ]

    @classmethod
    def of(cls, one: Segment) -> Self:
        return cls(
            id=one.id,
            speaker_id=one.speaker_id,
            role=one.role,
            start_sec=round(one.start_s, 3),
            end_sec=round(one.end_s, 3),
            content=one.text,
            confidence=one.confidence,
        )


class SegmentsOut(Out):
    """In the order in which they were said."""

    segments: list[SegmentOut]


class TranscriptOut(SegmentsOut):
    """A transcript as a file."""

    session_id: Id
    title: str
    language: str
    duration_seconds: float | None
    checked_at: Instant | None

    @classmethod
    def of(cls, known: Transcript) -> Self:
        one = known.standing.recording
        return cls(
            session_id=one.id,
            title=one.title,
            language=one.language,
            duration_seconds=None if one.duration_s is None else round(one.duration_s, 3),
            checked_at=one.checked_at,
            segments=[SegmentOut.of(segment) for segment in known.segments],
        )


class KeepingIn(In):
    keep_audio: bool


class KeepingOut(KeepingIn):
    changed_at: Annotated[Instant | None, Field(description="Null where nobody ever said.")]

    @classmethod
    def of(cls, known: Keeping) -> Self:
        return cls(keep_audio=known.keep_audio, changed_at=known.changed_at)
