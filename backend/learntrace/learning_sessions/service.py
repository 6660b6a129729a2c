"""Learning sessions: begun, brought on, completed, and read again from what is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError, InvalidError, NotFoundError
from learntrace.kit.paging import decode_cursor, encode_cursor, split_page
from learntrace.learning_sessions import answering, assignments, gate, repository, sources
from learntrace.learning_sessions.answering import Answered
from learntrace.learning_sessions.callers import LearningCaller, Tutor
from learntrace.learning_sessions.details import merged, storable
from learntrace.learning_sessions.kinds import ASSIGNED_AS, Assigned, SessionType
from learntrace.learning_sessions.models import LearningSession
from learntrace.roster.choice import Which
from learntrace.roster.visibility import Key, require_student
from learntrace.skills import due

UNKNOWN: Final = "There is no learning session with this id, or you may not see it."
COMPLETED: Final = "This learning session is completed, so nothing of it changes any more."


@dataclass(frozen=True, slots=True)
class Begun:
    """What a learning session begins with; beside `details` stands the title of its source."""

    session_type: SessionType
    language: str
    source_id: UUID | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What is told of a learning session; `None` leaves a count as it is, `answers` raise them.

    `taken_back`: the items whose last answer is removed before that.
    """

    items_studied: int | None = None
    items_correct: int | None = None
    items_incorrect: int | None = None
    answers: Sequence[Answered] = ()
    taken_back: Sequence[str] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


async def start(
    db: AsyncSession, caller: LearningCaller, which: Which, student_id: UUID, begun: Begun
) -> LearningSession:
    """Begin a learning session, for what is assigned where it is.

    Raises `NotFoundError` for a student out of sight and a source that the school does not have,
    `ForbiddenError` without the consent that the school requires, and where a student's own game
    begins what nobody assigned, or writes a teacher's note.
    """
    caller.require_no_note(begun.details)
    school_id, _ = student = await gate.admit(db, caller, student_id, which)
    details = dict(begun.details)
    if begun.source_id is not None:
        kind = ASSIGNED_AS.get(begun.session_type)
        title = await sources.require_title(db, school_id, kind, begun.source_id)
        details = {"title": title} | details
    assignment_id = await _hold_task(db, student, begun.session_type, begun.source_id)
    caller.require_assigned(assignment_id)
    made = LearningSession(
        school_id=school_id,
        id=uuid4(),
        student_id=student_id,
        assignment_id=assignment_id,
        started_by=caller.person_id,
        session_type=begun.session_type,
        language=begun.language,
        source_id=begun.source_id,
        items_studied=0,
        items_correct=0,
        items_incorrect=0,
        details=details,
        answers=[],
        started_at=now(),
    )
    db.add(made)
    await db.flush()
    return made


async def change(
    db: AsyncSession, caller: LearningCaller, learning_session_id: UUID, told: Change
) -> LearningSession:
    """Bring a session on. Raises `NotFoundError`, `ConflictError` once it is completed."""
    await _require_changeable(db, caller, learning_session_id, told.details)
    found = await _held(db, caller, learning_session_id)
    if found.ended_at is not None:
        raise ConflictError(COMPLETED)
    _apply(found, told)
    await db.flush()
    return found


async def complete(
    db: AsyncSession, caller: LearningCaller, learning_session_id: UUID, told: Change
) -> LearningSession:
    """Complete a session with what is told last; one that is completed stays as it is.

    Raises `NotFoundError`.
    """
    seen = await _require_changeable(db, caller, learning_session_id, told.details)
    student = (seen.school_id, seen.student_id)
    assigned = await _hold_task(db, student, SessionType(seen.session_type), seen.source_id)
    found = await _held(db, caller, learning_session_id)
    if found.ended_at is None:
        _apply(found, told)
        # What was begun before it was assigned, or assigned again, is done as well.
        found.assignment_id = assigned or found.assignment_id
        await finish(db, found, at=max(now(), found.started_at))
    return found


async def take_away(db: AsyncSession, tutor: Tutor, learning_session_id: UUID) -> None:
    """Delete a session that goes on; what it was begun for stays to be done.

    Raises `NotFoundError`, `ConflictError` once it is completed.
    """
    await show(db, tutor, learning_session_id)
    found = await _held(db, tutor, learning_session_id)
    if found.ended_at is not None:
        raise ConflictError(COMPLETED)
    await db.delete(found)


async def finish(db: AsyncSession, found: LearningSession, *, at: datetime) -> None:
    """End a session, and what it was assigned as, which the caller holds; the student is assessed
    anew.
    """
    found.ended_at = at
    await db.flush()
    if found.assignment_id is not None:
        await assignments.finish(db, found.school_id, found.assignment_id, at=at)
    await due.mark(db, found.school_id, [found.student_id])


async def show(
    db: AsyncSession, caller: LearningCaller, learning_session_id: UUID
) -> LearningSession:
    """One session. Raises `NotFoundError`."""
    found = _known(await repository.find(db, caller.sight, learning_session_id))
    where = Which(school_ids={found.school_id})
    await require_student(db, caller.sight, found.student_id, where)
    return found


async def list_sessions(
    db: AsyncSession,
    caller: LearningCaller,
    which: Which,
    *,
    student_id: UUID | None,
    session_type: SessionType | None,
    language: str | None,
    limit: int,
    cursor: str | None,
) -> tuple[Sequence[LearningSession], str | None]:
    """Those that the caller may see, the last started first, and where the next page begins."""
    before = decode_cursor(cursor, datetime, UUID)
    student = None
    if student_id is not None:
        student = (await require_student(db, caller.sight, student_id, which)).key
    found = await repository.newest(
        db,
        caller.sight,
        student=student,
        session_type=session_type,
        language=language,
        before=before,
        limit=limit + 1,
    )
    page, last = split_page(found, limit)
    if student is None:
        await gate.note_all(db, caller, {(one.school_id, one.student_id) for one in page})
    return page, None if last is None else encode_cursor(last.started_at, last.id)


async def _require_changeable(
    db: AsyncSession,
    caller: LearningCaller,
    learning_session_id: UUID,
    details: Mapping[str, Any],
) -> LearningSession:
    """One session as it was; its student, who is held, is one of whom something may be stored."""
    found = await show(db, caller, learning_session_id)
    caller.require_assigned(found.assignment_id)
    caller.require_no_note(details)
    await gate.require_storable(db, found.school_id, found.student_id)
    return found


async def _hold_task(
    db: AsyncSession, student: Key, session_type: SessionType, source_id: UUID | None
) -> UUID | None:
    """What was assigned of this, held; a scenario is done by a way through it, not by a session."""
    kind = ASSIGNED_AS.get(session_type)
    if kind is None or kind is Assigned.SCENARIO:
        return None
    return await assignments.hold_task(db, student, kind, source_id)


async def _held(
    db: AsyncSession, caller: LearningCaller, learning_session_id: UUID
) -> LearningSession:
    return _known(await repository.find(db, caller.sight, learning_session_id, to_change=True))


def _known(found: LearningSession | None) -> LearningSession:
    if found is None:
        raise NotFoundError(UNKNOWN)
    return found


def _apply(found: LearningSession, told: Change) -> None:
    if told.answers or told.taken_back:
        before = answering.counts(found.answers)
        kept = answering.without_last(found.answers, told.taken_back)
        found.answers = answering.appended(kept, told.answers)
        studied, right, wrong = (
            new - old for new, old in zip(answering.counts(found.answers), before, strict=True)
        )
        # Counts may have been told lower than the answers were.
        found.items_studied = max(0, found.items_studied + studied)
        found.items_correct = max(0, found.items_correct + right)
        found.items_incorrect = max(0, found.items_incorrect + wrong)
    for name in ("items_studied", "items_correct", "items_incorrect"):
        count = getattr(told, name)
        if count is not None:
            setattr(found, name, count)
    if told.details:
        try:
            found.details = storable(merged(found.details, told.details))
        except ValueError as error:
            raise InvalidError(f"metadata: with what is there already, it {error}.") from None
