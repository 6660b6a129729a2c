"""What was extracted from game sessions, as people read it."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, any_, cast, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONPATH
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.assessment.models import SessionFeatures
from learntrace.assessment.rows import measure_of
from learntrace.features.types import Measure

MOST_STREAMED = 20_000
STREAMED_AT_ONCE = 200
_LAST_TASKS = "$[last - 49 to last]"


@dataclass(frozen=True, slots=True)
class Summary:
    """The three numbers of an assessed session that lists show."""

    active_time_s: float
    tasks_completed: int
    failures: int


@dataclass(frozen=True, slots=True)
class Sums(Summary):
    """The three numbers over `assessed_count` sessions."""

    assessed_count: int


OF_NONE = Sums(active_time_s=0.0, tasks_completed=0, failures=0, assessed_count=0)


@dataclass(frozen=True, slots=True)
class Assessed:
    """All that is stored of an assessed session; `event_count` events were read for it."""

    event_count: int
    extractor_version: int
    mapping_version: int
    reference_version: int | None
    features: Mapping[str, Any]
    tasks: Sequence[Mapping[str, Any]]
    tasks_completed: int
    assessed_at: datetime


async def find_summaries(
    db: AsyncSession, school_id: UUID, game_session_ids: Collection[UUID]
) -> dict[UUID, Summary]:
    """By session; those not assessed yet are missing."""
    query = select(
        SessionFeatures.game_session_id,
        SessionFeatures.active_time_s,
        SessionFeatures.tasks_completed,
        SessionFeatures.failures,
    ).where(
        SessionFeatures.school_id == school_id,
        SessionFeatures.game_session_id == any_(literal(list(game_session_ids), ARRAY(Uuid))),
    )
    return {row[0]: Summary(*row[1:]) for row in await db.execute(query)}


async def sum_by_student(
    db: AsyncSession, school_id: UUID, sessions: Select[UUID, UUID]
) -> dict[UUID, Sums]:
    """By student, over the assessed of `sessions` (student, id); who has none is missing."""
    asked = sessions.subquery()
    student_id, game_session_id = asked.c
    query = (
        select(
            student_id,
            func.sum(SessionFeatures.active_time_s),
            func.sum(SessionFeatures.tasks_completed),
            func.sum(SessionFeatures.failures),
            func.count(),
        )
        .join(asked, SessionFeatures.game_session_id == game_session_id)
        .where(SessionFeatures.school_id == school_id)
        .group_by(student_id)
    )
    return {row[0]: Sums(*row[1:]) for row in await db.execute(query)}


@dataclass(frozen=True, slots=True)
class Struggle:
    """What of an assessed session tells of stuck work: the feature's value, and the last tasks."""

    wheel_spinning: bool | None
    tasks: Sequence[Mapping[str, Any]]


async def find_struggles(
    db: AsyncSession, school_id: UUID, game_session_ids: Collection[UUID]
) -> dict[UUID, Struggle]:
    """By session, with its last 50 tasks; those not assessed yet are missing."""
    query = select(
        SessionFeatures.game_session_id,
        SessionFeatures.features["wheel_spinning"]["value"],
        func.jsonb_path_query_array(SessionFeatures.tasks, cast(_LAST_TASKS, JSONPATH)),
    ).where(
        SessionFeatures.school_id == school_id,
        SessionFeatures.game_session_id == any_(literal(list(game_session_ids), ARRAY(Uuid))),
    )
    return {row[0]: Struggle(*row[1:]) for row in await db.execute(query)}


async def find_assessed(
    db: AsyncSession, school_id: UUID, game_session_id: UUID
) -> Assessed | None:
    """`None` until the session was assessed."""
    return (await find_many_assessed(db, school_id, [game_session_id])).get(game_session_id)


async def find_many_assessed(
    db: AsyncSession, school_id: UUID, game_session_ids: Collection[UUID]
) -> dict[UUID, Assessed]:
    """By session; those not assessed yet are missing."""
    query = select(
        SessionFeatures.game_session_id,
        SessionFeatures.event_count,
        SessionFeatures.extractor_version,
        SessionFeatures.mapping_version,
        SessionFeatures.reference_version,
        SessionFeatures.features,
        SessionFeatures.tasks,
        SessionFeatures.tasks_completed,
        SessionFeatures.assessed_at,
    ).where(
        SessionFeatures.school_id == school_id,
        SessionFeatures.game_session_id.in_(game_session_ids),
    )
    return {row[0]: Assessed(*row[1:]) for row in await db.execute(query)}


async def find_features(
    db: AsyncSession, school_id: UUID, game_session_ids: Collection[UUID]
) -> dict[UUID, dict[str, Measure]]:
    """The features of sessions by session and name; those not assessed yet are missing."""
    query = select(SessionFeatures.game_session_id, SessionFeatures.features).where(
        SessionFeatures.school_id == school_id,
        SessionFeatures.game_session_id == any_(literal(list(game_session_ids), ARRAY(Uuid))),
    )
    return {
        row.game_session_id: {name: measure_of(stored) for name, stored in row.features.items()}
        for row in await db.execute(query)
    }


async def count_assessed(db: AsyncSession) -> list[tuple[UUID, UUID, int]]:
    """How many assessed sessions each tenant's game has: tenant, game, sessions."""
    keys = (SessionFeatures.school_id, SessionFeatures.game_id)
    query = select(*keys, func.count()).group_by(*keys).order_by(*keys)
    return [(row[0], row[1], row[2]) for row in await db.execute(query)]


async def count_assessed_of(db: AsyncSession, school_id: UUID, game_id: UUID) -> int:
    """How many assessed sessions one tenant's game has."""
    query = select(func.count()).where(
        SessionFeatures.school_id == school_id, SessionFeatures.game_id == game_id
    )
    return await db.scalar(query) or 0


async def stream_features(
    db: AsyncSession, school_id: UUID, game_id: UUID
) -> AsyncIterator[tuple[UUID, Mapping[str, Any]]]:
    """Session and features as stored, of the sessions of one tenant's game assessed last."""
    query = (
        select(SessionFeatures.game_session_id, SessionFeatures.features)
        .where(SessionFeatures.school_id == school_id, SessionFeatures.game_id == game_id)
        .order_by(SessionFeatures.assessed_at.desc())
        .limit(MOST_STREAMED)
    )
    rows = await db.stream(query, execution_options={"yield_per": STREAMED_AT_ONCE})
    async for row in rows:
        yield row.game_session_id, row.features
