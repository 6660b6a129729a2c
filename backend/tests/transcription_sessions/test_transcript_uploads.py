"""Transcripts that are uploaded: what they complete and replace, and what is refused."""

from collections.abc import Mapping

import pytest

from learntrace.transcription_sessions.states import Status
from tests.classroom.conftest import SchoolDay
from tests.skills.conftest import Ask
from tests.world import now

from .transcripts import (
    ROLES,
    TALK,
    Send,
    given,
    marks,
    revoke,
    segments,
    session,
    with_segments,
)


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.PROCESSING], ids=str)
async def test_it_completes_a_session(ask: Ask, send: Send, day: SchoolDay, status: Status) -> None:
    recording = await given(day, status, error_message="Too noisy.")
    answer = await send(recording)
    assert answer.status_code == 200, answer.text
    told = await session(ask, recording)
    assert answer.json() == told
    assert (told["status"], told["progress_percentage"]) == ("completed", 100)
    assert (told["segments_count"], told["duration_seconds"]) == (2, 5.0)
    assert (told["error_message"], told["checked_at"]) == (None, None)
    first, second = await segments(ask, recording)
    assert first | {"id": None} == {
        "id": None,
        "speaker_id": "Mr. Smith",
        "role": None,
        "start_sec": 1.0,
        "end_sec": 2.5,
        "content": "How many?",
        "confidence": None,
    }
    assert second["content"] == "Twelve."
    assert await marks(day) == 1


async def test_not_while_it_is_transcribed(send: Send, day: SchoolDay) -> None:
    assert (await send(await given(day, Status.PROCESSING))).status_code == 409


async def test_it_takes_the_place_of_the_former(ask: Ask, send: Send, day: SchoolDay) -> None:
    recording = await with_segments(
        day, "S1", checked_at=now(), checked_by=day.users["teacher"], engine="whisper"
    )
    await send(recording)
    assert [one["content"] for one in await segments(ask, recording)] == [
        "How many?",
        "Twelve.",
    ]
    assert (await session(ask, recording))["checked_at"] is None
    assert await day.world.one("select engine from transcription_sessions") is None


async def test_the_length_of_the_audio_stays(ask: Ask, send: Send, day: SchoolDay) -> None:
    recording = await given(day, audio_filename="a.wav", duration_s=60.0)
    await send(recording)
    assert (await session(ask, recording))["duration_seconds"] == 60.0


async def test_with_roles_it_can_be_right_at_once(ask: Ask, send: Send, day: SchoolDay) -> None:
    recording = await given(day, Status.UPLOADING)
    answer = await send(recording, roles=ROLES, checked="true")
    assert answer.json()["checked_at"] is not None
    assert [one["role"] for one in await segments(ask, recording)] == ["teacher", "student"]


async def test_without_roles_it_is_not_right(ask: Ask, send: Send, day: SchoolDay) -> None:
    recording = await given(day, Status.UPLOADING)
    assert (await send(recording, checked="true")).status_code == 409
    assert (await session(ask, recording))["status"] == "uploading"


@pytest.mark.parametrize("name", ["a.srt", "A.VTT", "my talk.Srt"])
async def test_the_content_says_which_format_it_is(send: Send, day: SchoolDay, name: str) -> None:
    assert (await send(await given(day), name=name)).status_code == 200


@pytest.mark.parametrize(
    ("content", "changes", "says"),
    [
        (TALK, {"name": "a.docx"}, ".vtt or .srt"),
        (TALK.encode("utf-16"), {}, "Line 1: This is UTF-16"),
        (TALK.replace("Twelve", "Zw\xf6lf").encode("latin-1"), {}, "Line 7: A character"),
        ("WEBVTT\n\n", {}, "Line 1: No cue"),
        ("1\n0:01 --> 0:0O\nTwelve.", {}, "Line 2: These are no times"),
        (TALK, {"roles": '{"Ben": "student"}'}, "no such speaker"),
        (TALK, {"roles": '{"Ada": "headmaster"}'}, "roles"),
        (TALK, {"roles": "Ada"}, "JSON"),
    ],
)
async def test_what_cannot_be_read_changes_nothing(
    ask: Ask, send: Send, day: SchoolDay, content, changes: Mapping[str, str], says: str
) -> None:
    recording = await with_segments(day, "S1")
    before = await segments(ask, recording)
    answer = await send(recording, content, **changes)
    assert answer.status_code == 422, answer.text
    assert says in answer.json()["detail"]
    assert await segments(ask, recording) == before


async def test_nothing_is_stored_without_consent(send: Send, day: SchoolDay) -> None:
    recording = await given(day, Status.UPLOADING)
    await revoke(day)
    answer = await send(recording)
    assert (answer.status_code, answer.json()["code"]) == (403, "consent_missing")
    assert await day.world.one("select count(*) from transcript_segments") == 0
