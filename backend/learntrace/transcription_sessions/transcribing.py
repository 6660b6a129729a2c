"""The worker's pass over recordings that are to be transcribed: one at a time, a claim each.

While an engine works, the claim is renewed and the share told every few seconds, which is also how
a cancelled or erased recording is noticed. A worker that is killed leaves nothing but a claim that
runs out.
"""

import asyncio
import logging
import tempfile
from asyncio import FIRST_COMPLETED
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import BinaryIO, Final
from uuid import UUID

from learntrace.kit.clock import now
from learntrace.kit.db import Database
from learntrace.kit.errors import ForbiddenError, UnavailableError
from learntrace.transcription_sessions import jobs
from learntrace.transcription_sessions.heard import Heard
from learntrace.transcription_sessions.jobs import Job
from learntrace.transcription_sessions.metrics import TRANSCRIBED_AFTER, TRANSCRIPTIONS
from learntrace.transcription_sessions.transcription.engines import NO_ENGINE, Engines, spoken
from learntrace.transcription_sessions.transcription.port import Transcriber, TranscriptionError

log = logging.getLogger(__name__)

BEAT_S: Final = 2.0
REST_S: Final = 30.0
NO_AUDIO: Final = "The recording's audio is not there any more. Upload it again."
BROKE_OFF: Final = (
    "The transcription broke off three times. Export the recording in another format and upload it "
    "again, or upload a transcript instead."
)

Fetch = Callable[[UUID, UUID, BinaryIO], Awaitable[bool]]
"""Writes a tenant's audio file, by its id, into a file; false where it is not there."""


class LostError(Exception):
    """The job is not ours any more: cancelled, erased, or claimed by another."""


class StoppedError(Exception):
    """The worker was asked to stop."""


@dataclass(slots=True)
class Progress:
    """How much of a recording is done, and how long it is, as far as the engine knows."""

    done_s: float = 0.0
    of_s: float | None = None

    def note(self, done_s: float, of_s: float | None) -> None:
        self.done_s, self.of_s = done_s, of_s

    def share(self, duration_s: float | None) -> float:
        """0..1; `duration_s` is how long the recording is where the engine does not say."""
        of_s = self.of_s or duration_s
        return min(self.done_s / of_s, 1.0) if of_s else 0.0


@dataclass(frozen=True, slots=True)
class Transcribing:
    """What a worker transcribes with.

    `beat_s`: how often a claim is renewed; `rest_s`: how long a job rests that broke off once.
    """

    database: Database
    fetch: Fetch
    engines: Engines
    stop: asyncio.Event
    beat_s: float = BEAT_S
    rest_s: float = REST_S

    async def transcribe_next(self) -> int:
        """Transcribe the recording that waits longest; how many were, 0 or 1."""
        async with self.database.transaction() as db:
            job = await jobs.claim(db)
        if job is None:
            return 0
        outcome = await self._transcribe(job)
        TRANSCRIPTIONS.labels(outcome).inc()
        return 1

    async def _transcribe(self, job: Job) -> str:
        engine = self.engines.find(job.stt_provider)
        why = self.engines.refusal(job.stt_provider, job.language)
        if job.attempts > jobs.MOST_ATTEMPTS:
            why = BROKE_OFF
        if engine is None or why is not None:
            return await self._fail(job, why or NO_ENGINE)
        progress = Progress()
        try:
            await self._pay(job, engine)
            heard = await self._beside_beats(job, engine, progress)
            return await self._complete(job, engine, progress, heard)
        except (TranscriptionError, ForbiddenError) as error:
            return await self._fail(job, str(error))
        except LostError:
            async with self.database.transaction() as db:
                await jobs.let_go(db, job)
            return "lost"
        except StoppedError:
            async with self.database.transaction() as db:
                await jobs.give_back(db, job)
            return "stopped"
        except Exception:  # another attempt may go well; the log carries the failure
            log.exception("recording not transcribed", extra={"attempts": job.attempts})
            return await self._put_off(job)

    async def _pay(self, job: Job, engine: Transcriber) -> None:
        """Have a paid engine do nothing that the school's budget does not cover.

        Raises `LostError`, and `ForbiddenError` over the budget.
        """
        if engine.cost_per_minute_micro == 0:
            return
        async with self.database.transaction() as db:
            mine = await jobs.pay(db, job, engine)
        if not mine:
            raise LostError

    async def _beside_beats(self, job: Job, engine: Transcriber, progress: Progress) -> list[Heard]:
        """What was heard, with the claim renewed meanwhile.

        Raises `LostError`, `StoppedError` and whatever hearing raises; the engine has ended then.
        """
        hearing = asyncio.create_task(self._hear(job, engine, progress))
        stopping = asyncio.create_task(self.stop.wait())
        try:
            while not hearing.done():
                await asyncio.wait(
                    {hearing, stopping}, timeout=self.beat_s, return_when=FIRST_COMPLETED
                )
                if stopping.done():
                    raise StoppedError
                await self._renew(job, progress)
            return hearing.result()
        finally:
            for task in (hearing, stopping):
                task.cancel()
            await asyncio.gather(hearing, stopping, return_exceptions=True)

    async def _renew(self, job: Job, progress: Progress) -> None:
        try:
            async with self.database.transaction() as db:
                mine = await jobs.renew(db, job, progress.share(job.duration_s))
        except UnavailableError:  # the claim lasts for many beats; the next may reach the database
            log.warning("claim not renewed")
            return
        if not mine:
            raise LostError

    async def _hear(self, job: Job, engine: Transcriber, progress: Progress) -> list[Heard]:
        # Without a name in any folder: nothing of it is left, however the worker ends.
        with tempfile.TemporaryFile() as audio:
            if job.audio_id is None or not await self.fetch(job.school_id, job.audio_id, audio):
                raise TranscriptionError(NO_AUDIO)
            audio.seek(0)
            return await engine.transcribe(audio, spoken(job.language), progress.note)

    async def _complete(
        self, job: Job, engine: Transcriber, progress: Progress, heard: list[Heard]
    ) -> str:
        async with self.database.transaction() as db:
            mine = await jobs.complete(db, job, heard, engine=engine, duration_s=progress.of_s)
        if mine and job.uploaded_at is not None:
            TRANSCRIBED_AFTER.observe((now() - job.uploaded_at).total_seconds())
        return "completed" if mine else "lost"

    async def _fail(self, job: Job, why: str) -> str:
        async with self.database.transaction() as db:
            mine = await jobs.fail(db, job, why)
        return "failed" if mine else "lost"

    async def _put_off(self, job: Job) -> str:
        if job.attempts >= jobs.MOST_ATTEMPTS:
            return await self._fail(job, BROKE_OFF)
        async with self.database.transaction() as db:
            await jobs.put_off(db, job, rest_s=self.rest_s * 2 ** (job.attempts - 1))
        return "broke off"
