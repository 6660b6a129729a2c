"""Every route: open by the spec's list, or closed to whoever brings no credential."""

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from learntrace.openapi import OPEN_PATHS

from .world import World, bearer

SPEC_OPEN = {
    "/health",
    "/liveness",
    "/readiness",
    "/api/v1/auth/login",
    "/api/v1/auth/refresh",
    "/api/v1/players/join",
    "/api/v1/uploads/{token}",  # the signed address is the credential
}


def operations(app: FastAPI) -> list[tuple[str, str]]:
    paths: dict[str, dict[str, Any]] = app.openapi()["paths"]
    return [(method, path) for path, methods in paths.items() for method in methods]


async def test_only_the_specs_routes_are_open(app: FastAPI, api: httpx.AsyncClient) -> None:
    assert OPEN_PATHS == SPEC_OPEN
    closed = [(method, path) for method, path in operations(app) if path not in SPEC_OPEN]
    assert len(closed) > 15
    for method, path in closed:
        concrete = re.sub(r"\{[^}]+\}", str(uuid4()), path)
        # A body of the right type: what is asked here is who may call at all.
        answer = await api.request(method, concrete, json={})
        assert answer.status_code == 401, (method, path, answer.text)
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_documentation_is_not_on_the_api_port(api: httpx.AsyncClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json", "/metrics", "/health/detailed"):
        assert (await api.get(path)).status_code == 404


@pytest.mark.parametrize("credential", ["write_key", "player_token", "sandbox_key"])
async def test_games_reach_nothing_of_people(
    app: FastAPI, api: httpx.AsyncClient, world: World, credential: str
) -> None:
    headers = bearer(getattr(world, credential))
    people = ("/api/v1/auth/me", "/api/v1/classes", "/api/v1/games", "/api/v1/system/status")
    for path in people:
        answer = await api.get(path, headers=headers)
        assert answer.status_code in (401, 403), (path, answer.text)
