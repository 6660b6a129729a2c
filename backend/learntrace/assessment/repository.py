"""Reads and writes of session features and reference tables."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.assessment.models import ReferenceTable, SessionFeatures, WorkerBeat
from learntrace.features.reference import Reference

_READ_AT_ONCE = 200
_KEY = ("school_id", "game_session_id")
_INSERT = insert(SessionFeatures)
_SAVE = _INSERT.on_conflict_do_update(
    index_elements=list(_KEY),
    set_={name: own for name, own in _INSERT.excluded.items() if name not in _KEY},
    where=SessionFeatures.event_count <= _INSERT.excluded.event_count,
)

_OBSERVATIONS = text(
    """
    select observations from session_features
    where school_id = :school_id and game_id = :game_id
    """
)
_OBSERVED_GAMES = text(
    """
    select f.school_id, f.game_id, f.observations, coalesce(r.observation_count, 0) as known,
           coalesce(r.version, 0) as version, r.created_at as built_at
    from (
        select school_id, game_id, sum(observation_count) as observations
        from session_features group by school_id, game_id
    ) f
    left join lateral (
        select version, observation_count, created_at from reference_tables t
        where t.school_id = f.school_id and t.game_id = f.game_id
        order by version desc limit 1
    ) r on true
    order by f.school_id, f.game_id
    """
)


async def save_features(db: AsyncSession, row: dict[str, Any]) -> None:
    """Insert or replace one session's features; fewer events than are stored change nothing."""
    await db.execute(_SAVE, row)


async def latest_reference_version(db: AsyncSession, school_id: UUID, game_id: UUID) -> int | None:
    """The version of the reference table in force for one tenant's game."""
    query = select(func.max(ReferenceTable.version)).where(
        ReferenceTable.school_id == school_id, ReferenceTable.game_id == game_id
    )
    return await db.scalar(query)


async def reference_body(
    db: AsyncSession, school_id: UUID, game_id: UUID, version: int
) -> Mapping[str, Any] | None:
    """A reference table as JSON, `None` where there is no such version (any more)."""
    row = await db.get(ReferenceTable, (school_id, game_id, version))
    return None if row is None else row.body


async def reference_versions(db: AsyncSession) -> dict[tuple[UUID, UUID], int]:
    """The reference table in force for each tenant's game that has one, by their ids."""
    keys = (ReferenceTable.school_id, ReferenceTable.game_id)
    query = select(*keys, func.max(ReferenceTable.version)).group_by(*keys)
    return {(row[0], row[1]): row[2] for row in await db.execute(query)}


async def observed_games(db: AsyncSession) -> Sequence[Any]:
    """Each tenant's game: its observations now, and those its newest table was built from."""
    return (await db.execute(_OBSERVED_GAMES)).all()


async def observations(
    db: AsyncSession, school_id: UUID, game_id: UUID
) -> AsyncIterator[Mapping[str, Any]]:
    """What each assessed session of one tenant's game tells about times, in no order.

    However many there are: the server hands them over 200 at a time.
    """
    rows = await db.stream(_OBSERVATIONS, {"school_id": school_id, "game_id": game_id})
    async for some in rows.scalars().partitions(_READ_AT_ONCE):
        for observed in some:
            yield observed


async def add_reference(
    db: AsyncSession,
    school_id: UUID,
    game_id: UUID,
    table: Reference,
    *,
    observation_count: int,
    created_at: datetime,
) -> None:
    """Put a version in force; one that another worker built first stays."""
    statement = insert(ReferenceTable).values(
        school_id=school_id,
        game_id=game_id,
        version=table.version,
        observation_count=observation_count,
        body=table.to_json(),
        created_at=created_at,
    )
    await db.execute(statement.on_conflict_do_nothing())


async def forget_references_before(
    db: AsyncSession, school_id: UUID, game_id: UUID, version: int
) -> None:
    """Delete a game's reference tables that are older than this version."""
    await db.execute(
        delete(ReferenceTable).where(
            ReferenceTable.school_id == school_id,
            ReferenceTable.game_id == game_id,
            ReferenceTable.version < version,
        )
    )


async def beat(db: AsyncSession, worker: str, seen_at: datetime) -> None:
    """Note that `worker` is alive."""
    statement = insert(WorkerBeat).values(worker=worker, seen_at=seen_at)
    await db.execute(
        statement.on_conflict_do_update(index_elements=["worker"], set_={"seen_at": seen_at})
    )


async def drop_beats(db: AsyncSession, *, before: datetime) -> None:
    """Forget the workers that were last seen before then."""
    await db.execute(delete(WorkerBeat).where(WorkerBeat.seen_at < before))


async def last_beat(db: AsyncSession) -> datetime | None:
    """When any worker was last seen."""
    return await db.scalar(select(WorkerBeat.seen_at).order_by(WorkerBeat.seen_at.desc()).limit(1))
