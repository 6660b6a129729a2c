"""Every route, asked by everybody for everything: docs/access.md says what they are answered."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from learntrace.accounts.callers import Role
from learntrace.accounts.users import add_user
from learntrace.openapi import OPEN_PATHS
from learntrace.transcription_sessions.upload_addresses import UploadAddress, sign
from tests.accounts.conftest import PASSWORD
from tests.classroom.conftest import SchoolDay
from tests.test_routes import operations
from tests.transcription_sessions.given import (
    add_audio_file,
    add_transcription_session,
    lay_audio,
)
from tests.world import now

from .asking import Asked, Asking, Same
from .callers import settle_callers
from .places import Caller
from .routes import OPEN, SECTIONS
from .table import cell, document

DOCUMENT = Path(__file__).parents[3] / "docs" / "access.md"
ASKED = [route for routes in SECTIONS.values() for route in routes]


def test_every_route_is_asked_once(app: FastAPI) -> None:
    """A new route gets a row in `routes`."""
    listed = [route.key for route in (*OPEN, *ASKED)]
    assert sorted(listed) == sorted(operations(app))
    assert {route.path for route in OPEN} == OPEN_PATHS


def test_no_route_is_left_out_of_the_description(app: FastAPI) -> None:
    served = {
        (method.lower(), route.path)
        for route in iter_route_contexts(app.routes)
        for method in route.methods
    }
    assert served == set(operations(app))


@pytest.fixture
async def callers(app: FastAPI, day: SchoolDay) -> list[Caller]:
    async with day.world.database.transaction() as db:
        callers = await settle_callers(day, db)
        await lay_audio(db, app.state.object_storage)
        return callers


async def upload_token(app: FastAPI, day: SchoolDay) -> str:
    """What an address ends with that audio can be uploaded to."""
    school_id, owner_id = day.world.school_id, day.users["teacher"]
    expires_at = now() + timedelta(hours=1)
    expected = {"filename": "a.mp3", "object_id": None, "confirmed_at": None}
    async with day.world.database.transaction() as db:
        one = await add_transcription_session(db, school_id, owner_id, status="uploading")
        audio_id = await add_audio_file(db, school_id, one, **expected, expires_at=expires_at)
    return sign(app.state.upload_key, UploadAddress(school_id, audio_id, expires_at))


async def signed_in(api: httpx.AsyncClient, day: SchoolDay) -> dict[str, str]:
    """Name and password of somebody, and a refresh token."""
    known = {"username": "known", "password": PASSWORD}
    async with day.world.database.transaction() as db:
        role, school_id = Role.TEACHER, day.world.school_id
        await add_user(db, **known, display_name="Known", role=role, school_id=school_id)
    answer = await api.post("/api/v1/auth/login", json=known)
    return known | {"refresh_token": answer.json()["refresh_token"]}


# Some two thousand requests.
@pytest.mark.timeout(900)
async def test_everybody_is_answered_as_the_table_says(
    app: FastAPI,
    api: httpx.AsyncClient,
    day: SchoolDay,
    callers: list[Caller],
    database_url: str,
    request: pytest.FixtureRequest,
    measured_elsewhere: None,
) -> None:
    common = {"skill": "empathy", "kind": "play", "plan_id": "pro"}
    common |= {"token": await upload_token(app, day)} | await signed_in(api, day)
    async with Same.of(database_url) as same:
        asking = Asking(app, api, same, common)
        for route in OPEN:
            for caller, asked in (await asking.everybody(route, callers)).items():
                assert asked.own == [None] * len(asked.own), (route.key, caller)
        answers = {route.key: await asking.everybody(route, callers) for route in ASKED}
    told = document(answers, callers)
    if request.config.getoption("--write"):
        DOCUMENT.write_text(told)
    assert DOCUMENT.read_text() == told


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked([None], {}), "yes"),
        (Asked([None, None], {"a": 404, "b": 404}), "own only"),
        (Asked([None], {"a": 404, "b": 403}), "own only, else 403"),
        (Asked([403, 403], {"a": 403}), "403"),
    ],
)
def test_cell_says_what_was_answered(asked: Asked, words: str) -> None:
    assert cell(asked) == words


@pytest.mark.parametrize("asked", [Asked([None], {"a": None}), Asked([None, 404], {})])
def test_cell_is_not_written_where_somebody_reaches_too_much_or_too_little(asked: Asked) -> None:
    with pytest.raises(AssertionError):
        cell(asked)
