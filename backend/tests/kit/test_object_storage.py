"""What is stored is there whole or not at all, in a folder and in S3 alike."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from learntrace.kit.config import Settings
from learntrace.kit.errors import UnavailableError
from learntrace.kit.object_storage import PART_BYTES, ObjectStorage

from .storages import s3, stored_in

__all__ = ["s3", "stored_in"]

LARGE = os.urandom(1024) * (2 * PART_BYTES // 1024 + 300)


@pytest.fixture
def storage(stored_in: dict[str, Any]) -> ObjectStorage:
    return ObjectStorage.open(Settings(**stored_in))


async def chunks(content: bytes, *, fails: Exception | None = None) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 100_000):
        yield content[start : start + 100_000]
    if fails is not None:
        raise fails


async def whole(storage: ObjectStorage, key: str) -> bytes:
    size = await storage.find_size(key)
    assert size is not None
    return b"".join([piece async for piece in storage.stream(key, 0, size)])


@pytest.mark.parametrize("content", [b"x", LARGE], ids=["small", "large"])
async def test_what_was_stored_is_read_whole_and_in_parts(
    storage: ObjectStorage, content: bytes
) -> None:
    assert await storage.put("a/b/c", chunks(content)) == len(content)
    assert await whole(storage, "a/b/c") == content
    assert (
        await storage.read("a/b/c", len(content) // 2, len(content))
        == (content[len(content) // 2 :])
    )

    def seek() -> bytes:
        with storage.reading("a/b/c") as file:
            file.seek(-1, os.SEEK_END)
            return bytes(file.read(1))

    assert await asyncio.to_thread(seek) == content[-1:]


async def test_another_under_the_same_key_replaces_it(storage: ObjectStorage) -> None:
    await storage.put("a/b/c", chunks(LARGE))
    await storage.put("a/b/c", chunks(b"new"))
    assert await whole(storage, "a/b/c") == b"new"


async def test_what_breaks_off_leaves_what_was_there(storage: ObjectStorage) -> None:
    await storage.put("a/b/c", chunks(b"old"))
    for key in ("a/b/c", "a/b/d"):
        with pytest.raises(LookupError, match="gone"):
            await storage.put(key, chunks(LARGE, fails=LookupError("gone")))
    assert await whole(storage, "a/b/c") == b"old"
    assert await storage.find_size("a/b/d") is None


async def test_what_is_cancelled_leaves_nothing(storage: ObjectStorage) -> None:
    begun = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield LARGE[:100_000]
            begun.set()
            await asyncio.sleep(0.01)

    putting = asyncio.create_task(storage.put("a/b/c", endless()))
    await begun.wait()
    putting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await putting
    assert await storage.find_size("a/b/c") is None


async def test_two_at_once_leave_one_whole(storage: ObjectStorage) -> None:
    one, other = LARGE, LARGE[::-1]
    await asyncio.gather(storage.put("a/b/c", chunks(one)), storage.put("a/b/c", chunks(other)))
    assert await whole(storage, "a/b/c") in (one, other)


async def test_what_lies_under_a_prefix_is_deleted_and_nothing_beside_it(
    storage: ObjectStorage,
) -> None:
    for key in ("a/b/c", "a/b/d", "a/bb/c"):
        await storage.put(key, chunks(b"x"))
    assert await storage.delete_all("a/b") == 2
    assert await storage.delete_all("a/b") == 0
    found = [await storage.find_size(key) for key in ("a/b/c", "a/b/d", "a/bb/c")]
    assert found == [None, None, 1]


async def test_nothing_is_there_before(storage: ObjectStorage) -> None:
    assert await storage.find_size("a") is None
    with pytest.raises(FileNotFoundError):
        await storage.read("a", 0, 1)


class TestFolder:
    @pytest.fixture
    def stored_in(self, tmp_path: Path) -> dict[str, Any]:
        return {"data_dir": tmp_path / "new"}

    def test_is_for_its_owner_alone(self, storage: ObjectStorage) -> None:
        assert storage.folder is not None
        assert stat.S_IMODE(storage.folder.stat().st_mode) == 0o700

    async def test_what_a_killed_process_left_goes_too(self, storage: ObjectStorage) -> None:
        assert storage.folder is not None
        half = storage.folder / "a" / "b" / "c#1"
        half.parent.mkdir(parents=True)
        half.write_bytes(b"half")
        await storage.delete_all("a/b")
        assert not half.exists()

    async def test_failure_names_no_place(self, storage: ObjectStorage) -> None:
        assert storage.folder is not None
        (storage.folder / "a").write_bytes(b"no folder")
        with pytest.raises(UnavailableError) as raised:
            await storage.put("a/b", chunks(b"x"))
        assert str(storage.folder) not in raised.value.detail


@pytest.mark.parametrize("url", ["bucket", "http://bucket", "s3://", "s3://Bucket"])
def test_a_setting_that_names_no_bucket_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="OBJECT_STORAGE_URL is s3://bucket"):
        Settings(object_storage_url=url)
