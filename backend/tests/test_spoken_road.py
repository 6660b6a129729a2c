"""From a voice to an assessment: a real server, worker, database, storage and engine."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import jiwer
import numpy as np
import pytest

from learntrace.transcription_sessions.heard import Heard
from learntrace.transcription_sessions.states import Role
from learntrace.transcription_sessions.transcription.engines import installed

from .running import serving
from .speech import RATE, Samples, plain_words, silence, spoken, wav
from .transcription_sessions.given import add_audio_consent, add_talk
from .world import World, add_signed_in, add_student, bearer, insert, now

pytestmark = pytest.mark.skipif(
    installed().default is None, reason="no speech-to-text here (extra [stt] absent)"
)
PATIENCE_S = 240
OFTEN_S = 0.1
CLASSMATES = 20
KINDS = {"mean_turn_words", "question_rate", "talk_ratio"}


def with_pauses(kind: str) -> Samples:
    return np.concatenate([part for one in spoken(kind) for part in (one.samples, silence(2))])


def lesson() -> tuple[bytes, float]:
    """A teacher calls out cards, then Ada reads from a novel; and from which second on."""
    cards = with_pauses("cards")
    return wav(np.concatenate([cards, with_pauses("librivox")])), len(cards) / RATE


@pytest.fixture
async def teacher(world: World) -> dict[str, str]:
    """The headers of somebody who teaches Ada, whose being recorded is agreed."""
    async with world.database.transaction() as db:
        user_id, token = await add_signed_in(db, "tess", "teacher", world.school_id)
        taught = {"school_id": world.school_id, "class_id": world.class_id}
        await insert(db, "teachings", user_id=user_id, **taught, started_at=now())
        await add_audio_consent(db, world.school_id, world.students[0])
        for number in range(CLASSMATES):
            pupil = uuid4()
            await add_student(db, world.school_id, pupil, f"Pupil {number}", f"TALKS{number}")
            await add_talk(db, world.school_id, user_id, pupil, talk_of(number))
    return bearer(token)


def talk_of(number: int) -> list[Heard]:
    """What others said, each differently, so that Ada's talk can be compared."""
    asked = " ".join(["Why?"] * (number % 5))
    said = " ".join(["We built a long bridge."] * (12 + number))
    return [
        Heard(0, 20, f"{said} {asked}", role=Role.STUDENT),
        Heard(20, 40, " ".join(["yes"] * (30 + 7 * (number % 6))), role=Role.TEACHER),
    ]


@dataclass(frozen=True)
class Asking:
    """Asks as somebody, and takes nothing but success for an answer."""

    client: httpx.AsyncClient

    async def __call__(self, method: str, path: str, **sent: Any) -> Any:
        answer = await self.client.request(method, f"/api/v1{path}", **sent)
        assert answer.is_success, (method, path, answer.status_code, answer.text)
        return answer.json()

    async def until(self, path: str, holds: Callable[[Any], bool]) -> list[Any]:
        """What was answered until it holds, the last time among it."""
        told = [await self("GET", path)]
        async with asyncio.timeout(PATIENCE_S):
            while not holds(told[-1]):
                await asyncio.sleep(OFTEN_S)
                told.append(await self("GET", path))
        return told


async def upload(ask: Asking, recording: str, content: bytes) -> None:
    """As a browser does it: who has the address needs no other credential."""
    wanted = {"filename": "lesson.wav", "file_size_mb": len(content) / 1024**2}
    offered = await ask("POST", f"{recording}/upload-url", params=wanted)
    async with httpx.AsyncClient(timeout=60) as browser:
        sent = await browser.put(offered["upload_url"], content=content)
    assert sent.is_success, sent.text
    confirmed = await ask("POST", f"{recording}/confirm-upload")
    assert (confirmed["ready_for_transcription"], confirmed["file_size"]) == (True, len(content))


async def give_roles(ask: Asking, recording: str, *, from_s: float) -> list[str]:
    """Ada speaks from there on; what she said."""
    told = (await ask("GET", f"{recording}/segments"))["segments"]
    hers = {one["id"] for one in told if one["end_sec"] > from_s}
    roles = {one["id"]: "student" if one["id"] in hers else "teacher" for one in told}
    await ask("PATCH", f"{recording}/segment-roles", json={"roles": roles})
    return [one["content"] for one in told if one["id"] in hers]


async def transcribe(ask: Asking, recording: str) -> None:
    """Start it and wait until the worker has done it; meanwhile it only gets further."""
    await ask("POST", f"{recording}/start-transcription")
    went = await ask.until(f"{recording}/status", lambda told: told["status"] != "processing")
    assert went[-1]["status"] == "completed", went[-1]
    progress = [one["progress_percentage"] for one in went]
    assert progress == sorted(progress)
    assert (progress[0] >= 10, progress[-1]) == (True, 100)


async def features_of(ask: Asking, recording: str) -> dict[str, Any]:
    found: dict[str, Any] = (await ask("GET", f"{recording}/features"))["features"]
    return found


def evidence_of_talk(assessment: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What a student's talk speaks for, by id."""
    talk = [one for one in assessment["evidence"] if one["source"] == "transcripts"]
    return {one["evidence_id"]: one for one in talk}


def files_in(folder: Path) -> int:
    return sum(one.is_file() for one in folder.rglob("*"))


# A real engine hears real speech, on a machine that does other things, too.
@pytest.mark.timeout(3 * PATIENCE_S)
async def test_from_a_voice_to_an_assessment(
    world: World, teacher: dict[str, str], database_url: str, tmp_path: Path
) -> None:
    ada, log, audio = world.students[0], tmp_path / "log", tmp_path / "data" / "audio"
    with serving(database_url, log, REFIT_PASS_S="1") as running:
        async with httpx.AsyncClient(
            base_url=running.api_url, headers=teacher, timeout=60
        ) as client:
            ask = Asking(client)
            told = {"title": "Reading", "language": "en", "student_id": str(ada)}
            made = await ask("POST", "/sessions", json=told)
            recording = f"/sessions/{made['id']}"
            content, hers_from_s = lesson()
            await upload(ask, recording, content)
            assert files_in(audio) == 1
            await transcribe(ask, recording)
            said = await give_roles(ask, recording, from_s=hers_from_s)
            read = " ".join(one.said for one in spoken("librivox"))
            assert jiwer.wer(read, plain_words(" ".join(said))) <= 0.15

            unread = await features_of(ask, recording)
            assert {(one["value"], one["reason"]) for one in unread.values()} == {
                (None, "not_reviewed")
            }
            await ask("PUT", f"{recording}/checked", json={"checked": True})
            exported = await ask("GET", f"{recording}/transcript", params={"format": "json"})
            assert [one["content"] for one in exported["segments"]][-len(said) :] == said
            features = await features_of(ask, recording)
            assert 0.5 < features["talk_ratio"]["value"] < 1

            [*_, assessment] = await ask.until(
                f"/assessments/{ada}", lambda told: len(evidence_of_talk(told)) == len(KINDS)
            )
            lines = evidence_of_talk(assessment)
            assert {one["kind"] for one in lines.values()} == KINDS
            for one in lines.values():
                assert one["transcription_session_id"] == made["id"]
                assert one["value"] == pytest.approx(features[one["kind"]]["value"])
            used = {one["skill"]: one["evidence"] for one in assessment["skills"]}
            assert {one["evidence_id"] for one in used["communication"]} == set(lines)

            # The voice is not kept once its words are held to be right.
            await ask.until(recording, lambda told: not told["has_audio"])
            async with asyncio.timeout(PATIENCE_S):
                while files_in(audio):
                    await asyncio.sleep(OFTEN_S)
