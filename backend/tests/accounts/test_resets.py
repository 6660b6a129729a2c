"""One-time links for a new password, also in somebody else's hands."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from learntrace.accounts import staff, users
from learntrace.accounts.housekeeping import drop_expired
from learntrace.accounts.secrets import RESET_TOKEN, token_hash
from learntrace.kit.config import Settings
from learntrace.kit.db import Database

from ..world import ACT, World, add_reset, bearer, now
from .conftest import PASSWORD, People, SignIn

CHOOSE = "/api/v1/auth/password"
ME = "/api/v1/auth/me"
NEW = "a whole new password"


async def login(api: httpx.AsyncClient, username: str, password: str) -> int:
    body = {"username": username, "password": password}
    return (await api.post("/api/v1/auth/login", json=body)).status_code


async def choose(api: httpx.AsyncClient, token: str, password: str = NEW) -> httpx.Response:
    return await api.post(CHOOSE, json={"password": password}, headers=bearer(token))


@pytest.fixture
async def link(database: Database, people: People) -> str:
    """The token of a link for tess."""
    async with database.transaction() as db:
        return await add_reset(db, people.ids["tess"])


async def made(database: Database, world: World, people: People, username: str) -> str:
    async with database.transaction() as db:
        reset = await staff.make_reset(db, ACT, world.school_id, people.ids[username])
    return reset.token


async def test_a_link_gives_a_new_password_and_signs_out_everywhere(
    api: httpx.AsyncClient, sign_in: SignIn, link: str
) -> None:
    here, there = await sign_in("tess"), await sign_in("tess", remember=True)
    other = await sign_in("adam")
    assert (await choose(api, link)).status_code == 204
    assert await login(api, "tess", PASSWORD) == 401
    assert await login(api, "tess", NEW) == 200
    for one in (here, there):
        assert (await api.get(ME, headers=bearer(one["access_token"]))).status_code == 401
    for body in (
        {"refresh_token": here["refresh_token"]},
        {"sign_in_id": there["sign_in_id"]},
    ):
        assert (await api.post("/api/v1/auth/refresh", json=body)).status_code == 401
    assert (await api.get(ME, headers=bearer(other["access_token"]))).status_code == 200


async def test_a_link_is_stored_as_a_hash_and_lives_a_day(
    database: Database, world: World, people: People
) -> None:
    token = await made(database, world, people, "tess")
    assert token.startswith(RESET_TOKEN)
    (row,) = await world.rows("select * from password_resets")
    assert bytes(row.token_hash) == token_hash(token)
    assert token not in str(row)
    lives: timedelta = row.expires_at - now()
    assert timedelta(hours=23, minutes=59) < lives <= timedelta(hours=24)


async def test_a_used_link_is_used_up(api: httpx.AsyncClient, world: World, link: str) -> None:
    assert (await choose(api, link)).status_code == 204
    again = await choose(api, link, "yet another password")
    assert again.status_code == 401
    assert "ask for a new one" in again.json()["detail"]
    assert again.headers["www-authenticate"] == "Bearer"
    assert await login(api, "tess", NEW) == 200


async def test_of_two_redemptions_at_once_one_wins(
    api: httpx.AsyncClient, database: Database, world: World, people: People
) -> None:
    for _ in range(5):
        token = await made(database, world, people, "tess")
        words = [f"password number {number}" for number in range(3)]
        answers = await asyncio.gather(*(choose(api, token, one) for one in words))
        statuses = [one.status_code for one in answers]
        assert sorted(statuses) == [204, 401, 401]
        assert await login(api, "tess", words[statuses.index(204)]) == 200


async def test_a_newer_link_ends_the_older(
    api: httpx.AsyncClient, database: Database, world: World, people: People
) -> None:
    older = await made(database, world, people, "tess")
    newer = await made(database, world, people, "tess")
    assert (await choose(api, older)).status_code == 401
    assert (await choose(api, newer)).status_code == 204


async def test_an_expired_link_is_refused_and_swept_away(
    api: httpx.AsyncClient, database: Database, world: World, people: People
) -> None:
    async with database.transaction() as db:
        token = await add_reset(db, people.ids["tess"], lives_s=-1)
    assert (await choose(api, token)).status_code == 401
    assert await login(api, "tess", PASSWORD) == 200
    async with database.transaction() as db:
        await drop_expired(db)
    assert await world.one("select count(*) from password_resets") == 0


@pytest.mark.parametrize("ends", ["disabled", "password"])
async def test_disabling_and_a_new_password_end_a_link(
    api: httpx.AsyncClient, database: Database, link: str, ends: str
) -> None:
    async with database.transaction() as db:
        tess = await users.get_by_username(db, "tess")
        if ends == "password":
            await users.set_password(db, ACT, tess, "an operator's password")
        else:
            await users.disable(db, ACT, tess)
            await users.enable(db, ACT, tess)
    assert (await choose(api, link)).status_code == 401


async def test_a_link_of_somebody_disabled_meanwhile_is_refused(
    api: httpx.AsyncClient, database: Database, link: str
) -> None:
    """As it is found, and as it is used."""
    async with database.transaction() as db:
        await db.execute(text("update users set disabled_at = now() where username = 'tess'"))
        waiting = asyncio.create_task(choose(api, link))
        await asyncio.sleep(0.3)
        assert not waiting.done()
    assert (await waiting).status_code == 401
    assert (await choose(api, link)).status_code == 401


@pytest.mark.parametrize("password", ["eleven char", "x" * 1001])
async def test_a_password_that_is_none_leaves_the_link_good(
    api: httpx.AsyncClient, link: str, password: str
) -> None:
    refused = await choose(api, link, password)
    assert refused.status_code == 422
    assert password not in refused.text
    assert (await choose(api, link)).status_code == 204


@pytest.mark.parametrize("token", ["lt_reset_x", "lt_reset_", "lt_refresh_x", "x"])
async def test_forged_links_are_refused(
    api: httpx.AsyncClient, people: People, link: str, token: str
) -> None:
    assert (await choose(api, token)).status_code == 401


async def test_other_credentials_choose_no_password(
    api: httpx.AsyncClient, world: World, sign_in: SignIn
) -> None:
    access = (await sign_in("tess"))["access_token"]
    for token in (access, world.write_key, world.player_token):
        answer = await choose(api, token)
        assert answer.status_code == 403
        assert answer.json()["detail"].startswith("This takes a password-reset token; you sent ")


async def test_a_link_opens_nothing_else(api: httpx.AsyncClient, world: World, link: str) -> None:
    for method, path in (
        ("GET", "/api/v1/auth/me"),
        ("GET", "/api/v1/classes"),
        ("GET", "/api/v1/users"),
        ("POST", "/api/v1/auth/logout"),
        ("POST", "/api/v1/telemetry/batch"),
        ("GET", f"/api/v1/students/{world.students[0]}/sessions"),
        ("GET", f"/api/v1/adaptive/{world.students[0]}/next"),
    ):
        answer = await api.request(method, path, headers=bearer(link))
        assert answer.status_code == 403, path
        assert "you sent a password-reset token" in answer.json()["detail"]
    for body in ({"refresh_token": link}, {"sign_in_id": link}):
        assert (await api.post("/api/v1/auth/refresh", json=body)).status_code == 401
    assert (await choose(api, link)).status_code == 204


class TestFewGuesses:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        few = {"rate_limit_login_address": 4, "rate_limit_bad_credentials": 2}
        return settings.model_copy(update=few)

    async def test_redemptions_are_counted_by_address(
        self, app: FastAPI, api: httpx.AsyncClient, link: str
    ) -> None:
        statuses = [(await choose(api, link, "short")).status_code for _ in range(5)]
        assert statuses == [422, 422, 422, 422, 429]
        app.state.rate_limits.reset()
        assert (await choose(api, link)).status_code == 204

    async def test_forged_links_are_bad_credentials(
        self, api: httpx.AsyncClient, link: str
    ) -> None:
        statuses = [(await choose(api, f"lt_reset_{n}")).status_code for n in range(3)]
        assert statuses == [401, 401, 429]
        refused = await choose(api, link)
        assert (refused.status_code, int(refused.headers["Retry-After"]) >= 1) == (429, True)


async def test_signing_in_is_noted(sign_in: SignIn, world: World) -> None:
    query = "select last_signed_in_at from users where username = 'tess'"
    assert await world.one(query) is None
    before = now()
    answer: dict[str, Any] = await sign_in("tess")
    assert before <= await world.one(query) <= datetime.fromisoformat(answer["expires_at"])
