"""The telemetry endpoints. The two hot paths and their rehearsal are plain ASGI routes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.datastructures import Headers
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from learntrace.events.never_store import NeverStored
from learntrace.ingestion import bodies, limits, metrics, service
from learntrace.ingestion.auth import StatusAuth, identify
from learntrace.ingestion.decoding import (
    Batch,
    decode_batch,
    decode_good_batch,
    decode_good_single,
    decode_single,
)
from learntrace.ingestion.intake import Intake
from learntrace.ingestion.requests import IngestRequest
from learntrace.ingestion.schemas import BatchStatus
from learntrace.ingestion.times import parse_instant
from learntrace.ingestion.verdicts import BrokenEnvelope
from learntrace.kit import clock
from learntrace.kit.db import RequestDb
from learntrace.kit.errors import InvalidError, UnauthorizedError

router = APIRouter(prefix="/telemetry", tags=["telemetry"])

# Up to here a body is decoded at once: a thread would take the interpreter for as long as that, and
# cost more.
DECODED_AT_ONCE_BYTES = 512 * 1024
# Up to here a body with something wrong in it is looked into at once, and not in a thread.
LOOKED_INTO_BYTES = 32 * 1024


@dataclass(frozen=True, slots=True)
class Decoders:
    """How a body becomes a batch: `good` fast or not at all, `any` with a verdict on each event."""

    good: Callable[[bytes], Batch | None]
    any: Callable[[bytes], Batch]


Prepare = Callable[[Headers, datetime, NeverStored | None], Decoders]


def _single(headers: Headers, received_at: datetime, never_store: NeverStored | None) -> Decoders:
    sent_at = headers.get("x-sent-at")
    try:
        told_at = parse_instant(sent_at) if sent_at is not None else None
    except ValueError as problem:
        raise InvalidError(f"X-Sent-At {problem}.") from None
    return Decoders(
        partial(
            decode_good_single, received_at=received_at, sent_at=told_at, never_store=never_store
        ),
        partial(decode_single, received_at=received_at, sent_at=told_at, never_store=never_store),
    )


def _batch(_: Headers, received_at: datetime, never_store: NeverStored | None) -> Decoders:
    return Decoders(
        partial(decode_good_batch, received_at=received_at, never_store=never_store),
        partial(decode_batch, received_at=received_at, never_store=never_store),
    )


class Ingest:
    """One ingest path, from raw body to answer, without the framework's request machinery."""

    def __init__(self, kind: limits.Kind, prepare: Prepare, *, rehearsal: bool = False) -> None:
        self.kind = kind
        self.prepare = prepare
        self.rehearsal = rehearsal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        received_at = clock.now()
        request = IngestRequest(scope, receive)
        state = request.app.state
        caller, body = await identify(request, may_recall=True)
        limits.count(request, caller, self.kind)
        bodies.require_readable(request.headers)
        decoders = self.prepare(request.headers, received_at, caller.never_store)
        batch, started = await _read(request, body, decoders)
        try:
            answer = await service.take(
                state.writer, caller, batch, received_at, rehearsal=self.rehearsal
            )
        except UnauthorizedError:
            state.remembered_callers.forget(caller)
            raise
        metrics.PROCESSING_SECONDS.observe(time.perf_counter() - started)
        await _send(answer, send)


async def _send(answer: service.Answer, send: Send) -> None:
    body = answer.body()
    headers = [
        (b"content-type", answer.media_type.encode()),
        (b"content-length", b"%d" % len(body)),
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _read(request: Request, body: bytes | None, decoders: Decoders) -> tuple[Batch, float]:
    """The batch in the body, and when the body was whole (`perf_counter`).

    Large bodies wait for a place; what may take long is done in a thread.
    """
    intake: Intake = request.app.state.intake
    with intake.place() as place:
        if body is None:
            body = await bodies.read_body(request.receive, request.headers, place)
        started = time.perf_counter()
        try:
            good = decoders.good(body) if len(body) <= DECODED_AT_ONCE_BYTES else None
            if good is not None:
                return good, started
            if len(body) > LOOKED_INTO_BYTES:
                return await place.aside(partial(decoders.any, body)), started
            return decoders.any(body), started
        except BrokenEnvelope as error:
            raise InvalidError(str(error)) from None


# First in the application's route list; their documentation is in `openapi`.
INGEST_ROUTES = (
    Route("/api/v1/telemetry/events", Ingest(limits.Kind.EVENTS, _single), methods=["POST"]),
    Route("/api/v1/telemetry/batch", Ingest(limits.Kind.BATCHES, _batch), methods=["POST"]),
    Route(
        "/api/v1/telemetry/validate",
        Ingest(limits.Kind.BATCHES, _batch, rehearsal=True),
        methods=["POST"],
    ),
)


@router.get("/status/{batch_id}", response_model=BatchStatus)
async def batch_status(batch_id: UUID, caller: StatusAuth, db: RequestDb) -> object:
    """What is stored about a batch, over all its sends; 404 for one that you did not send."""
    return await service.batch_status(db, caller, batch_id)
