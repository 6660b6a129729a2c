"""The paths that clients of the origin systems call, which stay as they are for ever."""

import re
from typing import Final

import httpx
from fastapi import FastAPI

from .test_routes import operations

# From the specification. Never take one out: somewhere a client calls it.
FIXED: Final = (
    ("get", "/health"),
    ("post", "/api/v1/telemetry/events"),
    ("post", "/api/v1/telemetry/batch"),
    ("get", "/api/v1/telemetry/status/{}"),
    ("post", "/api/v1/telemetry/session/{}/close"),
    ("post", "/api/v1/sessions"),
    ("get", "/api/v1/sessions/{}"),
    ("post", "/api/v1/sessions/{}/upload-url"),
    ("get", "/api/v1/sessions/{}/status"),
    ("post", "/api/v1/plan/validate-action"),
    ("get", "/api/v1/coaching-sessions"),
    ("get", "/api/v1/coaching-sessions/"),
)


def test_every_fixed_path_is_described(app: FastAPI) -> None:
    described = {(method, re.sub(r"\{[^}]+\}", "{}", path)) for method, path in operations(app)}
    assert set(FIXED) <= described


async def test_every_fixed_path_is_served(api: httpx.AsyncClient) -> None:
    for method, path in FIXED:
        address = path.format("00000000-0000-4000-8000-000000000000")
        answer = await api.request(method, address, json={} if method == "post" else None)
        assert answer.status_code == (200 if path == "/health" else 401), (method, path)
