"""What lets pupils play, from the command line."""

import asyncio
from uuid import UUID

import click

from learntrace.audit.acts import Act
from learntrace.cli.context import command_database
from learntrace.cli.lookups import tenant_named
from learntrace.roster import access

_school = click.option("--school", required=True, help="Name or id.")
_sandbox = click.option("--sandbox", is_flag=True, help="The school's sandbox instead of itself.")


@click.group()
def players() -> None:
    """What lets pupils play: player tokens and codes."""


@players.command("revoke")
@_school
@click.option("--student", type=click.UUID, help="The pupil's id.")
@click.option("--class", "class_code", help="The class code: everybody in the class.")
@_sandbox
def revoke(school: str, student: UUID | None, class_code: str | None, *, sandbox: bool) -> None:
    """End player tokens: nothing sent with them is stored from this moment.

    The codes stay good, so that a pupil may join again; see new-code.
    """
    if (student is None) == (class_code is None):
        raise click.UsageError("Give either --student or --class.")

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            tenant = await tenant_named(db, school, sandbox=sandbox)
            act = Act.of_command("players revoke")
            if student is not None:
                ended = await access.revoke_student(
                    db, act, school_id=tenant.id, student_id=student
                )
            else:
                ended = await access.revoke_class(
                    db, act, school_id=tenant.id, class_code=class_code or ""
                )
        click.echo(f"{ended} player token{'' if ended == 1 else 's'} revoked.")

    asyncio.run(run())


@players.command("new-code")
@_school
@click.option("--student", type=click.UUID, required=True, help="The pupil's id.")
@_sandbox
def new_code(school: str, student: UUID, *, sandbox: bool) -> None:
    """Give a pupil a new code; the old one, and every token got with it, ends."""

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            tenant = await tenant_named(db, school, sandbox=sandbox)
            act = Act.of_command("players new-code")
            code = await access.renew_code(db, act, school_id=tenant.id, student_id=student)
        click.echo(f"New pupil code: {code}")

    asyncio.run(run())
