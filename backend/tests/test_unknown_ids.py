"""Unknown ids are answered 404, with words of what is not there, on every route that takes one."""

from collections.abc import Mapping
from string import Formatter
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from learntrace.kit.http import HTTP_DETAILS

from .access.places import Place, settle
from .access.route import Names, Route
from .access.routes import SECTIONS
from .classroom.conftest import SchoolDay, day

__all__ = ["day"]

# Words and numbers, which no row is found by, and what is its own credential.
NO_ID = {"skill", "kind"}
WORDS = {"skill": "empathy", "kind": "audio"}
CALLERS = ("school_admin", "teacher", "system_admin", "developer", "write_key", "ada")
WITH_IDS = [
    (route, name)
    for routes in SECTIONS.values()
    for route in routes
    for _, name, _, _ in Formatter().parse(route.path)
    if name and name not in NO_ID
]


@pytest.fixture
async def place(day: SchoolDay) -> Place:
    """Ada's things, of which each route's are known but for one."""
    world = day.world
    async with world.database.transaction() as db:
        return await settle(
            day,
            db,
            "5a",
            school_id=world.school_id,
            class_id=world.class_id,
            game_id=world.game_id,
            student_id=day.ada,
        )


def _ask(
    api: httpx.AsyncClient, route: Route, names: Names, headers: Mapping[str, str]
) -> httpx.Request:
    query = {name: value.format(**names) for name, value in route.query.items()}
    sent = route.sent(names)
    sent["headers"] |= headers
    return api.build_request(route.method, route.path.format(**names), params=query, **sent)


async def test_unknown_ids_are_404_in_words_of_their_own(
    app: FastAPI, api: httpx.AsyncClient, day: SchoolDay, place: Place
) -> None:
    assert len(WITH_IDS) > 50
    for route, name in WITH_IDS:
        answered = set()
        for who in CALLERS:
            app.state.rate_limits.reset()
            caller = {"school_admin": "school admin", "ada": "pupil's game"}.get(who, who)
            names = WORDS | place.names(caller) | {name: str(uuid4())}
            answer = await api.send(_ask(api, route, names, day.headers(who)))
            answered.add(answer.status_code)
            told = (route.key, name, who, answer.text)
            assert answer.status_code in (403, 404), told
            if answer.status_code == 404:
                detail = answer.json()["detail"]
                assert detail.strip(), told
                assert detail not in HTTP_DETAILS.values(), told
        assert 404 in answered, (route.key, name)
