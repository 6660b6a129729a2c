"""How far a transcription is, in numbers and one sentence."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from learntrace.transcription_sessions.models import TranscriptionSession
from learntrace.transcription_sessions.states import Status, progress_percentage

EXPECTED_SPEED: Final = 2.0
"""Seconds of audio a second, before anything is measured: a slow machine with other work."""
_ENOUGH: Final = 0.02
"""The share of a recording from which on its speed says something."""

MESSAGES: Final = {
    Status.UPLOADING: "Waiting for the audio or a transcript.",
    Status.PENDING: "The audio is here. The transcription can be started.",
    Status.COMPLETED: "The transcript is ready.",
    Status.FAILED: "The transcription failed.",
    Status.CANCELLED: "Cancelled.",
}
WAITING: Final = "Waiting for its turn."
TRANSCRIBING: Final = "Being transcribed."


@dataclass(frozen=True, slots=True)
class Progress:
    """`processed_s` of `total_s` are done, at `speed` seconds a second; null where unknown.

    `ends_at` is when it will be done at this speed, while it is being transcribed.
    """

    status: Status
    percentage: int
    message: str
    processed_s: float | None
    total_s: float | None
    started_at: datetime | None
    ends_at: datetime | None
    speed: float | None


def progress_of(one: TranscriptionSession, now: datetime) -> Progress:
    """How far a recording is at `now`."""
    status, total_s = Status(one.status), one.duration_s
    done_s = None if total_s is None else one.share * total_s
    speed = _speed(one, done_s, now)
    ends_at = None
    if status is Status.PROCESSING and total_s and done_s is not None and speed:
        ends_at = now + timedelta(seconds=(total_s - done_s) / speed)
    return Progress(
        status=status,
        percentage=progress_percentage(status, one.share),
        message=_message(one),
        processed_s=done_s,
        total_s=total_s,
        started_at=one.started_at,
        ends_at=ends_at,
        speed=speed,
    )


def expected_minutes(waiting_s: float) -> int:
    """In how many minutes so many seconds of audio are likely to be transcribed; at least 1."""
    return max(1, round(waiting_s / EXPECTED_SPEED / 60))


def _speed(one: TranscriptionSession, done_s: float | None, now: datetime) -> float | None:
    """Null where it was not transcribed here, and in another attempt: its share is older."""
    if one.started_at is None or not done_s:
        return None
    if one.status == Status.COMPLETED and one.completed_at is not None:
        took_s = (one.completed_at - one.started_at).total_seconds()
    elif one.status == Status.PROCESSING and one.attempts == 1 and one.share >= _ENOUGH:
        took_s = (now - one.started_at).total_seconds()
    else:
        return None
    return done_s / took_s if took_s > 0 else None


def _message(one: TranscriptionSession) -> str:
    if one.status == Status.PROCESSING:
        return WAITING if one.started_at is None else TRANSCRIBING
    if one.status == Status.FAILED and one.error_message is not None:
        return one.error_message
    return MESSAGES[Status(one.status)]
