"""Rows that tell of one person: how each table's are found, told, erased, and forgotten in time."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Executable,
    Label,
    Row,
    Select,
    Uuid,
    any_,
    delete,
    func,
    inspect,
    literal,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from learntrace.kit.db import Base

READ_AT_ONCE = 500
Ids = Sequence[UUID] | Select[UUID]
"""Ids, or where they stand: those of many are not fetched to be sent again."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A person in one tenant, or several.

    `sittings` are of what they played, for tables that name no person.
    """

    tenant_id: UUID
    ids: Sequence[UUID]
    sittings: Ids = ()


@dataclass(frozen=True, slots=True)
class Old:
    """What of one tenant is too long ago: these `sittings`, and what else was `before` then."""

    tenant_id: UUID
    before: datetime
    sittings: Ids = ()


@dataclass(frozen=True, slots=True)
class Aging:
    """Which rows of a table are too old; `with_sitting`: all of a sitting's, whenever written."""

    of: Callable[[Old], ColumnElement[bool]]
    with_sitting: bool


Condition = Callable[[Subject], ColumnElement[bool]]
Column = InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]
Told = Sequence[InstrumentedAttribute[Any] | Label[Any]]


def among(column: Column, ids: Ids) -> ColumnElement[bool]:
    """Whether it is one of these."""
    if isinstance(ids, Select):
        return column.in_(ids)
    return column == any_(literal(list(ids), ARRAY(Uuid)))


def by_person(tenant: Column, person: Column) -> Condition:
    """The rows that name the person."""
    return lambda subject: (tenant == subject.tenant_id) & among(person, subject.ids)


def by_sitting(tenant: Column, sitting: Column) -> Condition:
    """The rows that name what the person played."""
    return lambda subject: (tenant == subject.tenant_id) & among(sitting, subject.sittings)


def ages_with_sitting(tenant: Column, sitting: Column) -> Aging:
    """The rows go with what was played."""
    return Aging(
        lambda old: (tenant == old.tenant_id) & among(sitting, old.sittings),
        with_sitting=True,
    )


def ages_by_time(tenant: Column, at: InstrumentedAttribute[datetime]) -> Aging:
    """Each row goes when `at` is too long ago."""
    return Aging(lambda old: (tenant == old.tenant_id) & (at < old.before), with_sitting=False)


@dataclass(frozen=True, slots=True)
class Held:
    """The rows of one table that tell of a person.

    `name` is that of the kind of record; `says` tells the person in a sentence what it holds.
    `told` are the columns to hand out, each under its own name, `order` how the rows stand.
    `aging` says which rows a school that forgets play forgets; `None` where it is no play, or where
    what is left of it is made anew.
    Where a row tells of several, `times` is how many of the persons it tells of, and `erasing` are
    the statements that take one of a tenant out of the table; without any, the rows go.
    """

    name: str
    says: str
    model: type[Base]
    of: Condition
    told: Told
    order: Told
    aging: Aging | None
    times: Callable[[Subject], ColumnElement[int]] | None = None
    erasing: Callable[[UUID, UUID], Sequence[Executable]] | None = None

    @property
    def columns(self) -> list[str]:
        """The names of what is told, in order."""
        return [str(column.key) for column in self.told]

    async def stream(
        self, db: AsyncSession, subject: Subject
    ) -> AsyncIterator[Sequence[Row[*tuple[Any, ...]]]]:
        """The rows in order, at most `READ_AT_ONCE` at a time, however many there are."""
        query = select(*self.told).select_from(self.model).where(self.of(subject))
        rows = await db.stream(
            query.order_by(*self.order), execution_options={"yield_per": READ_AT_ONCE}
        )
        async for some in rows.partitions():
            yield some

    async def count(self, db: AsyncSession, subject: Subject) -> int:
        """How many rows tell of the person; of several, of each."""
        count = func.count() if self.times is None else func.sum(self.times(subject))
        query = select(count).select_from(self.model).where(self.of(subject))
        return int(await db.scalar(query) or 0)

    async def count_old(self, db: AsyncSession, old: Old, subject: Subject | None = None) -> int:
        """How many rows are too old; of the person, where one is given."""
        if self.aging is None:
            return 0
        query = select(func.count()).select_from(self.model).where(self.aging.of(old))
        if subject is not None:
            query = query.where(self.of(subject))
        return int(await db.scalar(query) or 0)

    async def forget(self, db: AsyncSession, old: Old, *, most: int | None = None) -> int:
        """Delete what is too old, at most so many rows that nobody holds; how many."""
        if self.aging is None:
            return 0
        condition = self.aging.of(old)
        if most is not None:
            keys = inspect(self.model).primary_key
            some = select(*keys).where(condition).limit(most).with_for_update(skip_locked=True)
            condition = tuple_(*keys).in_(some)
        whole = delete(self.model).execution_options(synchronize_session=False)
        done: Any = await db.execute(whole.where(condition))
        return int(done.rowcount)

    async def erase(self, db: AsyncSession, subject: Subject) -> int:
        """Take the person out of the table; how many rows told of them."""
        if self.erasing is None:
            # Else the session would have every row that goes told to it.
            whole = delete(self.model).execution_options(synchronize_session=False)
            done: Any = await db.execute(whole.where(self.of(subject)))
            return int(done.rowcount)
        count = await self.count(db, subject)
        for one in subject.ids:
            for statement in self.erasing(subject.tenant_id, one):
                await db.execute(statement, execution_options={"synchronize_session": False})
        return count
