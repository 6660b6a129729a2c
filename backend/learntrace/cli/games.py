"""Games, their origins and their mappings, from the command line."""

import asyncio
import json
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import games as all_games
from learntrace.accounts import mappings, users
from learntrace.accounts.callers import Role
from learntrace.cli.context import command_database
from learntrace.cli.lookups import game_named, moment, print_table, tenant_named
from learntrace.events.mapping import InvalidMappingError, parse_mapping
from learntrace.events.repository import latest_mapping_version, latest_mapping_versions
from learntrace.kit.errors import InvalidError, LearntraceError

_sandbox = click.option("--sandbox", is_flag=True, help="The school's sandbox instead of itself.")


@click.group()
def games() -> None:
    """Games, the origins of their pages, and their mappings. GAME is a name or an id."""


async def _developer(db: AsyncSession, username: str) -> UUID:
    """The id of the developer with this name."""
    user = await users.get_by_username(db, username)
    if user.role != Role.GAME_DEVELOPER:
        raise InvalidError(f"{user.username} is a {user.role}, not a game_developer.")
    return user.id


@games.command("add")
@click.argument("name")
@click.option("--origin", "origins", multiple=True, help="https://host[:port]; may be repeated.")
@click.option("--developer", "developers", multiple=True, help="Username; may be repeated.")
def add(name: str, origins: tuple[str, ...], developers: tuple[str, ...]) -> None:
    """Add a game."""

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            owners = [await _developer(db, username) for username in developers]
            game = await all_games.create_game(db, name=name, origins=origins, developers=owners)
            added = f"{game.name} {game.id}"
        click.echo(f"Added {added}")

    asyncio.run(run())


@games.command("list")
def list_command() -> None:
    """Every game."""

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            known = await all_games.list_games(db)
            latest = await latest_mapping_versions(db, [game.id for game in known])
        rows = [
            (
                str(game.id),
                game.name,
                str(latest[game.id] or "built-in"),
                ", ".join(game.allowed_origins) or "-",
            )
            for game in known
        ]
        print_table(("ID", "NAME", "MAPPING", "ORIGINS"), rows)

    asyncio.run(run())


@games.command("origins")
@click.argument("game")
@click.option("--add", "added", multiple=True, help="https://host[:port]; may be repeated.")
@click.option("--remove", "removed", multiple=True, help="May be repeated.")
def origins_command(game: str, added: tuple[str, ...], removed: tuple[str, ...]) -> None:
    """Show or change which web origins may send play with the game's tokens."""

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            of_game = await all_games.find_game(db, (await game_named(db, game)).id)
            assert of_game is not None, "it was found by its name"
            dropped = {all_games.normal_origin(one) for one in removed}
            wanted = [one for one in (*of_game.allowed_origins, *added) if one not in dropped]
            kept = await all_games.set_origins(db, of_game.id, wanted)
        click.echo("\n".join(kept) or "No origins: no web page may use this game's tokens.")

    asyncio.run(run())


@games.group()
def mapping() -> None:
    """From a game's own event names to behaviours; docs/mapping.md explains the file."""


@mapping.command("show")
@click.argument("game")
@click.option("--version", type=click.IntRange(0), help="Else the latest; 0 is the built-in one.")
def show(game: str, version: int | None) -> None:
    """Print a mapping as JSON."""

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            of_game = await game_named(db, game)
            found = await mappings.show(db, of_game.id, version)
        click.echo(f"Version {found.version}, published {moment(found.created_at)}", err=True)
        click.echo(json.dumps(found.mapping, indent=2, ensure_ascii=False))

    asyncio.run(run())


def _read_mapping(path: Path) -> object:
    """The mapping in a file, checked; every problem is told."""
    body = path.read_bytes()
    if len(body) > mappings.MOST_BYTES:
        raise click.ClickException(f"A mapping has at most {mappings.MOST_BYTES // 1024} KiB.")
    try:
        raw = mappings.read_json(body)
        parse_mapping(raw)
    except LearntraceError as error:
        raise click.ClickException(f"{path.name}: {error}") from None
    except InvalidMappingError as error:
        lines = "".join(f"\n  {one['where']}: {one['problem']}" for one in error.problems)
        raise click.ClickException(f"{path.name} cannot be used:{lines}") from None
    return raw


@mapping.command("publish")
@click.argument("game")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def publish(game: str, file: Path) -> None:
    """Publish FILE as the game's next mapping version; schools that follow it use it at once."""
    raw = _read_mapping(file)

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            of_game = await game_named(db, game)
            published, is_new = await mappings.publish(db, of_game.id, raw)
        said = "Published as" if is_new else "Nothing changed; this is"
        click.echo(f"{said} version {published.version}.")

    asyncio.run(run())


def _version(_: click.Context, __: click.Parameter, typed: str) -> int | None:
    if typed == "latest":
        return None
    if not typed.isdecimal():
        raise click.BadParameter("a version number, or latest.")
    return int(typed)


@mapping.command("choose")
@click.argument("game")
@click.argument("school")
@click.argument("version", callback=_version)
@_sandbox
def choose(game: str, school: str, version: int | None, *, sandbox: bool) -> None:
    """Have SCHOOL use this VERSION and no other; `latest` follows every new one."""

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            tenant = await tenant_named(db, school, sandbox=sandbox)
            of_game = await game_named(db, game)
            await mappings.choose(db, tenant.id, of_game.id, version)
            name = tenant.name
        click.echo(f"{name} uses {'the latest version' if version is None else f'{version}'}.")

    asyncio.run(run())


@mapping.command("adopt")
@click.argument("game")
@click.argument("school")
@_sandbox
def adopt(game: str, school: str, *, sandbox: bool) -> None:
    """Have SCHOOL use the version that is the newest now, and stay with it."""

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            tenant = await tenant_named(db, school, sandbox=sandbox)
            of_game = await game_named(db, game)
            newest = await latest_mapping_version(db, of_game.id)
            await mappings.choose(db, tenant.id, of_game.id, newest or None)
            name = tenant.name
        click.echo(f"{name} uses {f'version {newest}' if newest else 'the built-in mapping'}.")

    asyncio.run(run())
