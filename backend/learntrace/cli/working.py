"""`learntrace worker`."""

import asyncio

import click

from learntrace import migrating
from learntrace.cli.context import settings_with_database
from learntrace.kit.logging import configure
from learntrace.worker import run_worker


@click.command("worker")
def worker_command() -> None:
    """Close idle sessions, assess what is due, keep reference tables."""
    with settings_with_database() as settings:
        configure(settings.log_level, process="worker")
        try:
            asyncio.run(run_worker(settings))
        except migrating.SchemaMismatchError as error:
            raise click.ClickException(str(error)) from error
