"""The telemetry endpoints. The two hot paths and their rehearsal are plain ASGI routes."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from learntrace.accounts.auth import GameAuth
from learntrace.ingestion import bodies, limits, metrics, service
from learntrace.ingestion.auth import identify
from learntrace.ingestion.decoding import Batch, decode_batch, decode_single
from learntrace.ingestion.schemas import BatchStatus
from learntrace.ingestion.times import parse_instant
from learntrace.ingestion.verdicts import BrokenEnvelope, TooLarge
from learntrace.kit import clock
from learntrace.kit.db import RequestDb
from learntrace.kit.errors import InvalidError, TooLargeError, UnauthorizedError

router = APIRouter(prefix="/telemetry", tags=["telemetry"])

# A larger body is decoded in a thread, so that it keeps no other request waiting.
DECODED_ASIDE_BYTES = 1024 * 1024

Decode = Callable[[bytes, Headers, datetime, datetime], Batch]


def _single(body: bytes, headers: Headers, received_at: datetime, earliest: datetime) -> Batch:
    sent_at = headers.get("x-sent-at")
    try:
        told_at = parse_instant(sent_at) if sent_at is not None else None
    except ValueError as problem:
        raise InvalidError(f"X-Sent-At {problem}.") from None
    return decode_single(body, received_at=received_at, sent_at=told_at, earliest=earliest)


def _batch(body: bytes, _: Headers, received_at: datetime, earliest: datetime) -> Batch:
    return decode_batch(body, received_at=received_at, earliest=earliest)


class Ingest:
    """One ingest path, from raw body to answer, without the framework's request machinery."""

    def __init__(self, kind: limits.Kind, decode: Decode, *, rehearsal: bool = False) -> None:
        self.kind = kind
        self.decode = decode
        self.rehearsal = rehearsal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        received_at = clock.now()
        request = Request(scope, receive)
        headers = request.headers
        state = request.app.state
        earliest = datetime(state.settings.earliest_event_year, 1, 1, tzinfo=UTC)
        try:
            bodies.media_type(headers)
            bodies.is_gzip(headers)
            caller, body = await identify(request, may_recall=True)
            limits.count(request, caller, self.kind)
            if body is None:
                body = await bodies.read_body(receive, headers)
            started = time.perf_counter()
            if len(body) > DECODED_ASIDE_BYTES:
                batch = await asyncio.to_thread(self.decode, body, headers, received_at, earliest)
            else:
                batch = self.decode(body, headers, received_at, earliest)
            try:
                answer = await service.take(
                    state.writer, caller, batch, received_at, rehearsal=self.rehearsal
                )
            except UnauthorizedError:
                state.remembered_callers.forget(caller)
                raise
            metrics.PROCESSING_SECONDS.observe(time.perf_counter() - started)
        except ClientDisconnect:
            return
        except TooLarge as error:
            raise TooLargeError(str(error)) from None
        except BrokenEnvelope as error:
            raise InvalidError(str(error)) from None
        response = Response(answer.body(), answer.status, media_type=answer.media_type)
        await response(scope, receive, send)


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
async def batch_status(batch_id: UUID, caller: GameAuth, db: RequestDb, request: Request) -> object:
    """What is stored about a batch, over all its sends; 404 for one that you did not send."""
    limits.count(request, caller, limits.Kind.STATUS)
    return await service.batch_status(db, caller, batch_id)
