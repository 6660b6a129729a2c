"""How far a recording is, as it is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from learntrace.transcription_sessions.models import TranscriptionSession
from learntrace.transcription_sessions.progress import expected_minutes, progress_of
from learntrace.transcription_sessions.states import Status

BEGAN = datetime(2026, 3, 2, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


def recording(**changes: Any) -> TranscriptionSession:
    own: dict[str, Any] = {
        "status": Status.PROCESSING,
        "share": 0.5,
        "duration_s": 100.0,
        "attempts": 1,
        "started_at": BEGAN,
    }
    return TranscriptionSession(**own | changes)


def test_half_is_done_in_ten_seconds() -> None:
    told = progress_of(recording(), after(10))
    assert (told.percentage, told.processed_s, told.total_s) == (52, 50, 100)
    assert (told.speed, told.ends_at) == (5, after(20))
    assert told.message == "Being transcribed."


@pytest.mark.parametrize(
    "changes",
    [
        {"duration_s": None},
        {"started_at": None},
        {"share": 0.0},
        {"share": 0.01},
        {"attempts": 2},
        {"status": Status.FAILED},
        {"status": Status.CANCELLED},
    ],
    ids=["length", "not begun", "nothing done", "too little done", "again", "failed", "cancelled"],
)
def test_what_nobody_knows_is_null(changes: dict[str, Any]) -> None:
    told = progress_of(recording(**changes), after(10))
    assert (told.speed, told.ends_at) == (None, None)


def test_what_is_done_keeps_its_speed() -> None:
    done = recording(status=Status.COMPLETED, share=1.0, completed_at=after(20))
    told = progress_of(done, after(3600))
    assert (told.percentage, told.speed, told.ends_at) == (100, 5, None)


def test_an_uploaded_transcript_has_no_speed() -> None:
    done = recording(status=Status.COMPLETED, share=1.0, started_at=None, completed_at=after(20))
    assert progress_of(done, after(30)).speed is None


def test_it_says_why_it_failed() -> None:
    failed = recording(status=Status.FAILED, error_message="This file is damaged.")
    assert progress_of(failed, after(10)).message == "This file is damaged."


@pytest.mark.parametrize(("waiting_s", "minutes"), [(0, 1), (60, 1), (600, 5), (7200, 60)])
def test_minutes_are_expected_from_what_waits(waiting_s: float, minutes: int) -> None:
    assert expected_minutes(waiting_s) == minutes
