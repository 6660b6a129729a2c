"""Limit + 1 requests to what people and pupils may call, and who is spared."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from learntrace.accounts import credentials
from learntrace.kit.config import Settings
from learntrace.kit.db import Database

from ..world import World, bearer
from .conftest import PASSWORD, SignIn

ME = "/api/v1/auth/me"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(
        update={
            "rate_limit_login": 2,
            "rate_limit_login_address": 5,
            "rate_limit_join": 2,
            "rate_limit_join_address": 4,
            "rate_limit_people": 3,
            "rate_limit_bad_credentials": 2,
            "trusted_proxies": ("127.0.0.1",),
        }
    )


def refused(answer: httpx.Response) -> bool:
    if answer.status_code != 429:
        return False
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.headers.get_list("X-RateLimit-Remaining") == ["0"]
    return True


async def test_login_by_address(api: httpx.AsyncClient) -> None:
    for n in range(5):
        body = {"username": f"user{n}", "password": "wrong"}
        answer = await api.post("/api/v1/auth/login", json=body)
        assert answer.status_code == 401
        assert answer.headers["X-RateLimit-Remaining"] == str(4 - n)
    body = {"username": "another", "password": "wrong"}
    assert refused(await api.post("/api/v1/auth/login", json=body))


async def test_a_trusted_proxy_tells_addresses_apart(api: httpx.AsyncClient) -> None:
    body = {"username": "nobody", "password": "wrong"}
    for n in range(6):
        answer = await api.post(
            "/api/v1/auth/login", json=body, headers={"X-Forwarded-For": f"10.0.0.{n}"}
        )
        assert answer.status_code == 401


async def test_a_line_that_the_caller_made_up_makes_no_new_address(api: httpx.AsyncClient) -> None:
    body = {"username": "nobody", "password": "wrong"}
    for n in range(6):
        lines = [("X-Forwarded-For", f"1.1.1.{n}"), ("X-Forwarded-For", "203.0.113.7")]
        answer = await api.post("/api/v1/auth/login", json=body, headers=lines)
    assert refused(answer)


async def test_refresh_by_address(api: httpx.AsyncClient) -> None:
    body = {"refresh_token": "lt_refresh_forged"}
    for _ in range(5):
        assert (await api.post("/api/v1/auth/refresh", json=body)).status_code == 401
    assert refused(await api.post("/api/v1/auth/refresh", json=body))


async def test_people_each_for_themselves(api: httpx.AsyncClient, sign_in: SignIn) -> None:
    tess = bearer((await sign_in("tess"))["access_token"])
    also_tess = bearer((await sign_in("tess"))["access_token"])
    adam = bearer((await sign_in("adam"))["access_token"])
    for headers, left in ((tess, "2"), (also_tess, "1"), (tess, "0")):
        answer = await api.get(ME, headers=headers)
        assert answer.headers["X-RateLimit-Remaining"] == left
    assert refused(await api.get(ME, headers=also_tess))
    assert (await api.get(ME, headers=adam)).status_code == 200


async def test_people_limit_shows_on_errors_too(
    api: httpx.AsyncClient, sign_in: SignIn, world: World
) -> None:
    headers = bearer((await sign_in("tess"))["access_token"])
    missing = await api.get(f"/api/v1/games/{world.class_id}/mapping", headers=headers)
    assert missing.status_code == 404
    assert missing.headers["X-RateLimit-Remaining"] == "2"


async def test_bad_access_tokens_by_address_before_any_look_up(
    api: httpx.AsyncClient, sign_in: SignIn, world: World, database: Database
) -> None:
    good = bearer((await sign_in("tess"))["access_token"])
    for _ in range(2):
        bad = await api.get(ME, headers=bearer("lt_access_guess"))
        assert bad.status_code == 401
    assert refused(await api.get(ME, headers=bearer("lt_access_guess")))
    # A token that is good all the same, but not known to be so, has to wait.
    other = bearer("lt_access_other")
    assert refused(await api.get(ME, headers=other))
    # One that was good here before does not suffer from its neighbours.
    assert (await api.get(ME, headers=good)).status_code == 200
    game = await api.get(f"/api/v1/telemetry/status/{world.class_id}", headers=bearer("lt_live_x"))
    assert refused(game)


async def test_tokens_that_ran_out_are_no_guesses(
    api: httpx.AsyncClient, sign_in: SignIn, database: Database
) -> None:
    tokens = [(await sign_in("tess"))["access_token"] for _ in range(3)]
    async with database.transaction() as db:
        await db.execute(text("update access_tokens set expires_at = now()"))
    for token in tokens:
        assert (await api.get(ME, headers=bearer(token))).status_code == 401
    # Sent once more they are like any other bad one.
    for token in tokens[:2]:
        assert (await api.get(ME, headers=bearer(token))).status_code == 401
    assert refused(await api.get(ME, headers=bearer(tokens[0])))


async def test_a_player_is_not_starved_by_a_neighbour(
    api: httpx.AsyncClient, app: FastAPI, world: World
) -> None:
    joined = await join(api, world, "PUPIL1")
    token = joined.json()["player_token"]
    for _ in range(3):
        await api.get(f"/api/v1/telemetry/status/{world.class_id}", headers=bearer("lt_player_x"))
    fresh = await api.get(f"/api/v1/telemetry/status/{world.class_id}", headers=bearer(token))
    assert fresh.status_code == 404


async def join(
    api: httpx.AsyncClient, world: World, pupil_code: str, **more: Any
) -> httpx.Response:
    body = {"game_id": str(world.game_id), "class_code": "CLASS5", "pupil_code": pupil_code}
    return await api.post("/api/v1/players/join", json=body | more)


async def test_wrong_join_codes_by_class(api: httpx.AsyncClient, world: World) -> None:
    for guess in ("AAAAAA", "BBBBBB"):
        assert (await join(api, world, guess)).status_code == 404
    assert refused(await join(api, world, "PUPIL1"))
    other = await join(api, world, "AAAAAA", class_code="OTHER5")
    assert other.status_code == 404


async def test_right_join_codes_are_not_counted_by_class(
    api: httpx.AsyncClient, world: World
) -> None:
    for _ in range(4):
        assert (await join(api, world, "PUPIL1")).status_code == 201


async def test_joining_by_address(api: httpx.AsyncClient, world: World) -> None:
    for n in range(4):
        answer = await join(api, world, "PUPIL1")
        assert answer.headers["X-RateLimit-Remaining"] == str(3 - n)
    assert refused(await join(api, world, "PUPIL1"))
    token = answer.json()["player_token"]
    assert refused(await api.post("/api/v1/players/renew", headers=bearer(token)))


async def test_who_was_good_last_is_forgotten_last(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "REMEMBERED_MOST", 2)
    remembered = credentials.RememberedCallers()
    for key in (world.write_key, world.player_token, world.write_key, world.sandbox_key):
        assert await credentials.look_up(database, remembered, key)
    assert remembered.recall(world.write_key)
    assert remembered.trusts(world.write_key)
    assert remembered.recall(world.player_token) is None
    assert not remembered.trusts(world.player_token)


async def test_login_is_never_limited_for_good(
    api: httpx.AsyncClient, app: FastAPI, sign_in: SignIn
) -> None:
    for _ in range(3):
        body = {"username": "tess", "password": "wrong"}
        last = await api.post("/api/v1/auth/login", json=body)
    assert refused(last)
    app.state.rate_limits.reset()  # what the end of the minute does
    body = {"username": "tess", "password": PASSWORD}
    assert (await api.post("/api/v1/auth/login", json=body)).status_code == 200
