"""Each contender in turn, each load in turn: what an event costs, and whether it was stored."""

import asyncio
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from bench import copying, servers
from bench.bodies import Event, Load, Pattern
from bench.load import Connection, Sent, connect, post_all
from bench.processes import Tree
from bench.school import School, make_school
from learntrace import migrating
from learntrace.kit.db import Database, plain_dsn

LEARNTRACE = "Learntrace"
LEARNTRACE_2 = "Learntrace, 2 processes"
USUAL = "the usual way"
BARE = "bare ASGI"
DURABLE = "bare ASGI that stores"
COPY = "COPY"
_COPIED_AT_ONCE = 1000
# Until PostgreSQL has written what a load left to write.
_SETTLE_S = 0.2


class LostEventsError(RuntimeError):
    """What is stored is not what was acknowledged, or a request was refused."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One contender under one load in one round.

    CPU is in microseconds an event: `app_us` of the contender's processes, `postgres_us` of all of
    PostgreSQL's. `dead_rows` are those that the load left in the table of events.
    """

    round: int
    contender: str
    shape: str
    pattern: str
    events: int
    requests: int
    events_per_s: float
    app_us: float
    postgres_us: float
    p50_ms: float
    p99_ms: float
    peak_mb: float
    dead_rows: int

    @property
    def cpu_us(self) -> float:
        return self.app_us + self.postgres_us

    @property
    def request_us(self) -> float:
        """CPU microseconds a request."""
        return self.cpu_us * self.events / self.requests


@dataclass(frozen=True, slots=True)
class Cost:
    """What it took to post: CPU seconds of the server's processes and of all of PostgreSQL's."""

    sent: Sent
    app_s: float
    postgres_s: float


async def cost_of(
    connections: Sequence[Connection],
    requests: Sequence[bytes],
    *,
    in_flight: int,
    server: servers.Server,
    postgres: Tree,
) -> Cost:
    """Post `requests` and take the cost. Raises `LostEventsError` where one is refused."""
    app_s, postgres_s = -server.tree.cpu_s(), -postgres.cpu_s()
    sent = await post_all(connections, requests, in_flight=in_flight)
    await asyncio.sleep(_SETTLE_S)
    app_s, postgres_s = app_s + server.tree.cpu_s(), postgres_s + postgres.cpu_s()
    require_taken(sent)
    return Cost(sent, app_s, postgres_s)


@dataclass(frozen=True, slots=True)
class Contender:
    """A server; `start` takes the DSN of a database of its own.

    `stores`: it keeps what it got. `takes`: the patterns that it can be posted.
    """

    name: str
    start: Callable[[str], AbstractContextManager[servers.Server]]
    stores: bool = True
    takes: Collection[Pattern] = frozenset(Pattern)


def contenders(school: School) -> list[Contender]:
    return [
        Contender(LEARNTRACE, lambda url: servers.learntrace(url, processes=1)),
        Contender(LEARNTRACE_2, lambda url: servers.learntrace(url, processes=2)),
        Contender(USUAL, lambda url: servers.usual(url, school)),
        Contender(BARE, lambda _: servers.bare(), stores=False, takes={Pattern.NEW}),
        Contender(DURABLE, lambda url: servers.durable(url, school), takes={Pattern.NEW}),
    ]


@dataclass(frozen=True, slots=True)
class Bench:
    """The database server, and the database with the school that each contender gets a copy of."""

    dsn: str
    postgres: Tree
    template: str
    school: School

    @contextmanager
    def database(self) -> Iterator[str]:
        """The DSN of a fresh copy."""
        name = f"contender_{time.monotonic_ns()}"
        server = servers.as_superuser(self.dsn)
        asyncio.run(execute(self.dsn, f"create database {name} template {self.template}"))
        try:
            yield database_of(self.dsn, name)
        finally:
            asyncio.run(execute(server, f"drop database {name} with (force)"))

    def serve(self, number: int, contender: Contender, loads: Sequence[Load]) -> list[Measured]:
        """What each load costs one contender.

        Raises `LostEventsError` unless exactly the acknowledged events are stored at the end.
        """
        with self.database() as url, contender.start(url) as server:
            return asyncio.run(self._serve(number, contender, server, url, loads))

    async def _serve(
        self,
        number: int,
        contender: Contender,
        server: servers.Server,
        url: str,
        loads: Sequence[Load],
    ) -> list[Measured]:
        store = await asyncpg.connect(servers.as_superuser(url))
        await store.execute("create extension if not exists pgstattuple")
        measured = []
        loads = [load for load in loads if load.pattern in contender.takes]
        for load in loads:
            dead = -await dead_rows(store)
            connections = await connect(server.port, load.shape.connections)
            in_flight = load.shape.in_flight
            require_taken(await post_all(connections, load.before, in_flight=in_flight))
            server.tree.forget_peak()
            cost = await cost_of(
                connections,
                load.requests,
                in_flight=in_flight,
                server=server,
                postgres=self.postgres,
            )
            for connection in connections:
                connection.close()
            measured.append(
                Measured(
                    round=number,
                    contender=contender.name,
                    shape=load.shape.name,
                    pattern=load.pattern,
                    events=load.events,
                    requests=len(load.requests),
                    events_per_s=load.events / cost.sent.wall_s,
                    app_us=cost.app_s * 1e6 / load.events,
                    postgres_us=cost.postgres_s * 1e6 / load.events if contender.stores else 0.0,
                    p50_ms=cost.sent.latency_ms(0.5),
                    p99_ms=cost.sent.latency_ms(0.99),
                    peak_mb=server.tree.peak_mb(),
                    dead_rows=dead + await dead_rows(store),
                )
            )
        if contender.stores:
            await _require_exactly(store, [one for load in loads for one in load.new])
        await store.close()
        return measured

    def copy(self, number: int, load: Load) -> Measured:
        """What COPY takes for the new events of `load`, a thousand at a time."""
        with self.database() as url:
            return asyncio.run(self._copy(number, url, load))

    async def _copy(self, number: int, url: str, load: Load) -> Measured:
        store = await asyncpg.connect(plain_dsn(url))
        rows = copying.rows(self.school, load.new)
        latencies_s = []
        app_s, postgres_s = -time.process_time(), -self.postgres.cpu_s()
        started = time.perf_counter()
        for at in range(0, len(rows), _COPIED_AT_ONCE):
            begun = time.perf_counter()
            await copying.copy(store, rows[at : at + _COPIED_AT_ONCE])
            latencies_s.append(time.perf_counter() - begun)
        wall_s = time.perf_counter() - started
        app_s += time.process_time()
        await asyncio.sleep(_SETTLE_S)
        postgres_s += self.postgres.cpu_s()
        await _require_exactly(store, load.new)
        await store.close()
        sent = Sent(latencies_s=latencies_s)
        return Measured(
            round=number,
            contender=COPY,
            shape=load.shape.name,
            pattern=load.pattern,
            events=len(rows),
            requests=len(latencies_s),
            events_per_s=len(rows) / wall_s,
            app_us=app_s * 1e6 / len(rows),
            postgres_us=postgres_s * 1e6 / len(rows),
            p50_ms=sent.latency_ms(0.5),
            p99_ms=sent.latency_ms(0.99),
            peak_mb=0.0,
            dead_rows=0,
        )


async def prepare(dsn: str, template: str, *, schools: int = 1) -> list[School]:
    """Make the database that every contender gets a copy of, with `schools` in it."""
    await execute(dsn, f"create database {template}")
    database = Database.connect(database_of(dsn, template), pool_size=1)
    await migrating.migrate(database.engine)
    made = [await make_school(database, name=f"Bench {n}") for n in range(1, schools + 1)]
    await database.dispose()
    return made


def database_of(dsn: str, name: str) -> str:
    """The DSN of another database of the same server."""
    return f"{dsn.rpartition('/')[0]}/{name}"


async def execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(plain_dsn(dsn))
    await connection.execute(statement)
    await connection.close()


async def dead_rows(store: asyncpg.Connection) -> int:
    count: int = await store.fetchval("select dead_tuple_count from pgstattuple('events')")
    return count


def require_taken(sent: Sent) -> None:
    if sent.refused:
        raise LostEventsError(f"{sent.refused} requests were not answered with 2xx")


async def _require_exactly(store: asyncpg.Connection, events: Sequence[Event]) -> None:
    wanted = {UUID(event["event_id"]).bytes for event in events}
    stored = {row[0].bytes for row in await store.fetch("select event_id from events")}
    if stored != wanted:
        raise LostEventsError(
            f"{len(wanted - stored)} acknowledged events are not stored, "
            f"{len(stored - wanted)} are that were never sent"
        )
