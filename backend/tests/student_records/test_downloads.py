"""Downloads of a whole record whose readers are slow, gone, or more than the disk holds."""

import asyncio
import io
import os
import resource
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from fastapi import FastAPI

from learntrace.app import finished

from ..classroom.conftest import SchoolDay, day
from ..skills.conftest import Ask, ask

__all__ = ["ask", "day"]

STALLED = 7
"""More than the API has connections to its database."""


@dataclass
class Reader:
    """Takes the head of an answer and its first piece, and then nothing until `goes_on`."""

    head: dict[str, Any] = field(default_factory=dict)
    pieces: list[bytes] = field(default_factory=list)
    is_reading: asyncio.Event = field(default_factory=asyncio.Event)
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)
    is_gone: bool = False

    async def receive(self) -> dict[str, Any]:
        if not self.is_reading.is_set():
            return {"type": "http.request", "body": b"", "more_body": False}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.head = message
            return
        self.is_reading.set()
        await self.goes_on.wait()
        if self.is_gone:
            raise OSError
        self.pieces.append(message["body"])


async def download(app: FastAPI, day: SchoolDay, reader: Reader) -> None:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": f"/api/v1/students/{day.ada}/export",
        "raw_path": f"/api/v1/students/{day.ada}/export".encode(),
        "query_string": b"",
        "headers": [
            (name.lower().encode(), value.encode())
            for name, value in day.headers("school_admin").items()
        ],
        "client": ("10.0.0.1", 1),
        "server": ("test", 80),
    }
    await finished(app)(scope, reader.receive, reader.send)


def open_files(folder: Path) -> list[os.stat_result]:
    """Those in the folder that this process has open, also without a name."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            if str(link.readlink()).startswith(str(folder)):
                found.append(link.stat())
        except FileNotFoundError:  # what listed the folder
            continue
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files are made."""
    made = tmp_path / "temporary"
    made.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(made))
    return made


async def test_stalled_downloads_keep_nobody_from_the_database(
    app: FastAPI, ask: Ask, day: SchoolDay, folder: Path
) -> None:
    readers = [Reader() for _ in range(STALLED)]
    downloads = [asyncio.create_task(download(app, day, one)) for one in readers]
    async with asyncio.timeout(60):
        for reader in readers:
            await reader.is_reading.wait()
    assert {one.head["status"] for one in readers} == {200}
    assert (await ask("school_admin", "GET", "/classes")).status_code == 200
    files = open_files(folder)
    assert len(files) == STALLED
    assert {stat.S_IMODE(one.st_mode) for one in files} == {0o600}
    assert list(folder.iterdir()) == []  # no name that could be left behind
    for number, reader in enumerate(readers):
        reader.is_gone = number % 2 == 1
        reader.goes_on.set()
    await asyncio.gather(*downloads, return_exceptions=True)
    assert open_files(folder) == []
    for reader in readers[::2]:
        whole = b"".join(reader.pieces)
        assert dict(reader.head["headers"])[b"content-length"] == str(len(whole)).encode()
        assert ZipFile(io.BytesIO(whole)).testzip() is None


async def test_a_download_that_is_called_off_leaves_no_file(
    app: FastAPI, day: SchoolDay, folder: Path
) -> None:
    reader = Reader()
    downloading = asyncio.create_task(download(app, day, reader))
    async with asyncio.timeout(60):
        await reader.is_reading.wait()
    downloading.cancel()
    await asyncio.gather(downloading, return_exceptions=True)
    assert open_files(folder) == []


@contextmanager
def small_files(most_bytes: int) -> Iterator[None]:
    """No file of this process grows larger, as on a full disk."""
    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))


async def test_a_full_disk_is_said_and_no_archive_is_cut_short(
    ask: Ask, day: SchoolDay, folder: Path
) -> None:
    path = f"/students/{day.ada}/export"
    with small_files(2_000):
        answer = await ask("school_admin", "GET", path)
    assert answer.status_code == 503, answer.headers
    assert answer.headers["content-type"] == "application/problem+json"
    assert "there is no room" in answer.json()["detail"]
    assert open_files(folder) == []
    assert (await ask("school_admin", "GET", path)).status_code == 200
