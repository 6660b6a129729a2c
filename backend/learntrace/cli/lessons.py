"""A school's scenarios and content, from files and to files."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

import click
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.tenants import Named, tenants_of_school
from learntrace.accounts.users import find_by_username
from learntrace.cli.context import command_database
from learntrace.cli.lookups import school_named
from learntrace.kit.errors import InvalidError
from learntrace.learning_sessions.content import repository as content_items
from learntrace.learning_sessions.content.schemas import ContentIn
from learntrace.learning_sessions.files import InFile, read, read_starter, write
from learntrace.learning_sessions.scenarios import repository as all_scenarios
from learntrace.learning_sessions.scenarios.schemas import ScenarioIn

Item = TypeVar("Item", bound=InFile)
ONE_SOURCE: Final = "Give a file, or --starter for the set that comes with the program."

_path = click.Path(exists=True, dir_okay=False, path_type=Path)
_file = click.argument("file", type=_path, required=False)
_school = click.option("--school", required=True, help="Its name or id.")
_starter = click.option(
    "--starter", is_flag=True, help="The set that comes with the program, in English and German."
)


@click.group("scenarios")
def scenarios() -> None:
    """Scenarios of a school and its sandbox."""


@scenarios.command("import")
@_file
@_school
@_starter
def import_scenarios(file: Path | None, school: str, *, starter: bool) -> None:
    """Import the scenarios of FILE, a JSON list: all of them, or none where one is wrong.

    One with a key that the school has already replaces that.
    """
    items = _read(file, "scenarios" if starter else None, ScenarioIn)

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            own = await school_named(db, school)
            school_ids = list(await db.scalars(tenants_of_school(own.id)))
            for item in items:
                await all_scenarios.put(db, school_ids, item.model_dump(mode="json"))
        click.echo(f"Imported {len(items)} scenarios for {own.name}.")

    asyncio.run(run())


@scenarios.command("export")
@_school
def export_scenarios(school: str) -> None:
    """Print the school's scenarios as `import` takes them."""

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            own = await school_named(db, school)
            found = await all_scenarios.list_scenarios(db, tenants_of_school(own.id))
            items = [_stored(ScenarioIn, one) for one in found]
        click.echo(write(items), nl=False)

    asyncio.run(run())


@click.group("content")
def content() -> None:
    """Content of a school and its sandbox, to be studied."""


@content.command("import")
@_file
@_school
@click.option("--owner", required=True, help="The username of whose it is to be.")
@_starter
def import_content(file: Path | None, school: str, owner: str, *, starter: bool) -> None:
    """Import the content of FILE, a JSON list: all of it, or none where something is wrong.

    The owner's item with the same source_url is replaced; what has none is another each time.
    """
    items = _read(file, "content" if starter else None, ContentIn)

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            own = await school_named(db, school)
            owner_id = await _person(db, own, owner)
            school_ids = list(await db.scalars(tenants_of_school(own.id)))
            for item in items:
                await content_items.put(db, school_ids, owner_id, item.model_dump(mode="json"))
        click.echo(f"Imported {len(items)} content items for {own.name}.")

    asyncio.run(run())


@content.command("export")
@_school
@click.option("--owner", help="Only what belongs to who has this username.")
def export_content(school: str, owner: str | None) -> None:
    """Print the school's content as `import` takes it."""

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            own = await school_named(db, school)
            tenants = tenants_of_school(own.id)
            owner_id = None if owner is None else await _person(db, own, owner)
            wanted = content_items.Wanted(owner_id=owner_id)
            found = await content_items.list_items(db, tenants, wanted, after=None, limit=None)
            items = [_stored(ContentIn, one) for one in found]
            _require_named_once(items)
        click.echo(write(items), nl=False)

    asyncio.run(run())


async def _person(db: AsyncSession, school: Named, username: str) -> UUID:
    user = await find_by_username(db, username)
    if user is None or user.school_id != school.id:
        raise InvalidError(f"Nobody at {school.name} has the username {username}.")
    return user.id


def _require_named_once(items: Sequence[ContentIn]) -> None:
    urls = Counter(one.source_url for one in items if one.source_url is not None)
    twice = [url for url, count in urls.items() if count > 1]
    if twice:
        raise InvalidError(
            f"Several people have an item with the source_url {twice[0]}, which no file can hold. "
            "Export what each has with --owner."
        )


def _read(file: Path | None, starter: str | None, kind: type[Item]) -> list[Item]:
    if file is None and starter is not None:
        return read_starter(starter, kind)
    if file is None or starter is not None:
        raise click.UsageError(ONE_SOURCE)
    try:
        return read(file.read_text(encoding="utf-8-sig"), kind)
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is not UTF-8. Nothing was imported.") from None
    except InvalidError as error:
        raise click.ClickException(f"{error}\nNothing was imported.") from error


def _stored(kind: type[Item], row: object) -> Item:
    return kind.model_validate({name: getattr(row, name) for name in kind.model_fields})
