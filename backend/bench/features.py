"""`python -m bench.features`: what assessing costs beside reading, and what it does to writers.

Fills closed sessions inside PostgreSQL. Reads their events as bare as can be; assesses them all;
builds the table of times to judge them against; then makes them due once more, and assesses them
while a game goes on posting.
"""

import argparse
import asyncio
import multiprocessing
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from uuid import UUID

import asyncpg

from bench import bodies, servers
from bench.load import Connection, Sent, connect, post_all
from bench.measure import database_of, prepare
from bench.processes import Tree
from bench.report import markdown, say
from bench.school import School
from bench.sessions import Played, fill_in
from learntrace.assessment import references
from learntrace.assessment.service import assess_unread
from learntrace.kit.config import Settings
from learntrace.kit.db import Database, plain_dsn

_DATABASE = "features"
_SEED = 20261121
_WARM_UP = 100
_EVERY_S = 0.025
_ALONE_S = 15.0
_POSTED = bodies.Shape("batches of 20", 20, 1, 1, 6000)
# What assessing reads of each event.
_OF_SESSION = """
    select event_id, student_id, event_type, timestamp, received_at, corrected_at, data::text,
        mission_id, game_version, sequence
    from events where school_id = $1 and game_session_id = $2
"""
_DUE_AGAIN = """
    update game_sessions set assessed_event_count = null, assessed_basis = null
    where id = any($1::uuid[])
"""
_MISSED = """
    select count(*) from game_sessions g left join session_features f
        on f.school_id = g.school_id and f.game_session_id = g.id
    where g.id = any($1::uuid[])
        and (f.event_count is distinct from $2 or g.assessed_event_count is distinct from $2)
"""


class MissedError(RuntimeError):
    """A session was left out, or a request was refused."""


@dataclass(frozen=True, slots=True)
class Work:
    """What went through one process, and what it took.

    `postgres_s` is CPU of all of PostgreSQL's processes, that of other work meanwhile too.
    """

    name: str
    sessions: int
    wall_s: float
    app_s: float
    peak_mb: float
    postgres_s: float = 0.0


async def _assess_all(url: str) -> int:
    database = Database.connect(url, pool_size=1)
    done = 0
    while some := await assess_unread(database, Settings()):
        done += some
    await database.dispose()
    return done


async def _refit(url: str) -> int:
    database = Database.connect(url, pool_size=1)
    built = await references.refit(database)
    await database.dispose()
    return built


async def _read_all(url: str, school_id: UUID, ids: list[UUID]) -> int:
    store = await asyncpg.connect(plain_dsn(url))
    for one in ids:
        await store.fetch(_OF_SESSION, school_id, one)
    await store.close()
    return len(ids)


def _measure(name: str, work: Callable[..., Awaitable[int]], *arguments: object) -> Work:
    """Run in a process of its own, so that its memory and time are nobody else's."""

    async def run() -> int:
        return await work(*arguments)

    own = Tree(os.getpid())
    own.forget_peak()
    began_s, app_s = time.perf_counter(), -time.process_time()
    sessions = asyncio.run(run())
    app_s += time.process_time()
    return Work(name, sessions, time.perf_counter() - began_s, app_s, own.peak_mb())


@dataclass(frozen=True, slots=True)
class Bench:
    """A filled database, the process that works through it, and who posts meanwhile."""

    url: str
    postgres: Tree
    school: School
    ids: list[UUID]
    events: int
    pool: ProcessPoolExecutor

    async def work(
        self, name: str, work: Callable[..., Awaitable[int]], *arguments: object
    ) -> Work:
        loop = asyncio.get_running_loop()
        postgres_s = -self.postgres.cpu_s()
        done = await loop.run_in_executor(self.pool, _measure, name, work, *arguments)
        say(f"{name}: {done.wall_s:.1f} s, {done.app_s:.1f} s of CPU, {done.peak_mb:.0f} MB")
        return replace(done, postgres_s=postgres_s + self.postgres.cpu_s())

    async def assess(self, store: asyncpg.Connection, name: str) -> Work:
        """Assess them all. Raises `MissedError` where any was left out."""
        await store.execute(_DUE_AGAIN, self.ids)
        await store.execute("vacuum analyze game_sessions")
        done = await self.work(name, _assess_all, self.url)
        missed = await store.fetchval(_MISSED, self.ids, self.events)
        if missed or done.sessions != len(self.ids):
            raise MissedError(f"{missed} sessions not assessed; {done.sessions} were")
        return done

    async def run(self) -> tuple[list[Work], Sent, Sent]:
        """What each phase took, and what became of requests without assessing and with it."""
        store = await asyncpg.connect(plain_dsn(self.url))
        play = bodies.Play(self.school, _SEED)
        waiting = iter(play.requests(_POSTED, list(play.batches(_POSTED))))
        with servers.learntrace(self.url, processes=1) as server:
            # Some unmeasured first: what is on disk comes into memory, what is compiled is kept.
            school_id = self.school.school_id
            await self.work("warming up", _read_all, self.url, school_id, self.ids[:100])
            work = [
                await self.work("bare reading", _read_all, self.url, school_id, self.ids),
                await self.assess(store, "assessing"),
            ]
            refit = await self.work("table of times", _refit, self.url)
            work.append(replace(refit, sessions=len(self.ids)))
            connections = await connect(server.port, 1)
            await post_all(connections, list(islice(waiting, _WARM_UP)), in_flight=1)
            until = asyncio.get_running_loop().create_task(asyncio.sleep(_ALONE_S))
            alone = await _post_paced(connections[0], waiting, until)
            assessing = asyncio.create_task(self.assess(store, "assessing, others writing"))
            beside = await _post_paced(connections[0], waiting, assessing)
            work.append(await assessing)
        await store.close()
        return work, alone, beside


async def _post_paced(
    connection: Connection, requests: Iterator[bytes], until: asyncio.Task[object]
) -> Sent:
    """Post a request each 25 ms until then; a latency counts from when it was due to go out."""
    sent = Sent()
    began_s = due_s = time.perf_counter()
    for request in requests:
        if until.done():
            break
        await asyncio.sleep(due_s - time.perf_counter())
        answer = await connection.post(request)
        sent.latencies_s.append(time.perf_counter() - due_s)
        if not answer.startswith(b"HTTP/1.1 20"):
            raise MissedError(answer.decode(errors="replace")[:500])
        due_s += _EVERY_S
    sent.wall_s = time.perf_counter() - began_s
    return sent


def _table(work: list[Work], events: int) -> str:
    headings = ("", "sessions/s", "events/s", "app ms", "PostgreSQL ms", "times bare", "peak MB")
    bare_s = work[0].app_s + work[0].postgres_s
    rows = [
        (
            one.name,
            f"{one.sessions / one.wall_s:,.1f}",
            f"{one.sessions * events / one.wall_s:,.0f}",
            f"{1000 * one.app_s / one.sessions:.1f}",
            f"{1000 * one.postgres_s / one.sessions:.1f}",
            f"{(one.app_s + one.postgres_s) / bare_s:.1f}",
            f"{one.peak_mb:.0f}",
        )
        for one in work
    ]
    return markdown(headings, rows, names=1)


def _said(name: str, sent: Sent) -> str:
    return (
        f"{name}: {len(sent.latencies_s)} batches of {_POSTED.batch}, p50"
        f" {sent.latency_ms(0.5):.1f} ms, p99 {sent.latency_ms(0.99):.1f} ms"
    )


async def _run(dsn: str, postgres: Tree, sessions: int, events: int) -> None:
    [school] = await prepare(dsn, _DATABASE)
    url = database_of(dsn, _DATABASE)
    say(f"filling in {sessions:,} sessions of {events:,} events")
    players = [UUID(one) for one in school.students]
    store = await asyncpg.connect(plain_dsn(url))
    ids = await fill_in(store, school, Played(players, sessions, events))
    await store.close()
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        bench = Bench(url, postgres, school, ids, events, pool)
        work, alone, beside = await bench.run()
    print(_table(work, events))
    print(_said("Writing alone", alone))
    print(_said("Writing beside assessing", beside))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.features", description=__doc__)
    parser.add_argument("--sessions", type=int, default=500, help="how many are due (500)")
    parser.add_argument("--events", type=int, default=1000, help="how many each has (1000)")
    arguments = parser.parse_args()
    with servers.database_server() as (dsn, postgres):
        asyncio.run(_run(dsn, postgres, arguments.sessions, arguments.events))
    return 0


if __name__ == "__main__":
    sys.exit(main())
