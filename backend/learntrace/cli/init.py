"""`learntrace init`: the first school, without a demo."""

import asyncio

import click

from learntrace.accounts import users
from learntrace.accounts.callers import Role
from learntrace.cli.context import command_database
from learntrace.cli.users import password_option, print_password, read_password
from learntrace.kit.errors import ConflictError
from learntrace.roster import schools


@click.command("init")
@click.option("--school", required=True, help="Its name.")
@click.option("--timezone", required=True, help="Its days are told by this: Europe/Zurich.")
@click.option("--language", default="en", show_default=True, help="Such as en or de-CH.")
@click.option("--admin", default="admin", show_default=True, help="A username to sign in with.")
@click.option("--admin-name", help="Shown to others; else the username.")
@password_option
def init(
    school: str,
    timezone: str,
    language: str,
    admin: str,
    admin_name: str | None,
    *,
    password_stdin: bool,
) -> None:
    """Make a school, its sandbox and its first administrator; all of it or nothing."""
    password = read_password(from_stdin=password_stdin)

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            made = await schools.open_new_school(
                db, name=school, timezone=timezone, language=language
            )
            try:
                user = await users.add_user(
                    db,
                    username=admin,
                    display_name=admin_name or admin,
                    role=Role.SCHOOL_ADMIN,
                    password=password,
                    school_id=made.id,
                )
            except ConflictError as error:
                raise ConflictError(f"{error.detail} Give another one with --admin.") from error
            name, username = made.name, user.username
        click.echo(f"Made {name}. Its administrator signs in as {username}.")
        print_password(password, from_stdin=password_stdin)
        click.echo(
            "\nNext:\n"
            f'  learntrace roster import FILES --school "{name}" --dry-run\n'
            f'  learntrace roster import FILES --school "{name}"\n'
            "      classes, pupils and teachers from the school's own system (docs/roster.md)\n"
            "  learntrace games add NAME\n"
            f'  learntrace keys create "{name}" GAME --environment live\n'
            "      a write key for each game server that sends play (docs/accounts.md)"
        )

    asyncio.run(run())
