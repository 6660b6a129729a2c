"""Sign-ins that go on and that end: refreshed, used again by a thief, expired, signed out."""

import asyncio

import httpx
import pytest
from sqlalchemy import text

from learntrace.kit.db import Database

from ..world import World, bearer
from .conftest import LOGOUT, ME, REFRESH, People, SignIn


async def test_remembering_answers_a_sign_in_id_that_stays(
    api: httpx.AsyncClient, sign_in: SignIn
) -> None:
    answer = await sign_in("sys", remember=True)
    assert (answer["refresh_token"], answer["user"]["school"]) == (None, None)
    own = {"sign_in_id": answer["sign_in_id"]}
    for _ in range(2):
        again = await api.post(REFRESH, json=own)
        assert again.status_code == 200
        assert again.json()["sign_in_id"] == answer["sign_in_id"]
        assert again.json()["refresh_token"] is None
        assert (await api.get(ME, headers=bearer(again.json()["access_token"]))).status_code == 200
    # The tokens handed out before stand beside the new ones: several tabs share a sign-in.
    assert (await api.get(ME, headers=bearer(answer["access_token"]))).status_code == 200


async def test_refresh_rotates(api: httpx.AsyncClient, sign_in: SignIn) -> None:
    first = await sign_in()
    second = (await api.post(REFRESH, json={"refresh_token": first["refresh_token"]})).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    third = await api.post(REFRESH, json={"refresh_token": second["refresh_token"]})
    assert third.status_code == 200
    assert (await api.get(ME, headers=bearer(third.json()["access_token"]))).status_code == 200


async def test_a_refresh_token_used_again_ends_the_sign_in(
    api: httpx.AsyncClient, sign_in: SignIn, world: World
) -> None:
    first = await sign_in()
    second = (await api.post(REFRESH, json={"refresh_token": first["refresh_token"]})).json()
    stolen = await api.post(REFRESH, json={"refresh_token": first["refresh_token"]})
    assert stolen.status_code == 401
    assert await world.one("select count(*) from sign_ins") == 0
    assert await world.one("select count(*) from access_tokens") == 0
    for token in (first["access_token"], second["access_token"]):
        assert (await api.get(ME, headers=bearer(token))).status_code == 401
    again = await api.post(REFRESH, json={"refresh_token": second["refresh_token"]})
    assert again.status_code == 401


async def test_of_two_refreshes_at_once_one_wins(
    api: httpx.AsyncClient, sign_in: SignIn, world: World
) -> None:
    for _ in range(5):
        body = {"refresh_token": (await sign_in())["refresh_token"]}
        answers = await asyncio.gather(*(api.post(REFRESH, json=body) for _ in range(2)))
        assert sorted(a.status_code for a in answers) == [200, 401]


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "lt_refresh_",
        "lt_refresh_zz_secret",
        f"lt_refresh_{'0' * 32}_",
        f"lt_refresh_{'0' * 32}_secret",
        f"lt_signin_{'0' * 32}_secret",
        "lt_access_secret",
    ],
)
@pytest.mark.parametrize("field", ["refresh_token", "sign_in_id"])
async def test_forged_tokens_refresh_nothing(
    api: httpx.AsyncClient, people: People, field: str, token: str
) -> None:
    assert (await api.post(REFRESH, json={field: token})).status_code == 401


async def test_each_token_works_in_its_own_place_only(
    api: httpx.AsyncClient, sign_in: SignIn
) -> None:
    rotating, remembered = await sign_in(), await sign_in(remember=True)
    refresh, stays = rotating["refresh_token"], remembered["sign_in_id"]
    for token in (refresh, stays):
        assert (await api.get(ME, headers=bearer(token))).status_code == 401
    for body in (
        {"sign_in_id": refresh},
        {"refresh_token": stays},
        {"refresh_token": rotating["access_token"]},
        {"sign_in_id": remembered["access_token"]},
        {"sign_in_id": refresh.replace("lt_refresh_", "lt_signin_")},
        {"refresh_token": stays.replace("lt_signin_", "lt_refresh_")},
    ):
        assert (await api.post(REFRESH, json=body)).status_code == 401
    # None of this was a reuse: both still stand.
    assert (await api.post(REFRESH, json={"sign_in_id": stays})).status_code == 200
    assert (await api.post(REFRESH, json={"refresh_token": refresh})).status_code == 200


@pytest.mark.parametrize("body", [{}, {"refresh_token": "a", "sign_in_id": "b"}])
async def test_refresh_takes_exactly_one(api: httpx.AsyncClient, body: dict[str, str]) -> None:
    assert (await api.post(REFRESH, json=body)).status_code == 422


async def test_logout_ends_the_sign_in_and_all_its_tokens(
    api: httpx.AsyncClient, sign_in: SignIn
) -> None:
    other = await sign_in()
    first = await sign_in()
    second = (await api.post(REFRESH, json={"refresh_token": first["refresh_token"]})).json()
    assert (await api.post(LOGOUT, headers=bearer(first["access_token"]))).status_code == 204
    for token in (first["access_token"], second["access_token"]):
        assert (await api.get(ME, headers=bearer(token))).status_code == 401
    again = await api.post(REFRESH, json={"refresh_token": second["refresh_token"]})
    assert again.status_code == 401
    assert (await api.get(ME, headers=bearer(other["access_token"]))).status_code == 200


async def test_an_expired_access_token_is_refused_and_renewed(
    api: httpx.AsyncClient, sign_in: SignIn, database: Database, world: World
) -> None:
    answer = await sign_in()
    await expire(database, "access_tokens")
    assert (await api.get(ME, headers=bearer(answer["access_token"]))).status_code == 401
    again = await api.post(REFRESH, json={"refresh_token": answer["refresh_token"]})
    assert again.status_code == 200
    assert await world.one("select count(*) from access_tokens") == 1


@pytest.mark.parametrize("remember", [False, True])
async def test_an_expired_sign_in_is_over(
    api: httpx.AsyncClient, sign_in: SignIn, database: Database, *, remember: bool
) -> None:
    answer = await sign_in(remember=remember)
    await expire(database, "sign_ins")
    body = {name: answer[name] for name in ("refresh_token", "sign_in_id") if answer[name]}
    assert (await api.post(REFRESH, json=body)).status_code == 401
    assert (await api.get(ME, headers=bearer(answer["access_token"]))).status_code == 401


async def test_signing_in_clears_away_what_has_expired(
    sign_in: SignIn, database: Database, world: World
) -> None:
    await sign_in()
    await expire(database, "sign_ins")
    await sign_in()
    assert await world.one("select count(*) from sign_ins") == 1


async def test_an_access_token_never_outlives_its_sign_in(
    api: httpx.AsyncClient, sign_in: SignIn, database: Database, world: World
) -> None:
    answer = await sign_in()
    async with database.transaction() as db:
        await db.execute(text("update sign_ins set expires_at = now() + interval '1 minute'"))
    await api.post(REFRESH, json={"refresh_token": answer["refresh_token"]})
    query = "select max(t.expires_at) <= max(s.expires_at) from access_tokens t, sign_ins s "
    assert await world.one(query + "where t.expires_at < now() + interval '5 minutes'")


async def expire(database: Database, table: str) -> None:
    async with database.transaction() as db:
        await db.execute(text(f"update {table} set expires_at = now() - interval '1 second'"))


async def test_disabling_takes_effect_at_once(
    api: httpx.AsyncClient, sign_in: SignIn, database: Database
) -> None:
    answer, remembered = await sign_in(), await sign_in(remember=True)
    async with database.transaction() as db:
        await db.execute(text("update users set disabled_at = now() where username = 'tess'"))
    assert (await api.get(ME, headers=bearer(answer["access_token"]))).status_code == 401
    for body in (
        {"refresh_token": answer["refresh_token"]},
        {"sign_in_id": remembered["sign_in_id"]},
    ):
        assert (await api.post(REFRESH, json=body)).status_code == 401


async def test_a_new_role_takes_effect_at_once(
    api: httpx.AsyncClient, sign_in: SignIn, database: Database
) -> None:
    headers = bearer((await sign_in("tess"))["access_token"])
    async with database.transaction() as db:
        await db.execute(text("update users set role = 'school_admin' where username = 'tess'"))
    assert (await api.get(ME, headers=headers)).json()["role"] == "school_admin"
