"""Counts of what was refused that are too long ago. No student is in them."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.ingestion.models import Rejection

KIND: Final = Rejection.__tablename__


async def count_before(db: AsyncSession, school_id: UUID, before: datetime) -> int:
    """How many of a tenant's counts ended before then."""
    query = select(func.count()).select_from(Rejection)
    query = query.where(Rejection.school_id == school_id, Rejection.last_at < before)
    return int(await db.scalar(query) or 0)


async def forget_before(db: AsyncSession, school_id: UUID, before: datetime) -> int:
    """Delete them; how many."""
    statement = delete(Rejection).where(
        Rejection.school_id == school_id, Rejection.last_at < before
    )
    done: Any = await db.execute(statement, execution_options={"synchronize_session": False})
    return int(done.rowcount)
