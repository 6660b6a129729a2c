"""How the system is: asked by operators, by the status page and by orchestrators."""

import asyncio
import time
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from learntrace import __version__, migrating
from learntrace.assessment import repository as assessment
from learntrace.game_sessions import repository as game_sessions
from learntrace.kit import clock
from learntrace.kit.config import Settings
from learntrace.kit.db import Database
from learntrace.kit.errors import UnavailableError
from learntrace.skills import due

WORKER_MISSING_AFTER = timedelta(seconds=30)
ANSWERS_WITHIN_S = 3.0


def connect_for_health(url: str) -> Database:
    """A connection apart from the others, so that health is told while those are all busy."""
    return Database.connect(
        url, pool_size=1, pool_timeout_s=ANSWERS_WITHIN_S, command_timeout_s=ANSWERS_WITHIN_S
    )


@dataclass(frozen=True, slots=True)
class Health:
    """The whole picture; `status` is `up`, `degraded` or `down`."""

    status: str
    version: str
    database: dict[str, Any]
    migrations: dict[str, Any]
    worker: dict[str, Any]
    writer: dict[str, Any]
    open_game_sessions: int | None
    due_game_sessions: int | None
    oldest_due_s: float | None
    due_students: int | None
    oldest_due_student_s: float | None
    warnings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Reading:
    latency_ms: float
    server_version: str
    revision: str | None
    worker_seen_at: datetime | None
    open_count: int
    due_count: int
    oldest_due_at: datetime | None
    due_student_count: int
    oldest_due_student_at: datetime | None


async def database_answers(database: Database) -> bool:
    """Whether the database answers within 3 s."""
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S), database.transaction() as db:
            await db.execute(text("select 1"))
    except (TimeoutError, UnavailableError):
        return False
    return True


async def read_health(database: Database, settings: Settings, *, queue_depth: int) -> Health:
    """The picture now, `down` when it takes the database over 3 s to give it.

    `queue_depth` is how many events wait to be written.
    """
    head = migrating.head_revision()
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            reading = await _read(database)
    except (TimeoutError, UnavailableError):
        return Health(
            status="down",
            version=__version__,
            database={"status": "down", "latency_ms": None, "version": None},
            migrations={"current": None, "head": head},
            worker={"status": "unknown", "last_seen_at": None},
            writer={"queue_depth": queue_depth},
            open_game_sessions=None,
            due_game_sessions=None,
            oldest_due_s=None,
            due_students=None,
            oldest_due_student_s=None,
            warnings=["The database does not answer."],
        )
    now = clock.now()
    seen_at = reading.worker_seen_at
    worker_up = seen_at is not None and now - seen_at < WORKER_MISSING_AFTER
    warnings = _warnings(reading, settings, head, worker_up=worker_up)
    return Health(
        status="degraded" if reading.revision != head or not worker_up else "up",
        version=__version__,
        database={
            "status": "up",
            "latency_ms": reading.latency_ms,
            "version": reading.server_version,
        },
        migrations={"current": reading.revision, "head": head},
        worker={"status": "up" if worker_up else "missing", "last_seen_at": seen_at},
        writer={"queue_depth": queue_depth},
        open_game_sessions=reading.open_count,
        due_game_sessions=reading.due_count,
        oldest_due_s=_age_s(reading.oldest_due_at, now),
        due_students=reading.due_student_count,
        oldest_due_student_s=_age_s(reading.oldest_due_student_at, now),
        warnings=warnings,
    )


def _age_s(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else max(0.0, (now - since).total_seconds())


async def _read(database: Database) -> _Reading:
    started = time.perf_counter()
    async with database.transaction() as db:
        server_version = str(await db.scalar(text("show server_version")))
        latency_ms = round((time.perf_counter() - started) * 1000, 2)
        sessions = await game_sessions.count_due(db)
        students = await due.count(db)
        open_count = await game_sessions.count_open(db)
        seen_at = await assessment.last_beat(db)
        revision = await migrating.revision_of(await db.connection())
    return _Reading(latency_ms, server_version, revision, seen_at, open_count, *sessions, *students)


def _warnings(reading: _Reading, settings: Settings, head: str, *, worker_up: bool) -> list[str]:
    warnings = []
    if reading.revision != head:
        warnings.append("The database is not at this program's version: learntrace migrate.")
    if not worker_up:
        warnings.append("No worker was seen in the last 30 s: learntrace worker.")
    if settings.api_workers > 1:
        warnings.append(
            f"{settings.api_workers} processes each count rate limits for themselves, so a client "
            f"may reach {settings.api_workers} times a limit, and a good token that a process has "
            "not seen yet is refused there while its address sends too many bad ones."
        )
    return warnings
