"""Everything about one student, on the command line: handed out, and erased."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import click
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.repository import find_sandbox, find_school
from learntrace.audit import log
from learntrace.audit.acts import Act
from learntrace.cli.context import command_database
from learntrace.cli.lookups import print_table, school_named, tenant_named
from learntrace.game_sessions.reading import last_played_before as played_before
from learntrace.kit.db import Database
from learntrace.kit.files import whole_file
from learntrace.roster.records import students_of_class
from learntrace.student_records import erasing
from learntrace.student_records.exporting import export

_school = click.option("--school", required=True, help="Name or id.")
_sandbox = click.option("--sandbox", is_flag=True, help="The school's sandbox instead of itself.")


@click.group()
def students() -> None:
    """Everything about one student: handed out, and erased."""


@students.command("export")
@_school
@click.option("--student", type=click.UUID, required=True, help="The student's id.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The archive to write, a zip file.",
)
@_sandbox
def export_command(school: str, student: UUID, out: Path, *, sandbox: bool) -> None:
    """Write everything about a student into one archive, readable by its owner only.

    Each kind of record as JSON and as CSV; README.txt inside says which file holds what.
    """

    async def run() -> None:
        async with command_database() as database:
            async with database.transaction() as db:
                tenant = await tenant_named(db, school, sandbox=sandbox)
                await log.write(db, Act.of_command("students export"), [(tenant.id, student)])
            with whole_file(out) as file:
                await export(database, tenant.id, student, file)

    try:
        asyncio.run(run())
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from error
    click.echo(f"Everything about the student is in {out}.")


@students.command("erase")
@_school
@click.option("--student", type=click.UUID, help="The student's id.")
@click.option(
    "--class",
    "class_code",
    help="The class code: who is in the class, and who left it and is in no other class.",
)
@click.option(
    "--last-played-before",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Whose last play ended before this day at the school; who never played stays.",
)
@click.option("--dry-run", is_flag=True, help="Say how much would be erased, and erase nothing.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
def erase_command(
    school: str,
    student: UUID | None,
    class_code: str | None,
    last_played_before: datetime | None,
    *,
    dry_run: bool,
    yes: bool,
) -> None:
    """Erase all that is stored of students, for good. Backups and exports are yours to delete.

    Nothing sent again, imported or tried in the sandbox brings an erased id back.
    """
    choices = (student, class_code, last_played_before)
    if sum(one is not None for one in choices) != 1:
        raise click.UsageError("Give one of --student, --class and --last-played-before.")

    async def choose(db: AsyncSession) -> tuple[UUID, Sequence[UUID]]:
        own = await school_named(db, school)
        if student is not None:
            return own.id, [student]
        if class_code is not None:
            sandbox = await find_sandbox(db, own.id)
            tenants = [own.id] if sandbox is None else [own.id, sandbox.id]
            return own.id, await students_of_class(db, tenants, class_code)
        found = await find_school(db, own.id)
        assert found is not None
        assert last_played_before is not None
        before = last_played_before.replace(tzinfo=ZoneInfo(found.timezone))
        return own.id, await played_before(db, own.id, before)

    async def run() -> None:
        async with command_database() as database:
            async with database.transaction() as db:
                school_id, student_ids = await choose(db)
                counts = await erasing.count(db, school_id, student_ids)
                await erasing.enter_trying(db, erasing.BY_COMMAND, school_id, student_ids)
            _print(counts, students=len(student_ids))
            if dry_run:
                click.echo("A dry run: nothing was erased.")
                return
            if not student_ids:
                return
            if not yes:
                click.confirm("Erase this for good?", abort=True)
            await _erase(database, school_id, student_ids)

    asyncio.run(run())


def _print(counts: Counter[str], *, students: int) -> None:
    click.echo(f"{students:,} student{'' if students == 1 else 's'}.")
    print_table(("KIND", "RECORDS"), [(kind, f"{count:,}") for kind, count in counts.items()])


async def _erase(database: Database, school_id: UUID, student_ids: Sequence[UUID]) -> None:
    """One transaction a student: where one fails, those before stay erased."""
    for student_id in student_ids:
        async with database.transaction() as db:
            receipt = await erasing.erase(db, erasing.BY_COMMAND, school_id, student_id)
        records = sum(receipt.counts.values())
        click.echo(f"Erased {records:,} records. Receipt {receipt.id}.")
