"""Review cards over HTTP."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query

from learntrace.kit.db import RequestDb
from learntrace.kit.paging import Cursor, NextCursor, PageLimit
from learntrace.kit.wire import Id, In, Instant, Out
from learntrace.learning_sessions.auth import LearningAuth
from learntrace.learning_sessions.endpoints import REFUSED
from learntrace.learning_sessions.queries import InLanguage
from learntrace.learning_sessions.review_cards import service
from learntrace.learning_sessions.review_cards.models import ReviewCard
from learntrace.learning_sessions.review_cards.scheduling import Recall
from learntrace.sights import WhichTenant

router = APIRouter(prefix="/review-cards", tags=["review cards"], responses=REFUSED)


class RecallIn(In):
    """`learning_session_id`: the vocabulary review in which it was asked for."""

    recall: Recall
    learning_session_id: Id | None = None


class CardOut(Out):
    """`source_id`: the scenario or content item that it comes from."""

    id: Id
    student_id: Id
    language: str
    front: str
    back: str
    source_id: Id | None
    due_at: Instant
    answered_at: Instant | None

    @classmethod
    def of(cls, card: ReviewCard) -> Self:
        return cls(
            id=card.id,
            student_id=card.student_id,
            language=card.language,
            front=card.front,
            back=card.back,
            source_id=card.source_id,
            due_at=card.due_at,
            answered_at=card.answered_at,
        )


class CardPage(Out):
    items: list[CardOut]
    next_cursor: NextCursor


@router.get("")
async def list_cards(
    student_id: UUID,
    caller: LearningAuth,
    which: WhichTenant,
    db: RequestDb,
    language: InLanguage = None,
    due: Annotated[bool, Query(description="Only what is due now.")] = True,
    limit: PageLimit = 50,
    cursor: Cursor = None,
) -> CardPage:
    """A student's review cards, the first due first."""
    page, next_cursor = await service.list_cards(
        db, caller, which, student_id, language=language, only_due=due, limit=limit, cursor=cursor
    )
    return CardPage(items=[CardOut.of(one) for one in page], next_cursor=next_cursor)


@router.post("/{card_id}/answer")
async def answer_card(
    card_id: UUID, told: RecallIn, caller: LearningAuth, db: RequestDb
) -> CardOut:
    """Note how well a card was remembered; the answer says when it is due again.

    Each call counts as one answer. With a player token only while a review is assigned.
    """
    card = await service.answer(
        db, caller, card_id, told.recall, learning_session_id=told.learning_session_id
    )
    return CardOut.of(card)
