"""Which tables of a tenant's game are to be made anew, because answers in them were erased.

A mark is set in the transaction of the erasure. It goes only with the version whose making began
after it, and with that version all older ones go.
"""

from collections.abc import Collection
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.skills.models import RefitDue

Game = tuple[UUID, UUID]
"""A tenant's id and a game's."""


class What(StrEnum):
    """The tables that all pupils' play of a game goes into."""

    ITEM_TABLE = "item_table"
    POPULATION = "population"
    REFERENCE = "reference"


async def mark(db: AsyncSession, school_id: UUID, game_ids: Collection[UUID]) -> None:
    """Have every table of these games of one tenant made anew."""
    rows = [
        {"school_id": school_id, "game_id": game_id, "what": what}
        for game_id in sorted(game_ids)
        for what in What
    ]
    if rows:
        await db.execute(
            insert(RefitDue)
            .values(rows)
            .on_conflict_do_update(
                index_elements=["school_id", "game_id", "what"],
                set_={"marks": RefitDue.marks + 1},
            )
        )


async def due(db: AsyncSession, what: What) -> list[Game]:
    """The games whose tables of this kind are to be made anew."""
    keys = (RefitDue.school_id, RefitDue.game_id)
    rows = await db.execute(select(*keys).where(RefitDue.what == what).order_by(*keys))
    return [(row[0], row[1]) for row in rows]


async def find(db: AsyncSession, game: Game, what: What) -> int | None:
    """How often a game's table was marked, `None` when it is not to be made anew."""
    return await db.scalar(select(RefitDue.marks).where(*_of(game, what)))


async def settle(db: AsyncSession, game: Game, what: What, marks: int) -> None:
    """End the marks that were known when making the table began; if more came, it stays due."""
    await db.execute(delete(RefitDue).where(*_of(game, what), RefitDue.marks == marks))


def _of(game: Game, what: What) -> tuple[ColumnElement[bool], ...]:
    return RefitDue.school_id == game[0], RefitDue.game_id == game[1], RefitDue.what == what
