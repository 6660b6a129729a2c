"""What Prometheus reads of recordings."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from prometheus_client import Counter, Histogram

from learntrace.kit.errors import (
    BadRequestError,
    ForbiddenError,
    LearntraceError,
    TooLargeError,
    TooSlowError,
    UnsupportedMediaTypeError,
)

UPLOADS = Counter("learntrace_uploads_total", "Uploads of audio, by outcome.", ["outcome"])
TRANSCRIPTIONS = Counter(
    "learntrace_transcriptions_total",
    "Attempts to transcribe a recording, by outcome.",
    ["outcome"],
)
TRANSCRIBED_AFTER = Histogram(
    "learntrace_upload_to_transcript_seconds",
    "From a whole upload to its transcript.",
    buckets=(10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 43200),
)
STORED: Final = "stored"
FAILED: Final = "failed"
_OUTCOMES: Final[Mapping[type[LearntraceError], str]] = {
    ForbiddenError: "refused",
    BadRequestError: "cut_short",
    TooSlowError: "too_slow",
    TooLargeError: "too_large",
    UnsupportedMediaTypeError: "wrong_type",
}


def outcome_of(error: Exception) -> str:
    """What an upload is counted as that ended so; `FAILED` is no fault of who sent it."""
    known = (outcome for kind, outcome in _OUTCOMES.items() if isinstance(error, kind))
    return next(known, FAILED)


@contextmanager
def counting_upload() -> Iterator[None]:
    """Count the upload that the block is, by how it ends."""
    try:
        yield
    except Exception as error:
        UPLOADS.labels(outcome_of(error)).inc()
        raise
    UPLOADS.labels(STORED).inc()
