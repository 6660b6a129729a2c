"""Every limited route of games: limit + 1 requests, and who shares a limit with whom."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from learntrace.kit.config import Settings

from ..world import World, batch, bearer

PER_MINUTE = 4
SHOWN = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(
        update={
            "rate_limit_events": PER_MINUTE,
            "rate_limit_batches": PER_MINUTE,
            "rate_limit_closes": PER_MINUTE,
            "rate_limit_status": PER_MINUTE,
            "rate_limit_key_events": 3 * PER_MINUTE,
            "rate_limit_key_batches": 3 * PER_MINUTE,
            "rate_limit_bad_credentials": PER_MINUTE,
        }
    )


async def send(
    api: httpx.AsyncClient, world: World, route: str, headers: dict[str, str]
) -> httpx.Response:
    base = "/api/v1/telemetry"
    if route == "status":
        return await api.get(f"{base}/status/{uuid4()}", headers=headers)
    if route == "close":
        return await api.post(f"{base}/session/{uuid4()}/close", headers=headers)
    body: Any = world.event() if route == "events" else batch([world.event()])
    return await api.post(f"{base}/{route}", json=body, headers=headers)


ROUTES = ["events", "batch", "validate", "status", "close"]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("credential", ["write_key", "player_token"])
async def test_one_more_than_the_limit_is_429(
    api: httpx.AsyncClient, world: World, route: str, credential: str
) -> None:
    headers = bearer(getattr(world, credential))
    for number in range(PER_MINUTE):
        answer = await send(api, world, route, headers)
        assert answer.status_code in (200, 201, 404)
        assert answer.headers["x-ratelimit-limit"] == str(PER_MINUTE)
        assert answer.headers["x-ratelimit-remaining"] == str(PER_MINUTE - number - 1)
        assert 1 <= int(answer.headers["x-ratelimit-reset"]) <= 60
    stored = await world.one("select count(*) from events")
    refused = await send(api, world, route, headers)
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert len(refused.headers.get_list("x-ratelimit-limit")) == 1
    assert await world.one("select count(*) from events") == stored


@pytest.mark.parametrize(
    ("route", "status", "changes"),
    [
        ("batch", 415, {"Content-Type": "text/html"}),
        ("batch", 415, {"Content-Encoding": "br"}),
        ("batch", 422, {"Content-Encoding": "gzip"}),
        ("events", 422, {"X-Sent-At": "noon"}),
    ],
)
async def test_refusals_say_how_the_limit_stands(
    api: httpx.AsyncClient, world: World, route: str, status: int, changes: dict[str, str]
) -> None:
    headers = bearer(world.player_token) | {"Content-Type": "application/json"} | changes
    for left in reversed(range(PER_MINUTE)):
        answer = await api.post(f"/api/v1/telemetry/{route}", content=b"{}", headers=headers)
        assert answer.status_code == status
        assert answer.headers["x-ratelimit-remaining"] == str(left)
    answer = await api.post(f"/api/v1/telemetry/{route}", content=b"{}", headers=headers)
    assert answer.status_code == 429


async def test_path_that_cannot_be_read_says_how_the_limit_stands(
    api: httpx.AsyncClient, world: World
) -> None:
    answer = await api.get("/api/v1/telemetry/status/x", headers=bearer(world.player_token))
    assert answer.status_code == 422
    assert answer.headers["x-ratelimit-remaining"] == str(PER_MINUTE - 1)


async def test_clients_of_one_key_do_not_starve_each_other(
    api: httpx.AsyncClient, world: World
) -> None:
    for client in ("tablet-1", "tablet-2"):
        headers = bearer(world.write_key) | {"X-Client-Id": client}
        for _ in range(PER_MINUTE):
            assert (await send(api, world, "events", headers)).status_code == 201
        assert (await send(api, world, "events", headers)).status_code == 429


@pytest.mark.parametrize("route", ["events", "batch"])
async def test_made_up_client_ids_meet_the_keys_ceiling(
    api: httpx.AsyncClient, world: World, route: str
) -> None:
    answers = [
        await send(api, world, route, bearer(world.write_key) | {"X-Client-Id": str(uuid4())})
        for _ in range(3 * PER_MINUTE + 1)
    ]
    assert [answer.status_code for answer in answers] == [201] * 3 * PER_MINUTE + [429]


async def test_forged_forwarded_for_changes_nothing(api: httpx.AsyncClient, world: World) -> None:
    answers = [
        await send(
            api, world, "events", bearer(world.write_key) | {"X-Forwarded-For": f"10.0.0.{n}"}
        )
        for n in range(PER_MINUTE + 1)
    ]
    assert answers[-1].status_code == 429


async def test_bad_credentials_are_limited_by_address_and_good_ones_go_on(
    api: httpx.AsyncClient, world: World
) -> None:
    assert (await send(api, world, "events", bearer(world.player_token))).status_code == 201
    for number in range(PER_MINUTE):
        answer = await send(api, world, "events", bearer(f"lt_live_guess{number}"))
        assert answer.status_code == 401
    assert (await send(api, world, "events", bearer("lt_live_guess"))).status_code == 429
    # A pupil behind the same address, seen before, plays on.
    assert (await send(api, world, "events", bearer(world.player_token))).status_code == 201


async def test_limits_start_afresh_after_reset(
    api: httpx.AsyncClient, app: FastAPI, world: World
) -> None:
    for _ in range(PER_MINUTE + 1):
        answer = await send(api, world, "events", bearer(world.player_token))
    assert answer.status_code == 429
    app.state.rate_limits.reset()
    answer = await send(api, world, "events", bearer(world.player_token))
    assert answer.status_code == 201


class TestSwitchedOff:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        off = {name: 0 for name in Settings.model_fields if name.startswith("rate_limit")}
        return settings.model_copy(update=off)

    async def test_zero_is_no_limit(self, api: httpx.AsyncClient, world: World) -> None:
        for _ in range(30):
            answer = await send(api, world, "events", bearer(world.player_token))
            assert answer.status_code == 201
            assert not any(name in answer.headers for name in SHOWN)
        for _ in range(30):
            assert (await send(api, world, "events", bearer("lt_live_x"))).status_code == 401


class TestBehindAProxy:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"trusted_proxies": ("127.0.0.1", "10.0.0.9")})

    async def test_the_last_untrusted_hop_counts(
        self, api: httpx.AsyncClient, world: World
    ) -> None:
        for number in range(PER_MINUTE + 1):
            hops = f"1.1.1.{number}, 203.0.113.7, 10.0.0.9"
            headers = bearer(world.write_key) | {"X-Forwarded-For": hops}
            answer = await send(api, world, "events", headers)
        assert answer.status_code == 429
        other = bearer(world.write_key) | {"X-Forwarded-For": "203.0.113.8"}
        assert (await send(api, world, "events", other)).status_code == 201
