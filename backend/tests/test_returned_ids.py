"""What an answer says was made can be read again, at once, by whoever made it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from .access.places import Place, settle
from .access.route import CAPTIONS
from .classroom.conftest import SchoolDay, day
from .test_routes import operations
from .transcription_sessions.given import add_audio_consent
from .world import batch

__all__ = ["day"]
API = "/api/v1"
MEETING = "/coaching-sessions/{coaching_session_id}"


@dataclass(frozen=True)
class Made:
    """`body` is sent as `who`; `found` is where the `id` of the answer is read again.

    `captions` are sent as a file in place of a body.
    """

    body: Callable[[dict[str, str]], Any]
    found: str
    id: str = "id"
    who: str = "school_admin"
    captions: bool = False

    def sent(self, names: dict[str, str]) -> dict[str, Any]:
        if self.captions:
            return {"files": {"file": ("transcript.vtt", CAPTIONS)}}
        return {"json": self.body(names)}


def _nothing(_: dict[str, str]) -> None:
    return None


def _of_student(names: dict[str, str]) -> dict[str, str]:
    return {"student_id": names["student_id"]}


def _met(names: dict[str, str]) -> dict[str, str]:
    return {"client_id": names["client_id"], "session_date": "2026-03-02"}


MADE = {
    "/assessments/{student_id}": Made(_nothing, "/assessments/{student_id}/history"),
    "/clients": Made(_of_student, "/clients/{id}"),
    "/coaching-sessions": Made(_met, "/coaching-sessions/{id}"),
    "/coaching-sessions/": Made(_met, "/coaching-sessions/{id}"),
    f"{MEETING}/transcript": Made(_nothing, "/sessions/{id}", captions=True),
    f"{MEETING}/observations": Made(lambda _: {"skill": "empathy", "level": 2}, MEETING),
    "/content": Made(
        lambda _: {
            "title": "The ferry",
            "content_type": "text",
            "language": "en",
            "difficulty": "beginner",
        },
        "/content/{id}",
    ),
    "/content/{content_id}/start": Made(_of_student, "/learning-sessions/{id}"),
    "/learning-sessions": Made(
        lambda names: _of_student(names) | {"session_type": "conversation", "language": "en"},
        "/learning-sessions/{id}",
    ),
    "/sessions": Made(
        lambda names: _of_student(names) | {"title": "Reading", "language": "en"}, "/sessions/{id}"
    ),
    "/students/{student_id}/amendments": Made(
        lambda _: {"about": "note", "text": "It was Ben.", "asked_by": "mother"},
        "/students/{student_id}/amendments",
    ),
    "/students/{student_id}/notes": Made(
        lambda _: {"text": "Helped."}, "/students/{student_id}/notes"
    ),
    "/telemetry/batch": Made(
        lambda names: batch([_event(names)]), "/telemetry/status/{id}", "batch_id", "write_key"
    ),
    "/users": Made(
        lambda _: {"username": "new", "display_name": "New", "role": "teacher"},
        "/users",
        "user.id",
    ),
    "/write-keys": Made(
        lambda names: {"game_id": names["game_id"], "environment": "live", "name": "new"},
        "/write-keys",
        "write_key.id",
    ),
    "/write-keys/{key_id}/rotate": Made(
        lambda _: {"overlap_hours": 1}, "/write-keys", "write_key.id"
    ),
}
NO_ID = {
    "/learning-sessions/assignments": "to how many something was assigned",
    "/players/join": "a token",
    "/ratings": "how many were stored",
    "/telemetry/events": "how many were stored; an event's id is the game's own",
    "/users/{user_id}/password-reset": "a token",
}


def _event(names: dict[str, str]) -> dict[str, Any]:
    return {
        "event_id": str(uuid4()),
        "student_id": names["student_id"],
        "session_id": str(uuid4()),
        "event_type": "task_start",
        "timestamp": "2026-03-02T08:15:30Z",
        "data": {},
    }


def test_whatever_makes_something_is_known_here(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    making = {
        path.removeprefix(API)
        for method, path in operations(app)
        if method == "post" and "201" in paths[path][method]["responses"]
    }
    assert making == set(MADE) | set(NO_ID)


@pytest.fixture
async def place(day: SchoolDay) -> Place:
    """Ada's things."""
    world = day.world
    async with world.database.transaction() as db:
        await add_audio_consent(db, world.school_id, day.ada)
        return await settle(
            day,
            db,
            "5a",
            school_id=world.school_id,
            class_id=world.class_id,
            game_id=world.game_id,
            student_id=day.ada,
        )


def _named(told: Any, path: str) -> str:
    for part in path.split("."):
        told = told[part]
    return str(told)


async def test_what_was_made_is_found_again(
    app: FastAPI, api: httpx.AsyncClient, day: SchoolDay, place: Place
) -> None:
    for path, made in MADE.items():
        app.state.rate_limits.reset()
        names = place.names("school admin")
        headers = day.headers(made.who)
        told = await api.post(API + path.format(**names), **made.sent(names), headers=headers)
        assert told.status_code == 201, (path, told.text)
        made_id = _named(told.json(), made.id)
        address = API + made.found.format(**names | {"id": made_id})
        found = await api.get(address, headers=headers)
        assert found.status_code == 200, (path, found.text)
        assert made_id in found.text, path
