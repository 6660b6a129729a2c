"""Scenarios, and students' ways through them, as they are stored."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Select, case, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.learning_sessions.scenarios.models import Scenario, ScenarioRun
from learntrace.learning_sessions.scenarios.types import RANK, Difficulty
from learntrace.roster.visibility import Key

ScenarioPlace = tuple[Difficulty, str, UUID]
"""Where a scenario stands in a list: its difficulty, title and id."""
Place = tuple[datetime, UUID]
"""Where a way through a scenario stands in a list: its start and id."""
MOST_RUNS: Final = 50
_RANK = case({one.value: rank for one, rank in RANK.items()}, value=Scenario.difficulty)
_CHANGED: Final = ("title", "description", "category", "difficulty", "language", "phases")


async def put(db: AsyncSession, school_ids: Collection[UUID], scenario: Mapping[str, Any]) -> UUID:
    """Store a scenario, as a `ScenarioIn` is dumped, for these tenants under one id; the id.

    One that has its key already is replaced and keeps its id.
    """
    known = await db.scalar(
        select(Scenario.id).where(
            Scenario.school_id.in_(school_ids), Scenario.key == scenario["key"]
        )
    )
    own = {"id": known or uuid4(), "created_at": now(), "updated_at": now()}
    statement = insert(Scenario).values(
        [{**scenario, **own, "school_id": school_id} for school_id in sorted(school_ids)]
    )
    changed = {name: statement.excluded[name] for name in (*_CHANGED, "updated_at")}
    stored = statement.on_conflict_do_update(index_elements=["school_id", "key"], set_=changed)
    return (await db.scalars(stored.returning(Scenario.id))).all()[0]


async def list_scenarios(
    db: AsyncSession,
    tenants: Select[UUID],
    *,
    category: str | None = None,
    difficulty: Difficulty | None = None,
    language: str | None = None,
    after: ScenarioPlace | None = None,
    limit: int | None = None,
) -> Sequence[Scenario]:
    """Those of the tenants, the easiest first; what several of them have stands in it once."""
    query = select(Scenario).where(Scenario.school_id.in_(tenants))
    for column, wanted in (
        (Scenario.category, category),
        (Scenario.difficulty, difficulty),
        (Scenario.language, language),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    place = (_RANK, Scenario.title, Scenario.id)
    if after is not None:
        query = query.where(tuple_(*place) > (RANK[after[0]], *after[1:]))
    query = query.ext(distinct_on(*place)).order_by(*place, Scenario.school_id)
    return (await db.scalars(query.limit(limit))).all()


async def find(db: AsyncSession, tenants: Select[UUID], scenario_id: UUID) -> Scenario | None:
    """The scenario with this id that one of the tenants has."""
    query = select(Scenario).where(Scenario.school_id.in_(tenants), Scenario.id == scenario_id)
    return await db.scalar(query.limit(1))


async def titles(
    db: AsyncSession, tenants: Select[UUID], scenario_ids: Collection[UUID]
) -> dict[UUID, str]:
    """The titles of scenarios by id."""
    query = select(Scenario.id, Scenario.title).where(
        Scenario.school_id.in_(tenants), Scenario.id.in_(scenario_ids)
    )
    return {row[0]: row[1] for row in await db.execute(query)}


async def add_run(db: AsyncSession, values: Mapping[str, Any]) -> None:
    """Begin a way through a scenario, unless the student is on one."""
    await db.execute(insert(ScenarioRun).values(values).on_conflict_do_nothing())


async def newest_runs(
    db: AsyncSession, student: Key, scenario_id: UUID, *, most: int = MOST_RUNS
) -> Sequence[ScenarioRun]:
    """A student's ways through a scenario, the last begun first."""
    return (await db.scalars(_runs(student, scenario_id).limit(most))).all()


async def runs_of_student(
    db: AsyncSession, student: Key, *, before: Place | None, limit: int
) -> Sequence[ScenarioRun]:
    """A student's ways through all scenarios, the last begun first."""
    place = (ScenarioRun.started_at, ScenarioRun.id)
    query = select(ScenarioRun).where(
        ScenarioRun.school_id == student[0], ScenarioRun.student_id == student[1]
    )
    if before is not None:
        query = query.where(tuple_(*place) < before)
    ordered = query.order_by(*(one.desc() for one in place)).limit(limit)
    return (await db.scalars(ordered)).all()


async def hold_newest(db: AsyncSession, student: Key, scenario_id: UUID) -> ScenarioRun | None:
    """The way that the student began last, held until the transaction ends."""
    query = _runs(student, scenario_id).limit(1).with_for_update()
    return await db.scalar(query.execution_options(populate_existing=True))


def _runs(student: Key, scenario_id: UUID) -> Select[ScenarioRun]:
    return (
        select(ScenarioRun)
        .where(
            ScenarioRun.school_id == student[0],
            ScenarioRun.student_id == student[1],
            ScenarioRun.scenario_id == scenario_id,
        )
        .order_by(
            ScenarioRun.ended_at.is_not(None), ScenarioRun.started_at.desc(), ScenarioRun.id.desc()
        )
    )
