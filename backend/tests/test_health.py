"""Health under strain: busy connections, a silent database, processes that died."""

import asyncio
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from learntrace import health, ops, serving
from learntrace.kit.config import Settings
from learntrace.kit.db import Database
from learntrace.kit.errors import UnavailableError
from learntrace.skills import due

from .accounts.conftest import SignIn, as_person, cheap_passwords, people, sign_in
from .world import World, bearer

__all__ = ["as_person", "cheap_passwords", "people", "sign_in"]


class TestOneConnection:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"database_pool_size": 1})

    async def test_busy_people_starve_neither_health_nor_games(
        self, app: FastAPI, api: httpx.AsyncClient, world: World
    ) -> None:
        async with app.state.database.transaction() as db:
            await db.execute(text("select 1"))
            for path in ("/readiness", "/health"):
                assert (await api.get(path)).status_code == 200
            path = f"/api/v1/telemetry/status/{world.class_id}"
            assert (await api.get(path, headers=bearer("lt_live_wrong"))).status_code == 401

    async def test_status_needs_no_second_connection(
        self, api: httpx.AsyncClient, sign_in: SignIn
    ) -> None:
        headers = bearer((await sign_in("sys"))["access_token"])
        answers = await asyncio.gather(
            *(api.get("/api/v1/system/status", headers=headers) for _ in range(4))
        )
        assert [answer.json()["database"]["status"] for answer in answers] == ["up"] * 4


async def test_no_free_connection_is_unavailable(database_url: str) -> None:
    database = Database.connect(database_url, pool_size=1, pool_timeout_s=0.1)
    async with database.transaction() as db:
        await db.execute(text("select 1"))
        with pytest.raises(UnavailableError, match="busy"):
            async with database.transaction() as waiting:
                await waiting.execute(text("select 1"))
    await database.dispose()


async def test_slow_statement_is_given_up(database_url: str) -> None:
    database = Database.connect(database_url, command_timeout_s=0.2)
    with pytest.raises(UnavailableError):
        async with database.transaction() as db:
            await db.execute(text("select pg_sleep(30)"))
    await database.dispose()


class Line:
    """A line to the database that can fall silent without breaking."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._target = (parts.hostname, parts.port)
        self._talks = asyncio.Event()
        self._talks.set()
        self._carrying: set[asyncio.Task[None]] = set()

    async def open(self) -> int:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def fall_silent(self) -> None:
        self._talks.clear()

    async def close(self) -> None:
        self._server.close()
        for task in self._carrying:
            task.cancel()
        await asyncio.gather(*self._carrying, return_exceptions=True)
        await self._server.wait_closed()
        await asyncio.sleep(0)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(*self._target)
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._carry(source, sink))
            self._carrying.add(task)

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError):
                while data := await source.read(65536):
                    await self._talks.wait()
                    sink.write(data)
        finally:
            sink.close()


@pytest.fixture
async def line(database_url: str) -> AsyncIterator[tuple[Line, str]]:
    carried = Line(database_url)
    port = await carried.open()
    parts = urlsplit(database_url)
    user = parts.netloc.rpartition("@")[0]
    yield carried, parts._replace(netloc=f"{user}@127.0.0.1:{port}").geturl()
    await carried.close()


async def test_operators_see_who_waits_for_an_assessment(
    database_url: str, world: World, settings: Settings, tmp_path: Path
) -> None:
    app = ops.create_ops_app(settings, database_url, tmp_path, dict)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://ops") as client,
    ):

        async def read() -> tuple[int, float | None, dict[str, float]]:
            told = (await client.get("/health/detailed")).json()
            lines = (await client.get("/metrics")).text.splitlines()
            numbers = dict(line.split() for line in lines if line.startswith("learntrace_"))
            found = {
                name: float(numbers[f"learntrace_{name}"])
                for name in ("due_students", "oldest_due_student_seconds")
            }
            return told["due_students"], told["oldest_due_student_s"], found

        nobody = {"due_students": 0, "oldest_due_student_seconds": 0}
        assert await read() == (0, None, nobody)
        async with world.database.transaction() as db:
            await due.mark(db, world.school_id, world.students)
            aged = "update assessments_due set next_at = next_at - interval '90 s'"
            await db.execute(text(aged))
        count, oldest_s, numbers = await read()
        assert count == numbers["due_students"] == 3
        assert oldest_s is not None
        assert 90 <= oldest_s <= numbers["oldest_due_student_seconds"] < 120
        async with world.database.transaction() as db:
            await due.claim(db, claim_s=60, most=20, attempts=(0, 1))
        assert await read() == (3, None, {"due_students": 3, "oldest_due_student_seconds": 0})


async def test_silent_database_is_not_waited_for(
    line: tuple[Line, str], settings: Settings
) -> None:
    carried, url = line
    database = health.connect_for_health(url)
    assert await health.database_answers(database)
    carried.fall_silent()
    async with asyncio.timeout(120):
        for _ in range(2):
            assert not await health.database_answers(database)
        assert (await health.read_health(database, settings, queue_depth=0)).status == "down"
    await database.dispose()


def _hold_events(folder: Path, count: int) -> None:
    program = (
        "import sys; from learntrace.ingestion.metrics import QUEUE_DEPTH; "
        f"QUEUE_DEPTH.set({count}); print(flush=True); sys.stdin.read()"
    )
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(folder)}
    with subprocess.Popen(
        [sys.executable, "-c", program],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert ops.queue_depth(folder) == count
        process.kill()


def test_what_a_dead_process_held_is_not_counted(tmp_path: Path) -> None:
    _hold_events(tmp_path, 70)
    assert ops.queue_depth(tmp_path) == 0


def test_folders_of_killed_servers_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gone = multiprocessing.get_context("spawn").Process(target=print)
    gone.start()
    gone.join()
    names = [
        f"learntrace-metrics-{gone.pid}-a",
        f"learntrace-metrics-{os.getpid()}-b",
        f"learntrace-metrics-{os.getppid()}-c",
        "learntrace-metrics-other",
    ]
    for name in names:
        (tmp_path / name).mkdir()
    serving.drop_leftovers()
    assert sorted(folder.name for folder in tmp_path.iterdir()) == sorted(names[2:])
