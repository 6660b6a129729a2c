"""After an erasure nothing is left: not in a table, not in a file, not in a log."""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import text

from learntrace.accounts.callers import GameCaller
from learntrace.accounts.credentials import RememberedCallers, look_up
from learntrace.accounts.secrets import token_hash
from learntrace.ingestion.content import IncomingEvent
from learntrace.ingestion.submissions import Submission
from learntrace.ingestion.times import EARLIEST
from learntrace.ingestion.verdicts import Code, Rejected
from learntrace.ingestion.writer import Writer
from learntrace.kit import clock
from learntrace.kit.db import plain_dsn
from learntrace.kit.errors import NotFoundError
from learntrace.roster import players
from learntrace.student_records import erasing

from ..running import serving
from ..skills.lessons import lesson
from ..world import World, batch, bearer
from .life import API, MEETING, NOTE, SPOKEN, enrol, live_a_life
from .searching import found_in_database, found_in_files, traces_of

BACKEND = Path(__file__).parents[2]


async def test_of_a_student_who_lived_in_real_processes_nothing_is_left(
    world: World, database_url: str, tmp_path: Path
) -> None:
    """Serve, worker and the command as an operator runs them; with all they wrote searched."""
    log = tmp_path / "processes.log"
    with serving(database_url, log, DATA_DIR=str(tmp_path / "data"), LOG_LEVEL="debug") as running:
        async with httpx.AsyncClient(base_url=running.api_url, timeout=60) as api:
            lived = await live_a_life(api, world)
            written = (NOTE, MEETING, SPOKEN)
            words = (lived.name, lived.pupil_code, lived.source_id, *written, lived.token)
            traces = traces_of(lived.student_id, *words, token_hash(lived.token).hex())
            for own in (*lived.game_session_ids, UUID(lived.event["event_id"])):
                traces += traces_of(own)
            audio = tmp_path / "data" / "audio"
            assert found_in_files(audio, traces)
            assert set(await found_in_database(world.database, traces)) > {
                "adaptive_decisions",
                "answered_items",
                "assessments",
                "audio_files",
                "coaching_clients",
                "coaching_observations",
                "coaching_sessions",
                "enrolments",
                "events",
                "game_sessions",
                "notes",
                "player_tokens",
                "ratings",
                "session_answers",
                "students",
                "telemetry_batches",
                "transcript_features",
                "transcript_segments",
                "transcription_sessions",
            }
            command = ["students", "erase", "--school", "Hill School", "--yes", "--student"]
            erased = await asyncio.to_thread(
                subprocess.run,
                [sys.executable, "-m", "learntrace.cli", *command, str(lived.student_id)],
                cwd=BACKEND,
                env={"DATABASE_URL": database_url, "DATA_DIR": str(tmp_path / "data")},
                capture_output=True,
                check=True,
            )
            (tmp_path / "command.log").write_bytes(erased.stdout + erased.stderr)
            for _ in range(2):
                answer = await api.post(
                    "/api/v1/telemetry/events",
                    json=lived.event,
                    headers={"Authorization": f"Bearer {world.write_key}"},
                )
                assert answer.json()["rejected"][0]["code"] == "erased_student"
            answer = await api.get(
                f"/api/v1/students/{lived.student_id}",
                headers={"Authorization": f"Bearer {lived.admin}"},
            )
            assert answer.status_code == 404
            while found_in_files(audio, traces):  # the worker's next pass
                await asyncio.sleep(0.2)
            for url in (f"{running.ops_url}/metrics", running.worker_metrics_url):
                (tmp_path / f"{uuid4()}.metrics").write_text((await api.get(url)).text)
    assert await found_in_database(world.database, traces) == []
    assert log.stat().st_size > 0
    assert found_in_files(tmp_path, traces) == []
    folders = (Path(tempfile.gettempdir()), Path("/dev/shm"))
    databases = [file for one in folders for file in one.glob("*/postgres/log")]  # that run now
    assert any(file.stat().st_size for file in databases)
    assert [file for file in databases if found_in_files(file, traces)] == []


async def test_what_was_refused_is_kept_without_whom_it_was_of(
    api: httpx.AsyncClient, world: World
) -> None:
    lived = await live_a_life(api, world)
    details = await world.rows("select code, detail from rejections")
    assert {code for code, _ in details} >= {"invalid", "wrong_student", "timestamp_out_of_range"}
    told = " ".join(detail for _, detail in details).lower()
    for trace in traces_of(lived.student_id, lived.name, lived.pupil_code):
        assert trace.lower() not in told


@pytest.fixture
async def pupil(api: httpx.AsyncClient, world: World) -> UUID:
    student_id = uuid4()
    await enrol(world, student_id)
    return student_id


async def _caller(world: World, key: str) -> GameCaller:
    found = await look_up(world.database, RememberedCallers(), key)
    assert found is not None
    return found


def _incoming(student_id: UUID, **changes: Any) -> IncomingEvent:
    own: dict[str, Any] = {
        "index": 0,
        "event_id": uuid4(),
        "student_id": student_id,
        "game_session_id": uuid4(),
        "event_type": "task_start",
        "timestamp": clock.now(),
        "corrected_at": clock.now(),
        "data_text": "{}",
        "mission_id": None,
        "game_version": "1.0.0",
        "sequence": None,
        "content_hash": 7,
    }
    return IncomingEvent(**own | changes)


@pytest.fixture
async def writer(database_url: str) -> AsyncIterator[Writer]:
    started = Writer(database_url, connections=1, queue_events=1000, earliest=EARLIEST)
    await started.start()
    yield started
    await started.close()


async def _erase_when(world: World, student_id: UUID, waiting: asyncio.Event) -> None:
    await waiting.wait()
    async with world.database.transaction() as db:
        await erasing.erase(db, erasing.BY_COMMAND, world.school_id, student_id)


async def test_events_that_are_being_stored_are_erased_with_the_student(
    world: World, database_url: str, pupil: UUID
) -> None:
    """Many goes, each at its own moment: whoever is first, nothing stays."""
    caller = await _caller(world, world.write_key)
    writer = Writer(database_url, connections=2, queue_events=100_000, earliest=EARLIEST)
    await writer.start()
    sent: list[Submission] = []
    began = asyncio.Event()

    async def keep_sending() -> None:
        while True:
            events = [_incoming(pupil, index=n) for n in range(5)]
            one = Submission(caller, clock.now(), 5, events, [], batch_id=uuid4())
            await writer.submit(one)
            sent.append(one)
            if len(sent) == 20:
                began.set()
            if one.refused:
                return

    await asyncio.gather(*(keep_sending() for _ in range(6)), _erase_when(world, pupil, began))
    await writer.close()
    assert any(one.stored for one in sent)
    assert {verdict.code for one in sent for _, verdict in one.refused} == {Code.ERASED_STUDENT}
    assert await found_in_database(world.database, traces_of(pupil)) == []


@pytest.mark.parametrize("broken", [False, True])
async def test_a_batch_of_the_pupils_own_game_waits_for_the_erasure_and_leaves_no_mark(
    world: World, writer: Writer, *, broken: bool
) -> None:
    """The token stood when the batch was looked at; the student was gone when it was let on."""
    ada = world.students[0]
    caller = await _caller(world, world.player_token)
    refused = [Rejected(0, None, Code.INVALID, "timestamp: is no time")]
    events = [] if broken else [_incoming(ada)]
    invalid = refused if broken else []
    one = Submission(caller, clock.now(), 1, events, invalid, batch_id=uuid4())
    async with world.database.transaction() as db:
        await erasing.erase(db, erasing.BY_COMMAND, world.school_id, ada)
        sending = asyncio.create_task(writer.submit(one))
        await world.until_waiting()
    await sending
    assert one.revoked
    assert await found_in_database(world.database, traces_of(ada)) == []


async def test_a_sandbox_key_that_enrols_meanwhile_does_not_bring_the_id_in(
    world: World, writer: Writer, pupil: UUID
) -> None:
    caller = await _caller(world, world.sandbox_key)
    one = Submission(caller, clock.now(), 1, [_incoming(pupil)], [], batch_id=uuid4())
    async with world.database.transaction() as db:
        await erasing.erase(db, erasing.BY_COMMAND, world.school_id, pupil)
        sending = asyncio.create_task(writer.submit(one))
        await world.until_waiting()
    await sending
    assert [verdict.code for _, verdict in one.refused] == [Code.ERASED_STUDENT]
    assert await found_in_database(world.database, traces_of(pupil)) == []


async def test_an_erasure_is_not_stopped_by_a_batch_that_also_enrols_somebody(
    world: World, writer: Writer, pupil: UUID
) -> None:
    """The batch waits for the pupil before it holds what the erasure will wait for."""
    caller = await _caller(world, world.sandbox_key)
    await writer.submit(Submission(caller, clock.now(), 1, [_incoming(pupil)], []))
    stranger = _incoming(uuid4())
    one = Submission(caller, clock.now(), 2, [_incoming(pupil), stranger], [])
    async with world.database.transaction() as db:
        await db.execute(text("select 1 from students where id = :id for update"), {"id": pupil})
        sending = asyncio.create_task(writer.submit(one))
        await world.until_waiting()
        await asyncio.sleep(1.2)  # the batch has looked for a deadlock; the next would be ours
        await erasing.erase(db, erasing.BY_COMMAND, world.school_id, pupil)
    await sending
    assert [verdict.code for _, verdict in one.refused] == [Code.ERASED_STUDENT]
    assert one.stored == [stranger]
    assert await found_in_database(world.database, traces_of(pupil)) == []


async def test_whom_a_sandbox_key_is_just_enrolling_is_erased_as_well(
    world: World, writer: Writer, database_url: str, pupil: UUID
) -> None:
    """The erasure waits for the enrolment, whose transaction is held open by a lock."""
    caller = await _caller(world, world.sandbox_key)
    one = Submission(caller, clock.now(), 1, [_incoming(pupil)], [], batch_id=uuid4())
    holding = await asyncpg.connect(plain_dsn(database_url))
    held = holding.transaction()
    await held.start()
    await holding.execute("lock table telemetry_batches in access exclusive mode")
    sending = asyncio.create_task(writer.submit(one))
    await world.until_waiting()
    erasing_now = asyncio.create_task(_erase_when(world, pupil, _set()))
    await asyncio.sleep(0.3)
    await held.rollback()
    await holding.close()
    await asyncio.gather(sending, erasing_now)
    assert await found_in_database(world.database, traces_of(pupil)) == []


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


async def test_closing_and_assessing_while_the_student_is_erased_find_nobody(
    api: httpx.AsyncClient, world: World
) -> None:
    lived = await live_a_life(api, world)
    told = lesson(world, lived.student_id, uuid4(), at=clock.now(), tries_again=1)
    sent = await api.post(f"{API}/telemetry/batch", json=batch(told), headers=bearer(lived.token))
    assert sent.status_code == 201, sent.text
    calls = (
        (f"/telemetry/session/{told[0]['session_id']}/close", world.write_key),
        (f"/assessments/{lived.student_id}", lived.teacher),
        (f"/students/{lived.student_id}/erasure", lived.admin),
    )
    async with world.database.transaction() as db:
        await erasing.erase(db, erasing.BY_COMMAND, world.school_id, lived.student_id)
        asked = [
            asyncio.create_task(
                api.post(f"{API}{path}", json={"confirm": lived.name}, headers=bearer(token))
            )
            for path, token in calls
        ]
        await world.until_waiting(len(asked))
    assert [(await one).status_code for one in asked] == [404, 404, 404]
    traces = traces_of(lived.student_id, lived.name, lived.pupil_code)
    assert await found_in_database(world.database, traces) == []


async def test_nobody_joins_who_is_just_being_erased(world: World, pupil: UUID) -> None:
    joiner = players.Joiner(world.school_id, pupil, "x", frozenset())

    async def join() -> None:
        async with world.database.transaction() as db:
            await players.join(db, joiner, world.game_id, valid_s=60)

    async with world.database.transaction() as db:
        await erasing.erase(db, erasing.BY_COMMAND, world.school_id, pupil)
        joining = asyncio.create_task(join())
        await world.until_waiting()
    with pytest.raises(NotFoundError):
        await joining
    assert await found_in_database(world.database, traces_of(pupil)) == []
