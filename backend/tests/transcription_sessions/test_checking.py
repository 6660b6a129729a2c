"""Transcripts that a person holds to be right, and the audio that goes then."""

from uuid import UUID

import httpx
import pytest

from tests.classroom.conftest import SchoolDay
from tests.skills.conftest import Ask

from .transcripts import add_audio, marks, revoke, segments, session, with_segments


async def check(ask: Ask, recording: UUID, *, checked: bool = True) -> httpx.Response:
    path = f"/sessions/{recording}/checked"
    return await ask("teacher", "PUT", path, {"checked": checked})


async def test_the_mark_is_set_and_taken_away(ask: Ask, day: SchoolDay) -> None:
    recording = await with_segments(day, "S1")
    await ask(
        "teacher", "PATCH", f"/sessions/{recording}/speaker-roles", {"roles": {"S1": "student"}}
    )
    told = (await check(ask, recording)).json()
    assert told == await session(ask, recording)
    assert told["checked_at"] is not None
    by = await day.world.one("select checked_by from transcription_sessions")
    assert by == day.users["teacher"]
    assert (await check(ask, recording)).json()["checked_at"] == told["checked_at"]
    assert (await check(ask, recording, checked=False)).json()["checked_at"] is None
    assert await marks(day) == 3


async def test_of_a_student_it_must_say_who_speaks(ask: Ask, day: SchoolDay) -> None:
    recording = await with_segments(day, "S1")
    answer = await check(ask, recording)
    assert answer.status_code == 409
    assert "roles" in answer.json()["detail"]


async def test_of_nobody_it_need_not(ask: Ask, day: SchoolDay) -> None:
    recording = await with_segments(day, "S1", student_id=None)
    assert (await check(ask, recording)).status_code == 200


async def test_corrections_leave_the_mark(ask: Ask, day: SchoolDay) -> None:
    recording = await with_segments(day, "S1", student_id=None)
    checked = (await check(ask, recording)).json()["checked_at"]
    [one] = await segments(ask, recording)
    contents = {one["id"]: "Thirteen."}
    await ask("teacher", "PATCH", f"/sessions/{recording}/segment-content", {"contents": contents})
    assert (await session(ask, recording))["checked_at"] == checked


async def test_without_consent_it_can_only_be_taken_away(ask: Ask, day: SchoolDay) -> None:
    recording = await with_segments(day, "S1")
    await revoke(day)
    some = (await segments(ask, recording))[0]["id"]
    for method, part, body in (
        ("PUT", "checked", {"checked": True}),
        ("PATCH", "speaker-roles", {"roles": {"S1": "student"}}),
        ("PATCH", "segment-roles", {"roles": {some: "student"}}),
        ("PATCH", "segment-content", {"contents": {some: "Thirteen."}}),
    ):
        answer = await ask("teacher", method, f"/sessions/{recording}/{part}", body)
        assert (answer.status_code, answer.json()["code"]) == (403, "consent_missing")
    assert (await check(ask, recording, checked=False)).status_code == 200


async def test_its_audio_goes(ask: Ask, day: SchoolDay) -> None:
    recording = await with_segments(day, "S1", student_id=None, audio_filename="a.wav")
    await add_audio(day, recording)
    assert (await session(ask, recording))["has_audio"]
    assert not (await check(ask, recording)).json()["has_audio"]
    assert await day.world.one("select discarded_at from audio_files") is not None


async def test_a_school_may_keep_its_audio(ask: Ask, day: SchoolDay) -> None:
    settings = "/schools/recordings"
    never = {"keep_audio": False, "changed_at": None}
    assert (await ask("teacher", "GET", settings)).json() == never
    changed = (await ask("school_admin", "PUT", settings, {"keep_audio": True})).json()
    assert changed["keep_audio"]
    assert (await ask("teacher", "GET", settings)).json() == changed
    assert (await ask("lake_teacher", "GET", settings)).json() == never
    recording = await with_segments(day, "S1", student_id=None)
    await add_audio(day, recording)
    assert (await check(ask, recording)).json()["has_audio"]
    again = (await ask("school_admin", "PUT", settings, {"keep_audio": True})).json()
    assert again == changed
    await ask("school_admin", "PUT", settings, {"keep_audio": False})
    assert not (await check(ask, recording)).json()["has_audio"]


@pytest.mark.parametrize("who", ["teacher", "system_admin", "developer"])
async def test_who_decides_that(ask: Ask, day: SchoolDay, who: str) -> None:
    answer = await ask(who, "PUT", "/schools/recordings", {"keep_audio": True})
    assert answer.status_code == 403
