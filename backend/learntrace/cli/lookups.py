"""Finding what a person names on the command line, and printing lists of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import click
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import games, repository
from learntrace.accounts.tenants import Named
from learntrace.kit.errors import InvalidError


def _as_id(named: str) -> UUID | None:
    try:
        return UUID(named)
    except ValueError:
        return None


async def school_named(db: AsyncSession, named: str) -> Named:
    """The live school with this id or exactly this name."""
    wanted = _as_id(named)
    schools = await repository.list_schools(db)
    found = [one for one in schools if one.id == wanted or one.name == named]
    if len(found) == 1:
        return Named(found[0].id, found[0].name)
    if found:
        raise InvalidError(f"{len(found)} schools are called {named}; give the school's id.")
    known = ", ".join(one.name for one in schools[:10]) or "none yet"
    raise InvalidError(f"There is no school {named}. Schools: {known}.")


async def tenant_named(db: AsyncSession, named: str, *, sandbox: bool) -> Named:
    """The live school of this name or id, or its sandbox twin."""
    school = await school_named(db, named)
    if not sandbox:
        return school
    twin = await repository.find_sandbox(db, school.id)
    assert twin is not None, "a school is made together with its twin"
    return Named(twin.id, twin.name)


async def game_named(db: AsyncSession, named: str) -> Named:
    """The game with this id or exactly this name."""
    wanted = _as_id(named)
    known = await games.list_games(db)
    for game in known:
        if game.id == wanted or game.name == named:
            return Named(game.id, game.name)
    names = ", ".join(one.name for one in known[:10]) or "none yet"
    raise InvalidError(f"There is no game {named}. Games: {names}.")


def moment(at: datetime | None) -> str:
    """An instant for people, in UTC to the minute; a dash where there is none."""
    return "-" if at is None else f"{at:%Y-%m-%d %H:%M}Z"


def print_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their longest cell."""
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]
    for row in (titles, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
