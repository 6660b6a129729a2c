"""Bodies that are packed, cut short, too large, or without a header for their token."""

import gzip
import json
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message

from learntrace.app import finished

from ..world import World, batch, bearer
from .sending import BATCH, CLOSE, EVENTS


async def test_gzip_body_and_its_limits(api: httpx.AsyncClient, world: World) -> None:
    body = gzip.compress(json.dumps(batch([world.event()])).encode())
    headers = bearer(world.write_key) | {
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
    }
    assert (await api.post(BATCH, content=body, headers=headers)).status_code == 201
    bomb = gzip.compress(b" " * 50_000_000)
    assert (await api.post(BATCH, content=bomb, headers=headers)).status_code == 413
    cut = await api.post(BATCH, content=body[:-9], headers=headers)
    assert cut.status_code == 422
    other = headers | {"Content-Encoding": "br"}
    assert (await api.post(BATCH, content=body, headers=other)).status_code == 415


async def test_beacon_carries_its_token_in_the_body(api: httpx.AsyncClient, world: World) -> None:
    envelope = batch([world.event()], player_token=world.player_token)
    plain = {"Content-Type": "text/plain;charset=UTF-8"}
    answer = await api.post(BATCH, content=json.dumps(envelope), headers=plain)
    assert answer.status_code == 201
    as_json = await api.post(BATCH, json=envelope)
    assert as_json.status_code == 401
    for body in ("{", json.dumps(envelope | {"player_token": "lt_player_nope"})):
        assert (await api.post(BATCH, content=body, headers=plain)).status_code == 401
    big = json.dumps(envelope | {"pad": "x" * 70_000})
    assert (await api.post(BATCH, content=big, headers=plain)).status_code == 413
    session_id = envelope["events"][0]["session_id"]
    closing = json.dumps({"player_token": world.player_token})
    path = f"/api/v1/telemetry/session/{session_id}/close"
    closed = await api.post(path, content=closing, headers=plain)
    assert closed.status_code == 200


async def test_write_key_inside_a_body_is_refused(api: httpx.AsyncClient, world: World) -> None:
    plain = {"Content-Type": "text/plain"}
    for key in (world.write_key, world.sandbox_key):
        envelope = batch([world.event()], player_token=key)
        assert (
            await api.post(BATCH, content=json.dumps(envelope), headers=plain)
        ).status_code == 401
        path = f"/api/v1/telemetry/session/{uuid4()}/close"
        closing = json.dumps({"player_token": key})
        assert (await api.post(path, content=closing, headers=plain)).status_code == 401
    assert await world.one("select count(*) from events") == 0


@pytest.mark.parametrize("path", [EVENTS, BATCH, CLOSE])
async def test_beacon_that_cannot_be_unpacked_is_a_clear_4xx(
    api: httpx.AsyncClient, path: str
) -> None:
    packed = {"Content-Type": "text/plain", "Content-Encoding": "gzip"}
    bomb = gzip.compress(b" " * 10_000_000)
    for body, headers, status in (
        (b"garbage", packed, 422),
        (gzip.compress(b"{}")[:-3], packed, 422),
        (bomb, packed, 413),
        (b"x" * 70_000, {"Content-Type": "text/plain"}, 413),
        (b"{}", packed | {"Content-Encoding": "br"}, 415),
    ):
        answer = await api.post(path, content=body, headers=headers)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["x-ratelimit-limit"]


@pytest.mark.parametrize("path", [BATCH, CLOSE])
async def test_client_that_leaves_is_no_failure(
    app: FastAPI, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    chunks: list[Message] = [
        {"type": "http.request", "body": b"{", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return chunks.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"content-type", b"text/plain")],
        "client": ("127.0.0.1", 1),
        "server": ("test", 80),
        "scheme": "http",
        "http_version": "1.1",
    }
    await finished(app)(scope, receive, send)
    assert sent[0]["status"] == 400
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
