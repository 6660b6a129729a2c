"""A school's classes and people from its own system's files, on the command line."""

import asyncio
from dataclasses import astuple
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from learntrace.audit.acts import Act
from learntrace.cli.context import command_database
from learntrace.cli.lookups import print_table, school_named
from learntrace.kit.errors import ConflictError
from learntrace.roster.importing.files import open_files
from learntrace.roster.importing.service import (
    EndsTooMuchError,
    Report,
    UnusableRosterError,
    import_roster,
)

_TITLES = ("", "ADDED", "CHANGED", "ENDED", "UNCHANGED")


@click.group()
def roster() -> None:
    """Classes, students and teachers from a school's own system."""


@roster.command("import")
@click.argument("files", type=click.Path(path_type=Path, exists=True))
@click.option("--school", required=True, help="Name or id.")
@click.option("--org", help="The school's sourcedId, where the files hold several schools.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and store nothing.")
@click.option("--force", is_flag=True, help="End more than 10 % of enrolments or teachings.")
def import_command(
    files: Path, school: str, org: str | None, *, dry_run: bool, force: bool
) -> None:
    """Make the school's classes and people what FILES say.

    FILES: a folder or zip archive with OneRoster 1.1 or 1.2 CSV, or one CSV file with the columns
    class,given_name,family_name,external_id. Import again whenever it changes: what is missing
    ends, and nothing is ever deleted.
    """

    async def run() -> Report:
        async with command_database() as database:
            try:
                async with database.transaction() as db:
                    own = await school_named(db, school)
                    return await import_roster(
                        db,
                        open_files(files),
                        school_id=own.id,
                        act=Act.of_command("roster import"),
                        org=org,
                        dry_run=dry_run,
                        force=force,
                    )
            except UnusableRosterError as error:
                for problem in error.problems:
                    click.echo(problem, err=True)
                raise
            except EndsTooMuchError as error:
                _print(error.report)
                raise ConflictError(f"{error.detail} If it is meant, say --force.") from error
            except DBAPIError as error:
                # What the database says repeats the row, and so a child's name.
                code = getattr(error.orig, "sqlstate", "unknown")
                said = f"Nothing was stored: the database refused it (code {code})."
                raise click.ClickException(said) from None

    _print(asyncio.run(run()))
    if dry_run:
        click.echo("A dry run: nothing was stored.")


def _print(report: Report) -> None:
    rows = [
        (name, *(f"{count:,}" for count in astuple(counts)))
        for name, counts in report.counts().items()
    ]
    print_table(_TITLES, rows)
    if report.erased:
        click.echo(f"Left out, because the school had them erased: {report.erased:,} students.")
