"""What every test may use: a real server, a fresh database of its own, the app over HTTP."""

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import httpx
import hypothesis
import pytest
from fastapi import FastAPI

from learntrace import migrating
from learntrace.app import create_app, finished
from learntrace.kit import postgres
from learntrace.kit.config import Settings
from learntrace.kit.db import Database

from .untraced import untraced
from .world import World, drop_database

# No test asserts a time: machines are as slow as they happen to be.
hypothesis.settings.register_profile(
    "any machine",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("any machine")

SHARED = Path(os.environ.get("LEARNTRACE_SHARED", Path(__file__).parents[3] / "shared"))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The DSN of a throw-away server, as its owner."""
    with postgres.temporary() as dsn:
        yield dsn


def _named(dsn: str, name: str) -> str:
    return f"{dsn.rpartition('/')[0]}/{name}"


@pytest.fixture(scope="session")
async def template(server: str) -> str:
    """The name of a migrated database that each test copies."""
    connection = await asyncpg.connect(server)
    await connection.execute("create database template_learntrace")
    await connection.close()
    database = Database.connect(_named(server, "template_learntrace"), pool_size=1)
    await migrating.migrate(database.engine)
    await database.dispose()
    return "template_learntrace"


@pytest.fixture
async def database_url(server: str, template: str) -> AsyncIterator[str]:
    """A migrated, empty database for one test."""
    name = f"test_{uuid.uuid4().hex}"
    connection = await asyncpg.connect(server)
    # Files are copied; by default each page would go through the log, at five times the cost.
    await connection.execute(f"create database {name} template {template} strategy file_copy")
    yield _named(server, name)
    await drop_database(connection, name)
    await connection.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A handle that is not the application's: what it reads was committed."""
    connected = Database.connect(database_url, pool_size=5)
    yield connected
    await connected.dispose()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Tests that need others use `settings.model_copy(update=...)` in a fixture of their own."""
    return Settings(database_url=database_url, data_dir=tmp_path / "data", quiet_s=0)


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The running application."""
    running = create_app(settings)
    async with running.router.lifespan_context(running):
        yield running


@pytest.fixture
async def api(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the finished application."""
    transport = httpx.ASGITransport(finished(app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
async def world(database: Database) -> World:
    """A school with its sandbox, a game, a class, students and keys."""
    return await World.build(database)


@pytest.fixture
def shared() -> Path:
    """The folder with real play logs; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"the real play logs are not here ({SHARED.name} folder absent)")
    return SHARED


@pytest.fixture
def measured_elsewhere() -> Iterator[None]:
    """No coverage is measured in a test of thousands of requests whose routes others cover."""
    with untraced():
        yield
