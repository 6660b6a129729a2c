"""CORS around every answer, problem documents, request ids, logs without a child in them."""

import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from learntrace.kit.config import Settings
from learntrace.kit.logging import configure

from ..world import World, batch, bearer

ORIGIN = {"Origin": "https://game.example"}
BATCH = "/api/v1/telemetry/batch"


@pytest.fixture
async def crashing(app: FastAPI) -> None:
    @app.get("/crash/{student_id}")
    async def crash(student_id: str) -> None:
        raise RuntimeError(f"secret of {student_id}")


@contextmanager
def logging_as_a_process() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure("INFO", process="test")
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


async def _answers(api: httpx.AsyncClient, world: World) -> dict[int, httpx.Response]:
    key = bearer(world.write_key) | ORIGIN
    big = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    return {
        401: await api.post(BATCH, json=batch([world.event()]), headers=ORIGIN),
        404: await api.get("/api/v1/nothing", headers=ORIGIN),
        405: await api.get(BATCH, headers=ORIGIN),
        413: await api.post(BATCH, content=b" " * (12 * 2**20 + 1), headers=key | big),
        415: await api.post(BATCH, content=b"x", headers=key | {"Content-Type": "text/html"}),
        422: await api.post(BATCH, json={}, headers=key),
        500: await api.get("/crash/ada", headers=ORIGIN),
        201: await api.post(BATCH, json=batch([world.event()]), headers=key),
        429: [
            await api.get(f"/api/v1/telemetry/status/{uuid4()}", headers=key) for _ in range(101)
        ][-1],
    }


@pytest.mark.usefixtures("crashing")
async def test_every_answer_carries_cors_and_is_a_problem(
    api: httpx.AsyncClient, app: FastAPI, world: World
) -> None:
    await app.state.allowed_origins.refresh(world.database)
    for status, answer in (await _answers(api, world)).items():
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == "https://game.example"
        exposed = answer.headers["access-control-expose-headers"]
        for name in ("Retry-After", "X-RateLimit-Limit", "X-Request-Id"):
            assert name in exposed
        assert answer.headers["x-request-id"]
        if status != 201:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["status"] == status
            assert "secret" not in answer.text


@pytest.mark.parametrize("announced", [True, False])
async def test_too_large_a_body_is_a_problem_with_cors(
    api: httpx.AsyncClient, app: FastAPI, world: World, announced: bool
) -> None:
    await app.state.allowed_origins.refresh(world.database)

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 50_000

    answer = await api.post(
        "/api/v1/auth/login",
        content=b" " * 1_000_000 if announced else chunks(),
        headers=ORIGIN | {"Content-Type": "application/json"},
    )
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "Too large"
    assert "less" in answer.json()["detail"]
    assert answer.headers["access-control-allow-origin"] == "https://game.example"
    assert answer.headers["x-request-id"]


async def test_preflight_is_answered_for_listed_origins_only(
    api: httpx.AsyncClient, app: FastAPI, world: World
) -> None:
    await app.state.allowed_origins.refresh(world.database)
    asking = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,content-encoding,x-sent-at",
    }
    listed = await api.options(BATCH, headers=ORIGIN | asking)
    assert listed.status_code == 200
    assert listed.headers["access-control-allow-origin"] == "https://game.example"
    assert int(listed.headers["access-control-max-age"]) >= 600
    stranger = await api.options(BATCH, headers=asking | {"Origin": "https://evil.example"})
    assert stranger.status_code == 400
    assert "access-control-allow-origin" not in stranger.headers


async def test_request_id_is_kept_when_it_is_one(api: httpx.AsyncClient) -> None:
    kept = await api.get("/liveness", headers={"X-Request-Id": "client-id-1"})
    assert kept.headers["x-request-id"] == "client-id-1"
    for forged in ("short", "x" * 65, "with space and more", "line\\nbreak"):
        answer = await api.get("/liveness", headers={"X-Request-Id": forged})
        assert answer.headers["x-request-id"] != forged


@pytest.mark.usefixtures("crashing")
async def test_logs_name_the_route_and_nobody(
    api: httpx.AsyncClient, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    session_id = uuid4()
    path = f"/api/v1/telemetry/session/{session_id}/close?student={world.students[0]}"
    with logging_as_a_process():
        await api.post(path, headers=bearer(world.write_key))
        await api.get("/crash/Ada-Lovelace")
        await api.get(f"/api/v1/{world.students[0]}")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    routes = [line["route"] for line in lines if "route" in line]
    assert routes == [
        "/api/v1/telemetry/session/{session_id}/close",
        "/crash/{student_id}",
        "unmatched",
    ]
    assert all(line["process"] == "test" and line["request_id"] for line in lines)
    text = json.dumps(lines)
    for secret in (str(session_id), str(world.students[0]), "Ada-Lovelace", "secret of", "lt_live"):
        assert secret not in text
    (crash,) = [line for line in lines if line["message"] == "request failed"]
    assert crash["exc_info"].startswith("RuntimeError at ")


@pytest.mark.parametrize("path", ["/auth/login", "/auth/refresh", "/players/join"])
@pytest.mark.parametrize("body", [b'{"a": ', b"{'a': 1}", b'{"a": "\xff"}', b"[" * 100_000])
async def test_no_json_is_one_sentence_everywhere(
    api: httpx.AsyncClient, path: str, body: bytes
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await api.post(f"/api/v1{path}", content=body, headers=headers)
    assert answer.status_code == 422
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not valid",
        "status": 422,
        "detail": "This is not JSON in UTF-8, or it is nested too deeply.",
    }


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"password": "x"}, ("username", "Field required")),
        (
            {"username": "a\0", "password": "x"},
            ("username", "must not contain the character NUL"),
        ),
        ([1], ("body", "must be a JSON object, sent with Content-Type: application/json")),
    ],
)
async def test_what_is_not_valid_is_named_in_words(
    api: httpx.AsyncClient, body: object, told: tuple[str, str]
) -> None:
    answer = await api.post("/api/v1/auth/login", json=body)
    assert answer.status_code == 422
    field, problem = told
    assert answer.json()["errors"] == [{"field": field, "problem": problem}]
    assert answer.json()["detail"] == f"{field}: {problem}"


async def test_successes_of_the_hot_paths_are_counted_and_not_logged(
    api: httpx.AsyncClient, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    key = bearer(world.write_key)
    with logging_as_a_process():
        await api.post(BATCH, json=batch([world.event()]), headers=key)
        await api.post(BATCH, json={}, headers=key)
        await api.get("/liveness")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["route"], line["status"]) for line in lines if "route" in line] == [
        (BATCH, 422),
        ("/liveness", 200),
    ]


async def test_a_crash_on_a_hot_path_is_a_problem_and_logged(
    api: httpx.AsyncClient, app: FastAPI, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    app.state.writer = None
    await app.state.allowed_origins.refresh(world.database)
    key = bearer(world.write_key) | ORIGIN
    answer = await api.post(BATCH, json=batch([world.event()]), headers=key)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "https://game.example"
    assert "request failed" in caplog.text


class TestFewGuesses:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"rate_limit_bad_credentials": 1})

    @pytest.mark.usefixtures("crashing")
    @pytest.mark.parametrize("origin", ["https://game.example", "https://evil.example"])
    async def test_only_pages_of_listed_origins_may_read_errors(
        self, api: httpx.AsyncClient, app: FastAPI, world: World, origin: str
    ) -> None:
        await app.state.allowed_origins.refresh(world.database)
        who = {"Origin": origin}
        login, me = "/api/v1/auth/login", "/api/v1/auth/me"
        answers = [
            await api.get(me, headers=who),
            await api.get("/api/v1/nothing", headers=who),
            await api.delete(login, headers=who),
            await api.post(login, content=b" " * 1_000_000, headers=who),
            await api.post(login, json={}, headers=who),
            await api.get(me, headers=who),
            await api.get("/crash/ada", headers=who),
        ]
        assert [one.status_code for one in answers] == [401, 404, 405, 413, 422, 429, 500]
        listed = origin == "https://game.example"
        for one in answers:
            allowed = one.headers.get("access-control-allow-origin")
            assert allowed == (origin if listed else None), one.status_code
            assert "Origin" in one.headers["vary"], one.status_code
