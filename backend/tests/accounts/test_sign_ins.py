"""Signing in, refreshing and signing out, also with somebody else's tokens."""

import asyncio
import logging
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from learntrace.accounts import secrets
from learntrace.accounts.callers import Role
from learntrace.accounts.users import add_user, disable, get_by_username, set_password
from learntrace.kit.db import Database

from ..world import World, bearer
from .conftest import PASSWORD, People, SignIn

LOGIN = "/api/v1/auth/login"
REFRESH = "/api/v1/auth/refresh"
LOGOUT = "/api/v1/auth/logout"
ME = "/api/v1/auth/me"


async def login(api: httpx.AsyncClient, username: str, password: str) -> httpx.Response:
    return await api.post(LOGIN, json={"username": username, "password": password})


async def test_login_answers_who_and_how_long(sign_in: SignIn, world: World) -> None:
    answer = await sign_in("tess")
    assert answer["access_token"].startswith("lt_access_")
    assert answer["refresh_token"].startswith("lt_refresh_")
    assert (answer["sign_in_id"], answer["token_type"]) == (None, "bearer")
    assert answer["user"] == {
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
        await disable(db, await get_by_username(db, "adam"))
    answers = [
        await login(api, "nobody", PASSWORD),
        await login(api, "tess", "wrong"),
        await login(api, "adam", PASSWORD),
    ]
    assert {a.status_code for a in answers} == {401}
    assert len({a.text for a in answers}) == 1
    assert answers[0].headers["WWW-Authenticate"] == "Bearer"


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


async def test_a_new_password_signs_out_everywhere(
    api: httpx.AsyncClient, sign_in: SignIn, database: Database
) -> None:
    answer = await sign_in()
    async with database.transaction() as db:
        await set_password(db, await get_by_username(db, "tess"), "another good password")
    assert (await api.get(ME, headers=bearer(answer["access_token"]))).status_code == 401
    assert (await login(api, "tess", PASSWORD)).status_code == 401
    assert (await login(api, "tess", "another good password")).status_code == 200


async def test_a_password_changed_during_login_lets_nobody_in(
    api: httpx.AsyncClient, people: People, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old password is right when it is checked and gone when the sign-in is written."""
    async with database.transaction() as db:
        await set_password(db, await get_by_username(db, "tess"), "another good password")
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
