"""Item tables and populations: what a tenant's game is read with, version after version.

A version never changes, so a process keeps those that it used last.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.skills import due
from learntrace.skills.knowledge import ItemTable
from learntrace.skills.models import ItemTableVersion, PopulationVersion
from learntrace.skills.population import Population

# A new version has every player assessed anew, so each waits for half as much more.
GROWTH = 1.5
AT_MOST_EVERY = timedelta(minutes=1)
MOST_KEPT = 32
Row = type[ItemTableVersion] | type[PopulationVersion]


class Table(Protocol):
    """One version of a table."""

    @property
    def version(self) -> int: ...
    def to_json(self) -> dict[str, Any]: ...


Value = TypeVar("Value", bound=Table)


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest version of something, and how much it was made of."""

    version: int
    count: int
    created_at: datetime | None

    def is_outgrown(self, count: int, *, least: int) -> bool:
        """Whether `count` things are enough for another version, now."""
        is_young = self.created_at is not None and now() - self.created_at < AT_MOST_EVERY
        return count >= max(least, GROWTH * self.count) and not is_young


NONE: Final = Newest(0, 0, None)


class Versions(Generic[Value]):
    """All versions of one kind of table."""

    def __init__(
        self,
        model: Row,
        counted: str,
        *,
        starting: Value,
        read: Callable[[int, Mapping[str, Any]], Value],
    ) -> None:
        self._model = model
        self._counted = counted
        self._starting: Value = starting
        self._read: Callable[[int, Mapping[str, Any]], Value] = read
        self._kept: OrderedDict[tuple[UUID, UUID, int], Value] = OrderedDict()

    async def newest(self, db: AsyncSession) -> dict[tuple[UUID, UUID], Newest]:
        """The newest version of each tenant's game that has one, by their ids."""
        model = self._model
        keys = (model.school_id, model.game_id)
        query = (
            select(*keys, model.version, getattr(model, self._counted), model.created_at)
            .ext(distinct_on(*keys))
            .order_by(*keys, model.version.desc())
        )
        return {(row[0], row[1]): Newest(*row[2:]) for row in await db.execute(query)}

    async def in_force(self, db: AsyncSession, school_id: UUID, game_id: UUID) -> Value:
        """The newest table; before there is any, the one to start with, of version 0."""
        model = self._model
        query = select(func.max(model.version)).where(
            model.school_id == school_id, model.game_id == game_id
        )
        version = await db.scalar(query)
        if version is None:
            return self._starting
        key = (school_id, game_id, version)
        kept = self._kept.get(key)
        if kept is None:
            body = select(model.body).where(
                model.school_id == school_id, model.game_id == game_id, model.version == version
            )
            kept = self._kept[key] = self._read(version, (await db.scalars(body)).one())
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return kept

    async def add(
        self, db: AsyncSession, school_id: UUID, game_id: UUID, table: Value, *, count: int
    ) -> None:
        """Put a version in force and have the game's players assessed anew.

        One that another worker made first stays.
        """
        values = {
            "school_id": school_id,
            "game_id": game_id,
            "version": table.version,
            self._counted: count,
            "body": table.to_json(),
            "created_at": now(),
        }
        await db.execute(insert(self._model).values(values).on_conflict_do_nothing())
        await due.mark_players(db, school_id, game_id)


ITEM_TABLES: Final = Versions(
    ItemTableVersion,
    "answer_count",
    starting=ItemTable(version=0, intercept=0.0),
    read=lambda _, body: ItemTable.from_json(body),
)
POPULATIONS: Final = Versions(
    PopulationVersion,
    "session_count",
    starting=Population(0, {}),
    read=Population.from_json,
)
