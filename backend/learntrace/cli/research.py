"""What a school hands to researchers, on the command line."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import click

from learntrace.audit.acts import Act
from learntrace.cli.context import command_database
from learntrace.cli.lookups import school_named
from learntrace.kit.files import whole_file
from learntrace.research import studies
from learntrace.research.disclosures import Giving
from learntrace.research.exporting import export
from learntrace.research.participants import FEWEST

_EXPORT = Act.of_command("research export")
_school = click.option("--school", required=True, help="Name or id.")
_study = click.option("--study", required=True, help="What you call the study.")


@click.group()
def research() -> None:
    """What a school hands to researchers: play without who played."""


@research.command("export")
@_school
@_study
@click.option("--recipient", required=True, help="Who gets it: names, and where they work.")
@click.option("--purpose", required=True, help="What they want to find out with it.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The archive to write, a zip file.",
)
@click.option("--allow-few", is_flag=True, help=f"Also with fewer than {FEWEST} students.")
def export_command(
    school: str, study: str, recipient: str, purpose: str, out: Path, *, allow_few: bool
) -> None:
    """Write play, answers and ratings under pseudonyms, readable by its owner only.

    Left out is who took back the consent to research and, where the school requires it, who did
    not give it. Exports for the same study have the same pseudonyms. README.txt inside says what
    may still tell who somebody is, and what researchers must not do. Study, recipient and purpose
    are noted in the record of each student who is in it.
    """

    async def run() -> None:
        async with command_database() as database:
            giving = Giving(study, recipient, purpose)
            async with database.transaction() as db:
                own = await school_named(db, school)
            pieces = export(database, own.id, giving, _EXPORT, allow_few=allow_few)
            async with aclosing(pieces):
                with whole_file(out) as file:
                    async for piece in pieces:
                        file.write(piece)

    try:
        asyncio.run(run())
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from error
    click.echo(f"The study's data is in {out}. Read README.txt in it before you hand it on.")


@research.command("forget")
@_school
@_study
@click.option("--yes", is_flag=True, help="Do not ask again.")
def forget_command(school: str, study: str, *, yes: bool) -> None:
    """Destroy a study's key, for good: nobody can tell any more whose a pseudonym was.

    A later export for a study of that name has other pseudonyms. That it was handed out stays in
    the students' records.
    """

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            own = await school_named(db, school)
            await studies.forget(db, own.id, study)

    if not yes:
        click.confirm(f"Destroy the key of {study} for good?", abort=True)
    asyncio.run(run())
    click.echo("The study's key is destroyed.")
