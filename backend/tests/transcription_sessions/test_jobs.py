"""A recording is transcribed once, by one worker, or fails with a reason."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from uuid import UUID, uuid4

import pytest

from learntrace.plans import enforcing
from learntrace.transcription_sessions import jobs, segments
from learntrace.transcription_sessions.heard import Heard
from learntrace.transcription_sessions.transcribing import Transcribing
from learntrace.transcription_sessions.transcription.engines import Engines
from learntrace.transcription_sessions.transcription.port import TranscriptionError

from ..world import World, add_signed_in, now
from .given import add_audio_consent, add_audio_file, add_transcription_session
from .scripted import LENGTH_S, ScriptedTranscriber

SOUND = b"sound of Ada"
BEAT_S = 0.02


async def fetch(school_id: UUID, audio_id: UUID, into: BinaryIO) -> bool:
    into.write(SOUND)
    return True


@dataclass
class Waiting:
    """A recording of Ada's that was started, and the engine that is to hear it."""

    world: World
    id: UUID
    audio_id: UUID
    engine: ScriptedTranscriber = field(default_factory=ScriptedTranscriber)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    def worker(self, *engines: ScriptedTranscriber, **changes: Any) -> Transcribing:
        own = {"beat_s": BEAT_S, "rest_s": 0.0} | changes
        return Transcribing(
            self.world.database, fetch, Engines(engines or (self.engine,)), self.stop, **own
        )

    @asynccontextmanager
    async def being_transcribed(self) -> AsyncIterator[asyncio.Task[int]]:
        """A worker that is in the middle of it; done when the block ends."""
        working = asyncio.create_task(self.worker().transcribe_next())
        await self.engine.at_gate.wait()
        yield working
        self.engine.gate.set()
        await working

    async def set(self, **values: Any) -> None:
        changes = ", ".join(f"{name} = :{name}" for name in values)
        await self.world.rows(
            f"update transcription_sessions set {changes} where id = :of returning 1",
            **values,
            of=self.id,
        )

    async def get(self) -> Any:
        query = "select * from transcription_sessions where id = :id"
        return (await self.world.rows(query, id=self.id))[0]

    async def said(self) -> list[str]:
        async with self.world.database.transaction() as db:
            found = await segments.of_session(db, self.world.school_id, self.id)
        return [one.text for one in found]

    async def minutes(self) -> tuple[float, bool] | None:
        """What the recording costs, and whether for good."""
        query = "select amount / 60.0, settled_at is not null from usage_entries"
        found = await self.world.rows(f"{query} where meter <> 'recordings'")
        return (float(found[0][0]), found[0][1]) if found else None


@pytest.fixture
async def waiting(world: World) -> Waiting:
    recording = uuid4()
    async with world.database.transaction() as db:
        teacher, _ = await add_signed_in(db, "tess", "teacher", world.school_id)
        await add_audio_consent(db, world.school_id, world.students[0])
        await add_transcription_session(
            db,
            world.school_id,
            teacher,
            id=recording,
            student_id=world.students[0],
            status="processing",
            claimed_until=now(),
            duration_s=LENGTH_S,
        )
        audio = await add_audio_file(db, world.school_id, recording)
        await enforcing.reserve_minutes(db, world.school_id, audio, LENGTH_S / 60)
    return Waiting(world, recording, audio)


async def test_what_is_heard_is_stored_and_its_minutes_are_counted(waiting: Waiting) -> None:
    waiting.engine.gate.set()
    assert await waiting.worker().transcribe_next() == 1
    assert waiting.engine.got == [(SOUND, "en")]
    assert await waiting.said() == ["I counted twelve."]
    done = await waiting.get()
    assert (done.status, done.share, done.engine) == ("completed", 1, "scripted play")
    assert (done.claimed_until, done.duration_s) == (None, LENGTH_S)
    assert await waiting.minutes() == (1, True)
    assert await waiting.worker().transcribe_next() == 0


async def test_its_share_grows_and_never_falls(waiting: Waiting) -> None:
    waiting.engine.steps = (15, 45)
    shares = []
    async with waiting.being_transcribed():
        async with asyncio.timeout(120):
            while not shares or shares[-1] < 0.75:
                shares.append((await waiting.get()).share)
                if shares[-1] == 0.25:
                    waiting.engine.gate.set()
                await asyncio.sleep(0.005)
        assert shares == sorted(shares)
    assert {0.25, 0.75} <= set(shares)


async def test_another_attempt_does_not_take_back_what_was_told(waiting: Waiting) -> None:
    await waiting.set(share=0.5)
    waiting.engine.steps = (15,)
    async with waiting.being_transcribed():
        await asyncio.sleep(10 * BEAT_S)
        assert (await waiting.get()).share == 0.5


async def test_a_cancelled_recording_is_let_go(waiting: Waiting) -> None:
    async with waiting.being_transcribed() as working:
        await waiting.set(status="cancelled")
        await asyncio.wait_for(working, 120)
        assert waiting.engine.running == 0
    assert (await waiting.get()).status == "cancelled"
    assert await waiting.said() == []
    assert await waiting.minutes() is None


async def test_a_recording_that_is_deleted_is_let_go(waiting: Waiting) -> None:
    async with waiting.being_transcribed() as working:
        await waiting.world.rows("delete from transcription_sessions returning 1")
        await asyncio.wait_for(working, 120)
    assert await waiting.minutes() is None


async def test_nobody_claims_what_another_holds(waiting: Waiting) -> None:
    async with waiting.being_transcribed():
        assert await waiting.worker(ScriptedTranscriber()).transcribe_next() == 0


async def test_two_workers_never_transcribe_the_same(waiting: Waiting) -> None:
    copy = """
        insert into transcription_sessions (school_id, id, owner_id, title, language, stt_provider,
            status, claimed_until, created_at, updated_at)
        select school_id, gen_random_uuid(), owner_id, title, language, stt_provider, status,
            claimed_until, created_at, updated_at from transcription_sessions where id = :id
        returning id
    """
    for _ in range(11):
        ((recording,),) = await waiting.world.rows(copy, id=waiting.id)
        async with waiting.world.database.transaction() as db:
            await add_audio_file(db, waiting.world.school_id, recording)
    waiting.engine.gate.set()
    workers = [waiting.worker(), waiting.worker(), waiting.worker()]

    async def until_nothing_is_left(worker: Transcribing) -> int:
        done = 0
        while await worker.transcribe_next():
            done += 1
        return done

    assert sum(await asyncio.gather(*map(until_nothing_is_left, workers))) == 12
    assert len(waiting.engine.got) == 12
    query = "select count(*) from transcription_sessions where status = 'completed'"
    assert await waiting.world.one(query) == 12


async def test_who_lost_the_claim_stores_nothing(waiting: Waiting) -> None:
    async with waiting.world.database.transaction() as db:
        lost = await jobs.claim(db)
    assert lost is not None
    await waiting.set(claimed_until=now())
    waiting.engine.gate.set()
    assert await waiting.worker().transcribe_next() == 1
    async with waiting.world.database.transaction() as db:
        late = [Heard(0, 1, "Too late.")]
        assert not await jobs.renew(db, lost, 0.9)
        assert not await jobs.complete(db, lost, late, engine=waiting.engine, duration_s=1)
        assert not await jobs.fail(db, lost, "too late")
    assert await waiting.said() == ["I counted twelve."]
    assert (await waiting.get()).status == "completed"


async def test_what_breaks_off_is_tried_again(
    waiting: Waiting, caplog: pytest.LogCaptureFixture
) -> None:
    waiting.engine.failures = [RuntimeError("out of memory")]
    waiting.engine.gate.set()
    with caplog.at_level(logging.ERROR):
        await waiting.worker().transcribe_next()
    assert [one.message for one in caplog.records] == ["recording not transcribed"]
    assert (await waiting.get()).status == "processing"
    assert await waiting.minutes() == (1, False)
    await waiting.worker().transcribe_next()
    assert (await waiting.get()).status == "completed"


async def test_it_rests_before_it_is_tried_again(waiting: Waiting) -> None:
    waiting.engine.failures = [RuntimeError("out of memory")]
    worker = waiting.worker(rest_s=60.0)
    assert await worker.transcribe_next() == 1
    assert await worker.transcribe_next() == 0


@pytest.mark.parametrize("how", ["raised", "killed"])
async def test_the_third_attempt_is_the_last(waiting: Waiting, how: str) -> None:
    if how == "raised":
        waiting.engine.failures = [RuntimeError("again") for _ in range(3)]
        for _ in range(3):
            await waiting.worker().transcribe_next()
    else:
        for _ in range(3):
            async with waiting.world.database.transaction() as db:
                assert await jobs.claim(db) is not None
            await waiting.set(claimed_until=now())
        await waiting.worker().transcribe_next()
        assert waiting.engine.got == []
    failed = await waiting.get()
    assert (failed.status, failed.share, failed.claimed_until) == ("failed", 0, None)
    assert "upload a transcript" in failed.error_message
    assert await waiting.minutes() is None
    assert await waiting.worker().transcribe_next() == 0


async def test_what_can_never_be_transcribed_fails_at_once(waiting: Waiting) -> None:
    waiting.engine.failures = [TranscriptionError("This file is damaged.")]
    await waiting.worker().transcribe_next()
    failed = await waiting.get()
    assert (failed.status, failed.error_message) == ("failed", "This file is damaged.")


async def test_without_an_engine_it_fails_and_offers_an_upload(waiting: Waiting) -> None:
    nothing = Transcribing(waiting.world.database, fetch, Engines(()), waiting.stop)
    await nothing.transcribe_next()
    failed = await waiting.get()
    assert failed.status == "failed"
    assert failed.error_message.startswith("No speech-to-text engine is installed here. Upload")


async def test_an_audio_that_is_gone_fails(waiting: Waiting) -> None:
    await waiting.world.rows("delete from audio_files returning 1")
    await waiting.worker().transcribe_next()
    assert "Upload it again" in (await waiting.get()).error_message


async def test_consent_that_is_taken_back_meanwhile_stores_nothing(waiting: Waiting) -> None:
    async with waiting.being_transcribed():
        await waiting.world.rows("update consents set state = 'revoked' returning 1")
    failed = await waiting.get()
    assert failed.status == "failed"
    assert "consent to audio" in failed.error_message
    assert await waiting.said() == []
    assert await waiting.minutes() is None


async def test_a_worker_that_stops_gives_back_what_it_holds(waiting: Waiting) -> None:
    async with waiting.being_transcribed() as working:
        waiting.stop.set()
        await asyncio.wait_for(working, 120)
    given = await waiting.get()
    assert (given.status, given.attempts) == ("processing", 0)
    async with waiting.world.database.transaction() as db:
        assert await jobs.claim(db) is not None


async def test_the_former_transcript_stands_until_the_new_one_is_there(waiting: Waiting) -> None:
    async with waiting.world.database.transaction() as db:
        await segments.replace(db, waiting.world.school_id, waiting.id, [Heard(0, 1, "Before.")])
    async with waiting.being_transcribed():
        assert await waiting.said() == ["Before."]
    assert await waiting.said() == ["I counted twelve."]
