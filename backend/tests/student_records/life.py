"""A student who leaves something in every table, as students do: through the API."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from learntrace.assessment import inferring

from ..learning_sessions.given import add_scenario
from ..skills.lessons import lesson
from ..transcription_sessions.sounds import sound
from ..world import World, add_signed_in, add_student, batch, bearer, insert, now

API = "/api/v1"
NAME = "Zoltan Quirkfield"
PUPIL_CODE = "ZQXWVU"
SOURCE_ID = "sis-77-quirk"
SPOKEN = "I am Zoltan and we built a bridge from paper."
SAID = f"""WEBVTT

00:00.000 --> 00:30.000
<v Zoltan>{f"{SPOKEN} " * 6}

00:30.000 --> 00:40.000
<v Ms Hill>Did it hold?
"""
NOTE = "Zoltan helped a classmate with the waves."
MEETING = "Quirkfield wants to plan the way there first."


@dataclass(frozen=True)
class Life:
    """`token` is the student's player token, `teacher` and `admin` access tokens."""

    student_id: UUID
    name: str
    pupil_code: str
    source_id: str
    token: str
    teacher: str
    admin: str
    game_session_ids: tuple[UUID, ...]
    event: dict[str, Any]


async def enrol(world: World, student_id: UUID) -> None:
    async with world.database.transaction() as db:
        await add_student(db, world.school_id, student_id, NAME, PUPIL_CODE)
        await db.execute(
            text("update students set source_id = :source where id = :id"),
            {"source": SOURCE_ID, "id": student_id},
        )
        await insert(
            db,
            "enrolments",
            school_id=world.school_id,
            class_id=world.class_id,
            student_id=student_id,
            started_at=now(),
        )


async def live_a_life(api: httpx.AsyncClient, world: World) -> Life:
    """Joined, played, closed, offered something, recorded, assessed, rated, noted; refused, too."""
    student_id = uuid4()
    await enrol(world, student_id)
    async with world.database.transaction() as db:
        teacher_id, teacher = await add_signed_in(db, "t", "teacher", world.school_id)
        _, admin = await add_signed_in(db, "a", "school_admin", world.school_id)
        await insert(
            db,
            "teachings",
            user_id=teacher_id,
            school_id=world.school_id,
            class_id=world.class_id,
            started_at=now(),
        )
    codes = {"game_id": str(world.game_id), "class_code": "CLASS5", "pupil_code": PUPIL_CODE}
    joined = await _ask(api, "POST", "/players/join", codes)
    token = joined["player_token"]
    sessions = (uuid4(), uuid4())
    began = now() - timedelta(minutes=10)
    told = lesson(world, student_id, sessions[0], at=began, tries_again=3)
    broken = world.event(student_id=student_id, session_id=sessions[0], timestamp=PUPIL_CODE)
    ancient = world.event(student_id=student_id, timestamp="1999-01-01T00:00:00Z")
    await _ask(api, "POST", "/telemetry/batch", batch([*told, broken, ancient]), token=token)
    await _ask(api, "POST", f"/telemetry/session/{sessions[0]}/close", token=token)
    other = lesson(world, student_id, sessions[1], at=began, tries_again=2)
    foreign = world.event(student_id=world.students[0], session_id=sessions[1])
    key = world.write_key
    await _ask(api, "POST", "/telemetry/batch", batch([*other, foreign, broken]), token=key)
    await _ask(api, "GET", f"/adaptive/{student_id}/next", token=token)
    seen = {"student_id": str(student_id), "skill": "resilience", "level": 4}
    await _ask(api, "POST", "/ratings", {"ratings": [seen]}, token=teacher)
    await _ask(api, "POST", f"/students/{student_id}/notes", {"text": NOTE}, token=teacher)
    wrong = {"about": "note", "text": f"It was not {NAME}.", "asked_by": "father"}
    await _ask(api, "POST", f"/students/{student_id}/amendments", wrong, token=teacher)
    await _meet(api, student_id, teacher)
    about = {"student_id": str(student_id), "session_type": "content_study", "language": "en"}
    studied = await _ask(api, "POST", "/learning-sessions", about, token=teacher)
    await _ask(api, "POST", f"/learning-sessions/{studied['id']}/complete", token=teacher)
    async with world.database.transaction() as db:
        scenario_id = await add_scenario(db, world.school_id)
    given = {"kind": "scenario", "source_id": str(scenario_id), "student_ids": [str(student_id)]}
    await _ask(api, "POST", "/learning-sessions/assignments", given, token=teacher)
    for step in ("start", "complete"):
        path, whose = f"/scenarios/{scenario_id}/{step}", {"student_id": str(student_id)}
        await _ask(api, "POST", path, whose, token=token)
    await _is_recorded(api, student_id, teacher, admin)
    await _talk(api, student_id, teacher)
    await _ask(api, "POST", f"/assessments/{student_id}", token=teacher)
    await _ask(api, "POST", "/ratings", {"ratings": [seen]}, token=teacher)
    async with world.database.transaction() as db:  # unless a worker was quicker
        await inferring.infer(db, world.school_id, student_id)
    await _ask(api, "POST", "/ratings", {"ratings": [seen]}, token=teacher)
    return Life(student_id, NAME, PUPIL_CODE, SOURCE_ID, token, teacher, admin, sessions, told[0])


async def _meet(api: httpx.AsyncClient, student_id: UUID, teacher: str) -> None:
    """Coached once, and seen there."""
    client = await _ask(api, "POST", "/clients", {"student_id": str(student_id)}, token=teacher)
    told = {"client_id": client["id"], "session_date": "2026-03-02", "notes": MEETING}
    meeting = await _ask(api, "POST", "/coaching-sessions/", told, token=teacher)
    seen = {"skill": "problem_solving", "level": 3, "text": f"{NAME} drew it."}
    path = f"/coaching-sessions/{meeting['id']}/observations"
    await _ask(api, "POST", path, seen, token=teacher)


async def _is_recorded(api: httpx.AsyncClient, student_id: UUID, teacher: str, admin: str) -> None:
    """Consent to audio, and a recording whose audio is there."""
    consent = f"/students/{student_id}/consents/audio"
    await _ask(api, "PUT", consent, {"state": "verified"}, token=admin)
    told = {"title": f"{NAME} reads", "language": "en", "stt_provider": "none"}
    told["student_id"] = str(student_id)
    one = (await _ask(api, "POST", "/sessions", told, token=teacher))["id"]
    wanted = f"/sessions/{one}/upload-url?filename={NAME}.wav&file_size_mb=1"
    address = await _ask(api, "POST", wanted, token=teacher)
    answer = await api.put(address["path"], content=sound("wav") + NAME.encode())
    assert answer.is_success, answer.text
    told = await _ask(api, "POST", f"/sessions/{one}/confirm-upload", token=teacher)
    assert told["file_exists"]


async def _talk(api: httpx.AsyncClient, student_id: UUID, teacher: str) -> None:
    """A talk with the teacher, written down and checked."""
    about = {"title": f"Reading with {NAME}", "language": "en", "student_id": str(student_id)}
    made = await _ask(api, "POST", "/sessions", about, token=teacher)
    answer = await api.post(
        f"{API}/sessions/{made['id']}/transcript",
        files={"file": ("talk.vtt", SAID.encode())},
        data={"roles": json.dumps({"Zoltan": "student", "Ms Hill": "teacher"}), "checked": "true"},
        headers=bearer(teacher),
    )
    assert answer.is_success, answer.text


async def _ask(
    api: httpx.AsyncClient, method: str, path: str, body: Any = None, token: str = ""
) -> dict[str, Any]:
    headers = bearer(token) if token else {}
    answer = await api.request(method, f"{API}{path}", json=body, headers=headers)
    assert answer.is_success, (path, answer.text)
    found: dict[str, Any] = answer.json()
    return found
