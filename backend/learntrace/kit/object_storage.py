"""Large things that no database is made for, in a folder or in an S3-compatible store."""

import asyncio
import io
import logging
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final

import obstore
from fastapi import Depends, Request
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from learntrace.kit.config import Settings
from learntrace.kit.errors import UnavailableError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from obstore import ReadableFile

log = logging.getLogger(__name__)

FOLDER: Final = "audio"
PART_BYTES: Final = 5 * 1024 * 1024
"""What is sent at once: S3 takes no smaller part. A thing on its way holds some three of them."""
READ_BYTES: Final = 1024 * 1024
_PARTS_AT_ONCE: Final = 2
_GONE: Final = "The storage did not answer, or it is full. Send this again."


@contextmanager
def _answering() -> Iterator[None]:
    """Say no more of a store that fails than that it does: its own words name places of ours."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        log.exception("storage failed")
        raise UnavailableError(_GONE) from error


@dataclass(frozen=True, slots=True)
class ObjectStorage:
    """Where objects lie under keys such as `a/b/c`; each is there whole or not at all.

    `folder` is where they are files, `None` where they are in S3. Whatever fails raises
    `UnavailableError`; what is not there, `FileNotFoundError`.
    """

    store: ObjectStore
    folder: Path | None

    @classmethod
    def open(cls, settings: Settings) -> "ObjectStorage":
        """What `OBJECT_STORAGE_URL` names, else a folder in `DATA_DIR` that is made if needed."""
        if settings.object_storage_url is None:
            folder = (settings.data_dir / FOLDER).absolute()
            # Nobody else on the machine is to hear children.
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return cls(LocalStore(folder), folder)
        bucket, _, prefix = settings.object_storage_url.removeprefix("s3://").partition("/")
        known = {
            "endpoint": settings.object_storage_endpoint,
            "region": settings.object_storage_region,
            "access_key_id": settings.object_storage_key,
            "secret_access_key": settings.object_storage_secret,
        }
        store = S3Store(
            bucket,
            prefix=prefix.strip("/") or None,
            config={name: value for name, value in known.items() if value},  # type: ignore[arg-type]
            client_options={
                "allow_http": (settings.object_storage_endpoint or "").startswith("http://"),
                "timeout": "30s",
            },
            retry_config={"max_retries": 2},
        )
        return cls(store, None)

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> int:
        """Store all of `chunks`; how many bytes they were. What `chunks` raises leaves nothing."""
        size = 0
        failed: list[BaseException] = []

        async def counted() -> AsyncIterator[bytes]:
            nonlocal size
            try:
                async for chunk in chunks:
                    size += len(chunk)
                    yield chunk
            except Exception as error:
                failed.append(error)
                raise

        with _answering():
            try:
                await obstore.put_async(
                    self.store,
                    key,
                    counted(),
                    use_multipart=True,
                    chunk_size=PART_BYTES,
                    max_concurrency=_PARTS_AT_ONCE,
                )
            except Exception:
                if not failed:
                    raise
            else:
                await asyncio.to_thread(self._settle, key)
        if failed:
            raise failed[0]
        return size

    def _settle(self, key: str) -> None:
        """Have what was written survive a loss of power."""
        if self.folder is None:
            return
        for place in (self.folder / key, (self.folder / key).parent):
            descriptor = os.open(place, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    async def find_size(self, key: str) -> int | None:
        """How many bytes it has, `None` where it is not there."""
        with _answering():
            try:
                return (await obstore.head_async(self.store, key))["size"]
            except FileNotFoundError:
                return None

    async def read(self, key: str, start: int, end: int) -> bytes:
        """The bytes from `start` to before `end`, both inside of it."""
        with _answering():
            return bytes(await obstore.get_range_async(self.store, key, start=start, end=end))

    async def stream(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The same, a piece at a time, however slowly they are taken."""
        for place in range(start, end, READ_BYTES):
            yield await self.read(key, place, min(place + READ_BYTES, end))

    @contextmanager
    def reading(self, key: str) -> Iterator[BinaryIO]:
        """It as a file that can be read and sought in, for a thread of its own."""
        with _answering():
            reader = obstore.open_reader(self.store, key, buffer_size=READ_BYTES)
            yield io.BufferedReader(_Reading(reader))

    async def delete(self, key: str) -> None:
        """Delete it, if it is there."""
        with _answering(), suppress(FileNotFoundError):
            await obstore.delete_async(self.store, key)

    async def delete_all(self, prefix: str) -> int:
        """Delete what lies under `prefix/`, also what never became whole; how many there were."""
        with _answering():
            found = await obstore.list(self.store, prefix).collect_async()
            if self.folder is not None:
                await asyncio.to_thread(_remove_tree, self.folder / prefix)
            elif found:
                await obstore.delete_async(self.store, [one["path"] for one in found])
            return len(found)


class _Reading(io.RawIOBase):
    """An object as Python's own readers take it: in bytes."""

    def __init__(self, reader: "ReadableFile") -> None:
        super().__init__()
        self._reader = reader

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        into = memoryview(buffer)
        found = memoryview(self._reader.read(len(into)))
        into[: len(found)] = found
        return len(found)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._reader.seek(offset, whence)


async def _of_request(request: Request) -> ObjectStorage:
    storage: ObjectStorage = request.app.state.object_storage
    return storage


RequestStorage = Annotated[ObjectStorage, Depends(_of_request)]


def _remove_tree(folder: Path) -> None:
    while folder.exists():  # somebody else may be removing it, too
        with suppress(FileNotFoundError):
            shutil.rmtree(folder)
