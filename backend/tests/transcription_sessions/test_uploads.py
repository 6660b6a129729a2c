"""Audio arrives whole or not at all, at whom it is offered, in a folder and in S3 alike."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message

from learntrace.app import finished
from learntrace.kit.config import Settings
from learntrace.kit.object_storage import ObjectStorage
from tests.classroom.conftest import SchoolDay
from tests.skills.conftest import Ask

from .sounds import FORMATS, sound
from .uploading import (
    begin,
    begin_of_ada,
    confirmed,
    counted,
    heard,
    offered,
    put,
    status_of,
    told_of,
    uploaded,
)

MB = 1024 * 1024


@pytest.fixture
def settings(settings: Settings, stored_in: dict[str, Any]) -> Settings:
    return settings.model_copy(update=stored_in)


@pytest.mark.parametrize("ending", FORMATS)
async def test_each_format_arrives_and_is_heard(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, ending: str
) -> None:
    one = await begin_of_ada(day)
    before = counted("stored")
    path = await offered(ask, one, f"Lesung – Mila.{ending.upper()}")
    answer = await put(api, path, sound(ending))
    assert (answer.status_code, answer.json()) == (200, {"file_size": len(sound(ending))})
    assert counted("stored") == before + 1
    told = await confirmed(ask, one)
    assert (told["file_exists"], told["file_size"]) == (True, len(sound(ending)))
    assert told["ready_for_transcription"]
    known = await told_of(ask, one)
    assert (known["status"], known["progress_percentage"]) == ("pending", 5)
    assert known["audio_filename"] == f"Lesung – Mila.{ending.upper()}"
    assert known["duration_seconds"] == pytest.approx(3, abs=0.1)
    assert known["duration_minutes"] == pytest.approx(0.05, abs=0.01)
    assert known["has_audio"]
    assert await heard(ask, one) == sound(ending)


async def test_nothing_is_heard_before_it_is_confirmed(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay
) -> None:
    one = await begin(day)
    assert await confirmed(ask, one) == {
        "file_exists": False,
        "file_size": None,
        "ready_for_transcription": False,
        "message": "No audio has arrived whole. Ask for an address and upload it.",
    }
    await put(api, await offered(ask, one), sound("wav"))
    assert await heard(ask, one) is None
    assert await status_of(ask, one) == "uploading"
    await confirmed(ask, one)
    assert await heard(ask, one) == sound("wav")
    assert (await confirmed(ask, one))["ready_for_transcription"]


async def test_a_file_that_went_missing_leaves_the_state_as_it_was(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, storage: ObjectStorage
) -> None:
    one = await begin(day)
    await put(api, await offered(ask, one), sound("wav"))
    await storage.delete_all(str(day.world.school_id))
    assert not (await confirmed(ask, one))["file_exists"]
    assert await status_of(ask, one) == "uploading"


async def test_sent_again_it_replaces_what_was_there_whole(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, objects
) -> None:
    one = await begin(day)
    path = await offered(ask, one)
    for seconds in (2.0, 1.0):
        assert (await put(api, path, sound("wav", seconds))).status_code == 200
        assert objects() == 1
    await confirmed(ask, one)
    assert await heard(ask, one) == sound("wav", 1.0)
    known = await told_of(ask, one)
    assert known["duration_seconds"] == 1.0


async def test_of_two_at_once_one_is_there_whole(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, objects
) -> None:
    one = await begin_of_ada(day)
    path = await offered(ask, one)
    sounds = {seconds: sound("wav", seconds) for seconds in (1.0, 2.0, 2.5)}
    answers = await asyncio.gather(*(put(api, path, some) for some in sounds.values()))
    assert [answer.status_code for answer in answers] == [200] * 3
    told = await confirmed(ask, one)
    listened = await heard(ask, one)
    assert listened in sounds.values()
    known = await told_of(ask, one)
    assert sounds[known["duration_seconds"]] == listened
    assert told["file_size"] == len(listened or b"")
    assert objects() == 1


async def cut_off(app: FastAPI, path: str, *sent: bytes) -> int:
    """Put the beginning of a body, and be gone; the status."""
    left: list[Message] = [
        *({"type": "http.request", "body": some, "more_body": True} for some in sent),
        {"type": "http.disconnect"},
    ]
    answered: list[Message] = []

    async def receive() -> Message:
        return left.pop(0)

    async def send(message: Message) -> None:
        answered.append(message)

    scope = {
        "type": "http",
        "method": "PUT",
        "path": path,
        "query_string": b"",
        "headers": [],
        "client": ("127.0.0.1", 1),
    }
    await finished(app)(scope, receive, send)
    return int(answered[0]["status"])


async def test_what_breaks_off_leaves_what_was_there_before(
    app: FastAPI, api: httpx.AsyncClient, ask: Ask, day: SchoolDay, objects
) -> None:
    one = await begin(day)
    path = await offered(ask, one, mb=20)
    before = counted("cut_short")
    tone = sound("wav")
    assert await cut_off(app, path, tone[:100]) == 400
    assert await cut_off(app, path, tone, b"\0" * (6 * MB)) == 400
    assert counted("cut_short") == before + 2
    assert objects() == 0
    assert not (await confirmed(ask, one))["file_exists"]
    await put(api, path, tone)
    assert await cut_off(app, path, sound("wav", 1.0)) == 400
    assert (await confirmed(ask, one))["file_size"] == len(tone)
    assert await heard(ask, one) == tone


async def endless(piece: bytes) -> AsyncIterator[bytes]:
    yield sound("wav")
    while True:
        yield piece


async def test_a_body_that_never_ends_is_refused_once_it_is_too_large(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, objects
) -> None:
    one = await begin(day)
    path = await offered(ask, one, mb=6.2)
    answer = await put(api, path, endless(b"\0" * 100_000))
    assert answer.status_code == 413
    assert "7 MB" in answer.json()["detail"]
    assert objects() == 0
    assert not (await confirmed(ask, one))["file_exists"]


async def test_an_announced_size_is_refused_before_it_is_read(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay
) -> None:
    path = await offered(ask, await begin(day), mb=0.5)

    async def unread() -> AsyncIterator[bytes]:
        raise AssertionError("read")
        yield b""

    headers = {"Content-Length": str(MB + 1)}
    answer = await api.put(path, content=unread(), headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize("mb", [1, 1.5])
async def test_the_size_asked_for_may_be_rounded(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, mb: float
) -> None:
    path = await offered(ask, await begin(day), mb=mb)
    most = (1 if mb == 1 else 2) * MB
    assert (await put(api, path, sound("wav").ljust(most, b"\0"))).status_code == 200
    assert (await put(api, path, sound("wav").ljust(most + 1, b"\0"))).status_code == 413


async def test_audio_is_read_in_parts(api: httpx.AsyncClient, ask: Ask, day: SchoolDay) -> None:
    one, tone = await begin(day), sound("wav")
    await uploaded(api, ask, one, "a.wav", tone)
    headers = day.headers("teacher")
    address = f"/api/v1/sessions/{one}/audio"
    for asked, part in (("0-", tone), ("10-19", tone[10:20]), ("-5", tone[-5:])):
        answer = await api.get(address, headers=headers | {"Range": f"bytes={asked}"})
        assert (answer.status_code, answer.content) == (206, part)
        assert answer.headers["content-range"].endswith(f"/{len(tone)}")
        assert answer.headers["content-type"] == "audio/wav"
    answer = await api.get(address, headers=headers | {"Range": f"bytes={len(tone)}-"})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(tone)}")
