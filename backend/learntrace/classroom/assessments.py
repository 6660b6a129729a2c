"""Assessments of the students in a caller's sight: read, made anew, over time."""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.narrowing import NarrowedDatabase
from learntrace.assessment import inferring
from learntrace.assessment.inferring import Inferred
from learntrace.classroom.schemas_skills import (
    AssessmentLineOut,
    AssessmentOut,
    AssessmentPage,
    BatchOut,
    ClassSkillsOut,
    InferredOut,
    KnowledgePoint,
    KnowledgeSeries,
    Point,
    ProgressOut,
    Series,
    StudentSkills,
)
from learntrace.classroom.telling import tell, tell_line
from learntrace.game_sessions import reading as played
from learntrace.kit.clock import now
from learntrace.kit.errors import NotFoundError, UnavailableError
from learntrace.kit.paging import decode_cursor, encode_cursor, split_page
from learntrace.roster import reading as roster
from learntrace.roster.choice import Which
from learntrace.roster.visibility import (
    Key,
    SeenStudent,
    Sight,
    find_students,
    require_class,
    require_student,
)
from learntrace.skills import assessments
from learntrace.skills.assessing import without_grounds
from learntrace.skills.assessments import AssessmentLine
from learntrace.skills.items import shared_only
from learntrace.skills.types import Skill

log = logging.getLogger(__name__)


async def require_assessable(
    db: AsyncSession, sight: Sight, student_id: UUID, which: Which
) -> SeenStudent:
    """The student, if the caller may see all that an assessment rests on.

    Raises `NotFoundError` else: a developer learns nothing of play with others' games.
    """
    student = await require_student(db, sight, student_id, which)
    if await _out_of_sight(db, sight, [student]):
        raise NotFoundError("There is no student with this id, or you may not see it.")
    return student


async def _out_of_sight(
    db: AsyncSession, sight: Sight, students: Collection[SeenStudent]
) -> set[Key]:
    """Those of whom an assessment rests on more than the caller may see."""
    if sight.games is None or not students:
        return set()
    return await played.players_of_others(db, [one.key for one in students], games=sight.games)


async def read_latest(
    db: AsyncSession, sight: Sight, student_id: UUID, which: Which
) -> AssessmentOut:
    """What can be said now; assessed here first where something has changed."""
    student = await require_assessable(db, sight, student_id, which)
    read_at = now()
    stored = await inferring.latest(db, *student.key)
    return AssessmentOut.of(tell(sight, stored), data_until=max(read_at, stored.assessed_at))


async def infer(db: AsyncSession, sight: Sight, student_id: UUID, which: Which) -> InferredOut:
    """Assess a student now."""
    student = await require_assessable(db, sight, student_id, which)
    return await _infer(db, sight, student)


async def _infer(db: AsyncSession, sight: Sight, student: SeenStudent) -> InferredOut:
    read_at = now()
    done: Inferred = await inferring.infer(db, *student.key)
    return InferredOut(
        student_id=student.id,
        status="assessed" if done.is_new else "unchanged",
        assessment=AssessmentOut.of(
            tell(sight, done.assessment), data_until=max(read_at, done.assessment.assessed_at)
        ),
    )


async def infer_batch(
    database: NarrowedDatabase, sight: Sight, student_ids: Sequence[UUID], which: Which
) -> BatchOut:
    """Assess several students now, each in a transaction of its own: none undoes another.

    Raises `UnavailableError` where the database is out of reach; what was stored stays.
    """
    async with database.transaction() as db:
        found = await find_students(db, sight, set(student_ids), which)
        hidden = await _out_of_sight(db, sight, list(found.values()))
    seen = sorted((one for one in found.values() if one.key not in hidden), key=lambda one: one.key)
    results = {one.id: await _try_to_infer(database, sight, one) for one in seen}
    return BatchOut(
        results=[
            results.get(one, InferredOut(student_id=one, status="not_found", assessment=None))
            for one in dict.fromkeys(student_ids)
        ]
    )


async def _try_to_infer(
    database: NarrowedDatabase, sight: Sight, student: SeenStudent
) -> InferredOut:
    try:
        async with database.transaction() as db:
            return await _infer(db, sight, student)
    except UnavailableError:
        raise
    except Exception:  # the others are not to wait for this one
        log.exception("student not assessed")
        return InferredOut(student_id=student.id, status="failed", assessment=None)


async def read_history(
    db: AsyncSession,
    sight: Sight,
    student_id: UUID,
    which: Which,
    *,
    limit: int,
    cursor: str | None,
) -> AssessmentPage:
    """A student's assessments, newest first."""
    place = decode_cursor(cursor, UUID)
    student = await require_assessable(db, sight, student_id, which)
    before = None if place is None else place[0]
    found = await assessments.history(db, *student.key, before=before, limit=limit + 1)
    page, last = split_page(found, limit)
    return AssessmentPage(
        items=[AssessmentLineOut.of(tell_line(sight, one)) for one in page],
        next_cursor=last and encode_cursor(last.id),
    )


async def show_class(
    db: AsyncSession, sight: Sight, class_id: UUID, which: Which
) -> ClassSkillsOut:
    """The newest stored estimates of everybody in a class, by name."""
    read_at = now()
    found = await require_class(db, sight, class_id, which)
    students = await roster.list_students_of_class(db, sight, found.key)
    hidden = await _out_of_sight(db, sight, students)
    shown = [one.id for one in students if one.key not in hidden]
    newest = shared_only(await assessments.latest_lines(db, found.school_id, shown))
    lines = {student_id: tell_line(sight, line) for student_id, line in newest.items()}
    nothing = without_grounds(read_at)
    return ClassSkillsOut(
        data_until=read_at,
        students=[
            StudentSkills.of(one.id, one.display_name, lines.get(one.id), nothing)
            for one in students
        ],
    )


async def show_progress(
    db: AsyncSession, sight: Sight, student_id: UUID, which: Which, *, days: int
) -> ProgressOut:
    """How a student's estimates went on over the last `days` times 24 hours."""
    student = await require_assessable(db, sight, student_id, which)
    since = now() - timedelta(days=days)
    last = await assessments.last_of_days(db, *student.key, since=since)
    lines = [tell_line(sight, line) for line in last]
    return ProgressOut(
        series=[Series(skill=skill, points=_points(lines, skill)) for skill in Skill],
        knowledge=_knowledge(lines),
    )


def _points(lines: Sequence[AssessmentLine], skill: Skill) -> list[Point]:
    return [
        Point(at=line.assessed_at, score=one["score"], low=one["low"], high=one["high"])
        for line in lines
        for one in line.skills
        if one["skill"] == skill and one["score"] is not None
    ]


def _knowledge(lines: Sequence[AssessmentLine]) -> list[KnowledgeSeries]:
    """A series for each topic of each game, by its newest name."""
    names: dict[tuple[str, str], str] = {}
    points: dict[tuple[str, str], list[KnowledgePoint]] = {}
    for line in lines:
        for one in line.knowledge:
            topic = (one["game_id"], one["skill"])
            names[topic] = one["name"]
            points.setdefault(topic, []).append(_knowledge_point(line, one))
    return [
        KnowledgeSeries(
            game_id=UUID(game_id), skill=skill, name=names[game_id, skill], points=of_topic
        )
        for (game_id, skill), of_topic in sorted(points.items())
    ]


def _knowledge_point(line: AssessmentLine, known: Mapping[str, Any]) -> KnowledgePoint:
    return KnowledgePoint(
        at=line.assessed_at, value=known["value"], low=known["low"], high=known["high"]
    )
