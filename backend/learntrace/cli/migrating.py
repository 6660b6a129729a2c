"""`learntrace migrate`."""

import asyncio

import click

from learntrace import migrating
from learntrace.cli.context import command_database


@click.command("migrate")
@click.option("--to", default="head", show_default=True, help="A revision, or -1 for one back.")
@click.option("--check", is_flag=True, help="Only say whether the database is at head.")
def migrate_command(to: str, *, check: bool) -> None:
    """Bring the database to this program's version."""

    async def run() -> None:
        async with command_database(any_version=True) as database:
            if check:
                await migrating.require_head(database.engine)
            else:
                await migrating.migrate(database.engine, to)
            click.echo(f"The database is at {await migrating.current_revision(database.engine)}.")

    asyncio.run(run())
