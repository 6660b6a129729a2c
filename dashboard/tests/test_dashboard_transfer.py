"""Audio between browser and API: passed on piece by piece, heard only by who may hear it."""

import threading
from collections.abc import Iterator
from types import SimpleNamespace

import fake_recordings
import httpx
import pytest
from fake_api import FakeApi, Served
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from learntrace_dashboard.client import Client, connect
from learntrace_dashboard.listening import MOST_PASSES, Passes, passes
from learntrace_dashboard.texts import Texts
from learntrace_dashboard.transfer import Transfer


def served(made: Transfer) -> Served:
    return Served(SimpleNamespace(app=Starlette(routes=made.routes, lifespan=made.lifespan)))


@pytest.fixture
def browser(api: Served) -> Iterator[httpx.Client]:
    with (
        served(Transfer(api.url)) as dashboard,
        httpx.Client(base_url=dashboard.url, timeout=120) as client,
    ):
        yield client


@pytest.fixture
def teacher(api: Served) -> Iterator[Client]:
    with connect(api.url) as http:
        client = Client(http, Texts())
        client.login("t.winter", "t.winter-pass-2026")
        yield client


def test_pieces_are_passed_on_while_others_are_still_to_come() -> None:
    arrived = threading.Event()
    sizes: list[int] = []

    async def take(request: Request) -> JSONResponse:
        async for piece in request.stream():
            sizes.append(len(piece))
            arrived.set()
        return JSONResponse({"size_bytes": sum(sizes)})

    def pieces() -> Iterator[bytes]:
        yield bytes(1000)
        assert arrived.wait(timeout=60), "the first piece was held back"
        for _ in range(200):
            yield bytes(100_000)

    upload = Route("/api/v1/uploads/{token}", take, methods=["PUT"])
    with (
        Served(SimpleNamespace(app=Starlette(routes=[upload]))) as api,
        served(Transfer(api.url)) as dashboard,
    ):
        url = f"{dashboard.url}/transfer/uploads/a.signed-one"
        answer = httpx.put(url, content=pieces(), timeout=120)
    assert answer.json() == {"size_bytes": 20_001_000}
    assert max(sizes) < 1_000_000


def test_what_the_api_says_of_an_upload_is_passed_back(browser: httpx.Client) -> None:
    answer = browser.put("/transfer/uploads/forged", content=b"x")
    assert answer.status_code == 403
    assert answer.json()["detail"] == "The address is not valid."


def test_refusal_that_comes_early_is_heard_once_all_is_sent() -> None:
    async def refuse(_: Request) -> JSONResponse:
        return JSONResponse({"detail": "This is no sound."}, 415)

    upload = Route("/api/v1/uploads/{token}", refuse, methods=["PUT"])
    with (
        Served(SimpleNamespace(app=Starlette(routes=[upload]))) as api,
        served(Transfer(api.url)) as dashboard,
    ):
        answer = httpx.put(
            f"{dashboard.url}/transfer/uploads/x", content=bytes(20_000_000), timeout=120
        )
    assert answer.status_code == 415
    assert answer.json()["detail"] == "This is no sound."


def test_upload_without_an_api_is_a_bad_gateway() -> None:
    with served(Transfer("http://127.0.0.1:9")) as dashboard:
        answer = httpx.put(f"{dashboard.url}/transfer/uploads/x", content=b"x", timeout=60)
    assert answer.status_code == 502


def a_pass(fake: FakeApi, teacher: Client) -> str:
    one = fake_recordings.a_recording(fake, "Talk", "completed", has_audio=True)
    fake.audio[one["id"]] = bytes(range(200))
    return f"/transfer/audio/{passes.give('somebody', teacher.apart(), one['id'])}"


def test_player_hears_the_part_it_asks_for(
    fake: FakeApi, teacher: Client, browser: httpx.Client
) -> None:
    url = a_pass(fake, teacher)
    part = browser.get(url, headers={"Range": "bytes=10-19"})
    assert part.status_code == 206
    assert part.content == bytes(range(10, 20))
    assert part.headers["Content-Range"] == "bytes 10-19/200"
    assert part.headers["Cache-Control"] == "no-store"
    whole = browser.get(url)
    assert whole.status_code == 200
    assert whole.content == bytes(range(200))


def test_player_goes_on_when_the_token_has_expired(
    fake: FakeApi, teacher: Client, browser: httpx.Client
) -> None:
    url = a_pass(fake, teacher)
    fake.expire_tokens()
    assert browser.get(url).status_code == 200


def test_pass_is_worth_nothing_after_logging_out(
    fake: FakeApi, teacher: Client, browser: httpx.Client
) -> None:
    url = a_pass(fake, teacher)
    teacher.logout()
    assert browser.get(url).status_code == 502


def test_guessed_pass_opens_nothing(fake: FakeApi, browser: httpx.Client) -> None:
    assert browser.get("/transfer/audio/guessed").status_code == 404
    assert fake.requests == []


def test_pass_stays_the_same_and_the_oldest_goes_when_there_are_too_many(teacher: Client) -> None:
    kept = Passes()
    first = kept.give("a", teacher, "0")
    assert kept.give("a", teacher, "0") == first
    assert kept.give("b", teacher, "0") != first
    for number in range(MOST_PASSES - 1):
        kept.give("c", teacher, f"{number}")
    assert kept.of(first) is None
    assert kept.of(kept.give("b", teacher, "0")) is not None
