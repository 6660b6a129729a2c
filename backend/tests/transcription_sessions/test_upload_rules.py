"""Which audio may come, by which address, and what is believed of it; it lies in a folder."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from learntrace.kit.object_storage import ObjectStorage
from learntrace.transcription_sessions import audio, upload_addresses
from learntrace.transcription_sessions.states import Status
from tests.classroom.conftest import SchoolDay
from tests.skills.conftest import Ask
from tests.world import now

from .sounds import sound
from .starting import put_on_plan
from .uploading import (
    asked_for,
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


def streamed(wav: bytes) -> bytes:
    """The same, as who did not know how much it would be wrote it."""
    begin = wav.index(b"data") + 4
    return wav[:begin] + b"\xff" * 4 + wav[begin + 4 :]


def chunk(kind: bytes, content: bytes) -> bytes:
    """A part of an MP4 file."""
    return (len(content) + 8).to_bytes(4) + kind + content


_TICK_A_SECOND = (1).to_bytes(4)
LYING = [
    # Whoever writes into a pipe cannot go back to say how much it was.
    pytest.param("a.wav", streamed(sound("wav")), id="streamed"),
    pytest.param(
        "a.m4a",
        chunk(b"ftyp", b"M4A \0\0\0\0M4A ")
        + chunk(b"moov", chunk(b"mvhd", b"\1" + bytes(19) + _TICK_A_SECOND + b"\xff" * 8)),
        id="eternal",
    ),
]


@pytest.mark.parametrize("content", [b"", sound("flac")], ids=["empty", "another format"])
async def test_what_is_not_what_its_name_says_is_refused(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, content: bytes, objects
) -> None:
    answer = await put(api, await offered(ask, await begin(day), "a.wav"), content)
    assert answer.status_code == 415
    assert objects() == 0


async def test_a_broken_file_of_the_right_type_has_no_length(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay
) -> None:
    one = await begin(day)
    await uploaded(api, ask, one, "a.m4a", sound("m4a")[:32])
    known = await told_of(ask, one)
    assert (known["duration_seconds"], known["has_audio"]) == (None, True)


@pytest.mark.parametrize(("filename", "content"), LYING)
async def test_a_length_that_nothing_has_is_not_believed(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, filename: str, content: bytes
) -> None:
    one = await begin(day)
    await uploaded(api, ask, one, filename, content)
    assert (await told_of(ask, one))["duration_seconds"] is None
    started = await ask("teacher", "POST", f"/sessions/{one}/start-transcription")
    assert started.status_code == 202, started.text


async def test_nobody_waits_long_for_a_length(
    api: httpx.AsyncClient,
    ask: Ask,
    day: SchoolDay,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(audio, "LOOKS_FOR_S", 0)
    one = await begin(day)
    await uploaded(api, ask, one, "a.mp3", sound("mp3"))
    assert (await told_of(ask, one))["duration_seconds"] is None


@pytest.mark.parametrize("change", ["first", "last", "longer", "shorter", "padded", "none"])
async def test_an_address_that_was_changed_is_refused(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, change: str
) -> None:
    path = await offered(ask, await begin(day))
    base, _, token = path.rpartition("/")
    other = {"A": "B"}
    changed = {
        "first": other.get(token[0], "A") + token[1:],
        "last": token[:-1] + other.get(token[-1], "A"),
        "longer": token + "AAAA",
        "shorter": token[:-4],
        "padded": token + "%0A",
        "none": "x",
    }[change]
    before = counted("refused")
    answer = await put(api, f"{base}/{changed}", sound("wav"))
    assert (answer.status_code, answer.json()["detail"]) == (403, upload_addresses.NOT_VALID)
    assert counted("refused") == before + 1


async def test_an_address_expires(
    api: httpx.AsyncClient, app: FastAPI, ask: Ask, day: SchoolDay
) -> None:
    path = await offered(ask, await begin(day))
    token, key = path.rpartition("/")[2], app.state.upload_key
    known = upload_addresses.read(key, token, now())
    assert timedelta(minutes=59) < known.expires_at - now() <= timedelta(minutes=60)
    late = upload_addresses.UploadAddress(known.school_id, known.audio_id, now())
    answer = await put(api, path.replace(token, upload_addresses.sign(key, late)), sound("wav"))
    assert answer.status_code == 403


async def test_a_new_address_ends_the_one_before(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay
) -> None:
    one = await begin(day)
    former, newer = await offered(ask, one), await offered(ask, one)
    assert (await put(api, former, sound("wav"))).status_code == 403
    assert (await put(api, newer, sound("wav"))).status_code == 200


async def test_nothing_is_put_where_it_is_confirmed(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay
) -> None:
    one = await begin(day)
    path = await offered(ask, one)
    await put(api, path, sound("wav"))
    await confirmed(ask, one)
    assert (await put(api, path, sound("wav", 1.0))).status_code == 403
    assert await heard(ask, one) == sound("wav")


async def test_others_recordings_are_unknown(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay
) -> None:
    one = await begin(day)
    await uploaded(api, ask, one, "a.wav", sound("wav"))
    wanted = {"filename": "a.wav", "file_size_mb": 1}
    for who, status in (
        ("colleague", 404),
        ("lake_admin", 404),
        ("developer", 403),
        ("system_admin", 403),
    ):
        for method, path, query in (
            ("POST", f"/sessions/{one}/upload-url", wanted),
            ("POST", f"/sessions/{one}/confirm-upload", {}),
            ("GET", f"/sessions/{one}/audio", {}),
        ):
            answer = await ask(who, method, path, **query)
            assert answer.status_code == status, (who, path)
            if status == 404:
                assert answer.json()["detail"] == "Session not found"
    assert (await ask("school_admin", "GET", f"/sessions/{one}/audio")).status_code == 200


@pytest.mark.parametrize("state", ["pending", "revoked"])
async def test_nothing_of_a_student_is_stored_once_there_is_no_consent(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, state: str, objects
) -> None:
    one = await begin_of_ada(day)
    path = await offered(ask, one)
    async with day.world.database.transaction() as db:
        await db.execute(text("update consents set state = :state"), {"state": state})
    for answer in (
        await put(api, path, sound("wav")),
        await asked_for(ask, one),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "consent_missing")
    assert objects() == 0


@pytest.mark.parametrize(
    "ends", ["update consents set state = 'revoked'", "delete from transcription_sessions"]
)
async def test_what_ends_while_it_arrives_leaves_nothing(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, objects, ends: str
) -> None:
    path = await offered(ask, await begin_of_ada(day))

    async def meanwhile() -> AsyncIterator[bytes]:
        yield sound("wav")[:20_000]
        async with day.world.database.transaction() as db:
            await db.execute(text(ends))
        yield sound("wav")[20_000:]

    assert (await put(api, path, meanwhile())).status_code == 403
    assert objects() == 0


@pytest.mark.parametrize("status", list(Status))
async def test_it_is_offered_where_audio_may_come(ask: Ask, day: SchoolDay, status: Status) -> None:
    one = await begin(day, status=status, error_message="It broke.", share=0.5)
    answer = await asked_for(ask, one)
    if status in (Status.UPLOADING, Status.FAILED, Status.CANCELLED):
        assert answer.status_code == 200
        known = await told_of(ask, one)
        assert (known["status"], known["error_message"]) == ("uploading", None)
    else:
        assert answer.status_code == 409
        assert await status_of(ask, one) == status


async def test_another_name_is_refused(ask: Ask, day: SchoolDay) -> None:
    one = await begin(day)
    answer = await asked_for(ask, one, "a.txt")
    assert answer.status_code == 422


@pytest.mark.parametrize(("mb", "status"), [(59.9, 200), (60, 200), (60.1, 413)])
async def test_the_plan_limits_a_file(ask: Ask, day: SchoolDay, mb: float, status: int) -> None:
    await put_on_plan(day, "free")
    one = await begin(day)
    answer = await asked_for(ask, one, mb=mb)
    assert answer.status_code == status
    if status == 413:
        told = answer.json()
        assert (told["plan"], told["limit"]) == ("free", 60)
        assert told["error"]
        assert told["message"]


async def test_a_name_is_no_place(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, storage: ObjectStorage
) -> None:
    await uploaded(api, ask, await begin(day), "../../../a.wav", sound("wav"))
    assert storage.folder is not None
    [lies] = [one for one in storage.folder.rglob("*") if one.is_file()]
    assert lies.parent.parent.name == str(day.world.school_id)


async def test_a_full_disk_is_told_without_a_place(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, storage: ObjectStorage
) -> None:
    one = await begin(day)
    path = await offered(ask, one)
    assert storage.folder is not None
    (storage.folder / str(day.world.school_id)).write_bytes(b"no folder can be here")
    before = counted("failed")
    answer = await put(api, path, sound("wav"))
    assert answer.status_code == 503
    assert str(storage.folder) not in answer.text
    assert counted("failed") == before + 1
    assert not (await confirmed(ask, one))["file_exists"]
