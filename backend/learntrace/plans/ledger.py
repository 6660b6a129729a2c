"""What each school used, in its ledger: one entry a thing and meter, whoever writes it how often.

`school_id` is that of a live school.
"""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.plans.judging import Month, Used
from learntrace.plans.models import Meter, UsageEntry

KEPT: Final = timedelta(days=400)
_KEY: Final = ("school_id", "meter", "thing_id")


async def used(db: AsyncSession, school_id: UUID, month: Month, *, but: UUID | None = None) -> Used:
    """What a school used in `month`, reservations among it; `but` leaves one thing out."""
    query = (
        select(UsageEntry.meter, func.count(), func.sum(UsageEntry.amount))
        .where(UsageEntry.school_id == school_id, UsageEntry.used_at >= month.start)
        .group_by(UsageEntry.meter)
    )
    if but is not None:
        query = query.where(UsageEntry.thing_id != but)
    found = {meter: (count, int(amount)) for meter, count, amount in await db.execute(query)}
    transcriptions, transcribed_s = found.get(Meter.TRANSCRIBED_S, (0, 0))
    return Used(found.get(Meter.RECORDINGS, (0, 0))[0], transcriptions, transcribed_s)


async def spent(
    db: AsyncSession, school_id: UUID, month: Month, *, but: UUID | None = None
) -> tuple[int, int]:
    """What a school spent in `month`, in millionths, and what of this is only reserved."""
    amount = UsageEntry.amount
    reserved = func.sum(amount).filter(UsageEntry.settled_at.is_(None))
    query = select(func.sum(amount), reserved).where(
        UsageEntry.school_id == school_id,
        UsageEntry.meter == Meter.SPENT_MICRO,
        UsageEntry.used_at >= month.start,
    )
    if but is not None:
        query = query.where(UsageEntry.thing_id != but)
    in_all, still_reserved = (await db.execute(query)).one()
    return int(in_all or 0), int(still_reserved or 0)


async def find(
    db: AsyncSession, school_id: UUID, meter: Meter, thing_id: UUID
) -> UsageEntry | None:
    """What a thing used, as this transaction sees it; null where it used nothing."""
    return await db.get(UsageEntry, (school_id, meter, thing_id), populate_existing=True)


async def is_settled(db: AsyncSession, school_id: UUID, meter: Meter, thing_id: UUID) -> bool:
    """Whether it is counted for good."""
    entry = await find(db, school_id, meter, thing_id)
    return entry is not None and entry.settled_at is not None


async def reserve(
    db: AsyncSession, school_id: UUID, meter: Meter, thing_id: UUID, amount: int
) -> None:
    """Count so much from now on, until it is settled or given back; what is settled stays."""
    statement = insert(UsageEntry).values(_entry(school_id, meter, thing_id, amount))
    again = {"amount": amount, "used_at": statement.excluded.used_at}
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=_KEY,
            set_=again,
            where=UsageEntry.settled_at.is_(None),
        )
    )


async def settle(
    db: AsyncSession, school_id: UUID, meter: Meter, thing_id: UUID, amount: int
) -> None:
    """Count so much for good, in the month of the reservation; a second time changes nothing."""
    entry = _entry(school_id, meter, thing_id, amount)
    statement = insert(UsageEntry).values(entry | {"settled_at": entry["used_at"]})
    settled = {"amount": amount, "settled_at": statement.excluded.settled_at}
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=_KEY,
            set_=settled,
            where=UsageEntry.settled_at.is_(None),
        )
    )


async def release(db: AsyncSession, school_id: UUID, meter: Meter, thing_id: UUID) -> None:
    """Give a reservation back; what is settled stays."""
    await db.execute(
        delete(UsageEntry).where(
            UsageEntry.school_id == school_id,
            UsageEntry.meter == meter,
            UsageEntry.thing_id == thing_id,
            UsageEntry.settled_at.is_(None),
        )
    )


async def release_all_but(db: AsyncSession, meter: Meter, things: Select[UUID]) -> int:
    """Give back the reservations of all schools for other things than these; how many."""
    done: Any = await db.execute(
        delete(UsageEntry)
        .where(
            UsageEntry.meter == meter,
            UsageEntry.settled_at.is_(None),
            UsageEntry.thing_id.not_in(things),
        )
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)


async def drop_old(db: AsyncSession) -> int:
    """Delete the entries of all schools that are older than `KEPT`; how many."""
    done: Any = await db.execute(delete(UsageEntry).where(UsageEntry.used_at < now() - KEPT))
    return int(done.rowcount)


def _entry(school_id: UUID, meter: Meter, thing_id: UUID, amount: int) -> dict[str, Any]:
    return {
        "school_id": school_id,
        "meter": meter,
        "thing_id": thing_id,
        "amount": amount,
        "used_at": now(),
    }
