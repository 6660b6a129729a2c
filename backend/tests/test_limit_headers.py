"""Every route says how the caller's limit stands, whoever calls and whatever is answered."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.types import Message

from learntrace.accounts.auth import FOREIGN_ORIGIN
from learntrace.app import finished
from learntrace.kit.config import Settings
from learntrace.openapi import OPEN_PATHS

from .test_routes import operations
from .world import World, add_reset, add_signed_in, batch, bearer

HEALTH = {"/health", "/liveness", "/readiness"}
SHOWN = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
JSON = {"Content-Type": "application/json"}
BODIES: Mapping[str, tuple[bytes | None, Mapping[str, str]]] = {
    "none": (None, {}),
    "empty object": (b"{}", JSON),
    "no object": (b"[1]", JSON),
    "no JSON": (b'{"a": ', JSON),
    "no UTF-8": (b'{"a": "\xff"}', JSON),
    "nested": (b"[" * 100_000, JSON),
    "huge": (b" " * 600_000, JSON),
    "other type": (b"<a/>", {"Content-Type": "text/html"}),
    "a beacon": (b"{}", {"Content-Type": "text/plain"}),
    "odd encoding": (b"{}", JSON | {"Content-Encoding": "br"}),
}
INGEST = {f"/api/v1/telemetry/{name}" for name in ("events", "batch", "validate")}
LARGE = INGEST | {"/api/v1/roster/import", "/api/v1/uploads/{token}"}
KEY, PLAYER, PERSON = "a write key", "a player token", "a person's access token"
RESET = "a password-reset token"
PEOPLE = ("teacher", "school_admin", "system_admin", "game_developer")
SENT = {"write key": KEY, "sandbox key": KEY, "player": PLAYER, "reset": RESET} | dict.fromkeys(
    PEOPLE, PERSON
)
TAKEN = (
    ("/api/v1/auth/password", (RESET,)),
    ("/api/v1/telemetry/", (KEY, PLAYER)),
    ("/api/v1/(adaptive/|players/renew)", (PLAYER,)),
    (r"/api/v1/classes/\{class_id\}/assignments", (PERSON, PLAYER)),
    ("/api/v1/(content|learning-sessions|review-cards|scenarios)", (PERSON, PLAYER)),
    ("/api/v1/(game-sessions/|students/[^/]+/sessions)", (PERSON, PLAYER)),
    ("/api/v1/plans?(/|$)", (PERSON,)),
    ("/api/v1/(assessments|auth|classes|clients|coaching-sessions|consents|fusion)", (PERSON,)),
    ("/api/v1/(games|infer|ratings|sessions)", (PERSON,)),
    ("/api/v1/(roster|schools|skills|students|system|users|write-keys)", (PERSON,)),
)


@pytest.fixture
async def callers(world: World) -> dict[str, dict[str, str]]:
    """The headers of every kind of caller."""
    made = {
        "nobody": {},
        "forged person": bearer("lt_access_x"),
        "forged key": bearer("lt_live_x"),
        "other words": bearer("x"),
        "write key": bearer(world.write_key),
        "sandbox key": bearer(world.sandbox_key),
        "player": bearer(world.player_token),
        "key of a foreign page": bearer(world.write_key) | {"Origin": "https://evil.example"},
        "player of a foreign page": bearer(world.player_token) | {"Origin": "https://evil.example"},
    }
    async with world.database.transaction() as db:
        for role in PEOPLE:
            school = world.school_id if role in ("teacher", "school_admin") else None
            _, token = await add_signed_in(db, role, role, school)
            made[role] = bearer(token)
        reset_user, _ = await add_signed_in(db, "resetting", "teacher", world.school_id)
        made["reset"] = bearer(await add_reset(db, reset_user))
        _, token = await add_signed_in(db, "late", "teacher", world.school_id, lives_s=-1)
        made["expired"] = bearer(token)
    return made


def assert_shown(answer: httpx.Response, *what: object) -> None:
    for name in SHOWN:
        assert len(answer.headers.get_list(name)) == 1, (answer.status_code, name, *what)


def assert_readable(answer: httpx.Response) -> None:
    """The problem names places in what was sent, and nothing of our own tools."""
    if answer.status_code == 422:
        told: dict[str, Any] = answer.json()
        assert told["detail"]
        for error in told.get("errors", []):
            assert not error["field"][0].isdigit()
            assert "^[" not in error["problem"]


def limited(app: FastAPI) -> list[tuple[str, str]]:
    """The limited routes; signing out last, because it ends what the others stand on."""
    found = [(method, path) for method, path in operations(app) if path not in HEALTH]
    return sorted(found, key=lambda one: one[1].endswith("/logout"))


@pytest.mark.parametrize(
    ("path_value", "bodies"), [("unknown", {*BODIES}), ("unreadable", {"none", "empty object"})]
)
async def test_every_answer_of_every_route_says_how_the_limit_stands(
    app: FastAPI,
    api: httpx.AsyncClient,
    callers: dict[str, dict[str, str]],
    path_value: str,
    bodies: set[str],
    measured_elsewhere: None,
) -> None:
    seen: set[int] = set()
    for method, path in limited(app):
        value = str(uuid4()) if path_value == "unknown" else "x"
        concrete = re.sub(r"\{[^}]+\}", value, path)
        for who, headers in callers.items():
            app.state.rate_limits.reset()
            for name in sorted(bodies):
                content, more = BODIES[name]
                if name == "none" or method in ("post", "put", "patch"):
                    answer = await api.request(
                        method, concrete, content=content, headers=headers | dict(more)
                    )
                    assert_shown(answer, method, path, who, name)
                    assert_readable(answer)
                    too_large = name == "huge" and path not in LARGE
                    assert (answer.status_code == 413) == too_large, (method, path, who, name)
                    documented = app.openapi()["paths"][path][method]["responses"]
                    assert str(answer.status_code) in documented, (method, path, who, name)
                    seen.add(answer.status_code)
    assert seen >= {200, 401, 403, 422} | ({204, 413, 415} if bodies > {"huge"} else set())
    assert not seen & {400, 500}


async def test_good_answers_and_conflicts_say_it_too(
    app: FastAPI, api: httpx.AsyncClient, world: World
) -> None:
    key = bearer(world.write_key)
    event = world.event()
    for expected in (201, 200):
        answer = await api.post("/api/v1/telemetry/batch", json=batch([event]), headers=key)
        assert answer.status_code == expected
        assert_shown(answer)
    close = f"/api/v1/telemetry/session/{event['session_id']}/close"
    answer = await api.post(close, headers=key)
    assert answer.status_code == 200
    assert_shown(answer)
    for expected in (200, 409):
        answer = await api.post("/api/v1/players/renew", headers=bearer(world.player_token))
        assert answer.status_code == expected
        assert_shown(answer)


async def test_a_token_that_was_good_says_it_on_its_first_refusal(
    api: httpx.AsyncClient, world: World
) -> None:
    status = f"/api/v1/telemetry/status/{uuid4()}"
    headers = bearer(world.write_key)
    assert (await api.get(status, headers=headers)).status_code == 404
    async with world.database.transaction() as db:
        await db.execute(text("update write_keys set revoked_at = now()"))
    answer = await api.get(status, headers=headers)
    assert answer.status_code == 401
    assert_shown(answer)
    assert answer.headers["x-ratelimit-limit"] == answer.headers["x-ratelimit-remaining"]


async def test_what_is_counted_for_nobody_says_nothing(
    app: FastAPI, api: httpx.AsyncClient, world: World
) -> None:
    headers = bearer(world.write_key)
    unmatched = await api.get("/api/v1/nothing", headers=headers)
    wrong_method = await api.delete("/api/v1/telemetry/batch", headers=headers)
    answers = [unmatched, wrong_method, *[await api.get(path) for path in sorted(HEALTH)]]
    assert [answer.status_code for answer in answers] == [404, 405, 200, 200, 200]
    assert not [name for answer in answers for name in SHOWN if name in answer.headers]


async def test_a_valid_credential_of_the_wrong_kind_is_403_that_names_the_right_one(
    app: FastAPI, api: httpx.AsyncClient, callers: dict[str, dict[str, str]]
) -> None:
    for method, path in limited(app):
        if path in OPEN_PATHS:
            continue
        concrete = re.sub(r"\{[^}]+\}", str(uuid4()), path)
        takes = next(kinds for pattern, kinds in TAKEN if re.match(pattern, path))
        for who, sent in SENT.items():
            if sent not in takes:
                answer = await api.request(method, concrete, json={}, headers=callers[who])
                assert answer.status_code == 403, (method, path, who)
                told = answer.json()["detail"]
                assert told == f"This takes {' or '.join(takes)}; you sent {sent}."
        if PLAYER in takes:
            foreign = callers["player of a foreign page"]
            answer = await api.request(method, concrete, json={}, headers=foreign)
            assert answer.status_code == 403
            assert answer.json()["detail"] == FOREIGN_ORIGIN


async def test_who_is_not_let_in_is_told_what_to_send(
    api: httpx.AsyncClient, callers: dict[str, dict[str, str]]
) -> None:
    for path, kinds in (("telemetry/batch", f"{KEY} or {PLAYER}"), ("players/renew", PLAYER)):
        answer = await api.post(f"/api/v1/{path}", headers=callers["forged key"])
        assert f"with {kinds} that is valid now" in answer.json()["detail"]


class TestFewGuesses:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"rate_limit_bad_credentials": 2})

    async def test_the_wrong_kind_is_no_bad_credential(
        self, api: httpx.AsyncClient, callers: dict[str, dict[str, str]]
    ) -> None:
        me, status = "/api/v1/auth/me", f"/api/v1/telemetry/status/{uuid4()}"
        for _ in range(3):
            for who in ("write key", "player"):
                assert (await api.get(me, headers=callers[who])).status_code == 403
            assert (await api.get(status, headers=callers["teacher"])).status_code == 403
        for expected in (401, 401, 429):
            answer = await api.get(me, headers=callers["forged key"])
            assert answer.status_code == expected
            assert_shown(answer)

    async def test_unknown_ones_are_not_looked_up_once_the_address_is_limited(
        self, api: httpx.AsyncClient, callers: dict[str, dict[str, str]]
    ) -> None:
        for _ in range(2):
            await api.get("/api/v1/auth/me", headers=callers["forged key"])
        for path in ("/api/v1/auth/me", f"/api/v1/telemetry/status/{uuid4()}"):
            for who in ("teacher", "write key", "player"):
                assert (await api.get(path, headers=callers[who])).status_code == 429

    @pytest.mark.parametrize("body", ["no JSON", "no UTF-8", "nested", "huge"])
    async def test_bodies_that_cannot_be_read_are_counted_by_address(
        self, api: httpx.AsyncClient, body: str
    ) -> None:
        content, headers = BODIES[body]
        assert content is not None
        statuses = [
            (await api.post("/api/v1/auth/login", content=content, headers=headers)).status_code
            for _ in range(3)
        ]
        assert statuses == ([413, 413, 429] if body == "huge" else [422, 422, 429])

    async def test_they_take_nothing_from_credentials(
        self, api: httpx.AsyncClient, world: World
    ) -> None:
        beacon = {"Content-Type": "text/plain", "Content-Encoding": "gzip"}
        for _ in range(3):
            await api.post("/api/v1/auth/login", content=b"{", headers=JSON)
            answer = await api.post("/api/v1/telemetry/batch", content=b"{", headers=beacon)
        assert answer.status_code == 429
        status = f"/api/v1/telemetry/status/{uuid4()}"
        assert (await api.get(status, headers=bearer(world.write_key))).status_code == 404

    @pytest.mark.parametrize(
        ("path", "media_type"),
        [
            ("auth/login", "application/json"),
            ("telemetry/session/00000000-0000-4000-8000-000000000000/close", "text/plain"),
            ("telemetry/batch", "text/plain"),
        ],
    )
    async def test_who_hangs_up_is_not_counted(
        self, app: FastAPI, api: httpx.AsyncClient, path: str, media_type: str
    ) -> None:
        for _ in range(3):
            await hang_up(app, f"/api/v1/{path}", media_type)
        answer = await api.post("/api/v1/auth/login", content=b"{", headers=JSON)
        assert (answer.status_code, answer.headers["x-ratelimit-remaining"]) == (422, "1")
        answer = await api.get("/api/v1/auth/me")
        assert (answer.status_code, answer.headers["x-ratelimit-remaining"]) == (401, "1")


async def hang_up(app: FastAPI, path: str, media_type: str) -> None:
    """Send the beginning of a body, and be gone."""
    left: list[Message] = [
        {"type": "http.disconnect"},
        {"type": "http.request", "body": b"{", "more_body": True},
    ]
    answered: list[Message] = []

    async def receive() -> Message:
        return left.pop()

    async def send(message: Message) -> None:
        answered.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [(b"content-type", media_type.encode())],
        "client": ("127.0.0.1", 1),
    }
    await finished(app)(scope, receive, send)
    assert answered[0]["status"] == 400
