"""Every route leaves an entry of just whom it told people of, or tells them of nobody."""

import json
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from learntrace.audit.words import WORDS
from learntrace.kit.object_storage import ObjectStorage
from tests.coaching_sessions.given import add_client, add_meeting, add_observation
from tests.learning_sessions.given import FERRY, FERRY_CHANGED, add_content, add_reviewing
from tests.test_routes import operations
from tests.transcription_sessions.given import add_audio_consent, add_audio_file, lay_audio

from .conftest import Ask, Entries, SchoolDay

API = "/api/v1"
COUNTS = "numbers of all pupils together"
SETTINGS = "what a school, a game or a person chose; no student is in it"
OF_STAFF = "who works at the school; no student is in it"
OF_GAMES = "a game's or a pupil's own play: it is the record itself"
NO_STUDENT = "a client whom it is about is no student"
TELLS_OF_NOBODY = {
    "PATCH /clients/{client_id}": NO_STUDENT,
    "POST /auth/login": SETTINGS,
    "POST /auth/refresh": SETTINGS,
    "POST /auth/logout": SETTINGS,
    "GET /auth/me": SETTINGS,
    "POST /players/join": OF_GAMES,
    "POST /players/renew": OF_GAMES,
    "POST /telemetry/events": OF_GAMES,
    "POST /telemetry/batch": OF_GAMES,
    "POST /telemetry/validate": OF_GAMES,
    "GET /telemetry/status/{batch_id}": OF_GAMES,
    "PUT /uploads/{token}": "takes what whoever asked for the address was entered for",
    "POST /telemetry/session/{session_id}/close": OF_GAMES,
    "GET /adaptive/{student_id}/next": OF_GAMES,
    "GET /games": COUNTS,
    "GET /games/{game_id}/event-types": COUNTS,
    "GET /games/{game_id}/data-health": COUNTS,
    "GET /games/{game_id}/mapping": SETTINGS,
    "PUT /games/{game_id}/mapping": SETTINGS,
    "PUT /games/{game_id}/mapping-choice": SETTINGS,
    "GET /ratings/rubric": SETTINGS,
    "GET /fusion/weights": SETTINGS,
    "PUT /fusion/weights": SETTINGS,
    "GET /schools/consent-policy": COUNTS,
    "PUT /schools/consent-policy": SETTINGS,
    "GET /schools/recordings": SETTINGS,
    "PUT /schools/recordings": SETTINGS,
    "GET /schools/retention": SETTINGS,
    "PUT /schools/retention": SETTINGS,
    "GET /schools/retention/preview": COUNTS,
    "GET /schools/recordings-retention": COUNTS,
    "PUT /schools/recordings-retention": COUNTS,
    "POST /plan/validate-action": COUNTS,
    "GET /plan/current-usage": COUNTS,
    "GET /plan/budget": COUNTS,
    "PUT /plan/budget": SETTINGS,
    "GET /plans": SETTINGS,
    "GET /plans/current": SETTINGS,
    "GET /plans/compare": SETTINGS,
    "GET /plans/{plan_id}": SETTINGS,
    "GET /sessions/providers": SETTINGS,
    "GET /classes": COUNTS,
    "POST /content": SETTINGS,
    "GET /content": SETTINGS,
    "GET /content/facets": SETTINGS,
    "GET /content/{content_id}": SETTINGS,
    "PUT /content/{content_id}": SETTINGS,
    "DELETE /content/{content_id}": SETTINGS,
    "PUT /content/{content_id}/favourite": SETTINGS,
    "GET /scenarios": SETTINGS,
    "GET /scenarios/{scenario_id}": SETTINGS,
    "GET /system/status": COUNTS,
    "GET /users": OF_STAFF,
    "POST /users": OF_STAFF,
    "PATCH /users/{user_id}": OF_STAFF,
    "POST /users/{user_id}/password-reset": OF_STAFF,
    "POST /auth/password": OF_STAFF,
    "GET /write-keys": SETTINGS,
    "POST /write-keys": SETTINGS,
    "POST /write-keys/{key_id}/rotate": SETTINGS,
    "POST /write-keys/{key_id}/revoke": SETTINGS,
}
# Take a file; the roster is asked below.
ROSTER = "POST /roster/import"
TRANSCRIPT = "POST /sessions/{transcription_session_id}/transcript"
# Whose they are is asked for in the query.
OF_ONE_STUDENT = (
    "GET /review-cards",
    "GET /scenarios/progress",
    "GET /scenarios/{scenario_id}/progress",
    "DELETE /scenarios/{scenario_id}/progress",
    "GET /content/{content_id}/history",
)
ONE_OPEN = "select coalesce((array_agg(id))[1:1], '{}') from assignments where done_at is null"
RECORDING = "select id from transcription_sessions order by created_at limit 1"
SEGMENT = f"select id from transcript_segments where transcription_session_id = ({RECORDING})"
# What others need, or complete, comes first, and after the erasure nobody is there.
FIRST = [
    "POST /learning-sessions",
    "DELETE /learning-sessions/{learning_session_id}",
    "DELETE /scenarios/{scenario_id}/progress",
    "POST /students/{student_id}/notes",
    "POST /students/{student_id}/amendments",
    "POST /sessions",
    TRANSCRIPT,
]
# What is asked for there is Ada's, whether or not the answer says so.
ABOUT_ADA = (
    *("/game-sessions/", "/learning-sessions/", "/sessions/"),
    *("/clients/", "/coaching-sessions/", "/review-cards/"),
)
START = "POST /sessions/{transcription_session_id}/start-transcription"
RETRY = "POST /sessions/{transcription_session_id}/retry-transcription"
ERASE = "POST /students/{student_id}/erasure"
LISTEN = "GET /sessions/{transcription_session_id}/audio"
OFFER = "POST /sessions/{transcription_session_id}/upload-url"
DELETE = "DELETE /sessions/{transcription_session_id}"
CANCEL = "POST /sessions/{transcription_session_id}/cancel"
LAST = [OFFER, START, RETRY, CANCEL, DELETE, ERASE]


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Method and path, as in the log, in an order in which each can be called."""
    found = [
        f"{method.upper()} {path.removeprefix(API)}"
        for method, path in operations(app)
        if path.startswith(API)
    ]
    assert set(found) >= set(TELLS_OF_NOBODY)
    found.sort(key=lambda one: (one not in FIRST, one in LAST and 1 + LAST.index(one)))
    return [(one.split(" ")[0], one.split(" ")[1]) for one in found]


async def coached(day: SchoolDay) -> dict[str, UUID]:
    """Ada as a client, and as one whom the administrator met and rated."""
    school_id, coach_id = day.world.school_id, day.users["school_admin"]
    async with day.world.database.transaction() as db:
        client_id = await add_client(db, school_id, coach_id, student_id=day.ada)
        met_id = await add_client(db, school_id, coach_id, student_id=day.ada)
        meeting_id = await add_meeting(db, school_id, coach_id, met_id)
        rating_id = await add_observation(db, school_id, coach_id, meeting_id, day.ada)
    return {"client_id": client_id, "coaching_session_id": meeting_id, "rating_id": rating_id}


async def concrete(day: SchoolDay, path: str) -> str:
    ids = {
        "class_id": day.world.class_id,
        "student_id": day.ada,
        "game_session_id": day.live,
        "game_id": day.world.game_id,
        **await coached(day),
        "note_id": await day.world.one("select id from notes"),
        "amendment_id": await day.world.one("select id from amendment_requests"),
        "transcription_session_id": await day.world.one(RECORDING),
        **await learning(day),
        "skill": "empathy",
        "kind": "research",
    }
    for part in path.split("/"):
        if part.startswith("{"):
            path = path.replace(part, str(ids.get(part[1:-1]) or uuid4()))
    return path


async def learning(day: SchoolDay) -> dict[str, UUID]:
    """What Ada learns with a tutor."""
    async with day.world.database.transaction() as db:
        admin_id = day.users["school_admin"]
        content_id = await add_content(db, day.world.school_id, admin_id)
        ids = await add_reviewing(db, day.world.school_id, day.ada, admin_id)
        return ids | {"content_id": content_id}


async def body_of(day: SchoolDay, route: str) -> Any:
    segment_id = str(await day.world.one(SEGMENT))
    one_open = [str(one) for one in await day.world.one(ONE_OPEN)]
    session = "/sessions/{transcription_session_id}"
    ada, ben = str(day.ada), str(day.ben)
    client_id = await day.world.one("select id from coaching_clients")
    meeting = {"client_id": str(client_id), "session_date": "2026-03-02"}
    seen = {"skill": "empathy", "level": 2}
    wrong = {"about": "note", "text": "It was Ben.", "asked_by": "mother"}
    decision = "POST /students/{student_id}/amendments/{amendment_id}/decision"
    recording = {"title": "Reading", "language": "en", "student_id": ada}
    assigned = {"kind": "review", "student_ids": [ada, ben]}
    scenario = {"student_id": ada}
    bodies = {
        "POST /learning-sessions": {"session_type": "conversation", "language": "en"} | scenario,
        "POST /learning-sessions/assignments": assigned,
        "POST /learning-sessions/assignments/withdraw": {"assignment_ids": one_open},
        "POST /content": FERRY,
        "PUT /content/{content_id}": FERRY_CHANGED,
        "PUT /content/{content_id}/favourite": {"favourite": True},
        "POST /content/{content_id}/start": scenario,
        "POST /scenarios/{scenario_id}/start": scenario,
        "POST /scenarios/{scenario_id}/progress": {"phase": "counter"} | scenario,
        "POST /scenarios/{scenario_id}/complete": scenario,
        "POST /review-cards/{card_id}/answer": {"recall": "good"},
        "PATCH /learning-sessions/{learning_session_id}": {"items_correct": 1},
        "POST /sessions": recording,
        f"PATCH {session}/speaker-roles": {"roles": {"S1": "student"}},
        f"PATCH {session}/segment-roles": {"roles": {segment_id: "student"}},
        f"PATCH {session}/segment-content": {"contents": {segment_id: "Twelve."}},
        f"PUT {session}/checked": {"checked": True},
        "POST /infer-batch": {"student_ids": [ada, ben]},
        "POST /ratings": {"ratings": [{"student_id": ada} | seen]},
        "POST /students/{student_id}/notes": {"text": "Helped."},
        "PUT /students/{student_id}/extra-time": {"extra_time": True},
        "PUT /students/{student_id}/consents/{kind}": {"state": "verified"},
        "POST /consents": {"student_ids": [ada, ben], "kind": "play", "state": "verified"},
        "POST /students/{student_id}/amendments": wrong,
        decision: {"accepted": True, "words": "It was."},
        "POST /students/{student_id}/erasure": {"confirm": "Ada"},
        "POST /clients": {"student_id": ada},
        "POST /coaching-sessions": meeting,
        "POST /coaching-sessions/": meeting,
        "PATCH /coaching-sessions/{coaching_session_id}": {"notes": "Fractions."},
        "POST /coaching-sessions/{coaching_session_id}/observations": seen,
    }
    return bodies.get(route)


async def make_ready(day: SchoolDay, storage: ObjectStorage, route: str) -> None:
    """Let the recording stand so that it can be asked for."""
    stands = {START: "pending", RETRY: "failed", LISTEN: "completed", OFFER: "failed"}
    status = stands.get(route)
    if status is not None:
        set_status = f"update transcription_sessions set status = :s where id = ({RECORDING})"
        recording = await day.world.one(f"{set_status} returning id", s=status)
        async with day.world.database.transaction() as db:
            await add_audio_file(db, day.world.school_id, recording)
            await lay_audio(db, storage)


async def upload(api: httpx.AsyncClient, day: SchoolDay, address: str) -> httpx.Response:
    files = {"file": ("talk.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v S1>Twelve.\n")}
    headers = day.headers("school_admin")
    return await api.post(f"{API}{address}", files=files, headers=headers)


async def test_each_leaves_an_entry_of_just_whom_it_told_of(
    api: httpx.AsyncClient, app: FastAPI, ask: Ask, day: SchoolDay, entries: Entries
) -> None:
    pupils = [*day.world.students, day.tess, day.world.foreign_student]
    async with day.world.database.transaction() as db:
        await add_audio_consent(db, day.world.school_id, day.ada)
    for method, path in routes(app):
        route = f"{method} {path}"
        if route in TELLS_OF_NOBODY or route == ROSTER:
            continue
        address, body = await concrete(day, path), await body_of(day, route)
        if route in OF_ONE_STUDENT:
            address += f"?student_id={day.ada}"
        await make_ready(day, app.state.object_storage, route)
        query = {"filename": "a.wav", "file_size_mb": 1} if route == OFFER else {}
        if path.endswith("/transcript") and method == "POST":
            answer = await upload(api, day, address)
        else:
            answer = await ask("school_admin", method, address, body, **query)
        assert answer.is_success, (route, "is it called rightly here?", answer.text)
        told = address + json.dumps(body)
        if answer.headers.get("content-type") == "application/json":
            told += answer.text
        whom = {one for one in pupils if str(one) in told}
        if path.startswith(ABOUT_ADA):
            whom.add(day.ada)
        found = await entries()
        assert len(found) == 1, (route, "no entry, or several; or it tells of nobody, see above")
        [entry] = found
        assert entry.action == route
        assert route in WORDS, "say in learntrace.audit.words what it does"
        if route != ERASE:
            assert entry.students == whom, route
        assert len(entry.pseudonyms) == len(whom) > 0, route
        assert entry.class_id == (day.world.class_id if "class_id" in path else None), route
        assert (entry.by, entry.school_id) == ("person", day.world.school_id)
        assert (entry.person_id, entry.person_name) == (day.users["school_admin"], "school_admin")


async def test_a_roster_leaves_an_entry_of_just_whom_it_touches(
    api: httpx.AsyncClient, day: SchoolDay, entries: Entries
) -> None:
    async def send(who: str, *, dry_run: bool = False) -> None:
        lines = "class,given_name,family_name,external_id\n" + who
        headers = day.headers("school_admin") | {"Content-Type": "text/csv"}
        answer = await api.post(
            f"{API}/roster/import?dry_run={dry_run}", content=lines, headers=headers
        )
        assert answer.json()["problems"] == []

    await send("5c,Zora,Quirk,sis-1\n5c,Yann,Plain,sis-2\n")
    [added] = await entries()
    assert (added.action, len(added.students)) == (ROSTER, 2)
    assert added.person_id == day.users["school_admin"]
    for dry_run in (True, False):
        await send("5c,Zora,Quirk,sis-1\n5c,Jan,Plain,sis-2\n", dry_run=dry_run)
        [renamed] = await entries()
        assert renamed.action == (f"{ROSTER} --dry-run" if dry_run else ROSTER)
        assert renamed.action in WORDS
        yann = await day.world.one("select id from students where source_id = 'sis-2'")
        assert renamed.students == {yann}


async def test_the_others_tell_of_nobody(
    app: FastAPI, api: httpx.AsyncClient, day: SchoolDay, entries: Entries
) -> None:
    for method, path in routes(app):
        if f"{method} {path}" not in TELLS_OF_NOBODY or path == "/auth/logout":
            continue
        address = await concrete(day, path)
        for who in ("school_admin", "teacher", "system_admin", "developer"):
            answer = await api.request(method, f"{API}{address}", json={}, headers=day.headers(who))
            assert answer.status_code < 500
            for one in (*day.world.students, day.tess, day.world.foreign_student):
                assert str(one) not in answer.text.replace(address, ""), (method, path)
    assert await entries() == []
