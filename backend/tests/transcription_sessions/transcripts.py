"""Transcripts of Ada's talk, what is said of them, and how a teacher sends one."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from learntrace.skills import due
from learntrace.transcription_sessions.states import Status
from tests.classroom.conftest import SchoolDay
from tests.skills.conftest import Ask

from .given import (
    add_audio_consent,
    add_audio_file,
    add_segment,
    add_transcription_session,
)

TALK = (
    "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n<v Mr. Smith>How many?\n\n"
    "00:00:03.000 --> 00:00:05.000\n<v Ada>Twelve.\n"
)
ROLES = '{"Mr. Smith": "teacher", "Ada": "student"}'
Send = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def send(api: httpx.AsyncClient, day: SchoolDay) -> Send:
    """Uploads a transcript as somebody."""

    async def do(
        recording: UUID, content: str | bytes = TALK, *, name: str = "a.vtt", who="teacher", **form
    ) -> httpx.Response:
        return await api.post(
            f"/api/v1/sessions/{recording}/transcript",
            files={"file": (name, content)},
            data=form,
            headers=day.headers(who),
        )

    return do


async def given(day: SchoolDay, status: Status = Status.COMPLETED, **changes: Any) -> UUID:
    """A session of the teacher's, about Ada, who consents."""
    async with day.world.database.transaction() as db:
        await add_audio_consent(db, day.world.school_id, day.ada)
        row = {"student_id": day.ada, "status": status} | changes
        return await add_transcription_session(db, day.world.school_id, day.users["teacher"], **row)


async def with_segments(day: SchoolDay, *speakers: str | None, **changes: Any) -> UUID:
    """The same with a segment of each of these, none of whom has a role."""
    recording = await given(day, **changes)
    async with day.world.database.transaction() as db:
        for position, speaker in enumerate(speakers):
            await add_segment(
                db,
                day.world.school_id,
                recording,
                position=position,
                speaker_id=speaker,
                role=None,
                start_s=position,
                end_s=position + 1,
            )
    return recording


async def add_audio(day: SchoolDay, recording: UUID) -> None:
    async with day.world.database.transaction() as db:
        await add_audio_file(db, day.world.school_id, recording)


async def segments(ask: Ask, recording: UUID) -> list[dict[str, Any]]:
    answer = await ask("teacher", "GET", f"/sessions/{recording}/segments")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["segments"]
    return found


async def session(ask: Ask, recording: UUID) -> dict[str, Any]:
    found: dict[str, Any] = (await ask("teacher", "GET", f"/sessions/{recording}")).json()
    return found


async def marks(day: SchoolDay) -> int:
    """How often Ada was marked to be assessed anew."""
    async with day.world.database.transaction() as db:
        found = await due.find(db, day.world.school_id, day.ada)
    return 0 if found is None else found.marks


async def revoke(day: SchoolDay) -> None:
    async with day.world.database.transaction() as db:
        await db.execute(text("update consents set state = 'revoked'"))
