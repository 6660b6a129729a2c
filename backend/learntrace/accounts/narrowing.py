"""Giving up the owner's rights: what is read for somebody comes from that one's tenants alone.

Under every read stands row-level security (migration 0007), so that a query that forgot whose
rows it wants finds none of other tenants. docs/decisions/0008 says what it holds and what not.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.db import Database

READER = "learntrace_reader"
SCHOOL_IDS = "learntrace.school_ids"


async def narrow(db: AsyncSession, tenants: Select[UUID]) -> None:
    """Until its end this transaction reads and writes rows of `tenants` alone, as the reader.

    One round trip. A second call can only take away: `tenants` is then itself read as the reader.
    """
    ids = tenants.subquery()
    joined = select(func.string_agg(cast(ids.c[0], Text), ",")).scalar_subquery()
    # The length, because nobody needs the ids back.
    seen = func.length(func.set_config(SCHOOL_IDS, func.coalesce(joined, ""), True))
    await db.execute(select(seen, func.set_config("role", READER, True)))


@dataclass(frozen=True, slots=True)
class NarrowedDatabase:
    """For who makes several transactions: each is narrowed to the same tenants."""

    database: Database
    tenants: Select[UUID]

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """See `Database.transaction`."""
        async with self.database.transaction() as db:
            await narrow(db, self.tenants)
            yield db
