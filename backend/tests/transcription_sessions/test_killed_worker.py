"""A worker that is killed in the middle of a transcription leaves nothing but a claim."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psutil
import pytest

from learntrace.kit.config import Settings
from learntrace.transcription_sessions.transcription.engines import installed
from tests.classroom.conftest import SchoolDay
from tests.skills.conftest import Ask

from ..running import free_port
from ..speech import talk, wav
from .uploading import begin_of_ada, confirmed, offered, put

pytestmark = pytest.mark.skipif(
    installed().default is None, reason="no speech-to-text here (extra [stt] absent)"
)
PATIENCE_S = 240


@asynccontextmanager
async def working(settings: Settings, temporary: Path) -> AsyncIterator[Process]:
    """A worker of the same database and storage; killed when the block ends."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "learntrace.cli", "worker"),
        env=os.environ
        | {
            "DATABASE_URL": str(settings.database_url),
            "DATA_DIR": str(settings.data_dir),
            "WORKER_METRICS_PORT": str(free_port()),
            "TMPDIR": str(temporary),
        },
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def stored(day: SchoolDay, recording: UUID) -> Any:
    query = """
        select t.*, (select count(*) from transcript_segments) as segments,
            (select count(distinct position) from transcript_segments) as positions
        from transcription_sessions t where t.id = :id
    """
    [row] = await day.world.rows(query, id=recording)
    return row


async def test_another_worker_transcribes_what_a_killed_one_left(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, settings: Settings, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    recording = await begin_of_ada(day)
    sent = await put(api, await offered(ask, recording, "talk.wav", mb=5), wav(talk(3)))
    assert sent.status_code == 200
    assert (await confirmed(ask, recording))["ready_for_transcription"]
    started = await ask("teacher", "POST", f"/sessions/{recording}/start-transcription")
    assert started.status_code == 202
    async with asyncio.timeout(PATIENCE_S):
        async with working(settings, temporary) as worker:
            while not (await stored(day, recording)).share:
                await asyncio.sleep(0.05)
            engines = psutil.Process(worker.pid).children()
            assert len(engines) == 1
        left = await stored(day, recording)
        assert (left.status, left.attempts, left.segments) == ("processing", 1, 0)
        assert list(temporary.iterdir()) == []
        while engines[0].is_running() and engines[0].status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(0.05)
        # As the passing of a minute would.
        await day.world.rows("update transcription_sessions set claimed_until = now() returning 1")
        async with working(settings, temporary):
            while (done := await stored(day, recording)).status == "processing":
                assert done.share >= left.share
                await asyncio.sleep(0.05)
    assert (done.status, done.attempts, done.engine) == ("completed", 2, "faster-whisper tiny.en")
    assert done.segments == done.positions >= 20
    told = (await ask("teacher", "GET", f"/sessions/{recording}/status")).json()
    assert (told["status"], told["progress_percentage"]) == ("completed", 100)
