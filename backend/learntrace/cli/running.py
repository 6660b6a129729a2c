"""The long-running commands, and those about the program itself."""

import asyncio

import click

from learntrace import migrating
from learntrace.app import create_app
from learntrace.cli.context import command_database, settings_with_database
from learntrace.kit.config import load_settings
from learntrace.kit.logging import configure
from learntrace.openapi import document
from learntrace.serving import PortTakenError, serve
from learntrace.worker import run_worker


@click.command("serve")
@click.option("--workers", type=click.IntRange(1, 64), help="API processes; else API_WORKERS.")
def serve_command(workers: int | None) -> None:
    """Serve the API on API_PORT, metrics and API docs on METRICS_PORT."""
    with settings_with_database() as settings:
        configure(settings.log_level, process="api")
        chosen = {"api_workers": workers} if workers is not None else {}
        try:
            serve(settings.model_copy(update=chosen))
        except (migrating.SchemaMismatchError, PortTakenError) as error:
            raise click.ClickException(str(error)) from error


@click.command("worker")
def worker_command() -> None:
    """Close idle sessions, assess what is due, keep reference tables."""
    with settings_with_database() as settings:
        configure(settings.log_level, process="worker")
        try:
            asyncio.run(run_worker(settings))
        except migrating.SchemaMismatchError as error:
            raise click.ClickException(str(error)) from error


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


@click.command("openapi")
def openapi_command() -> None:
    """Print the API's OpenAPI document as JSON."""
    click.echo(document(create_app(load_settings())), nl=False)
