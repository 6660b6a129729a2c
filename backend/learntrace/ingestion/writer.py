"""The one writer of a process: whatever waits is written together, and committed at once.

A submission's future is done after COMMIT and not before, so an answer is on disk. Large
submissions are a group by themselves; small ones share a commit.
"""

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Sequence
from datetime import datetime

import asyncpg
from asyncpg.pool import PoolAcquireContext

from learntrace.ingestion import metrics
from learntrace.ingestion.judging import AnyConnection, OvertakenError, judge_group
from learntrace.ingestion.storing import store_group
from learntrace.ingestion.submissions import Submission
from learntrace.kit.db import CONNECTION_ERRORS, plain_dsn
from learntrace.kit.errors import LearntraceError, UnavailableError

log = logging.getLogger(__name__)

# From this many events on, a submission gains nothing from sharing a commit.
LARGE = 200
QUEUE_BYTES = 128 * 1024 * 1024
TRIES = 6
# Two processes at once: whoever comes second looks again at what the first has stored.
_RETRIED = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.UniqueViolationError,
    OvertakenError,
)
_TIMEOUT_S = 30.0


class Writer:
    """Stores submissions; start it in a running loop, close it to write what still waits.

    `connections` groups are written at once; at most `queue_events` events wait, good ones and
    refused ones, whose `data` has at most `queue_bytes` bytes. New events from before `earliest`
    are refused.
    """

    def __init__(
        self,
        url: str,
        *,
        connections: int,
        queue_events: int,
        earliest: datetime,
        queue_bytes: int = QUEUE_BYTES,
    ) -> None:
        self._dsn = plain_dsn(url)
        self._connections = connections
        self._queue_events = queue_events
        self._queue_bytes = queue_bytes
        self._earliest = earliest
        self._waiting: deque[tuple[Submission, asyncio.Future[None]]] = deque()
        self._waiting_events = 0
        self._waiting_bytes = 0
        self._arrived = asyncio.Event()
        self._closing = False
        self._sharing = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._pool: asyncpg.Pool | None = None

    @property
    def queue_depth(self) -> int:
        """Events that wait to be written."""
        return self._waiting_events

    async def start(self) -> None:
        self._pool = asyncpg.create_pool(
            self._dsn,
            min_size=0,
            max_size=self._connections,
            reset=_leave_as_is,
            timeout=5,
            command_timeout=_TIMEOUT_S,
        )
        await self._pool
        self._tasks = [asyncio.create_task(self._run()) for _ in range(self._connections)]

    async def close(self) -> None:
        """Write what waits, then stop."""
        self._closing = True
        self._arrived.set()
        await asyncio.gather(*self._tasks)
        if self._pool is not None:
            await self._pool.close()

    async def submit(self, submission: Submission) -> None:
        """Store `submission`; returns after its commit, with its outcome filled in.

        Raises `UnavailableError` when the database is out of reach, the outcome of the commit is
        unknown, or too much waits already: sending the same again is then safe.
        """
        size, data_bytes = submission.received_count, submission.data_bytes
        if (
            self._closing
            or self._waiting_events + size > self._queue_events
            or self._waiting_bytes + data_bytes > self._queue_bytes
        ):
            raise UnavailableError("The server is busy. Send the same again in a moment.")
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((submission, done))
        self._waiting_events += size
        self._waiting_bytes += data_bytes
        metrics.QUEUE_DEPTH.set(self._waiting_events)
        if self._is_ready():
            self._arrived.set()
        try:
            await done
        finally:
            del done  # a failed one holds its error, and that this frame with all its events

    async def rehearse(self, submission: Submission) -> None:
        """Fill in what storing `submission` would come to, and store nothing."""
        try:
            async with self._connection() as connection:
                trial = connection.transaction()
                await trial.start()
                try:
                    await judge_group(connection, [submission], self._earliest)
                finally:
                    await trial.rollback()
        except _RETRIED:
            raise UnavailableError("The server is busy. Send the same again in a moment.") from None
        except CONNECTION_ERRORS as error:
            raise UnavailableError("The database did not answer. Send the same again.") from error

    def _connection(self) -> PoolAcquireContext:
        assert self._pool is not None
        return self._pool.acquire()

    async def _run(self) -> None:
        while True:
            if self._is_ready():
                shares = not self._next_is_large()
                self._sharing += shares
                await self._write(self._take())
                self._sharing -= shares
                self._arrived.set()
            elif self._closing and not self._waiting:
                return
            else:
                self._arrived.clear()
                await self._arrived.wait()

    def _is_ready(self) -> bool:
        """Whether the next group is to be written now.

        Small submissions that come while others are being committed wait and share the next
        commit, unless so many wait already that sharing gains nothing.
        """
        if not self._waiting:
            return False
        return self._next_is_large() or not self._sharing or self._waiting_events >= LARGE

    def _next_is_large(self) -> bool:
        return self._waiting[0][0].received_count >= LARGE

    def _take(self) -> list[tuple[Submission, asyncio.Future[None]]]:
        """The next group; a batch that is sent twice at once is stored in turn."""
        group = [self._waiting.popleft()]
        events = group[0][0].received_count
        batches = {group[0][0].batch_key}
        while events < LARGE and self._waiting:
            following = self._waiting[0][0]
            size, batch = following.received_count, following.batch_key
            if size >= LARGE or (batch and batch in batches):
                break
            group.append(self._waiting.popleft())
            batches.add(batch)
            events += size
        self._waiting_events -= events
        self._waiting_bytes -= sum(submission.data_bytes for submission, _ in group)
        metrics.QUEUE_DEPTH.set(self._waiting_events)
        return group

    async def _write(self, group: Sequence[tuple[Submission, asyncio.Future[None]]]) -> None:
        """Write `group`; a row that poisons it costs only the request that brought it."""
        try:
            await self._store([submission for submission, _ in group])
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
            if len(group) > 1:
                for one in group:
                    await self._write([one])
                return
            self._fail(group, error)
        except Exception as error:  # noqa: BLE001 - told to the requests that wait; others go on
            self._fail(group, error)
        else:
            for _, done in group:
                if not done.done():
                    done.set_result(None)

    @staticmethod
    def _fail(group: Sequence[tuple[Submission, asyncio.Future[None]]], error: Exception) -> None:
        if not isinstance(error, LearntraceError):
            log.error("group not stored", exc_info=error)
        for _, done in group:
            if not done.done():
                done.set_exception(error.with_traceback(None))

    async def _store(self, group: Sequence[Submission]) -> None:
        """`group` at once, tried again where the database asks for it."""
        for attempt in range(1, TRIES + 1):
            try:
                async with self._connection() as connection:
                    started = time.perf_counter()
                    await self._store_once(connection, group)
                    metrics.COMMIT_SECONDS.observe(time.perf_counter() - started)
            except _RETRIED:
                if attempt == TRIES:
                    raise UnavailableError(
                        "The server is busy. Send the same again in a moment."
                    ) from None
                await asyncio.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311
            except CONNECTION_ERRORS:
                raise UnavailableError(
                    "The database did not answer. Send the same again; nothing is stored twice."
                ) from None
            else:
                return

    async def _store_once(self, connection: AnyConnection, group: Sequence[Submission]) -> None:
        """Store `group`; where it may enrol, which comes before, in a transaction around both."""
        if not any(submission.caller.may_enrol for submission in group):
            await store_group(connection, group, self._earliest)
            return
        async with connection.transaction():
            await store_group(connection, group, self._earliest)


async def _leave_as_is(_: AnyConnection) -> None:
    """What the pool does beyond rolling back between two groups: nothing outlives them."""
