"""The API: serving it, and its document."""

import click

from learntrace import migrating
from learntrace.app import create_app
from learntrace.cli.context import settings_with_database
from learntrace.kit.config import load_settings
from learntrace.kit.logging import configure
from learntrace.openapi import document
from learntrace.serving import PortTakenError, serve


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


@click.command("openapi")
def openapi_command() -> None:
    """Print the API's OpenAPI document as JSON."""
    click.echo(document(create_app(load_settings())), nl=False)
