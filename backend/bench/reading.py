"""`python -m bench.reading`: how long a class, a student and a session take to be read.

A class of 1,000 with ten sessions each, one of its students with 10,000 more, and one session of
100,000 events, read over HTTP as a teacher reads them.
"""

import argparse
import asyncio
import json
import secrets
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import httpx

from bench import servers
from bench.load import Connection, Sent, connect
from bench.measure import database_of, prepare
from bench.processes import Tree
from bench.report import markdown, say
from bench.school import School
from bench.sessions import Played, fill_in
from learntrace.accounts import users
from learntrace.accounts.callers import Role
from learntrace.assessment.service import assess
from learntrace.kit.db import Database, plain_dsn
from learntrace.roster import repository as roster

_DATABASE = "reading"
_TEACHER = "teacher"
_PUPILS = 1000
_SESSIONS_EACH = 10
_SESSIONS_OF_ONE = 10_000
_LONG_EVENTS = 100_000
_ASSESSED = """
    insert into session_features
    select (jsonb_populate_record(made, jsonb_build_object('game_session_id', g.id))).*
    from game_sessions g cross join session_features made
    where made.game_session_id = $1
        and not exists (select from session_features f where f.game_session_id = g.id)
"""


@dataclass(frozen=True, slots=True)
class Read:
    """One answer asked for again and again; CPU is milliseconds a request."""

    name: str
    sent: Sent
    size_kb: float
    app_ms: float
    postgres_ms: float


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone signed in, on one connection; who reads each answer `times` times."""

    connection: Connection
    token: str
    server: servers.Server
    postgres: Tree
    times: int

    async def get(self, path: str) -> bytes:
        request = (
            f"GET /api/v1{path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.token}\r\n"
        )
        answer = await self.connection.post(request.encode() + b"\r\n")
        head, _, body = answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{path} was answered {answer[:500]!r}")
        return body

    async def pages(self, path: str) -> list[str]:
        """The path of each page of a list."""
        found = [path]
        while cursor := json.loads(await self.get(found[-1]))["next_cursor"]:
            found.append(f"{path}&cursor={cursor}")
        return found

    async def measure(self, name: str, path: str) -> Read:
        body = await self.get(path)
        sent = Sent()
        app_s, postgres_s = -self.server.tree.cpu_s(), -self.postgres.cpu_s()
        for _ in range(self.times):
            began_s = time.perf_counter()
            await self.get(path)
            sent.latencies_s.append(time.perf_counter() - began_s)
        app_s, postgres_s = app_s + self.server.tree.cpu_s(), postgres_s + self.postgres.cpu_s()
        return Read(
            name,
            sent,
            len(body) / 1000,
            1000 * app_s / self.times,
            1000 * postgres_s / self.times,
        )


@dataclass(frozen=True, slots=True)
class Filled:
    """What there is to read: the class, one of its students, and the long session."""

    class_id: UUID
    student_id: UUID
    long_id: UUID
    password: str


async def _fill(url: str, school: School) -> Filled:
    pupils = [UUID(one) for one in school.students[:_PUPILS]]
    password = secrets.token_urlsafe()
    database = Database.connect(url, pool_size=1)
    async with database.transaction() as db:
        teacher = await users.add_user(
            db,
            username=_TEACHER,
            display_name=_TEACHER,
            role=Role.TEACHER,
            password=password,
            school_id=school.school_id,
        )
        made = await roster.create_class(db, school_id=school.school_id, name="Bench Class")
        place = {"school_id": school.school_id, "class_id": made.id}
        await roster.enrol(db, **place, student_ids=pupils)
        await roster.assign_teacher(db, user_id=teacher.id, **place)
        class_id = made.id
    store = await asyncpg.connect(plain_dsn(url))
    say("filling in what is read")
    of_all = Played(pupils, _SESSIONS_EACH * _PUPILS, events=12, apart_s=120)
    usual_id, *_ = await fill_in(store, school, of_all)
    await fill_in(store, school, Played(pupils[:1], _SESSIONS_OF_ONE, events=1, apart_s=3600))
    [long_id] = await fill_in(store, school, Played(pupils[:1], 1, _LONG_EVENTS))
    for one in (usual_id, long_id):
        await assess(database, school.school_id, one)
    await store.execute(_ASSESSED, usual_id)
    await store.execute("vacuum analyze")
    await store.close()
    await database.dispose()
    return Filled(class_id, pupils[0], long_id, password)


async def _reads(reader: Reader, filled: Filled) -> list[Read]:
    students = await reader.pages(f"/students?class_id={filled.class_id}&limit=100")
    sessions = await reader.pages(f"/students/{filled.student_id}/sessions?limit=100")
    long = f"/game-sessions/{filled.long_id}"
    events = await reader.pages(f"{long}/events?limit=1000")
    return [
        await reader.measure(name, path)
        for name, path in (
            ("classes", "/classes"),
            ("overview of a class of 1,000", f"/classes/{filled.class_id}/overview"),
            ("students of the class, first 100", students[0]),
            ("students of the class, last 100", students[-1]),
            ("one student", f"/students/{filled.student_id}"),
            ("sessions of a student with 10,000, first 100", sessions[0]),
            ("sessions of a student with 10,000, last 100", sessions[-2]),
            ("a session of 100,000 events with its features", long),
            ("its events, first 1,000", events[0]),
            ("its events, middle 1,000", events[len(events) // 2]),
            ("its events, last 1,000", events[-1]),
        )
    ]


async def _run(dsn: str, postgres: Tree, times: int) -> list[Read]:
    [school] = await prepare(dsn, _DATABASE)
    url = database_of(dsn, _DATABASE)
    filled = await _fill(url, school)
    with servers.learntrace(url, processes=1) as server:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client:
            known = {"username": _TEACHER, "password": filled.password}
            signed_in = await client.post("/api/v1/auth/login", json=known)
        token = signed_in.raise_for_status().json()["access_token"]
        [connection] = await connect(server.port, 1)
        say("reading")
        return await _reads(Reader(connection, token, server, postgres, times), filled)


def _table(reads: Sequence[Read]) -> str:
    headings = ("", "p50 ms", "p95 ms", "app ms", "PostgreSQL ms", "kB")
    rows = [
        (
            one.name,
            f"{one.sent.latency_ms(0.5):.1f}",
            f"{one.sent.latency_ms(0.95):.1f}",
            f"{one.app_ms:.1f}",
            f"{one.postgres_ms:.1f}",
            f"{one.size_kb:,.0f}",
        )
        for one in reads
    ]
    return markdown(headings, rows, names=1)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.reading", description=__doc__)
    parser.add_argument("--times", type=int, default=100, help="each is read so often (100)")
    arguments = parser.parse_args()
    with servers.database_server() as (dsn, postgres):
        print(_table(asyncio.run(_run(dsn, postgres, arguments.times))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
