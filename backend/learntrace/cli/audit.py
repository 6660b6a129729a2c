"""A school's audit log, on the command line."""

import asyncio
import csv
import sys
from datetime import datetime
from uuid import UUID

import click

from learntrace.audit.acts import Act
from learntrace.classroom.audit import Asked, ToldEntry, tell_newest
from learntrace.cli.context import command_database
from learntrace.cli.lookups import moment, print_table, tenant_named
from learntrace.kit.cells import cell

PAGE = 500
_TITLES = ("AT", "WHO", "BY", "WHAT", "CLASS", "STUDENTS", "NAMED")


@click.group()
def audit() -> None:
    """Who read or changed what of which student."""


@audit.command("list")
@click.option("--school", required=True, help="Name or id.")
@click.option("--student", type=click.UUID, help="Of this student alone.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="From this day at the school on.")
@click.option("--csv", "as_csv", is_flag=True, help="For a spreadsheet, and not only the newest.")
@click.option("--sandbox", is_flag=True, help="The school's sandbox instead of itself.")
def list_command(
    school: str, student: UUID | None, since: datetime | None, *, as_csv: bool, sandbox: bool
) -> None:
    """The newest 500 entries; with --csv all of them. At most five students of each are named.

    This is an entry itself.
    """
    asked = Asked(student_id=student, since=since and since.date())

    async def run() -> None:
        writer = csv.writer(sys.stdout)
        if as_csv:
            writer.writerow(_TITLES)
        place = None
        async with command_database() as database:
            while True:
                async with database.transaction() as db:
                    tenant = await tenant_named(db, school, sandbox=sandbox)
                    act = Act.of_command("audit list")
                    told, place = await tell_newest(
                        db, act, tenant.id, asked, before=place, limit=PAGE
                    )
                rows = [_row(one) for one in told]
                if not as_csv:
                    print_table(_TITLES, rows)
                    return
                writer.writerows([cell(one) for one in row] for row in rows)
                if place is None:
                    return

    asyncio.run(run())


def _row(told: ToldEntry) -> tuple[str, ...]:
    entry = told.entry
    count = f"{len(entry.students)}"
    erased = f", {told.erased_count} without a name" if told.erased_count else ""
    return (
        moment(entry.at),
        entry.person_name or "",
        entry.by,
        told.words,
        told.class_name or "",
        f"{count}{erased}",
        ", ".join(one.display_name for one in told.students),
    )
