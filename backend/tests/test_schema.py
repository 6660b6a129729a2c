"""The database's versions: one step back and forth, and models that agree with head."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from learntrace import migrating
from learntrace.kit.db import Database


async def test_models_and_head_agree(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return list(compare_metadata(context, migrating.METADATA))

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_every_migration_goes_back_one_step(database: Database) -> None:
    revisions = list(ScriptDirectory.from_config(migrating.config()).walk_revisions())
    for revision in revisions:
        assert await migrating.current_revision(database.engine) == revision.revision
        await migrating.migrate(database.engine, "-1")
    tables = "select count(*) from pg_tables where schemaname = 'public'"
    async with database.transaction() as db:
        assert await db.scalar(text(tables)) == 1  # Alembic's own
    await migrating.migrate(database.engine)
    assert await migrating.current_revision(database.engine) == migrating.head_revision()
