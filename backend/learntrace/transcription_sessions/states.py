"""How a transcription session stands, and what it may become. Pure; the one table of both."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """How a transcription session stands; the words on the wire."""

    UPLOADING = "uploading"
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Role(StrEnum):
    """Who speaks in a segment; nothing is scored of whom no role is given."""

    STUDENT = "student"
    TEACHER = "teacher"
    PEER = "peer"


NEXT: Final[Mapping[Status, frozenset[Status]]] = {
    Status.UPLOADING: frozenset({Status.PENDING, Status.FAILED, Status.CANCELLED}),
    Status.PENDING: frozenset({Status.PROCESSING, Status.FAILED, Status.CANCELLED}),
    Status.PROCESSING: frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELLED}),
    Status.COMPLETED: frozenset({Status.PROCESSING}),
    Status.FAILED: frozenset({Status.UPLOADING, Status.PROCESSING}),
    Status.CANCELLED: frozenset({Status.UPLOADING}),
}
"""What each may become. A transcript that is uploaded completes without processing."""

STARTED: Final = 10
ALMOST: Final = 95
_PROGRESS: Final[Mapping[Status, int]] = {
    Status.UPLOADING: 0,
    Status.PENDING: 5,
    Status.COMPLETED: 100,
    Status.FAILED: 0,
    Status.CANCELLED: 0,
}


def may_become(status: Status, wanted: Status) -> bool:
    """Whether a session that stands so may become `wanted`."""
    return wanted in NEXT[status]


def progress_percentage(status: Status, share: float = 0.0) -> int:
    """0..100; `share`, 0..1, is how much of the audio is transcribed, where it is processing."""
    if status is not Status.PROCESSING:
        return _PROGRESS[status]
    return STARTED + int((ALMOST - STARTED) * min(max(share, 0.0), 1.0))
