"""The way into the API when the server is busy, slow, broken or gone."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from learntrace.interchange.api_sink import ApiSink
from learntrace.interchange.batches import Batch
from learntrace.interchange.readers import ReadEvent
from learntrace.interchange.sink import ImportStoppedError, IngestAnswer, Rejection

from .conftest import make_event, text_of
from .fake_ingest import FEATURES, FakeIngest, Reply

STORED = Reply(201, {"accepted": 2, "duplicates": 0, "rejected": []})


def batch(*numbers: int) -> Batch:
    events = map(make_event, numbers or (0, 1))
    return Batch.of(
        ReadEvent(line, text_of(event), event["session_id"], event["student_id"])
        for line, event in enumerate(events, start=1)
    )


class Waits(list[tuple[float, str]]):
    """Notes every wait instead of spending it."""

    async def __call__(self, seconds: float, reason: str) -> None:
        self.append((seconds, reason))


@pytest.fixture
def waits() -> Waits:
    return Waits()


@asynccontextmanager
async def sink_to(url: str, waits: Waits, **settings: Any) -> AsyncIterator[ApiSink]:
    async with ApiSink(url, "lt_sandbox_x", client_id="test", wait=waits, **settings) as sink:
        yield sink


@pytest.mark.parametrize("suffix", ["", "/", "/api/v1", "/api/v1/"])
async def test_a_batch_goes_to_the_api_with_its_key_and_client_id(
    ingest: FakeIngest, waits: Waits, suffix: str
) -> None:
    async with sink_to(ingest.url + suffix, waits) as sink:
        assert await sink.send(batch(0, 1)) == IngestAnswer(2, 0, ())
        assert await sink.send(batch(1, 2)) == IngestAnswer(1, 1, ())
    first = ingest.requests[0]
    assert first.path == "/api/v1/telemetry/batch"
    assert first.headers["authorization"] == "Bearer lt_sandbox_x"
    assert first.headers["x-client-id"] == "test"
    assert first.headers["content-encoding"] == "gzip"
    assert first.body["batch_id"] == str(batch(0, 1).batch_id)
    assert first.body["events"] == [make_event(0), make_event(1)]
    assert waits == []


async def test_some_or_all_rejected_events_are_an_answer(ingest: FakeIngest, waits: Waits) -> None:
    ingest.unknown_students = {make_event(10)["student_id"]}
    why = "student_id: no such student"
    async with sink_to(ingest.url, waits) as sink:
        some = await sink.send(batch(0, 10))
        assert some == IngestAnswer(1, 0, (Rejection(1, "unknown_student", why),))
        none = await sink.send(batch(10, 11))
        assert [rejection.index for rejection in none.rejected] == [0, 1]
        assert (none.accepted, none.duplicates) == (0, 0)


@pytest.mark.parametrize(
    ("headers", "waited"), [({"Retry-After": "7"}, 7.0), ({}, 10.0), ({"Retry-After": "?"}, 10.0)]
)
async def test_the_rate_limit_is_waited_out_as_told(
    ingest: FakeIngest, waits: Waits, headers: dict[str, str], waited: float
) -> None:
    limited = Reply(429, {"title": "Too many requests"}, headers)
    ingest.script = [limited] * 12 + [STORED]
    async with sink_to(ingest.url, waits, attempts=2) as sink:
        assert (await sink.send(batch())).accepted == 2
    assert waits == [(waited, "the server's rate limit is reached")] * 12


async def test_a_date_to_retry_after_is_understood(ingest: FakeIngest, waits: Waits) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    past = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
    ingest.script = [Reply(429, {}, {"Retry-After": when}) for when in (soon, past)] + [STORED]
    async with sink_to(ingest.url, waits) as sink:
        await sink.send(batch())
    assert 25 < waits[0][0] <= 30
    assert waits[1][0] == 0


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_an_unavailable_server_is_tried_again(
    ingest: FakeIngest, waits: Waits, status: int
) -> None:
    ingest.script = [Reply(status), Reply(status), Reply(status, {}, {"Retry-After": "2"}), STORED]
    async with sink_to(ingest.url, waits) as sink:
        assert (await sink.send(batch())).accepted == 2
    assert {reason for _, reason in waits} == {f"the server answered {status}, trying again"}
    assert 0.25 <= waits[0][0] <= 0.5 <= waits[1][0] <= 1.0
    assert waits[2][0] == 2.0
    assert len({request.body["batch_id"] for request in ingest.requests}) == 1


async def test_a_broken_connection_is_tried_again(ingest: FakeIngest, waits: Waits) -> None:
    ingest.script = [Reply(then="reset"), STORED]
    async with sink_to(ingest.url, waits) as sink:
        assert (await sink.send(batch())).accepted == 2
    assert [reason for _, reason in waits] == ["the connection to the server failed, trying again"]


async def test_a_silent_server_is_tried_again(ingest: FakeIngest, waits: Waits) -> None:
    ingest.script = [Reply(then="hang"), STORED]
    async with sink_to(ingest.url, waits, timeout_s=1) as sink:
        assert (await sink.send(batch())).accepted == 2
    assert [reason for _, reason in waits] == ["the server did not answer in time, trying again"]


async def test_after_many_failures_the_import_stops_with_advice(waits: Waits) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    async with sink_to(url, waits) as sink:
        with pytest.raises(ImportStoppedError, match=r"8 times in a row.*start the same import"):
            await sink.send(batch())
    assert len(waits) == 7
    assert max(seconds for seconds, _ in waits) <= 30


async def test_waiting_without_a_person_is_plain_waiting(ingest: FakeIngest) -> None:
    ingest.script = [Reply(429, {}, {"Retry-After": "0"}), STORED]
    async with ApiSink(ingest.url, "k", client_id="test") as sink:
        assert (await sink.send(batch())).accepted == 2


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(401, {"title": "Unauthorized"}), "the key is not accepted"),
        (Reply(403, {}), "the key is not accepted"),
        (Reply(400, {"detail": "batch_id: not a UUID"}), "400 batch_id: not a UUID"),
        (Reply(422, {"title": "Bad envelope"}), "422 Bad envelope"),
        (Reply(500, b"<html>"), "500 Internal Server Error"),
        (Reply(200, b"<html>"), "is it a Learntrace API"),
        (Reply(200, [1]), "is it a Learntrace API"),
    ],
)
async def test_a_clear_refusal_stops_at_once(
    ingest: FakeIngest, waits: Waits, reply: Reply, told: str
) -> None:
    ingest.script = [reply]
    async with sink_to(ingest.url, waits) as sink:
        with pytest.raises(ImportStoppedError, match=told):
            await sink.send(batch())
    assert len(ingest.requests) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999", "http://x:port", "localhost:8000", "x"])
def test_an_impossible_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(ImportStoppedError, match="is no address of an API"):
        ApiSink(url, "k", client_id="test")


async def test_closing_hands_over_the_features(ingest: FakeIngest, waits: Waits) -> None:
    session_id = make_event(0)["session_id"]
    async with sink_to(ingest.url, waits) as sink:
        await sink.send(batch())
        closed = await sink.close(session_id)
        assert closed is not None
        assert closed.features == FEATURES
        assert closed.tasks_completed is None
        ingest.script = [Reply(429, {}, {"Retry-After": "1"}), Reply(202, {"features": None})]
        later = await sink.close(session_id)
        assert later is not None
        assert later.features is None
    assert ingest.requests[-1].path == f"/api/v1/telemetry/session/{session_id}/close"


async def test_closing_what_is_not_stored_is_no_error(ingest: FakeIngest, waits: Waits) -> None:
    async with sink_to(ingest.url, waits) as sink:
        assert await sink.close(make_event(0)["session_id"]) is None
        ingest.script = [Reply(422, {"title": "not a UUID"})]
        assert await sink.close("no/uuid") is None
        assert ingest.requests[-1].path == "/api/v1/telemetry/session/no%2Fuuid/close"
        ingest.script = [Reply(400, {})]
        with pytest.raises(ImportStoppedError, match="400 Bad Request"):
            await sink.close("x")
