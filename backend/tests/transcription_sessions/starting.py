"""Recordings that wait to be transcribed, and starting them."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from learntrace.plans import service as plans
from tests.classroom.conftest import SchoolDay
from tests.skills.conftest import Ask

from .given import add_audio_file, add_transcription_session, lay_audio

Given = Callable[..., Awaitable[UUID]]
MINUTE_S = 60.0


@pytest.fixture
def given(app: FastAPI, day: SchoolDay) -> Given:
    """Make a recording of a minute, of the teacher's, waiting to be started; with its audio."""

    async def make(*, audio: dict[str, Any] | None = None, **changes: Any) -> UUID:
        own = {"status": "pending", "duration_s": MINUTE_S} | changes
        school_id = day.world.school_id
        async with day.world.database.transaction() as db:
            recording = await add_transcription_session(db, school_id, day.users["teacher"], **own)
            await add_audio_file(db, school_id, recording, **(audio or {}))
            await lay_audio(db, app.state.object_storage)
        return recording

    return make


async def put_on_plan(day: SchoolDay, name: str) -> None:
    async with day.world.database.transaction() as db:
        await plans.put_plan(db, day.world.school_id, name)


async def start(ask: Ask, recording: UUID, who: str = "teacher", how: str = "start") -> Any:
    return await ask(who, "POST", f"/sessions/{recording}/{how}-transcription")


async def stored(day: SchoolDay, recording: UUID) -> Any:
    """The recording's row."""
    query = "select * from transcription_sessions where id = :id"
    [row] = await day.world.rows(query, id=recording)
    return row
