"""The schema's versions: bring the database to head, and say where it stands.

Every room's models are imported here, so that Alembic sees one metadata.
"""

from importlib import import_module
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from learntrace.kit.db import Base

ROOMS = (
    "accounts",
    "roster",
    "events",
    "game_sessions",
    "ingestion",
    "skills",
    "adaptive",
    "assessment",
)
for room in ROOMS:
    import_module(f"learntrace.{room}.models")

METADATA = Base.metadata
BACKEND = Path(__file__).resolve().parent.parent

# Two processes that migrate at once take turns.
_LOCK = 0x6C745F6D6967


class SchemaMismatchError(RuntimeError):
    """The database is not at the version that this code was written for."""


def config() -> Config:
    return Config(BACKEND / "alembic.ini")


def head_revision() -> str:
    head = ScriptDirectory.from_config(config()).get_current_head()
    assert head is not None
    return head


async def revision_of(connection: AsyncConnection) -> str | None:
    """The version that the database is at, `None` when it has none yet."""

    def read(connection: Connection) -> str | None:
        return MigrationContext.configure(connection).get_current_revision()

    return await connection.run_sync(read)


async def current_revision(engine: AsyncEngine) -> str | None:
    """`revision_of`, over a connection of its own."""
    async with engine.connect() as connection:
        return await revision_of(connection)


async def migrate(engine: AsyncEngine, revision: str = "head") -> None:
    """Bring the database to `revision`: up, or down where it names an older one (`-1`)."""

    def run(connection: Connection) -> None:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        settings = config()
        settings.attributes["connection"] = connection
        if revision.startswith("-"):
            command.downgrade(settings, revision)
        else:
            command.upgrade(settings, revision)

    async with engine.begin() as connection:
        await connection.run_sync(run)


async def require_head(engine: AsyncEngine) -> None:
    """Raise `SchemaMismatchError`, naming the command that mends it, unless at head."""
    current, head = await current_revision(engine), head_revision()
    if current == head:
        return
    known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
    if current is not None and current not in known:
        raise SchemaMismatchError(
            f"The database is at version {current}, newer than this program knows (head {head}). "
            "Start the newer program, or go back with its `learntrace migrate --to`."
        )
    raise SchemaMismatchError(
        f"The database is at version {current or 'none'}, this program needs {head}. "
        "Run: learntrace migrate"
    )
