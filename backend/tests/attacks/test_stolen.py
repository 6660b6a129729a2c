"""What somebody does with a credential that was copied, kept or altered."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from learntrace.accounts.users import disable, get_by_username, set_password
from learntrace.app import create_app, finished
from learntrace.kit.config import Settings
from learntrace.kit.db import Database
from tests.accounts.conftest import SignIn
from tests.world import ACT, World, batch, bearer

ME, REFRESH = "/api/v1/auth/me", "/api/v1/auth/refresh"
PREFIXES = (
    "lt_access_",
    "lt_reset_",
    "lt_player_",
    "lt_live_",
    "lt_sandbox_",
    "lt_refresh_",
    "lt_signin_",
)


@pytest.fixture
async def other_process(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Another process of the API, which remembers for itself."""
    app: FastAPI = create_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(finished(app), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client


async def _logout(api: httpx.AsyncClient, database: Database, kept: dict[str, Any]) -> None:
    answer = await api.post("/api/v1/auth/logout", headers=bearer(kept["access_token"]))
    assert answer.status_code == 204


async def _new_password(api: httpx.AsyncClient, database: Database, kept: dict[str, Any]) -> None:
    async with database.transaction() as db:
        await set_password(db, ACT, await get_by_username(db, "tess"), "another good password")


async def _disabled(api: httpx.AsyncClient, database: Database, kept: dict[str, Any]) -> None:
    async with database.transaction() as db:
        await disable(db, ACT, await get_by_username(db, "tess"))


async def _run_out(api: httpx.AsyncClient, database: Database, kept: dict[str, Any]) -> None:
    async with database.transaction() as db:
        for table in ("sign_ins", "access_tokens"):
            await db.execute(text(f"update {table} set expires_at = now()"))


@pytest.mark.parametrize("remember", [False, True])
@pytest.mark.parametrize("ended", [_logout, _new_password, _disabled, _run_out])
async def test_nothing_of_an_ended_sign_in_is_good_in_any_process(
    api: httpx.AsyncClient,
    other_process: httpx.AsyncClient,
    sign_in: SignIn,
    database: Database,
    ended: Any,
    remember: bool,
) -> None:
    kept = await sign_in(remember=remember)
    renewing = {name: kept[name] for name in ("sign_in_id", "refresh_token") if kept.get(name)}
    assert len(renewing) == 1
    for process in (api, other_process):
        assert (await process.get(ME, headers=bearer(kept["access_token"]))).status_code == 200
    await ended(api, database, kept)
    for process in (api, other_process):
        assert (await process.get(ME, headers=bearer(kept["access_token"]))).status_code == 401
        assert (await process.post(REFRESH, json=renewing)).status_code == 401


@pytest.mark.parametrize("column", ["revoked_at", "expires_at"])
@pytest.mark.parametrize("table", ["player_tokens", "write_keys"])
async def test_an_ended_credential_of_a_game_does_nothing_in_any_process(
    api: httpx.AsyncClient,
    other_process: httpx.AsyncClient,
    world: World,
    table: str,
    column: str,
) -> None:
    ada = world.students[0]
    token = world.player_token if table == "player_tokens" else world.write_key
    event = world.event()
    calls: list[tuple[str, str, Any]] = [
        ("POST", "/telemetry/events", world.event()),
        ("POST", "/telemetry/batch", batch([world.event()])),
        ("POST", "/telemetry/validate", batch([world.event()])),
        ("POST", f"/telemetry/session/{event['session_id']}/close", None),
        ("GET", f"/telemetry/status/{event['event_id']}", None),
    ]
    if table == "player_tokens":
        calls += [
            ("GET", f"/students/{ada}/sessions", None),
            ("GET", f"/game-sessions/{event['session_id']}", None),
            ("GET", f"/game-sessions/{event['session_id']}/events", None),
            ("GET", f"/adaptive/{ada}/next", None),
            ("POST", "/players/renew", None),
        ]
    for process in (api, other_process):
        sent = await process.post("/api/v1/telemetry/events", json=event, headers=bearer(token))
        assert sent.is_success
    async with world.database.transaction() as db:
        await db.execute(text(f"update {table} set {column} = now()"))
    for process in (api, other_process):
        for method, path, body in calls:
            answer = await process.request(
                method, f"/api/v1{path}", json=body, headers=bearer(token)
            )
            assert answer.status_code == 401, (method, path, answer.text)
    # Nor does a copy of what was sent while it was good tell whether it was stored.
    again = await api.post("/api/v1/telemetry/events", json=event, headers=bearer(token))
    assert again.status_code == 401
    assert await world.one("select count(*) from events") == 1


async def test_a_secret_under_another_prefix_is_none(
    api: httpx.AsyncClient, world: World, sign_in: SignIn
) -> None:
    signed_in = await sign_in(remember=True)
    good = [
        *(world.player_token, world.write_key, world.sandbox_key),
        *(signed_in["access_token"], signed_in["sign_in_id"]),
    ]
    for token in good:
        prefix = next(one for one in PREFIXES if token.startswith(one))
        for other in {*PREFIXES, ""} - {prefix}:
            headers = bearer(other + token.removeprefix(prefix))
            for path in (ME, f"/api/v1/students/{world.students[0]}/sessions"):
                assert (await api.get(path, headers=headers)).status_code == 401
            sent = await api.post("/api/v1/telemetry/events", json=world.event(), headers=headers)
            assert sent.status_code == 401
    assert await world.one("select count(*) from events") == 0


async def test_a_token_counts_in_its_header_alone(
    api: httpx.AsyncClient, world: World, sign_in: SignIn
) -> None:
    """Elsewhere it would stand in logs and histories, or be sent by other sites' pages."""
    person, key = (await sign_in())["access_token"], world.write_key
    for token, method, path, body in (
        (person, "GET", ME, None),
        (key, "POST", "/api/v1/telemetry/batch", batch([world.event()])),
    ):
        for query, headers in (
            ({"access_token": token, "token": token, "authorization": token}, {}),
            ({}, {"Cookie": f"token={token}; access_token={token}; Authorization={token}"}),
            ({}, {"Authorization": f"Basic {token}"}),
            ({}, {"Authorization": token}),
            ({}, {"X-Api-Key": token, "X-Authorization": f"Bearer {token}"}),
            ({}, {"Proxy-Authorization": f"Bearer {token}"}),
        ):
            answer = await api.request(method, path, params=query, json=body, headers=headers)
            assert answer.status_code == 401, (path, query, headers)


async def test_two_authorizations_are_not_taken_apart(api: httpx.AsyncClient, world: World) -> None:
    """A proxy that reads the one and a server that reads the other would disagree on who calls."""
    both = [("Authorization", "Bearer x"), ("Authorization", f"Bearer {world.write_key}")]
    sent = await api.post("/api/v1/telemetry/events", json=world.event(), headers=both)
    assert sent.status_code == 401
