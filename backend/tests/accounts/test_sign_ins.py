"""Signing in: who is let in, and how guessing is held up."""

import asyncio
from typing import Any

import httpx
import pytest

from learntrace.accounts.users import disable, get_by_username
from learntrace.kit.db import Database

from ..world import ACT, World, bearer
from .conftest import LOGIN, ME, PASSWORD, People, SignIn, login


async def test_login_answers_who_and_how_long(sign_in: SignIn, world: World) -> None:
    answer = await sign_in("tess")
    assert answer["access_token"].startswith("lt_access_")
    assert answer["refresh_token"].startswith("lt_refresh_")
    assert (answer["sign_in_id"], answer["token_type"]) == (None, "bearer")
    tess = await world.one("select id from users where username = 'tess'")
    assert answer["user"] == {
        "id": str(tess),
        "username": "tess",
        "display_name": "Tess",
        "role": "teacher",
        "school": {
            "id": str(world.school_id),
            "name": "Hill School",
            "timezone": "Europe/Zurich",
            "language": "en",
        },
    }


async def test_me_is_the_user(api: httpx.AsyncClient, sign_in: SignIn) -> None:
    for username in ("tess", "sys"):
        answer = await sign_in(username)
        me = await api.get(ME, headers=bearer(answer["access_token"]))
        assert me.json() == answer["user"]
        assert me.headers["X-RateLimit-Limit"] == "600"


async def test_username_is_recognised_however_it_is_typed(
    api: httpx.AsyncClient, people: People
) -> None:
    assert (await login(api, "  TESS ", PASSWORD)).status_code == 200


async def test_unknown_wrong_and_disabled_are_answered_alike(
    api: httpx.AsyncClient, people: People, database: Database
) -> None:
    async with database.transaction() as db:
        await disable(db, ACT, await get_by_username(db, "adam"))
    answers = [
        await login(api, "nobody", PASSWORD),
        await login(api, "tess", "wrong"),
        await login(api, "adam", PASSWORD),
    ]
    assert {a.status_code for a in answers} == {401}
    assert len({a.text for a in answers}) == 1
    assert answers[0].headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "tess"},
        {"username": "", "password": "x"},
        {"username": "a" * 101, "password": "x"},
        {"username": "te\x00ss", "password": "x"},
        {"username": "tess", "password": "x" * 1001},
        {"username": ["tess"], "password": "x"},
    ],
)
async def test_a_login_that_is_none_is_refused_without_echo(
    api: httpx.AsyncClient, people: People, body: dict[str, Any]
) -> None:
    answer = await api.post(LOGIN, json=body)
    assert answer.status_code == 422
    assert "tess" not in answer.text
    assert "xxx" not in answer.text


@pytest.mark.parametrize("place", ["username", "password"])
async def test_lone_surrogates_are_refused(
    api: httpx.AsyncClient, people: People, place: str
) -> None:
    other = "password" if place == "username" else "username"
    raw = f'{{"{place}": "\\ud800", "{other}": "tess"}}'
    answer = await api.post(LOGIN, content=raw, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500


async def test_failures_lock_out_this_account_from_this_address_only(
    api: httpx.AsyncClient, people: People
) -> None:
    for _ in range(10):
        assert (await login(api, "tess", "wrong")).status_code == 401
    refused = await login(api, "tess", PASSWORD)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    assert (await login(api, "adam", PASSWORD)).status_code == 200


async def test_a_stranger_elsewhere_locks_nobody_out(
    app: Any, api: httpx.AsyncClient, people: People
) -> None:
    elsewhere = httpx.ASGITransport(app, client=("203.0.113.9", 1))
    async with httpx.AsyncClient(transport=elsewhere, base_url="http://test") as stranger:
        for _ in range(11):
            last = await login(stranger, "tess", "wrong")
    assert last.status_code == 429
    assert (await login(api, "tess", PASSWORD)).status_code == 200


async def test_success_is_not_counted(api: httpx.AsyncClient, people: People) -> None:
    for _ in range(12):
        assert (await login(api, "tess", PASSWORD)).status_code == 200


async def test_guesses_at_once_are_counted_one_by_one(
    api: httpx.AsyncClient, people: People
) -> None:
    answers = await asyncio.gather(*(login(api, "tess", f"guess {n}") for n in range(30)))
    statuses = [a.status_code for a in answers]
    assert (statuses.count(401), statuses.count(429)) == (10, 20)


async def test_forwarded_for_makes_no_new_address(api: httpx.AsyncClient, people: People) -> None:
    for n in range(11):
        answer = await api.post(
            LOGIN,
            json={"username": "tess", "password": "wrong"},
            headers={"X-Forwarded-For": f"10.0.0.{n}"},
        )
    assert answer.status_code == 429
