"""Scenarios: a student begins one, meets its aims, and completes it in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.tenants import tenant
from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError, InvalidError, NotFoundError
from learntrace.kit.paging import decode_cursor, encode_cursor, split_page
from learntrace.learning_sessions import answering, assignments, gate, service
from learntrace.learning_sessions.answering import Answered
from learntrace.learning_sessions.callers import LearningCaller, Tutor
from learntrace.learning_sessions.kinds import Assigned, SessionType
from learntrace.learning_sessions.models import LearningSession
from learntrace.learning_sessions.review_cards import repository as review_cards
from learntrace.learning_sessions.scenarios import progress, repository
from learntrace.learning_sessions.scenarios.models import Scenario, ScenarioRun
from learntrace.learning_sessions.scenarios.stored import met_in, met_less, met_more, phases_of
from learntrace.learning_sessions.scenarios.types import Aim, Difficulty
from learntrace.roster.choice import Which
from learntrace.roster.visibility import Key, require_student

UNKNOWN: Final = "There is no scenario with this id at the school."
NOT_BEGUN: Final = "The student has not begun this scenario. Start it first."
COMPLETED: Final = "This scenario is completed. Start it again to go through it once more."


async def show(db: AsyncSession, caller: LearningCaller, scenario_id: UUID) -> Scenario:
    """One scenario. Raises `NotFoundError`."""
    found = await repository.find(db, caller.sight.tenants, scenario_id)
    if found is None:
        raise NotFoundError(UNKNOWN)
    return found


async def list_scenarios(
    db: AsyncSession,
    caller: LearningCaller,
    *,
    category: str | None,
    difficulty: Difficulty | None,
    language: str | None,
    limit: int,
    cursor: str | None,
) -> tuple[Sequence[Scenario], str | None]:
    """The school's, the easiest first, and where the next page begins."""
    found = await repository.list_scenarios(
        db,
        caller.sight.tenants,
        category=category,
        difficulty=difficulty,
        language=language,
        after=decode_cursor(cursor, Difficulty, str, UUID),
        limit=limit + 1,
    )
    page, last = split_page(found, limit)
    return page, None if last is None else encode_cursor(last.difficulty, last.title, last.id)


async def start(
    db: AsyncSession, caller: LearningCaller, which: Which, scenario_id: UUID, student_id: UUID
) -> ScenarioRun:
    """Begin a scenario, or go on with the way through it that is not completed yet.

    Raises `NotFoundError`, and `ForbiddenError` for the game in a student's hands where nobody
    assigned it.
    """
    school_id, _ = student = await gate.admit(db, caller, student_id, which)
    scenario = await repository.find(db, tenant(school_id), scenario_id)
    if scenario is None:
        raise NotFoundError(UNKNOWN)
    assignment_id = await assignments.hold_task(db, student, Assigned.SCENARIO, scenario_id)
    caller.require_assigned(assignment_id)
    at = now()
    values = {
        "school_id": school_id,
        "student_id": student_id,
        "scenario_id": scenario_id,
        "assignment_id": assignment_id,
        "started_by": caller.person_id,
        "title": scenario.title,
        "language": scenario.language,
        "phases": scenario.phases,
        "started_at": at,
        "updated_at": at,
    }
    run = await _begun(db, student, scenario_id, values)
    if run.assignment_id is None:  # begun before it was assigned
        run.assignment_id = assignment_id
        await db.flush()
    return run


async def advance(
    db: AsyncSession,
    caller: LearningCaller,
    which: Which,
    scenario_id: UUID,
    student_id: UUID,
    *,
    phase: str,
    met: Mapping[Aim, Sequence[str]],
    unmet: bool = False,
    answers: Sequence[Answered],
    taken_back: Sequence[str] = (),
) -> ScenarioRun:
    """Add what was met in a phase; with `unmet` it was not met after all.

    `taken_back`: the items whose last answer is removed before `answers` are added. Raises
    `InvalidError` for what the phase or the answers do not have.
    """
    student = await gate.admit(db, caller, student_id, which)
    run = await _held(db, student, scenario_id)
    caller.require_assigned(run.assignment_id)
    if run.ended_at is not None:
        raise ConflictError(COMPLETED)
    known = {one.key: one.aims() for one in phases_of(run.phases)}
    if phase not in known:
        raise InvalidError(f"phase: the scenario has no phase {phase!r}.")
    for aim, found in met.items():
        foreign = [one for one in found if one not in known[phase][aim]]
        if foreign:
            raise InvalidError(f"{aim}: the phase {phase!r} has no {foreign[0][:100]!r}.")
    run.met = (met_less if unmet else met_more)(run.met, phase, met)
    kept = answering.without_last(run.answers, taken_back)
    run.answers = answering.appended(kept, answers)
    run.updated_at = now()
    await db.flush()
    return run


async def complete(
    db: AsyncSession, caller: LearningCaller, which: Which, scenario_id: UUID, student_id: UUID
) -> ScenarioRun:
    """Complete the way that was begun last; one that is completed stays as it is.

    Its outcome, the cards of its words and its learning session are stored together.
    """
    student = await gate.admit(db, caller, student_id, which)
    assigned = await assignments.hold_task(db, student, Assigned.SCENARIO, scenario_id)
    run = await _held(db, student, scenario_id)
    caller.require_assigned(run.assignment_id)
    if run.ended_at is not None:
        return run
    # What was begun before it was assigned is done as well.
    run.assignment_id = assigned or run.assignment_id
    phases = phases_of(run.phases)
    outcome = progress.outcome(phases, met_in(run.met))
    at = max(now(), run.started_at)
    run.outcome, run.ended_at, run.updated_at = asdict(outcome), at, at
    meanings = {word.term: word.meaning for phase in phases for word in phase.vocabulary}
    await review_cards.add(db, student, run.language, meanings, source_id=scenario_id, at=at)
    studied, right, wrong = answering.counts(run.answers)
    left = LearningSession(
        school_id=run.school_id,
        id=run.id,
        student_id=student_id,
        assignment_id=run.assignment_id,
        started_by=run.started_by,
        session_type=SessionType.SCENARIO,
        language=run.language,
        source_id=scenario_id,
        items_studied=max(studied, outcome.vocabulary_mastered),
        items_correct=right,
        items_incorrect=wrong,
        details={"title": run.title},
        answers=list(run.answers),
        started_at=run.started_at,
    )
    db.add(left)
    await service.finish(db, left, at=at)
    return run


async def take_away(
    db: AsyncSession, tutor: Tutor, which: Which, scenario_id: UUID, student_id: UUID
) -> None:
    """Delete the way through it that goes on; what it was begun for stays to be done.

    Raises `NotFoundError`, `ConflictError` where the last way is completed.
    """
    student = await require_student(db, tutor.sight, student_id, which)
    run = await _held(db, student.key, scenario_id)
    if run.ended_at is not None:
        raise ConflictError(COMPLETED)
    await db.delete(run)


async def list_runs(
    db: AsyncSession, caller: LearningCaller, which: Which, scenario_id: UUID, student_id: UUID
) -> Sequence[ScenarioRun]:
    """A student's ways through a scenario, the last begun first.

    Of one that is gone they stay. Raises `NotFoundError` where there never was one.
    """
    student = await require_student(db, caller.sight, student_id, which)
    runs = await repository.newest_runs(db, student.key, scenario_id)
    if not runs and await repository.find(db, tenant(student.school_id), scenario_id) is None:
        raise NotFoundError(UNKNOWN)
    return runs


async def list_of_student(
    db: AsyncSession,
    caller: LearningCaller,
    which: Which,
    student_id: UUID,
    *,
    limit: int,
    cursor: str | None,
) -> tuple[Sequence[ScenarioRun], str | None]:
    """A student's ways through all scenarios, the last begun first, and where the next page
    begins.
    """
    before = decode_cursor(cursor, datetime, UUID)
    student = await require_student(db, caller.sight, student_id, which)
    found = await repository.runs_of_student(db, student.key, before=before, limit=limit + 1)
    page, last = split_page(found, limit)
    return page, None if last is None else encode_cursor(last.started_at, last.id)


async def _begun(
    db: AsyncSession, student: Key, scenario_id: UUID, values: Mapping[str, Any]
) -> ScenarioRun:
    """The open way through it, held; begun now with `values` where there is none."""
    while True:
        await repository.add_run(db, {**values, "id": uuid4()})
        run = await repository.hold_newest(db, student, scenario_id)
        # Else it was taken away or completed between the two.
        if run is not None and run.ended_at is None:
            return run


async def _held(db: AsyncSession, student: Key, scenario_id: UUID) -> ScenarioRun:
    run = await repository.hold_newest(db, student, scenario_id)
    if run is None:
        raise NotFoundError(NOT_BEGUN)
    return run
