"""The role that reads are done with: it belongs to the cluster, and so to several databases."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import event, text

from learntrace import migrating
from learntrace.accounts.narrowing import narrow
from learntrace.accounts.tenants import every_tenant
from learntrace.kit import postgres
from learntrace.kit.db import Database


@pytest.fixture
def cluster() -> Iterator[str]:
    """A server on which nothing was ever migrated."""
    with postgres.temporary() as dsn:
        yield dsn


@pytest.fixture
async def owner(cluster: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(cluster)
    yield connection
    await connection.close()


def named(dsn: str, name: str) -> str:
    return f"{dsn.rpartition('/')[0]}/{name}"


async def reads_as_reader(database: Database) -> bool:
    async with database.transaction() as db:
        await narrow(db, every_tenant())
        return await db.scalar(text("select current_user")) == "learntrace_reader"


async def test_role_outlives_the_downgrade_of_one_database(
    cluster: str, owner: asyncpg.Connection
) -> None:
    databases = []
    for name in ("first", "second"):
        await owner.execute(f"create database {name}")
        databases.append(Database.connect(named(cluster, name), pool_size=1))
        await migrating.migrate(databases[-1].engine)
    first, second = databases
    while await migrating.current_revision(first.engine) != "0006":
        await migrating.migrate(first.engine, "-1")
    assert await reads_as_reader(second)
    await migrating.migrate(first.engine)
    assert await reads_as_reader(first)
    for one in databases:
        await one.dispose()


async def test_databases_of_one_cluster_make_the_role_at_once(
    cluster: str, owner: asyncpg.Connection
) -> None:
    revision = ScriptDirectory.from_config(migrating.config()).get_revision("0007")
    names = [f"at_once_{number}" for number in range(8)]
    for name in names:
        await owner.execute(f"create database {name}")
    connections = [await asyncpg.connect(named(cluster, name)) for name in names]

    async def make(connection: asyncpg.Connection) -> None:
        async with connection.transaction():
            await connection.execute(revision.module.ROLE)
            await asyncio.sleep(0.05)  # the others wait for this one's end
            await connection.execute("set local role learntrace_reader")

    for _ in range(5):
        await asyncio.gather(*map(make, connections))
        await owner.execute("drop role learntrace_reader")
    for connection in connections:
        await connection.close()


async def test_user_who_may_make_no_role_is_told_what_to_have_run(
    cluster: str, owner: asyncpg.Connection
) -> None:
    await owner.execute("create role plain")
    await owner.execute("grant plain to current_user with set true")
    await owner.execute("create database managed owner plain")
    database = Database.connect(named(cluster, "managed"), pool_size=1)

    @event.listens_for(database.engine.sync_engine, "begin")
    def become_plain(connection):
        connection.exec_driver_sql("set role plain")

    with pytest.raises(migrating.MigrationRefusedError) as refused:
        await migrating.migrate(database.engine)
    statements = (
        "CREATE ROLE learntrace_reader NOLOGIN",
        "GRANT learntrace_reader TO learntrace WITH INHERIT FALSE, SET TRUE",
    )
    assert await migrating.current_revision(database.engine) is None
    for statement in statements:
        assert statement in str(refused.value)
        await owner.execute(statement)
    await migrating.migrate(database.engine)
    assert await migrating.current_revision(database.engine) == migrating.head_revision()
    await database.dispose()
