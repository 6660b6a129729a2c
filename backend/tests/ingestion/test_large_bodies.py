"""Bodies that cost more than others: nobody else waits for them."""

import asyncio
import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest
from starlette.datastructures import Headers
from starlette.types import Message

from learntrace.ingestion import bodies, intake
from learntrace.ingestion.decoding import decode_batch, decode_single
from learntrace.ingestion.intake import Intake
from learntrace.ingestion.verdicts import BrokenEnvelope, Code
from learntrace.kit.errors import UnavailableError

from ..world import World, bearer
from .validation_bodies import body, event

EVENTS = "/api/v1/telemetry/events"
BATCH = "/api/v1/telemetry/batch"
JSON = {"Content-Type": "application/json"}
NAMELESS = b'{"a":NaN,' + b",".join([b'"":1'] * 190_000) + b"}"
SOON_S = 0.02


@pytest.mark.parametrize(
    ("path", "hostile"),
    [
        (EVENTS, NAMELESS),
        (BATCH, NAMELESS),
        (EVENTS, b"{" + b",".join(b'"%d":1' % n for n in range(1_000_000)) + b"}"),
    ],
)
async def test_liveness_answers_while_a_hostile_body_is_judged(
    api: httpx.AsyncClient, world: World, path: str, hostile: bytes
) -> None:
    headers = bearer(world.player_token) | JSON
    await api.post(EVENTS, json=world.event(), headers=headers)
    order: list[str] = []

    async def attack() -> None:
        answers = [api.post(path, content=hostile, headers=headers) for _ in range(4)]
        assert {answer.status_code for answer in await asyncio.gather(*answers)} == {422}
        order.append("attack")

    attacking = asyncio.create_task(attack())
    await asyncio.sleep(SOON_S)
    assert (await api.get("/liveness")).status_code == 200
    order.append("liveness")
    await attacking
    assert order == ["liveness", "attack"]


async def test_many_bad_events_are_all_told_why(api: httpx.AsyncClient, world: World) -> None:
    bad = b'{"event_id":NaN,"x":' + b"[" * 480 + b"]" * 480 + b"}"
    answer = await api.post(
        BATCH, content=body(*[bad] * 1000), headers=bearer(world.player_token) | JSON
    )
    assert answer.status_code == 422
    details = [rejected["detail"] for rejected in answer.json()["rejected"]]
    assert len(details) == 1000
    assert all(detail.startswith("event_id: ") for detail in details)


@pytest.mark.parametrize("broken", [b'"complete"', b'"data"'])
def test_one_bad_event_among_a_thousand_rich_ones_costs_only_itself(broken: bytes) -> None:
    data = {"path": [[1, 2]] * 100, "board": {"rows": [{"cells": [{"x": 1}] * 20}]}}
    rich = [json.dumps(event(event_id=str(uuid4()), data=data)).encode() for _ in range(1000)]
    rich[500] = rich[500].replace(broken, b"NaN")
    batch = decode_batch(body(*rich), received_at=datetime(2026, 3, 2, 8, 16, tzinfo=UTC))
    assert len(batch.events) == 999
    assert [rejected.index for rejected in batch.rejected] == [500]


def test_past_its_steps_a_request_is_refused_with_a_sentence() -> None:
    received_at = datetime(2026, 3, 2, 8, 16, tzinfo=UTC)
    with pytest.raises(BrokenEnvelope, match="too many brackets, names and commas"):
        decode_single(NAMELESS, received_at=received_at)
    many = b'{"event_id":"x",' + b",".join(b'"%d":1' % n for n in range(300)) + b"}"
    good = json.dumps(event()).encode()
    batch = decode_batch(body(*[many] * 998, good), received_at=received_at)
    assert len(batch.events) == 1
    assert {rejected.code for rejected in batch.rejected} == {Code.INVALID}
    assert batch.rejected[0].detail.startswith("event_id: ")
    assert batch.rejected[-1].detail.endswith("send it alone")


async def test_large_good_bodies_are_stored(api: httpx.AsyncClient, world: World) -> None:
    headers = bearer(world.write_key) | JSON
    for packed in (False, True):
        events = [world.event(data={"pad": "x" * 5000}) for _ in range(100)]
        sent = json.dumps({"batch_id": str(uuid4()), "events": events}).encode()
        assert len(sent) > intake.LARGE_BYTES
        if packed:
            sent, headers = gzip.compress(sent), headers | {"Content-Encoding": "gzip"}
        answer = await api.post(BATCH, content=sent, headers=headers)
        assert (answer.status_code, answer.json()["accepted"]) == (201, 100)


async def test_few_large_bodies_are_in_hand_and_few_wait() -> None:
    desk = Intake()
    leave = asyncio.Event()
    inside = 0

    async def stay() -> None:
        nonlocal inside
        with desk.place() as place:
            await place.take()
            await place.take()
            inside += 1
            await leave.wait()

    staying = [asyncio.create_task(stay()) for _ in range(intake.PLACES + intake.MOST_WAITING)]
    await asyncio.sleep(SOON_S)
    assert inside == intake.PLACES
    with pytest.raises(UnavailableError) as refused:
        await stay()
    assert refused.value.headers["Retry-After"]
    leave.set()
    await asyncio.gather(*staying)
    assert inside == len(staying)
    await stay()
    desk.close()


def arriving(*chunks: bytes) -> Callable[[], asyncio.Future[Message]]:
    """A connection that brings `chunks` and then falls silent."""
    left = list(chunks)

    def receive() -> asyncio.Future[Message]:
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        if left:
            future.set_result({"type": "http.request", "body": left.pop(0), "more_body": True})
        return future

    return receive


@pytest.mark.parametrize("announced", [{}, {"content-length": "600000"}])
async def test_nobody_keeps_a_place_by_sending_slowly(
    monkeypatch: pytest.MonkeyPatch, announced: dict[str, str]
) -> None:
    monkeypatch.setattr(bodies, "_ARRIVAL_S", SOON_S)
    desk = Intake()
    for _ in range(2 * intake.PLACES):
        with desk.place() as place:
            with pytest.raises(UnavailableError, match="smaller batches"):
                await bodies.read_body(arriving(b" " * 300_000), Headers(announced), place)
            assert place.is_taken
    desk.close()
