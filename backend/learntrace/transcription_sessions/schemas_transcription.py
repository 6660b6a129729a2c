"""Transcribing as JSON. Times are ISO 8601 in UTC; unknown is null."""

from typing import Annotated, Self

from pydantic import Field

from learntrace.kit.wire import Id, Instant, Out
from learntrace.transcription_sessions.progress import Progress
from learntrace.transcription_sessions.starting import Started
from learntrace.transcription_sessions.states import Status
from learntrace.transcription_sessions.transcription.engines import Engines

Seconds = Annotated[float | None, Field(ge=0)]


class Provider(Out):
    """An engine, as `stt_provider` names it."""

    name: Annotated[str, Field(examples=["faster-whisper"])]
    model: Annotated[str, Field(examples=["tiny.en"])]
    languages: Annotated[list[str], Field(examples=[["en"]])]
    cost_per_minute_micro: Annotated[
        int, Field(ge=0, description="Of audio, in millionths of the currency; 0 is free.")
    ]


class ProvidersOut(Out):
    """The engines here. `default` is what `auto` means: null where none is installed.

    Sessions with `stt_provider` `none` take an uploaded transcript, in any language.
    """

    providers: list[Provider]
    languages: Annotated[list[str], Field(description="What at least one of them understands.")]
    default: str | None

    @classmethod
    def of(cls, engines: Engines) -> Self:
        known = engines.transcribers
        return cls(
            providers=[
                Provider(
                    name=one.name,
                    model=one.model,
                    languages=sorted(one.languages),
                    cost_per_minute_micro=one.cost_per_minute_micro,
                )
                for one in known
            ],
            languages=sorted({language for one in known for language in one.languages}),
            default=None if engines.default is None else engines.default.name,
        )


class StartedOut(Out):
    """`task_id` is the session's: it has one transcription at a time."""

    message: str
    task_id: Id
    estimated_completion_minutes: Annotated[int, Field(ge=1)]

    @classmethod
    def of(cls, started: Started) -> Self:
        return cls(
            message="The recording waits for its turn to be transcribed.",
            task_id=started.transcription_session_id,
            estimated_completion_minutes=started.minutes,
        )


class StatusOut(Out):
    """How far a session is; durations in seconds."""

    session_id: Id
    status: Status
    progress: Annotated[float, Field(ge=0, le=1)]
    progress_percentage: Annotated[int, Field(ge=0, le=100)]
    message: str
    duration_processed: Seconds
    duration_total: Seconds
    started_at: Instant | None
    estimated_completion: Instant | None
    processing_speed: Annotated[
        float | None, Field(ge=0, description="Seconds of audio transcribed in a second.")
    ]

    @classmethod
    def of(cls, transcription_session_id: Id, progress: Progress) -> Self:
        return cls(
            session_id=transcription_session_id,
            status=progress.status,
            progress=progress.percentage / 100,
            progress_percentage=progress.percentage,
            message=progress.message,
            duration_processed=_round(progress.processed_s),
            duration_total=_round(progress.total_s),
            started_at=progress.started_at,
            estimated_completion=progress.ends_at,
            processing_speed=_round(progress.speed),
        )


def _round(number: float | None) -> float | None:
    return None if number is None else round(number, 3)
