"""People who sign in, from the command line."""

import asyncio
import secrets
import sys

import click

from learntrace.accounts import resets
from learntrace.accounts import users as people
from learntrace.accounts.callers import Role
from learntrace.accounts.repository import list_schools
from learntrace.audit.acts import Act
from learntrace.cli.context import command_database
from learntrace.cli.lookups import moment, print_table, school_named
from learntrace.kit.addresses import dashboard_url
from learntrace.kit.config import load_settings

password_option = click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from standard input; else a random one is made and printed once.",
)


def read_password(*, from_stdin: bool) -> str:
    """The one on standard input, else a new random one."""
    if not from_stdin:
        return secrets.token_urlsafe(15)
    return sys.stdin.readline().rstrip("\r\n")


def print_password(password: str, *, from_stdin: bool) -> None:
    if not from_stdin:
        click.echo(f"Password (shown this once): {password}")


@click.group()
def users() -> None:
    """People who sign in."""


@users.command("add")
@click.argument("username")
@click.option("--role", type=click.Choice([str(role) for role in Role]), required=True)
@click.option("--school", help="Name or id; for a teacher or school_admin.")
@click.option("--name", "display_name", help="Shown to others; else the username.")
@password_option
def add(
    username: str, role: str, school: str | None, display_name: str | None, *, password_stdin: bool
) -> None:
    """Add somebody who may sign in."""
    password = read_password(from_stdin=password_stdin)

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            own = None if school is None else await school_named(db, school)
            user = await people.add_user(
                db,
                username=username,
                display_name=display_name or username,
                role=Role(role),
                password=password,
                school_id=None if own is None else own.id,
            )
            await people.note(db, Act.of_command("users add"), user)
            added = user.username
        click.echo(f"Added {added} as {role}.")
        print_password(password, from_stdin=password_stdin)

    asyncio.run(run())


@users.command("list")
def list_command() -> None:
    """Everybody who was added, the disabled too."""

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            schools = {one.id: one.name for one in await list_schools(db)}
            rows = [
                (
                    user.username,
                    user.display_name,
                    user.role,
                    schools[user.school_id] if user.school_id else "-",
                    "disabled" if user.disabled_at else "active",
                    moment(user.created_at),
                )
                for user in await people.list_users(db)
            ]
        print_table(("USERNAME", "NAME", "ROLE", "SCHOOL", "STATE", "ADDED"), rows)

    asyncio.run(run())


@users.command("password")
@click.argument("username")
@password_option
def password_command(username: str, *, password_stdin: bool) -> None:
    """Give somebody a new password; every place they are signed in at is signed out."""
    password = read_password(from_stdin=password_stdin)

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            user = await people.get_by_username(db, username)
            await people.set_password(db, Act.of_command("users password"), user, password)
            changed = user.username
        click.echo(f"{changed} has a new password and is signed out everywhere.")
        print_password(password, from_stdin=password_stdin)

    asyncio.run(run())


@users.command("reset-link")
@click.argument("username")
@click.option("--dashboard", help="The dashboard's address; else where it is on this machine.")
def reset_link(username: str, *, dashboard: str | None) -> None:
    """Make a link with which somebody chooses a new password, once, in the next 24 hours.

    A newer link ends the one before. The old password stands until the link is used.
    """

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            user = await people.get_by_username(db, username)
            made = await resets.create(db, Act.of_command("users reset-link"), user)
            named = user.username
        address = dashboard or dashboard_url(load_settings())
        click.echo(f"For {named}, good once and until {moment(made.expires_at)} (shown this once):")
        click.echo(f"{address.rstrip('/')}/password#{made.token}")

    asyncio.run(run())


@users.command("disable")
@click.argument("username")
@click.option("--undo", is_flag=True, help="Let them sign in again.")
def disable(username: str, *, undo: bool) -> None:
    """Let somebody in no more, from this moment."""

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            user = await people.get_by_username(db, username)
            act = Act.of_command("users disable")
            if undo:
                await people.enable(db, act.only("undo"), user)
            else:
                await people.disable(db, act, user)
            changed = user.username
        click.echo(f"{changed} may sign in again." if undo else f"{changed} is disabled.")

    asyncio.run(run())
