"""A school that keeps for so many days, and what its passes do."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.privacy.retention import Retention
from learntrace.student_records import forgetting
from learntrace.student_records.forgetting import Limits

from ..world import World, insert, now

PLAY_DAYS = 40
LATER = timedelta(days=PLAY_DAYS + 2)
BATCH = "/api/v1/telemetry/batch"


async def limits(
    world: World,
    *,
    play: int | None = None,
    left: int | None = None,
    audit: int | None = None,
    recordings: int | None = None,
    at: datetime | None = None,
) -> Limits:
    """What Hill School keeps at `at`, in `LATER` where none is given."""
    async with world.database.transaction() as db:
        kept = Retention(1, play, left, audit, None, recordings)
        return await forgetting.limits(db, world.school_id, kept, at=at or now() + LATER)


async def preview(world: World, bounds: Limits) -> forgetting.Preview:
    async with world.database.transaction() as db:
        return await forgetting.preview(db, world.school_id, bounds)


async def forget(world: World, bounds: Limits) -> Counter[str]:
    return await forgetting.forget(world.database, world.school_id, bounds)


async def receipts(world: World) -> dict[tuple[str, str], int]:
    rows = await world.rows("select school_id, cause, kind, count from retention_removals")
    assert {row.school_id for row in rows} <= {world.school_id}
    return {(row.cause, row.kind): row.count for row in rows}


async def let_end(world: World, game_session_id: UUID, at: datetime) -> None:
    async with world.database.transaction() as db:
        statement = "update game_sessions set ended_at = :at where id = :id"
        await db.execute(text(statement), {"at": at, "id": game_session_id})


async def enrol(db: AsyncSession, world: World, students: Sequence[UUID]) -> None:
    for one in students:
        await insert(
            db,
            "enrolments",
            school_id=world.school_id,
            class_id=world.class_id,
            student_id=one,
            started_at=now(),
        )


async def leave(world: World, student_id: UUID, *, days_ago: float) -> None:
    async with world.database.transaction() as db:
        statement = (
            "update enrolments set started_at = :began, ended_at = :ended where student_id = :id"
        )
        ended = now() - timedelta(days=days_ago)
        began = ended - timedelta(days=300)
        await db.execute(text(statement), {"began": began, "ended": ended, "id": student_id})


async def rows_of(world: World, table: str) -> int:
    found: int = await world.one(f"select count(*) from {table}")
    return found
