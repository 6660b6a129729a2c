"""An import straight into the database, by the rules and the road of the API."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from learntrace.accounts import write_keys
from learntrace.accounts.callers import GameCaller
from learntrace.accounts.credentials import RememberedCallers, look_up
from learntrace.assessment import closing, service
from learntrace.audit.acts import Act
from learntrace.cli.context import command_database
from learntrace.cli.lookups import game_named, school_named
from learntrace.ingestion import service as ingestion
from learntrace.ingestion.decoding import decode_batch
from learntrace.ingestion.verdicts import BrokenEnvelope
from learntrace.ingestion.writer import Writer
from learntrace.interchange.batches import MAX_EVENTS, Batch
from learntrace.interchange.sink import ClosedSession, ImportStoppedError, IngestAnswer, Rejection
from learntrace.kit import clock
from learntrace.kit.config import load_settings
from learntrace.kit.db import Database
from learntrace.kit.errors import NotFoundError, UnauthorizedError, UnavailableError

DELAYS_S = (0.5, 1.0, 2.0, 4.0)
UNREACHABLE = (
    "the database does not answer. What was stored stays; it is safe to run the same import again."
)

REVOKED = "this import's own write key was revoked."


@asynccontextmanager
async def open_database_sink(
    school: str,
    game: str,
    sandbox: bool,
) -> AsyncIterator["DatabaseSink"]:
    """A sink for one school's play of one game; names or ids.

    A write key is made for it and revoked at the end. Its secret is in this process's memory
    only, so one that an import was killed with lets nobody in.
    """
    act = Act.of_command("import")
    async with command_database() as database:
        async with database.transaction() as db:
            own, played = await school_named(db, school), await game_named(db, game)
            key = await write_keys.create_key(
                db,
                act,
                school_id=own.id,
                game_id=played.id,
                environment="sandbox" if sandbox else "live",
                name=f"import on {socket.gethostname()}"[: write_keys.MOST_NAME],
            )
        url = database.engine.url.render_as_string(hide_password=False)
        writer = Writer(
            url,
            connections=1,
            queue_events=2 * MAX_EVENTS,
            earliest=load_settings().earliest_event_at,
        )
        try:
            await writer.start()
            yield DatabaseSink(database, writer, key.plain)
        finally:
            await writer.close()
            async with database.transaction() as db:
                await write_keys.revoke_key(db, act.only("end"), key.id)


class DatabaseSink:
    """A `Sink` over one `Writer`, with a write key."""

    def __init__(
        self,
        database: Database,
        writer: Writer,
        write_key: str,
        *,
        delays_s: Sequence[float] = DELAYS_S,
    ) -> None:
        self._database = database
        self._writer = writer
        self._write_key = write_key
        self._remembered = RememberedCallers()
        self._delays_s = delays_s

    async def send(self, batch: Batch) -> IngestAnswer:
        """Tried again after each of `delays_s` where the database is out of reach."""
        delays_s = iter(self._delays_s)
        while True:
            try:
                return await self._send(batch)
            except UnavailableError as error:
                delay_s = next(delays_s, None)
                if delay_s is None:
                    raise ImportStoppedError(UNREACHABLE) from error
            await asyncio.sleep(delay_s)

    async def _send(self, batch: Batch) -> IngestAnswer:
        received_at = clock.now()
        caller = await self._caller()
        try:
            decoded = decode_batch(
                batch.body(), received_at=received_at, never_store=caller.never_store
            )
        except BrokenEnvelope as error:
            lines = f"{batch.events[0].line} to {batch.events[-1].line}"
            raise ImportStoppedError(f"lines {lines} make no batch: {error}") from error
        try:
            answer = await ingestion.take(
                self._writer, caller, decoded, received_at, rehearsal=False
            )
        except UnauthorizedError as error:
            raise ImportStoppedError(REVOKED) from error
        told = answer.content
        return IngestAnswer(
            told["accepted"],
            told["duplicates"],
            tuple(Rejection(one["index"], one["code"], one["detail"]) for one in told["rejected"]),
        )

    async def _caller(self) -> GameCaller:
        """Whom the key stands for, asked anew as often as the API does."""
        caller = self._remembered.recall(self._write_key) or await look_up(
            self._database, self._remembered, self._write_key
        )
        if caller is None:
            raise ImportStoppedError(REVOKED)
        return caller

    async def close(self, session_id: str) -> ClosedSession | None:
        """With its features however long it is: there may be no worker to wait for."""
        try:
            game_session_id = UUID(session_id)
            caller = await self._caller()
            closed = await closing.close(self._database, caller, game_session_id)
            if closed.features is None:
                await service.assess(self._database, caller.school_id, game_session_id)
                closed = await closing.close(self._database, caller, game_session_id)
        except (ValueError, NotFoundError):
            return None
        except UnavailableError as error:
            raise ImportStoppedError(UNREACHABLE) from error
        return ClosedSession(session_id, closed.features, closed.tasks_completed)
