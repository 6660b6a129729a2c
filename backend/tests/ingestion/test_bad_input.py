"""Garbage in: a clear answer out, nothing else lost, the server well."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from ..world import World, batch, bearer

BATCH = "/api/v1/telemetry/batch"
EVENTS = "/api/v1/telemetry/events"


def _deep(levels: int) -> str:
    return "[" * levels + "]" * levels


BROKEN_ENVELOPES = {
    "empty": b"",
    "not json": b"hello",
    "truncated": b'{"batch_id": "',
    "array": b"[]",
    "number": b"7",
    "null": b"null",
    "nan": b"NaN",
    "not utf-8": b"\xff\xfe{}",
    "deep": _deep(200_000).encode(),
    "no batch id": b'{"events": [{}]}',
    "bad batch id": b'{"batch_id": "x", "events": [{}]}',
    "no events": json.dumps({"batch_id": str(uuid4()), "events": []}).encode(),
    "events no list": json.dumps({"batch_id": str(uuid4()), "events": {}}).encode(),
    "too many": json.dumps({"batch_id": str(uuid4()), "events": [{}] * 1001}).encode(),
    "long client version": json.dumps(batch([{}], client_version="v" * 21)).encode(),
    "nul in client version": json.dumps(batch([{}], client_version="a\0b")).encode(),
    "bad sent_at": json.dumps(batch([{}], sent_at="noon")).encode(),
}


@pytest.mark.parametrize("name", BROKEN_ENVELOPES)
@pytest.mark.parametrize("path", [BATCH, EVENTS])
async def test_broken_envelope_is_refused_whole(
    api: httpx.AsyncClient, world: World, name: str, path: str
) -> None:
    headers = bearer(world.write_key) | {"Content-Type": "application/json"}
    answer = await api.post(path, content=BROKEN_ENVELOPES[name], headers=headers)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    good = await api.post(BATCH, json=batch([world.event()]), headers=bearer(world.write_key))
    assert good.status_code == 201


def _raw(world: World, **raw: str) -> str:
    event = {name: json.dumps(value) for name, value in world.event().items()} | raw
    return "{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in event.items()) + "}"


BROKEN_FIELDS: dict[str, tuple[dict[str, str], str]] = {
    "data nan": ({"data": '{"x": NaN}'}, "data"),
    "data infinity": ({"data": '{"x": -Infinity}'}, "data"),
    "data huge number": ({"data": '{"x": 1e400}'}, "data"),
    "data many digits": ({"data": '{"x": ' + "9" * 5000 + "}"}, "data"),
    "data deep": ({"data": '{"x": ' + _deep(33) + "}"}, "data"),
    "data very deep": ({"data": '{"x": ' + _deep(4900) + "}"}, "data"),
    "data nul": ({"data": '{"x": "\\u0000"}'}, "data"),
    "data lone surrogate": ({"data": '{"x": "\\ud800"}'}, "data"),
    "data array": ({"data": "[]"}, "data"),
    "data null": ({"data": "null"}, "data"),
    "type nul": ({"event_type": '"a\\u0000b"'}, "event_type"),
    "type surrogate": ({"event_type": '"\\udfff"'}, "event_type"),
    "type empty": ({"event_type": '""'}, "event_type"),
    "type long": ({"event_type": json.dumps("x" * 101)}, "event_type"),
    "type number": ({"event_type": "7"}, "event_type"),
    "mission nul": ({"mission_id": '"\\u0000"'}, "mission_id"),
    "version long": ({"game_version": json.dumps("1" * 21)}, "game_version"),
    "time without offset": ({"timestamp": '"2026-01-01T00:00:00"'}, "timestamp"),
    "time as number": ({"timestamp": "1700000000"}, "timestamp"),
    "sequence true": ({"sequence": "true"}, "sequence"),
    "sequence fraction": ({"sequence": "1.5"}, "sequence"),
    "sequence huge": ({"sequence": "1" + "0" * 30}, "sequence"),
    "student no uuid": ({"student_id": '"ada"'}, "student_id"),
}


@pytest.mark.parametrize("name", BROKEN_FIELDS)
async def test_broken_field_costs_only_its_event(
    api: httpx.AsyncClient, world: World, name: str
) -> None:
    raw, field = BROKEN_FIELDS[name]
    events = ",".join([_raw(world), _raw(world, **raw), _raw(world)])
    body = f'{{"batch_id":"{uuid4()}","events":[{events}]}}'
    headers = bearer(world.write_key) | {"Content-Type": "application/json"}
    answer = await api.post(BATCH, content=body, headers=headers)
    assert answer.status_code == 201, answer.text
    assert answer.json()["accepted"] == 2
    (rejected,) = answer.json()["rejected"]
    assert (rejected["index"], rejected["code"]) == (1, "invalid")
    assert field in rejected["detail"]


async def test_fifty_megabytes_are_413_and_the_server_stays_well(
    api: httpx.AsyncClient, world: World
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(50):
            yield b" " * 1_000_000

    headers = bearer(world.write_key) | {"Content-Type": "application/json"}
    answer = await api.post(BATCH, content=chunks(), headers=headers)
    assert answer.status_code == 413
    mapping = await api.post(
        "/api/v1/auth/login",
        content=chunks(),
        headers={"Content-Type": "application/json"},
    )
    assert mapping.status_code == 413
    assert (await api.get("/health")).status_code == 200


@pytest.mark.parametrize(
    "content_type", ["", "application/xml", "application/x-www-form-urlencoded", "text/html"]
)
async def test_other_content_types_are_415(
    api: httpx.AsyncClient, world: World, content_type: str
) -> None:
    headers = bearer(world.write_key) | {"Content-Type": content_type}
    answer = await api.post(BATCH, content=b"{}", headers=headers)
    assert answer.status_code == 415
    assert "application/json" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["x", "%00", "7", "é", "a" * 300])
async def test_garbage_in_paths_is_a_clear_4xx(
    api: httpx.AsyncClient, world: World, path: str
) -> None:
    headers = bearer(world.write_key)
    status = await api.get(httpx.URL("/api/v1/telemetry/status/" + path), headers=headers)
    close = await api.post(httpx.URL(f"/api/v1/telemetry/session/{path}/close"), headers=headers)
    for answer in (status, close):
        assert answer.status_code in (404, 422)
        assert answer.headers["content-type"] == "application/problem+json"


async def test_details_never_echo_values(api: httpx.AsyncClient, world: World) -> None:
    secret = "Ada-Lovelace-1815"
    events: list[dict[str, Any]] = [
        world.event(event_type=secret * 20),
        world.event(student_id=secret),
        world.event(data=secret),
        world.event(timestamp=secret),
        world.event(mission_id=secret * 20),
    ]
    answer = await api.post(BATCH, json=batch(events), headers=bearer(world.write_key))
    assert answer.status_code == 422
    assert secret not in answer.text
