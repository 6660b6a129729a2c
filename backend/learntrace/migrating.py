"""The schema's versions: bring the database to head, and say where it stands.

Every room's models are imported here, so that Alembic sees one metadata.
"""

from functools import cache
from importlib import import_module
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from learntrace.kit.db import Base

ROOMS = (
    "accounts",
    "audit",
    "privacy",
    "roster",
    "events",
    "game_sessions",
    "ingestion",
    "skills",
    "adaptive",
    "assessment",
    "student_records",
    "research",
    "plans",
    "transcription_sessions",
    "coaching_sessions",
    "learning_sessions",
    "learning_sessions.scenarios",
    "learning_sessions.content",
    "learning_sessions.review_cards",
)
for room in ROOMS:
    import_module(f"learntrace.{room}.models")

METADATA = Base.metadata
BACKEND = Path(__file__).resolve().parent.parent

# Two processes that migrate at once take turns.
_LOCK = 0x6C745F6D6967


_INSUFFICIENT_PRIVILEGE = "42501"


class SchemaMismatchError(RuntimeError):
    """The database is not at the version that this code was written for."""


class MigrationRefusedError(RuntimeError):
    """The database user lacks a right that a migration needs; the message is the database's."""


def config() -> Config:
    return Config(BACKEND / "alembic.ini")


@cache
def head_revision() -> str:
    """The version that this program needs; its folder of migrations is read once."""
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
    """Bring the database to `revision`: up, or down where it names an older one (`-1`).

    Raises `MigrationRefusedError`, and then nothing was changed.
    """

    def run(connection: Connection) -> None:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        settings = config()
        settings.attributes["connection"] = connection
        if revision.startswith("-"):
            command.downgrade(settings, revision)
        else:
            command.upgrade(settings, revision)

    try:
        async with engine.begin() as connection:
            await connection.run_sync(run)
    except DBAPIError as error:
        refusal = getattr(error.orig, "__cause__", None)
        if getattr(refusal, "sqlstate", None) != _INSUFFICIENT_PRIVILEGE:
            raise
        raise MigrationRefusedError(str(refusal)) from error


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
