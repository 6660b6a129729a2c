"""Review cards as they are stored."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.learning_sessions.review_cards import scheduling
from learntrace.learning_sessions.review_cards.models import ReviewCard
from learntrace.roster.visibility import Key, Sight

Place = tuple[datetime, UUID]
"""Where a card stands in a list: when it is due, and its id."""


async def add(
    db: AsyncSession,
    student: Key,
    language: str,
    meanings: Mapping[str, str],
    *,
    source_id: UUID,
    at: datetime,
) -> None:
    """Give a student cards, front -> back; one that is there already stays as it is."""
    first = scheduling.new(at)
    rows = [
        {
            "school_id": student[0],
            "id": uuid4(),
            "student_id": student[1],
            "source_id": source_id,
            "language": language,
            "front": front,
            "back": back,
            "memory": first.memory,
            "due_at": first.due_at,
            "created_at": at,
        }
        for front, back in sorted(meanings.items())
    ]
    if rows:
        await db.execute(insert(ReviewCard).values(rows).on_conflict_do_nothing())


async def find(
    db: AsyncSession, sight: Sight, card_id: UUID, *, to_change: bool = False
) -> ReviewCard | None:
    """The card with this id within `sight`; `to_change` holds it until the transaction ends."""
    key = tuple_(ReviewCard.school_id, ReviewCard.student_id)
    query = select(ReviewCard).where(
        ReviewCard.id == card_id,
        ReviewCard.school_id.in_(sight.tenants),
        key.in_(sight.students),
    )
    if to_change:
        query = query.with_for_update(of=ReviewCard).execution_options(populate_existing=True)
    return await db.scalar(query)


async def of_student(
    db: AsyncSession,
    student: Key,
    *,
    language: str | None,
    due_at: datetime | None,
    after: Place | None,
    limit: int,
) -> Sequence[ReviewCard]:
    """A student's cards, those due first first; with `due_at` only what is due by then."""
    query = select(ReviewCard).where(
        ReviewCard.school_id == student[0], ReviewCard.student_id == student[1]
    )
    if language is not None:
        query = query.where(ReviewCard.language == language)
    if due_at is not None:
        query = query.where(ReviewCard.due_at <= due_at)
    place = (ReviewCard.due_at, ReviewCard.id)
    if after is not None:
        query = query.where(tuple_(*place) > after)
    return (await db.scalars(query.order_by(*place).limit(limit))).all()
