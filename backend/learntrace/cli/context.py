"""What the commands share: settings, a database to work on, errors in one sentence."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import click

from learntrace import migrating
from learntrace.kit import postgres
from learntrace.kit.config import Settings, load_settings
from learntrace.kit.db import Database
from learntrace.kit.errors import LearntraceError
from learntrace.kit.postgres_home import EmbeddedPostgresError


@contextmanager
def database_url(settings: Settings) -> Iterator[str]:
    """The database to work on: `DATABASE_URL`, else the embedded server, started if need be."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    try:
        with postgres.running(settings.data_dir) as url:
            yield url
    except EmbeddedPostgresError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def settings_with_database() -> Iterator[Settings]:
    """The settings with `database_url` set, here and for the processes started from here.

    The database answers and is at this program's version, else there is one sentence and exit
    code 1.
    """
    settings = load_settings()
    with database_url(settings) as url:
        asyncio.run(_check(url))
        os.environ["DATABASE_URL"] = url
        yield settings.model_copy(update={"database_url": url})


@asynccontextmanager
async def command_database(*, any_version: bool = False) -> AsyncIterator[Database]:
    """A database at this program's version; `any_version` for the command that brings it there.

    Errors that a person can act on become one sentence and exit code 1.
    """
    with database_url(load_settings()) as url:
        database = Database.connect(url, pool_size=2, command_timeout_s=None)
        try:
            await _require_answer(database, any_version=any_version)
            yield database
        except (
            LearntraceError,
            migrating.MigrationRefusedError,
            migrating.SchemaMismatchError,
        ) as error:
            raise click.ClickException(str(error)) from error
        finally:
            await database.dispose()


async def _check(url: str) -> None:
    database = Database.connect(url, pool_size=1)
    try:
        await _require_answer(database, any_version=False)
    except migrating.SchemaMismatchError as error:
        raise click.ClickException(str(error)) from error
    finally:
        await database.dispose()


async def _require_answer(database: Database, *, any_version: bool) -> None:
    try:
        if any_version:
            await migrating.current_revision(database.engine)
        else:
            await migrating.require_head(database.engine)
    except OSError as error:
        words = error.strerror or str(error)
        raise click.ClickException(f"The database does not answer: {words}.") from error
