"""Passwords and tokens as they are kept: only as hashes, and nowhere else."""

import asyncio
import logging
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from learntrace.accounts import secrets
from learntrace.accounts.callers import Role
from learntrace.accounts.users import add_user, get_by_username, set_password
from learntrace.kit.db import Database

from ..world import ACT, World, bearer
from .conftest import ME, PASSWORD, REFRESH, People, SignIn, login


async def test_an_unknown_user_costs_as_much_as_a_known_one(
    api: httpx.AsyncClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[bool] = []
    real = PasswordHasher.verify

    def counting(self: PasswordHasher, stored: Any, password: Any) -> Any:
        verified.append(True)
        return real(self, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    await login(api, "tess", "wrong")
    await login(api, "nobody", "wrong")
    assert len(verified) == 2


async def test_a_new_password_signs_out_everywhere(
    api: httpx.AsyncClient, sign_in: SignIn, database: Database
) -> None:
    answer = await sign_in()
    async with database.transaction() as db:
        await set_password(db, ACT, await get_by_username(db, "tess"), "another good password")
    assert (await api.get(ME, headers=bearer(answer["access_token"]))).status_code == 401
    assert (await login(api, "tess", PASSWORD)).status_code == 401
    assert (await login(api, "tess", "another good password")).status_code == 200


async def test_a_password_changed_during_login_lets_nobody_in(
    api: httpx.AsyncClient, people: People, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old password is right when it is checked and gone when the sign-in is written."""
    async with database.transaction() as db:
        await set_password(db, ACT, await get_by_username(db, "tess"), "another good password")
        waiting = asyncio.create_task(login(api, "tess", PASSWORD))
        await asyncio.sleep(0.3)
        assert not waiting.done()
    assert (await waiting).status_code == 401


async def test_an_old_hash_is_made_anew(
    api: httpx.AsyncClient, database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    weaker = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    with monkeypatch.context() as patch:
        patch.setattr(secrets, "_PASSWORDS", weaker)
        async with database.transaction() as db:
            await add_user(
                db,
                username="old",
                display_name="Old",
                role=Role.SYSTEM_ADMIN,
                password=PASSWORD,
            )
    stored = "select password_hash from users where username = 'old'"
    before = await world.one(stored)
    assert (await login(api, "old", PASSWORD)).status_code == 200
    after = await world.one(stored)
    assert after != before
    assert not secrets.needs_rehash(after)
    assert (await login(api, "old", PASSWORD)).status_code == 200
    assert await world.one(stored) == after


async def test_an_unreadable_hash_fits_no_password(
    api: httpx.AsyncClient, people: People, database: Database
) -> None:
    async with database.transaction() as db:
        await db.execute(text("update users set password_hash = 'plain' where username = 'tess'"))
    assert (await login(api, "tess", "plain")).status_code == 401


async def test_only_hashes_are_stored(sign_in: SignIn, world: World) -> None:
    answer = await sign_in()
    stored = str(await world.rows("select * from sign_ins s, access_tokens t, users u"))
    for secret in (answer["access_token"], answer["refresh_token"], PASSWORD):
        assert secret not in stored
    kept = await world.one("select token_hash from access_tokens")
    assert kept == secrets.token_hash(answer["access_token"])


async def test_no_secret_in_any_log_line(
    api: httpx.AsyncClient, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = await sign_in()
    await login(api, "tess", "a wrong password")
    used = {"refresh_token": answer["refresh_token"]}
    second = (await api.post(REFRESH, json=used)).json()
    await api.post(REFRESH, json=used)
    await api.get(ME, headers=bearer(answer["access_token"]))
    lines = "\n".join(f"{r.getMessage()} {r.__dict__}" for r in caplog.records)
    assert "no longer stands" in lines
    for secret in (
        PASSWORD,
        "a wrong password",
        "tess",
        answer["access_token"],
        answer["refresh_token"],
        second["refresh_token"],
    ):
        assert secret not in lines
