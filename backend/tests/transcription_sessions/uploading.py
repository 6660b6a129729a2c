"""Steps of an upload, as a client takes them."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import httpx
from prometheus_client import REGISTRY

from tests.classroom.conftest import SchoolDay
from tests.skills.conftest import Ask

from .given import add_audio_consent, add_transcription_session


async def begin(day: SchoolDay, owner: str = "teacher", **changes: Any) -> UUID:
    """A session that waits for audio; its id."""
    told = {"status": "uploading"} | changes
    async with day.world.database.transaction() as db:
        return await add_transcription_session(db, day.world.school_id, day.users[owner], **told)


async def begin_of_ada(day: SchoolDay) -> UUID:
    """The same about Ada, who has consent to audio."""
    async with day.world.database.transaction() as db:
        await add_audio_consent(db, day.world.school_id, day.ada)
    return await begin(day, student_id=day.ada)


async def asked_for(
    ask: Ask, one: UUID, filename: str = "a.wav", *, mb: float = 1, who: str = "teacher"
) -> httpx.Response:
    """What is answered to whoever wants to upload audio."""
    query: Mapping[str, Any] = {"filename": filename, "file_size_mb": mb}
    return await ask(who, "POST", f"/sessions/{one}/upload-url", **query)


async def offered(ask: Ask, one: UUID, filename: str = "a.wav", *, mb: float = 1) -> str:
    """The path that audio may be put to."""
    answer = await asked_for(ask, one, filename, mb=mb)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    assert told["upload_url"] == f"http://test{told['path']}"
    return str(told["path"])


async def put(
    api: httpx.AsyncClient, path: str, content: bytes | AsyncIterator[bytes]
) -> httpx.Response:
    return await api.put(path, content=content)


async def confirmed(ask: Ask, one: UUID) -> dict[str, Any]:
    answer = await ask("teacher", "POST", f"/sessions/{one}/confirm-upload")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def uploaded(
    api: httpx.AsyncClient, ask: Ask, one: UUID, filename: str, content: bytes
) -> None:
    """All of it: its audio is there then, and waits for transcription."""
    answer = await put(api, await offered(ask, one, filename), content)
    assert answer.status_code == 200, answer.text
    assert (await confirmed(ask, one))["ready_for_transcription"]


async def heard(ask: Ask, one: UUID) -> bytes | None:
    """The session's audio as it is listened to, `None` where there is none."""
    answer = await ask("teacher", "GET", f"/sessions/{one}/audio")
    return answer.content if answer.status_code == 200 else None


def counted(outcome: str) -> float:
    """How many uploads ended like this since the process began."""
    return REGISTRY.get_sample_value("learntrace_uploads_total", {"outcome": outcome}) or 0.0


async def told_of(ask: Ask, one: UUID) -> dict[str, Any]:
    """The session as its owner reads it."""
    told: dict[str, Any] = (await ask("teacher", "GET", f"/sessions/{one}")).json()
    return told


async def status_of(ask: Ask, one: UUID) -> str:
    return str((await told_of(ask, one))["status"])
