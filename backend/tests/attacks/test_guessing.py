"""Guessing codes and passwords, also with headers that claim to come from elsewhere."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from learntrace.app import finished
from learntrace.kit.config import Settings
from tests.accounts.conftest import PASSWORD, People
from tests.running import serving
from tests.world import World, bearer

LOGIN, JOIN = "/api/v1/auth/login", "/api/v1/players/join"
CLAIMS = {
    "X-Forwarded-For": "{}",
    "Forwarded": "for={};proto=https",
    "X-Real-IP": "{}",
    "X-Client-IP": "{}",
    "X-Cluster-Client-IP": "{}",
    "X-Original-Forwarded-For": "{}",
    "X-ProxyUser-Ip": "{}",
    "True-Client-IP": "{}",
    "CF-Connecting-IP": "{}",
    "Fastly-Client-IP": "{}",
    "Via": "1.1 {}",
}
At = Callable[[str], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    few = {"rate_limit_login": 3, "rate_limit_join": 3, "rate_limit_join_class": 6}
    return settings.model_copy(update=few | {"rate_limit_bad_credentials": 3})


@pytest.fixture
def at(app: FastAPI) -> At:
    """A client at another address."""

    @asynccontextmanager
    async def client(address: str) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(finished(app), client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as made:
            yield made

    return client


def codes(world: World, pupil_code: str, class_code: str = "CLASS5") -> dict[str, str]:
    return {"game_id": str(world.game_id), "class_code": class_code, "pupil_code": pupil_code}


async def join(client: httpx.AsyncClient, world: World, pupil_code: str) -> int:
    return (await client.post(JOIN, json=codes(world, pupil_code))).status_code


async def test_who_guesses_elsewhere_keeps_no_class_from_joining(
    api: httpx.AsyncClient, world: World, at: At
) -> None:
    async with at("203.0.113.9") as stranger:
        assert [await join(stranger, world, f"GUESS{n}") for n in range(4)] == [404] * 3 + [429]
        assert await join(stranger, world, "PUPIL0") == 429
    assert await join(api, world, "PUPIL0") == 201


async def test_who_guesses_from_many_addresses_meets_the_ceiling_of_the_class(
    world: World, at: At
) -> None:
    found = []
    for n in range(8):
        async with at(f"203.0.113.{n}") as stranger:
            found.append(await join(stranger, world, f"GUESS{n}"))
    assert found == [404] * 6 + [429] * 2


async def test_guessing_class_codes_locks_out_nobody_at_the_same_address(
    api: httpx.AsyncClient, world: World
) -> None:
    for n in range(12):
        wrong = codes(world, "PUPIL0", class_code=f"GUESS{n}")
        assert (await api.post(JOIN, json=wrong)).status_code == 404
    assert await join(api, world, "PUPIL0") == 201


async def test_no_class_is_locked_out_for_good(
    app: FastAPI, api: httpx.AsyncClient, world: World
) -> None:
    assert [await join(api, world, "GUESS") for _ in range(4)] == [404] * 3 + [429]
    app.state.rate_limits.reset()  # what the end of the minute does
    assert await join(api, world, "PUPIL0") == 201


@pytest.mark.parametrize("claim", CLAIMS)
async def test_claiming_to_come_from_elsewhere_gives_no_more_guesses(
    api: httpx.AsyncClient, world: World, people: People, claim: str
) -> None:
    def claimed(n: int) -> dict[str, str]:
        return {claim: CLAIMS[claim].format(f"198.51.100.{n}")}

    guess = {"username": "tess", "password": "wrong"}
    passwords = [await api.post(LOGIN, json=guess, headers=claimed(n)) for n in range(4)]
    pupils = [await api.post(JOIN, json=codes(world, "NO"), headers=claimed(n)) for n in range(4)]
    tokens = [
        await api.get("/api/v1/auth/me", headers=bearer(f"lt_access_guess{n}") | claimed(n))
        for n in range(4)
    ]
    assert [answer.status_code for answer in passwords] == [401] * 3 + [429]
    assert [answer.status_code for answer in pupils] == [404] * 3 + [429]
    assert [answer.status_code for answer in tokens] == [401] * 3 + [429]


async def test_claiming_to_be_somebody_elses_address_locks_them_out_of_nothing(
    api: httpx.AsyncClient, people: People, at: At
) -> None:
    async with at("203.0.113.9") as stranger:
        for _ in range(4):
            guess = {"username": "tess", "password": "wrong"}
            headers = {"X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1"}
            last = await stranger.post(LOGIN, json=guess, headers=headers)
    assert last.status_code == 429
    right = {"username": "tess", "password": PASSWORD}
    assert (await api.post(LOGIN, json=right)).status_code == 200


def test_real_server_believes_no_peer_that_is_not_named(
    world: World, database_url: str, tmp_path: Path
) -> None:
    """Its own web server could rewrite the peer's address before anything of ours sees it."""
    with serving(database_url, tmp_path / "log", worker=False, RATE_LIMIT_LOGIN="3") as running:
        found = [
            httpx.post(
                f"{running.api_url}{LOGIN}",
                json={"username": "tess", "password": "wrong"},
                headers={name: value.format(f"198.51.100.{n}") for name, value in CLAIMS.items()},
                timeout=60,
            ).status_code
            for n in range(4)
        ]
    assert found == [401] * 3 + [429]
