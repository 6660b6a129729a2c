"""Assessments as stored: one row whenever what they rest on has changed, none is overwritten."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, any_, func, literal, select, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.ids import ordered_id
from learntrace.skills.models import Assessment

# Who assesses a student waits for whoever is at it: a read that is older never comes last.
_TAKE_TURNS = text("select pg_advisory_xact_lock(hashtextextended(:student, 7))")
_KEY = (Assessment.school_id, Assessment.student_id, Assessment.id)
_LINE = (
    Assessment.id,
    Assessment.assessed_at,
    Assessment.body["versions"],
    Assessment.body["skills"],
    Assessment.body["knowledge"],
)


@dataclass(frozen=True, slots=True)
class StoredAssessment:
    id: UUID
    student_id: UUID
    assessed_at: datetime
    basis: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """An assessment without its evidence and reasoning."""

    id: UUID
    assessed_at: datetime
    versions: Mapping[str, Any]
    skills: Sequence[Mapping[str, Any]]
    knowledge: Sequence[Mapping[str, Any]]


async def take_turns(db: AsyncSession, school_id: UUID, student_id: UUID) -> None:
    """Be the only one who assesses this student until the transaction ends."""
    await db.execute(_TAKE_TURNS, {"student": f"{school_id}/{student_id}"})


async def latest(db: AsyncSession, school_id: UUID, student_id: UUID) -> StoredAssessment | None:
    """The newest one."""
    query = (
        select(
            Assessment.id,
            Assessment.student_id,
            Assessment.assessed_at,
            Assessment.basis,
            Assessment.body,
        )
        .where(*_of(school_id, student_id))
        .order_by(Assessment.id.desc())
        .limit(1)
    )
    row = (await db.execute(query)).one_or_none()
    return None if row is None else StoredAssessment(*row)


async def add(
    db: AsyncSession,
    school_id: UUID,
    student_id: UUID,
    *,
    at: datetime,
    model: str,
    basis: str,
    body: Mapping[str, Any],
) -> StoredAssessment:
    """Store the next one; it is returned."""
    made = StoredAssessment(ordered_id(at), student_id, at, basis, body)
    db.add(
        Assessment(
            school_id=school_id,
            student_id=student_id,
            id=made.id,
            assessed_at=at,
            model=model,
            basis=basis,
            body=body,
        )
    )
    await db.flush()
    return made


async def latest_lines(
    db: AsyncSession, school_id: UUID, student_ids: Collection[UUID]
) -> dict[UUID, AssessmentLine]:
    """The newest of each student of one tenant, by student; who has none is missing."""
    newest = (
        select(*_KEY)
        .where(
            Assessment.school_id == school_id,
            Assessment.student_id == any_(literal(list(student_ids), ARRAY(Uuid))),
        )
        .ext(distinct_on(Assessment.student_id))
        .order_by(Assessment.student_id, Assessment.id.desc())
    )
    # Bodies are large: only those of the newest are read.
    query = select(Assessment.student_id, *_LINE).where(tuple_(*_KEY).in_(newest))
    return {row[0]: AssessmentLine(*row[1:]) for row in await db.execute(query)}


async def history(
    db: AsyncSession, school_id: UUID, student_id: UUID, *, before: UUID | None, limit: int
) -> list[AssessmentLine]:
    """A student's assessments, newest first, older than `before`."""
    query = select(*_LINE).where(*_of(school_id, student_id))
    if before is not None:
        query = query.where(Assessment.id < before)
    return await _lines(db, query.order_by(Assessment.id.desc()).limit(limit))


async def last_of_days(
    db: AsyncSession, school_id: UUID, student_id: UUID, *, since: datetime
) -> list[AssessmentLine]:
    """The last of each day (UTC) since then, oldest first."""
    day = func.date_trunc("day", Assessment.assessed_at, "UTC")
    last = (
        select(*_KEY)
        .where(*_of(school_id, student_id), Assessment.assessed_at >= since)
        .ext(distinct_on(day))
        .order_by(day, Assessment.id.desc())
    )
    query = select(*_LINE).where(tuple_(*_KEY).in_(last)).order_by(Assessment.id)
    return await _lines(db, query)


async def times(
    db: AsyncSession,
    school_id: UUID,
    student_id: UUID,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[tuple[datetime, UUID]]:
    """When a student was assessed and the assessment's id, newest first."""
    place = (Assessment.assessed_at, Assessment.id)
    query = select(*place).where(*_of(school_id, student_id))
    if before is not None:
        query = query.where(tuple_(*place) < before)
    query = query.order_by(place[0].desc(), place[1].desc()).limit(limit)
    return [(row[0], row[1]) for row in await db.execute(query)]


async def _lines(db: AsyncSession, query: Select[*tuple[Any, ...]]) -> list[AssessmentLine]:
    return [AssessmentLine(*row) for row in await db.execute(query)]


def _of(school_id: UUID, student_id: UUID) -> tuple[Any, Any]:
    return Assessment.school_id == school_id, Assessment.student_id == student_id
