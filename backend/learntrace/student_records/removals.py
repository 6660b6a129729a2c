"""Receipts of what retention removed: how many of which kind on which day, and nothing of whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.student_records.models import Removal

Cause = Literal["play", "left", "audit", "recordings"]


@dataclass(frozen=True, slots=True)
class Removed:
    """How many records of a kind went on one day at the school."""

    day: date
    cause: str
    kind: str
    count: int


async def note(
    db: AsyncSession, school_id: UUID, day: date, cause: Cause, counts: Mapping[str, int]
) -> None:
    """Add what this transaction removes to the receipt of the day at the live school."""
    rows = [
        {
            "school_id": school_id,
            "day": day,
            "cause": cause,
            "kind": kind,
            "count": count,
            "last_at": now(),
        }
        for kind, count in sorted(counts.items())
        if count
    ]
    if rows:
        statement = insert(Removal).values(rows)
        added = {
            "count": Removal.count + statement.excluded.count,
            "last_at": statement.excluded.last_at,
        }
        keys = ["school_id", "day", "cause", "kind"]
        await db.execute(statement.on_conflict_do_update(index_elements=keys, set_=added))


async def newest(db: AsyncSession, school_id: UUID, *, limit: int) -> Sequence[Removed]:
    """What a live school's retention removed last, newest day first."""
    query = (
        select(Removal.day, Removal.cause, Removal.kind, Removal.count)
        .where(Removal.school_id == school_id)
        .order_by(Removal.day.desc(), Removal.cause, Removal.kind)
        .limit(limit)
    )
    return [Removed(*row) for row in await db.execute(query)]
