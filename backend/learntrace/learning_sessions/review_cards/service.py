"""What a student is asked for again, and what the answers change."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError, NotFoundError
from learntrace.kit.paging import decode_cursor, encode_cursor, split_page
from learntrace.learning_sessions import assignments, gate, service
from learntrace.learning_sessions.answering import Answered
from learntrace.learning_sessions.callers import LearningCaller
from learntrace.learning_sessions.kinds import Assigned, SessionType
from learntrace.learning_sessions.review_cards import repository, scheduling
from learntrace.learning_sessions.review_cards.models import ReviewCard
from learntrace.learning_sessions.review_cards.scheduling import Recall
from learntrace.learning_sessions.service import Change
from learntrace.roster.choice import Which
from learntrace.roster.visibility import require_student

UNKNOWN: Final = "There is no review card with this id, or you may not see it."
OTHER_SESSION: Final = "This learning session is no vocabulary review of the card's student."


async def list_cards(
    db: AsyncSession,
    caller: LearningCaller,
    which: Which,
    student_id: UUID,
    *,
    language: str | None,
    only_due: bool,
    limit: int,
    cursor: str | None,
) -> tuple[Sequence[ReviewCard], str | None]:
    """A student's cards, the first due first, and where the next page begins."""
    after = decode_cursor(cursor, datetime, UUID)
    student = await require_student(db, caller.sight, student_id, which)
    found = await repository.of_student(
        db,
        student.key,
        language=language,
        due_at=now() if only_due else None,
        after=after,
        limit=limit + 1,
    )
    page, last = split_page(found, limit)
    return page, None if last is None else encode_cursor(last.due_at, last.id)


async def answer(
    db: AsyncSession,
    caller: LearningCaller,
    card_id: UUID,
    recall: Recall,
    *,
    learning_session_id: UUID | None,
) -> ReviewCard:
    """Note how well a card was remembered, in the learning session too where one is given.

    Raises `NotFoundError`, `ForbiddenError` for the game in a student's hands where no review is
    assigned, and `ConflictError` where the session is over or another's.
    """
    at = now()
    card = _known(await repository.find(db, caller.sight, card_id))
    if learning_session_id is None:
        there = Which(school_ids={card.school_id})
        student = await gate.admit(db, caller, card.student_id, there)
        caller.require_assigned(await assignments.hold_task(db, student, Assigned.REVIEW, None))
    else:
        given = Answered(card.front, None, recall is not Recall.AGAIN, at)
        held = await service.change(db, caller, learning_session_id, Change(answers=[given]))
        of_student = (held.school_id, held.student_id) == (card.school_id, card.student_id)
        if not of_student or held.session_type != SessionType.VOCABULARY_REVIEW:
            raise ConflictError(OTHER_SESSION)
    card = _known(await repository.find(db, caller.sight, card_id, to_change=True))
    schedule = scheduling.answered(card.memory, recall, at)
    card.memory, card.due_at, card.answered_at = schedule.memory, schedule.due_at, at
    await db.flush()
    return card


def _known(card: ReviewCard | None) -> ReviewCard:
    if card is None:
        raise NotFoundError(UNKNOWN)
    return card
