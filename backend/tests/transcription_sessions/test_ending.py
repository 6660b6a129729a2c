"""Recordings that end: cancelled, deleted, their audio removed, their student erased."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from learntrace.kit.config import Settings
from learntrace.kit.db import Database
from learntrace.kit.object_storage import ObjectStorage
from learntrace.student_records import erasing
from learntrace.transcription_sessions import removing
from learntrace.transcription_sessions.removing import remove_audio
from learntrace.transcription_sessions.states import Status
from tests.classroom.conftest import SchoolDay
from tests.skills.conftest import Ask
from tests.world import ACT

from .given import add_audio_file, lay_audio
from .sounds import sound
from .uploading import begin, begin_of_ada, confirmed, heard, offered, put, uploaded

Remove = Callable[[], Awaitable[int]]
TONE = sound("wav")


@pytest.fixture
def settings(settings: Settings, stored_in: dict[str, Any]) -> Settings:
    return settings.model_copy(update=stored_in)


@pytest.fixture
def remove(database: Database, storage: ObjectStorage) -> Remove:
    """The worker's pass."""
    return lambda: remove_audio(database, storage)


async def age(day: SchoolDay, hours: float) -> None:
    """Have all addresses for uploads expired so long ago."""
    async with day.world.database.transaction() as db:
        expired = "update audio_files set expires_at = now() - make_interval(mins => :minutes)"
        await db.execute(text(expired), {"minutes": int(60 * hours)})


async def rows(day: SchoolDay) -> int:
    return int(await day.world.one("select count(*) from audio_files"))


async def test_audio_of_an_erased_student_is_deleted(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, remove: Remove, objects
) -> None:
    await uploaded(api, ask, await begin_of_ada(day), "Ada reads.wav", TONE)
    kept = await begin(day, student_id=day.ben)
    async with day.world.database.transaction() as db:
        await add_audio_file(db, day.world.school_id, kept)
        await erasing.erase(db, ACT, day.world.school_id, day.ada)
    assert (
        await day.world.one(
            "select filename from audio_files where transcription_session_id is null"
        )
        == ""
    )
    await remove()
    assert objects() == 0
    await age(day, 2)
    await remove()
    assert await rows(day) == 1


@pytest.mark.parametrize("ends", ["delete", "cancel", "upload anew"])
async def test_audio_goes_with_what_it_was_for(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, remove: Remove, objects, ends: str
) -> None:
    one = await begin(day)
    await uploaded(api, ask, one, "a.wav", TONE)
    assert await remove() == 0
    if ends == "delete":
        answer = await ask("teacher", "DELETE", f"/sessions/{one}")
        assert answer.status_code == 204
        assert (await ask("teacher", "GET", f"/sessions/{one}")).status_code == 404
    else:
        answer = await ask("teacher", "POST", f"/sessions/{one}/cancel")
        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
        assert not answer.json()["has_audio"]
    if ends == "upload anew":
        await uploaded(api, ask, one, "b.wav", sound("wav", 1.0))
    assert await remove() == 1
    assert objects() == (1 if ends == "upload anew" else 0)
    assert await heard(ask, one) == (sound("wav", 1.0) if ends == "upload anew" else None)
    await age(day, 2)
    await remove()
    assert await rows(day) == (1 if ends == "upload anew" else 0)


async def test_what_nobody_confirms_goes_once_it_is_late(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, remove: Remove, objects
) -> None:
    one = await begin(day)
    await put(api, await offered(ask, one), TONE)
    await age(day, 0.9)
    assert await remove() == 0
    assert (await confirmed(ask, one))["file_exists"]
    other = await begin(day)
    await put(api, await offered(ask, other), TONE)
    await age(day, 1.1)
    assert await remove() == 1
    assert not (await confirmed(ask, other))["file_exists"]
    assert await heard(ask, one) == TONE
    assert (objects(), await rows(day)) == (1, 1)


async def test_what_was_left_half_by_a_killed_process_goes_too(
    ask: Ask, day: SchoolDay, storage: ObjectStorage, remove: Remove, objects
) -> None:
    """The row is there before the first byte; so whatever lies there is found."""
    await offered(ask, await begin(day))
    audio_id = await day.world.one("select id from audio_files")
    place = f"{day.world.school_id}/{audio_id}"

    async def pieces() -> AsyncIterator[bytes]:
        yield TONE

    await storage.put(f"{place}/{UUID(int=1)}", pieces())
    if storage.folder is not None:
        (storage.folder / place / f"{UUID(int=2)}#1").write_bytes(TONE)
    await age(day, 1.1)
    await remove()
    assert (objects(), await rows(day)) == (0, 0)


class TestFolderAlone:
    """What has nothing to do with where audio lies."""

    @pytest.fixture
    def stored_in(self) -> dict[str, Any]:
        return {}

    @pytest.mark.parametrize("status", list(Status))
    async def test_what_is_not_done_is_cancelled(
        self, ask: Ask, day: SchoolDay, status: Status
    ) -> None:
        one = await begin(day, status=status, share=0.5)
        answer = await ask("teacher", "POST", f"/sessions/{one}/cancel")
        if status in (Status.UPLOADING, Status.PENDING, Status.PROCESSING):
            told = answer.json()
            assert (told["status"], told["progress_percentage"]) == ("cancelled", 0)
        else:
            assert answer.status_code == 409
        known = (await ask("teacher", "GET", f"/sessions/{one}")).json()
        assert known["status"] == ("cancelled" if answer.is_success else status)

    @pytest.mark.parametrize("status", list(Status))
    async def test_all_but_what_is_transcribed_is_deleted(
        self, ask: Ask, day: SchoolDay, status: Status
    ) -> None:
        one = await begin(day, status=status)
        expected = 409 if status is Status.PROCESSING else 204
        assert (await ask("teacher", "DELETE", f"/sessions/{one}")).status_code == expected

    async def test_a_student_is_assessed_anew_without_what_was_deleted(
        self, ask: Ask, day: SchoolDay
    ) -> None:
        one = await begin_of_ada(day)
        assert (await ask("teacher", "DELETE", f"/sessions/{one}")).status_code == 204
        assert await day.world.one("select student_id from assessments_due") == day.ada

    @pytest.mark.parametrize("who", ["colleague", "lake_admin"])
    async def test_others_recordings_are_unknown(self, ask: Ask, day: SchoolDay, who: str) -> None:
        one = await begin(day)
        for method, path in (("POST", f"/sessions/{one}/cancel"), ("DELETE", f"/sessions/{one}")):
            answer = await ask(who, method, path)
            assert (answer.status_code, answer.json()["detail"]) == (404, "Session not found")

    async def test_one_that_cannot_be_removed_keeps_no_other(
        self, day: SchoolDay, storage: ObjectStorage, remove: Remove, monkeypatch
    ) -> None:
        one = await begin(day)
        async with day.world.database.transaction() as db:
            for _ in range(2):
                await add_audio_file(db, day.world.school_id, one)
            await lay_audio(db, storage)
            await removing.discard(db, day.world.school_id, one)
        await age(day, 2)
        [broken, _] = [row.id for row in await day.world.rows("select id from audio_files")]
        assert storage.folder is not None
        place = storage.folder / str(day.world.school_id) / str(broken)
        for lies in place.iterdir():
            lies.unlink()
        place.rmdir()
        place.write_bytes(b"a file where a folder was")
        assert await remove() == 1
        assert [row.id for row in await day.world.rows("select id from audio_files")] == [broken]
