"""Assessments as stored: one row whenever what they rest on has changed, none is overwritten."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, cast, delete, func, literal, select, text, true, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, JSONPATH, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.ids import ordered_id
from learntrace.skills.models import Assessment
from learntrace.skills.types import Source

# Who assesses a student waits for whoever is at it: a read that is older never comes last.
_TAKE_TURNS = text("select pg_advisory_xact_lock(hashtextextended(:student, 7))")
_KEY = (Assessment.school_id, Assessment.student_id, Assessment.id)
_BY_PEOPLE = (Source.TEACHER_RATINGS, Source.TRANSCRIPTS, Source.LEARNING_SESSIONS)
_IS_BY_PEOPLE = " || ".join(f'@.source == "{source}"' for source in _BY_PEOPLE)
_OF_PEOPLE = f"$.evidence[*] ? ({_IS_BY_PEOPLE}).skills[*]"
_LINE = (
    Assessment.id,
    Assessment.assessed_at,
    Assessment.body["versions"],
    Assessment.body["skills"],
    Assessment.body["knowledge"],
    func.jsonb_path_query_array(Assessment.body, cast(_OF_PEOPLE, JSONPATH), type_=JSONB),
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
    """An assessment without its evidence and reasoning; `private`: see `private_skills`."""

    id: UUID
    assessed_at: datetime
    versions: Mapping[str, Any]
    skills: Sequence[Mapping[str, Any]]
    knowledge: Sequence[Mapping[str, Any]]
    private: Sequence[str]


def private_skills(body: Mapping[str, Any]) -> list[str]:
    """The skills for which something counted that only a school's own people read: teachers'
    ratings, what was said in talks and lessons; each as often as that was.
    """
    return [
        skill for one in body["evidence"] if one["source"] in _BY_PEOPLE for skill in one["skills"]
    ]


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
    asked = (
        func.unnest(literal(list(student_ids), ARRAY(Uuid)))
        .table_valued("id", name="asked")
        .render_derived()
    )
    newest = (
        select(*(part.label(f"part_{number}") for number, part in enumerate(_LINE)))
        .where(Assessment.school_id == school_id, Assessment.student_id == asked.c.id)
        .order_by(Assessment.id.desc())
        .limit(1)
        .lateral("newest")
    )
    query = select(asked.c.id, *newest.c).select_from(asked).join(newest, true())
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
    # Said once more: under row-level security the planner else reads all assessments.
    of_student = _of(school_id, student_id)
    query = select(*_LINE).where(*of_student, tuple_(*_KEY).in_(last)).order_by(Assessment.id)
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


async def students_before(db: AsyncSession, school_id: UUID, before: datetime) -> set[UUID]:
    """The students of a tenant who were assessed before then."""
    query = select(Assessment.student_id).where(
        Assessment.school_id == school_id, Assessment.assessed_at < before
    )
    return set(await db.scalars(query.distinct()))


async def forget_before(
    db: AsyncSession, school_id: UUID, student_id: UUID, before: datetime
) -> int:
    """Delete a student's assessments from before then; how many.

    The newest may be among them: have the student assessed anew.
    """
    statement = delete(Assessment).where(
        *_of(school_id, student_id), Assessment.assessed_at < before
    )
    done: Any = await db.execute(statement, execution_options={"synchronize_session": False})
    return int(done.rowcount)


async def _lines(db: AsyncSession, query: Select[*tuple[Any, ...]]) -> list[AssessmentLine]:
    return [AssessmentLine(*row) for row in await db.execute(query)]


def _of(school_id: UUID, student_id: UUID) -> tuple[Any, Any]:
    return Assessment.school_id == school_id, Assessment.student_id == student_id
