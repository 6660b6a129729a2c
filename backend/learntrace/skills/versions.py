"""Item tables and populations: what a tenant's game is read with, version after version.

A version never changes, so a process keeps those that it used last.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.skills import due
from learntrace.skills.knowledge import ItemTable
from learntrace.skills.models import ItemTableVersion, PopulationVersion
from learntrace.skills.population import Population
from learntrace.skills.refits import Game

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
class _Newest:
    """The newest version of something, and how much it was made of."""

    count: int
    created_at: datetime | None

    def is_outgrown(self, count: int, *, least: int) -> bool:
        """Whether `count` things are enough for another version, now."""
        is_young = self.created_at is not None and now() - self.created_at < AT_MOST_EVERY
        return count >= max(least, GROWTH * self.count) and not is_young


_NONE: Final = _Newest(0, None)


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

    async def outgrown(
        self, db: AsyncSession, counts: Iterable[tuple[UUID, UUID, int]], *, least: int
    ) -> list[tuple[UUID, UUID]]:
        """The tenants' games, by their ids, that have gained enough for another version.

        `counts`: tenant, game and how much there is now; `least` is what the first one takes.
        """
        newest = await self._newest(db)
        return [
            (school_id, game_id)
            for school_id, game_id, count in counts
            if newest.get((school_id, game_id), _NONE).is_outgrown(count, least=least)
        ]

    async def _newest(self, db: AsyncSession) -> dict[tuple[UUID, UUID], _Newest]:
        """That of each tenant's game that has one, by their ids."""
        model = self._model
        keys = (model.school_id, model.game_id)
        query = (
            select(*keys, getattr(model, self._counted), model.created_at)
            .ext(distinct_on(*keys))
            .order_by(*keys, model.version.desc())
        )
        return {(row[0], row[1]): _Newest(*row[2:]) for row in await db.execute(query)}

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
            of_version = select(model.body).where(
                model.school_id == school_id, model.game_id == game_id, model.version == version
            )
            body: Mapping[str, Any] | None = await db.scalar(of_version)
            if body is None:  # forgotten since: the next one is in force
                return await self.in_force(db, school_id, game_id)
            kept = self._kept[key] = self._read(version, body)
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

    async def forget_before(self, db: AsyncSession, game: Game, version: int) -> None:
        """Delete a game's versions that are older than this one."""
        model = self._model
        await db.execute(
            delete(model).where(
                model.school_id == game[0], model.game_id == game[1], model.version < version
            )
        )


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
