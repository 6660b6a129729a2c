"""Who may have what transcribed, and what a refusal leaves as it was."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from learntrace.transcription_sessions import segments
from learntrace.transcription_sessions.heard import Heard
from learntrace.transcription_sessions.states import Status
from learntrace.transcription_sessions.transcription.engines import Engines
from tests.classroom.conftest import SchoolDay
from tests.skills.conftest import Ask

from ..world import now
from .given import add_audio_consent
from .scripted import ScriptedTranscriber
from .starting import MINUTE_S, Given, put_on_plan, start, stored


@pytest.fixture(autouse=True)
def _engine(app: FastAPI) -> None:
    app.state.engines = Engines((ScriptedTranscriber(),))


async def reserved_s(day: SchoolDay) -> int:
    query = "select coalesce(sum(amount), 0) from usage_entries where meter = 'transcribed_s'"
    return int(await day.world.one(query))


async def test_the_engines_are_listed(ask: Ask) -> None:
    assert (await ask("teacher", "GET", "/sessions/providers")).json() == {
        "providers": [
            {"name": "scripted", "model": "play", "languages": ["en"], "cost_per_minute_micro": 0}
        ],
        "languages": ["en"],
        "default": "scripted",
    }


async def test_without_an_engine_the_list_is_empty(ask: Ask, app: FastAPI) -> None:
    app.state.engines = Engines(())
    told = (await ask("teacher", "GET", "/sessions/providers")).json()
    assert told == {"providers": [], "languages": [], "default": None}


async def test_a_recording_that_was_started_waits_for_a_worker(
    ask: Ask, day: SchoolDay, given: Given
) -> None:
    recording = await given()
    answer = await start(ask, recording)
    assert answer.status_code == 202
    assert answer.json()["task_id"] == str(recording)
    assert answer.json()["estimated_completion_minutes"] == 1
    told = (await ask("teacher", "GET", f"/sessions/{recording}/status")).json()
    assert told == {
        "session_id": str(recording),
        "status": "processing",
        "progress": 0.1,
        "progress_percentage": 10,
        "message": "Waiting for its turn.",
        "duration_processed": 0.0,
        "duration_total": MINUTE_S,
        "started_at": None,
        "estimated_completion": None,
        "processing_speed": None,
    }
    assert (await stored(day, recording)).claimed_until is not None
    assert await reserved_s(day) == MINUTE_S


@pytest.mark.parametrize("how", ["start", "retry"])
@pytest.mark.parametrize("status", list(Status))
async def test_it_begins_from_these_states_alone(
    ask: Ask, day: SchoolDay, given: Given, status: Status, how: str
) -> None:
    recording = await given(status=status)
    before = await stored(day, recording)
    answer = await start(ask, recording, how=how)
    allowed = {"start": {Status.PENDING, Status.COMPLETED}, "retry": {Status.FAILED}}[how]
    if status in allowed:
        assert answer.status_code == 202
    else:
        assert (answer.status_code, await stored(day, recording)) == (409, before)
        assert await reserved_s(day) == 0


@pytest.mark.parametrize("how", ["start", "retry"])
@pytest.mark.parametrize(
    "audio", [{"confirmed_at": None}, {"discarded_at": now()}], ids=["unconfirmed", "discarded"]
)
async def test_a_missing_file_leaves_the_state_unchanged(
    ask: Ask, day: SchoolDay, given: Given, audio: dict[str, Any], how: str
) -> None:
    recording = await given(
        audio=audio, status="pending" if how == "start" else "failed", error_message="Broken."
    )
    before = await stored(day, recording)
    answer = await start(ask, recording, how=how)
    assert (answer.status_code, await stored(day, recording)) == (409, before)
    assert "Upload the recording" in answer.json()["detail"]


async def test_an_object_that_is_lost_leaves_the_state_unchanged(
    ask: Ask, day: SchoolDay, given: Given, app: FastAPI
) -> None:
    recording = await given()
    await app.state.object_storage.delete_all(str(day.world.school_id))
    before = await stored(day, recording)
    answer = await start(ask, recording)
    assert (answer.status_code, await stored(day, recording)) == (409, before)


@pytest.mark.parametrize("state", [None, "pending", "revoked"])
async def test_without_consent_to_audio_nothing_is_transcribed(
    ask: Ask, day: SchoolDay, given: Given, state: str | None
) -> None:
    if state is not None:
        async with day.world.database.transaction() as db:
            await add_audio_consent(db, day.world.school_id, day.ada, state)
    recording = await given(student_id=day.ada)
    before = await stored(day, recording)
    answer = await start(ask, recording)
    assert (answer.status_code, answer.json()["code"]) == (403, "consent_missing")
    assert await stored(day, recording) == before


async def test_a_language_that_the_engine_lacks_is_refused(
    ask: Ask, day: SchoolDay, given: Given
) -> None:
    told = {"title": "Lesen", "language": "de"}
    answer = await ask("teacher", "POST", "/sessions", told)
    assert answer.status_code == 422
    assert "understands only: en" in answer.json()["detail"]
    assert await day.world.one("select count(*) from transcription_sessions") == 0
    recording = await given(language="de")
    before = await stored(day, recording)
    assert (await start(ask, recording)).status_code == 422
    assert await stored(day, recording) == before


async def test_a_transcript_in_any_language_can_be_uploaded(
    ask: Ask, day: SchoolDay, given: Given
) -> None:
    told = {"title": "Lesen", "language": "de", "stt_provider": "none"}
    assert (await ask("teacher", "POST", "/sessions", told)).status_code == 201
    recording = await given(language="de", stt_provider="none")
    answer = await start(ask, recording)
    assert (answer.status_code, (await stored(day, recording)).status) == (409, "pending")


async def test_an_engine_that_is_not_here_is_refused(ask: Ask, day: SchoolDay) -> None:
    told = {"title": "Reading", "language": "en", "stt_provider": "parrot"}
    answer = await ask("teacher", "POST", "/sessions", told)
    assert answer.status_code == 422
    assert "auto, none, scripted" in answer.json()["detail"]


async def test_over_the_plan_nothing_is_started(ask: Ask, day: SchoolDay, given: Given) -> None:
    await put_on_plan(day, "free")
    recording = await given(duration_s=200 * MINUTE_S + 1)
    before = await stored(day, recording)
    answer = await start(ask, recording)
    told = answer.json()
    assert (answer.status_code, told["plan"], told["limit"]) == (403, "free", 200)
    assert {"error", "message", "current_usage"} <= told.keys()
    assert (await stored(day, recording), await reserved_s(day)) == (before, 0)


async def test_one_at_a_time_where_the_plan_says_so(ask: Ask, day: SchoolDay, given: Given) -> None:
    await put_on_plan(day, "free")
    first, second = await given(), await given()
    assert (await start(ask, first)).status_code == 202
    answer = await start(ask, second)
    assert (answer.status_code, answer.json()["limit"]) == (403, 1)
    assert await reserved_s(day) == MINUTE_S


async def test_two_who_want_the_last_minutes_do_not_both_get_them(
    ask: Ask, day: SchoolDay, given: Given
) -> None:
    await put_on_plan(day, "student")
    both = [await given(duration_s=300 * MINUTE_S) for _ in range(2)]
    answers = await asyncio.gather(*(start(ask, one) for one in both))
    assert sorted(answer.status_code for answer in answers) == [202, 403]
    assert await reserved_s(day) == 300 * MINUTE_S


async def test_two_who_start_the_same_start_it_once(ask: Ask, day: SchoolDay, given: Given) -> None:
    recording = await given()
    answers = await asyncio.gather(start(ask, recording), start(ask, recording))
    assert sorted(answer.status_code for answer in answers) == [202, 409]


@pytest.mark.parametrize("how", ["start", "retry"])
async def test_anothers_is_unknown(ask: Ask, day: SchoolDay, given: Given, how: str) -> None:
    recording = await given()
    for who, one in (("colleague", recording), ("lake_admin", recording), ("teacher", uuid4())):
        for answer in (
            await start(ask, one, who, how),
            await ask(who, "GET", f"/sessions/{one}/status"),
        ):
            assert (answer.status_code, answer.json()["detail"]) == (404, "Session not found")


async def said(day: SchoolDay, recording: UUID, *heard: str) -> list[str]:
    """Store these, where there are any; what is stored then."""
    async with day.world.database.transaction() as db:
        if heard:
            parts = [Heard(n, n + 1, words) for n, words in enumerate(heard)]
            await segments.replace(db, day.world.school_id, recording, parts)
        found = await segments.of_session(db, day.world.school_id, recording)
    return [one.text for one in found]


async def test_a_retry_clears_what_was_transcribed_before(
    ask: Ask, day: SchoolDay, given: Given
) -> None:
    recording = await given(status="failed", error_message="It broke off.")
    await said(day, recording, "Half of it.")
    assert (await start(ask, recording, how="retry")).status_code == 202
    assert await said(day, recording) == []
    assert (await stored(day, recording)).error_message is None


async def test_what_is_transcribed_anew_has_to_be_checked_anew(
    ask: Ask, day: SchoolDay, given: Given
) -> None:
    recording = await given(status="completed", share=1)
    await said(day, recording, "All of it.")
    await day.world.rows(
        "update transcription_sessions set checked_at = now(), checked_by = owner_id returning 1"
    )
    assert (await start(ask, recording)).status_code == 202
    assert (await stored(day, recording)).checked_at is None
    assert await said(day, recording) == ["All of it."]


@pytest.mark.parametrize("status", list(Status))
async def test_each_status_is_the_same_word_in_its_progress(
    ask: Ask, day: SchoolDay, given: Given, status: Status
) -> None:
    recording = await given(status=status)
    told = (await ask("teacher", "GET", f"/sessions/{recording}/status")).json()
    detail = (await ask("teacher", "GET", f"/sessions/{recording}")).json()
    assert told["status"] == detail["status"] == status.value
    assert told["progress_percentage"] == detail["progress_percentage"]


async def test_it_does_not_stand_in_the_way_of_an_erasure(
    ask: Ask, day: SchoolDay, given: Given
) -> None:
    async with day.world.database.transaction() as db:
        await add_audio_consent(db, day.world.school_id, day.ada)
    recording = await given(student_id=day.ada)
    async with day.world.database.transaction() as db:
        await db.execute(text("select 1 from students where id = :id for update"), {"id": day.ada})
        starting = asyncio.create_task(start(ask, recording))
        await day.world.until_waiting()
        await db.execute(text("set local lock_timeout = '1s'"))
        await db.execute(text("delete from transcription_sessions"))
    assert (await starting).status_code == 404
