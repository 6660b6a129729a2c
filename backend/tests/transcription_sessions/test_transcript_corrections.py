"""What teachers correct in a transcript: who speaks, and what was said."""

from typing import Any

import pytest

from tests.classroom.conftest import SchoolDay
from tests.skills.conftest import Ask

from .given import (
    add_segment,
    add_transcription_session,
)
from .transcripts import marks, segments, with_segments


async def test_all_that_a_speaker_says_gets_the_role(ask: Ask, day: SchoolDay) -> None:
    recording = await with_segments(day, "S1", "S2", None, "S1")
    path = f"/sessions/{recording}/speaker-roles"
    answer = await ask("teacher", "PATCH", path, {"roles": {"S1": "student", "S2": "peer"}})
    assert answer.json() == {"changed": 3}
    assert [one["role"] for one in await segments(ask, recording)] == [
        *("student", "peer", None, "student")
    ]
    await ask("teacher", "PATCH", path, {"roles": {"S1": None}})
    assert [one["role"] for one in await segments(ask, recording)] == [*(None, "peer", None, None)]
    assert await marks(day) == 2


async def test_of_single_segments(ask: Ask, day: SchoolDay) -> None:
    recording = await with_segments(day, None, None)
    first, second = [one["id"] for one in await segments(ask, recording)]
    path = f"/sessions/{recording}/segment-roles"
    answer = await ask("teacher", "PATCH", path, {"roles": {second: "student"}})
    assert answer.json() == {"changed": 1}
    assert [one["role"] for one in await segments(ask, recording)] == [None, "student"]
    roles = {first: "teacher", second: None}
    await ask("teacher", "PATCH", path, {"roles": roles})
    assert [one["role"] for one in await segments(ask, recording)] == ["teacher", None]
    assert await marks(day) == 2


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("speaker-roles", {"roles": {"S1": "headmaster"}}),
        ("speaker-roles", {"roles": {}}),
        ("segment-roles", {"roles": {"first": "student"}}),
        ("segment-content", {"contents": {}}),
        ("checked", {"checked": None}),
    ],
)
async def test_what_is_not_valid_is_refused(ask: Ask, day: SchoolDay, part: str, body: Any) -> None:
    recording = await with_segments(day, "S1")
    method = "PUT" if part == "checked" else "PATCH"
    answer = await ask("teacher", method, f"/sessions/{recording}/{part}", body)
    assert answer.status_code == 422


async def test_whom_the_transcript_does_not_know_changes_nothing(ask: Ask, day: SchoolDay) -> None:
    other = await with_segments(day, "S9")
    foreign = str(await day.world.one("select id from transcript_segments"))
    async with day.world.database.transaction() as db:
        recording = await add_transcription_session(db, day.world.school_id, day.users["teacher"])
        own = str(await add_segment(db, day.world.school_id, recording, role=None))
    for part, body, unknown in (
        ("speaker-roles", {"roles": {"S1": "peer", "S9": "student"}}, "S9"),
        ("segment-roles", {"roles": {own: "peer", foreign: "student"}}, foreign),
        ("segment-content", {"contents": {own: "So.", foreign: "Thirteen."}}, foreign),
    ):
        answer = await ask("teacher", "PATCH", f"/sessions/{recording}/{part}", body)
        assert answer.status_code == 422
        assert answer.json()["unknown"] == [unknown]
    [one] = await segments(ask, recording)
    assert (one["role"], one["content"]) == (None, "I counted twelve.")
    [one] = await segments(ask, other)
    assert one["role"] is None


async def test_corrected_words_are_a_persons(ask: Ask, day: SchoolDay) -> None:
    recording = await with_segments(day, None, None)
    first, second = [one["id"] for one in await segments(ask, recording)]
    contents = {first: " I counted thirteen. ", second: "I counted twelve."}
    path = f"/sessions/{recording}/segment-content"
    answer = await ask("teacher", "PATCH", path, {"contents": contents})
    assert answer.json() == {"changed": 2}
    found = await segments(ask, recording)
    assert [(one["content"], one["confidence"]) for one in found] == [
        ("I counted thirteen.", None),
        ("I counted twelve.", 0.9),
    ]
    assert await marks(day) == 1


@pytest.mark.parametrize("content", ["", "  ", "a\0b", "a" * 10_001])
async def test_words_that_cannot_be_stored_are_refused(
    ask: Ask, day: SchoolDay, content: str
) -> None:
    recording = await with_segments(day, None)
    [one] = await segments(ask, recording)
    path = f"/sessions/{recording}/segment-content"
    answer = await ask("teacher", "PATCH", path, {"contents": {one["id"]: content}})
    assert answer.status_code == 422
