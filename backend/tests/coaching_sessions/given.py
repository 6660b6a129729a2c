"""Clients and meetings that a test starts from, made by SQL."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from ..world import insert, now


async def add_client(
    db: AsyncSession, school_id: UUID, owner_id: UUID, *, student_id: UUID | None = None
) -> UUID:
    """A client called Noor, or who is a student; its id."""
    client_id = uuid4()
    await insert(
        db,
        "coaching_clients",
        school_id=school_id,
        id=client_id,
        owner_id=owner_id,
        student_id=student_id,
        name="Noor" if student_id is None else None,
        created_at=now(),
        updated_at=now(),
    )
    return client_id


async def add_meeting(
    db: AsyncSession, school_id: UUID, coach_id: UUID, client_id: UUID, **changes: Any
) -> UUID:
    """A meeting with a client on 2 March; its id."""
    own = {
        "school_id": school_id,
        "id": uuid4(),
        "client_id": client_id,
        "coach_id": coach_id,
        "session_date": date(2026, 3, 2),
        "created_at": now(),
        "updated_at": now(),
    }
    row = own | changes
    await insert(db, "coaching_sessions", **row)
    meeting_id: UUID = row["id"]
    return meeting_id


async def add_observation(
    db: AsyncSession, school_id: UUID, rater_id: UUID, meeting_id: UUID, student_id: UUID
) -> UUID:
    """What was seen of a student's empathy in a meeting; the rating's id."""
    rating_id = uuid4()
    await insert(
        db,
        "ratings",
        school_id=school_id,
        id=rating_id,
        student_id=student_id,
        rater_id=rater_id,
        skill="empathy",
        level=3,
        observed_on=date(2026, 3, 2),
        created_at=now(),
    )
    await insert(
        db,
        "coaching_observations",
        school_id=school_id,
        rating_id=rating_id,
        coaching_session_id=meeting_id,
        text="Asked Ben.",
    )
    return rating_id
