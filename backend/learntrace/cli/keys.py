"""Write keys for game servers, from the command line."""

import asyncio
from uuid import UUID

import click

from learntrace.accounts import write_keys
from learntrace.audit.acts import Act
from learntrace.cli.context import command_database
from learntrace.cli.lookups import game_named, moment, print_table, school_named
from learntrace.kit.clock import now
from learntrace.roster import schools


def _print_key(made: write_keys.NewKey) -> None:
    click.echo(f"Key {made.id} (the secret is shown this once):")
    click.echo(made.plain)


@click.group()
def keys() -> None:
    """Write keys: what a game server sends play with. Never put one into a game's client."""


@keys.command("create")
@click.argument("school")
@click.argument("game")
@click.option("--environment", type=click.Choice(["live", "sandbox"]), required=True)
@click.option("--name", default="server", show_default=True, help="To tell keys apart.")
def create(school: str, game: str, environment: str, name: str) -> None:
    """A new key for GAME at SCHOOL (names or ids); the school uses the game from then on."""

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            own, of_game = await school_named(db, school), await game_named(db, game)
            made = await write_keys.create_key(
                db,
                Act.of_command("keys create"),
                school_id=own.id,
                game_id=of_game.id,
                environment=environment,
                name=name,
            )
            if environment == "sandbox":
                await schools.prepare_sandbox(db, own.id)
        _print_key(made)

    asyncio.run(run())


@keys.command("list")
@click.option("--all", "with_revoked", is_flag=True, help="Also the revoked ones.")
def list_command(with_revoked: bool) -> None:
    """The keys, without their secrets; revoked ones are left out unless asked for."""

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            listed = await write_keys.list_keys(db)
        at = now()
        rows = [
            (
                str(one.key.id),
                one.key.name,
                one.school,
                one.game,
                one.key.environment,
                one.state(at),
                moment(one.key.expires_at),
                moment(one.key.last_used_at),
            )
            for one in listed
            if with_revoked or one.key.revoked_at is None
        ]
        titles = ("ID", "NAME", "SCHOOL", "GAME", "ENVIRONMENT", "STATE", "EXPIRES", "LAST USED")
        print_table(titles, rows)

    asyncio.run(run())


@keys.command("rotate")
@click.argument("key_id", type=click.UUID)
@click.option(
    "--overlap-hours",
    type=click.FloatRange(0, write_keys.MOST_OVERLAP_H),
    default=24.0,
    show_default=True,
    help="How long the old key stays valid beside the new one.",
)
def rotate(key_id: UUID, overlap_hours: float) -> None:
    """A successor of a key; the old one ends after the overlap."""

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            made = await write_keys.rotate_key(
                db, Act.of_command("keys rotate"), key_id, overlap_h=overlap_hours
            )
        _print_key(made)
        click.echo(f"The old key stays valid for {overlap_hours:g} h.")

    asyncio.run(run())


@keys.command("revoke")
@click.argument("key_id", type=click.UUID)
def revoke(key_id: UUID) -> None:
    """End a key: nothing sent with it is stored from this moment."""

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            await write_keys.revoke_key(db, Act.of_command("keys revoke"), key_id)
        click.echo(f"Key {key_id} is revoked.")

    asyncio.run(run())
