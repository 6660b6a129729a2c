"""The floor of a durable answer: bare ASGI, and one COPY of whatever waits, for as many requests.

Nothing but that each event is on disk before its answer: nobody is asked who calls, no limit is
counted, no session opened, and an event that is stored already would be an error.
"""

import asyncio
import contextlib
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import msgspec
from starlette.types import Receive, Scope, Send

from bench.bodies import EVENTS_PATH
from bench.copying import Event, Row, row
from learntrace.ingestion.copy_format import COLUMNS
from learntrace.kit import garbage
from learntrace.kit.db import plain_dsn

_HEADERS = (b"content-type", b"application/json")


class _Batch(msgspec.Struct):
    events: list[Event]


_EVENT = msgspec.json.Decoder(Event)
_BATCH = msgspec.json.Decoder(_Batch)


class _Copier:
    """Copies whatever waits, and then tells whoever waits for it."""

    def __init__(self) -> None:
        self._school = UUID(os.environ["BENCH_SCHOOL_ID"])
        self._game = UUID(os.environ["BENCH_GAME_ID"])
        self._waiting: list[tuple[list[Row], asyncio.Future[None]]] = []
        self._arrived = asyncio.Event()

    async def store(self, events: Sequence[Event]) -> None:
        at = datetime.now(UTC)
        rows = [row(self._school, self._game, at, event) for event in events]
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((rows, done))
        self._arrived.set()
        await done

    async def run(self) -> None:
        connection = await asyncpg.connect(plain_dsn(os.environ["DATABASE_URL"]))
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            group, self._waiting = self._waiting, []
            await connection.copy_records_to_table(
                "events",
                records=[row for rows, _ in group for row in rows],
                columns=COLUMNS,
            )
            for _, done in group:
                done.set_result(None)


class _App:
    def __init__(self) -> None:
        self._copier = _Copier()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._live(receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message["body"]
            more = message.get("more_body", False)
        is_single = scope["path"] == EVENTS_PATH
        events = [_EVENT.decode(body)] if is_single else _BATCH.decode(body).events
        await self._copier.store(events)
        answer = b'{"accepted":%d,"duplicates":0}' % len(events)
        headers = [_HEADERS, (b"content-length", b"%d" % len(answer))]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        running = asyncio.create_task(self._copier.run())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        await send({"type": "lifespan.shutdown.complete"})


app = _App()
garbage.settle()
