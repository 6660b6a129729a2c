"""Requests to amend a student's record: noted, read, decided once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError, NotFoundError
from learntrace.privacy.kinds import About, Decision
from learntrace.privacy.models import AmendmentRequest

Place = tuple[datetime, UUID]
"""Where a request stands among others: when it was noted, id."""
_ORDER = (AmendmentRequest.created_at, AmendmentRequest.id)


@dataclass(frozen=True, slots=True)
class Decided:
    words: str
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Amendment:
    """`decided` is `None` while it is open; `statement` only where it was refused."""

    id: UUID
    student_id: UUID
    about: About
    text: str
    asked_by: str
    noted_by: UUID
    created_at: datetime
    state: Decision
    decided: Decided | None
    statement: str | None


async def note(
    db: AsyncSession,
    school_id: UUID,
    student_id: UUID,
    *,
    about: About,
    text: str,
    asked_by: str,
    user_id: UUID,
) -> Amendment:
    """Store a request, open; it is returned."""
    row = AmendmentRequest(
        school_id=school_id,
        id=uuid4(),
        student_id=student_id,
        about=about,
        text=text,
        asked_by=asked_by,
        noted_by=user_id,
        created_at=now(),
        state=Decision.OPEN,
    )
    db.add(row)
    await db.flush()
    return _amendment(row)


async def of_student(
    db: AsyncSession, school_id: UUID, student_id: UUID, *, before: Place | None, limit: int
) -> list[Amendment]:
    """A student's requests, newest first, `limit` of those before `before`."""
    query = select(AmendmentRequest).where(
        AmendmentRequest.school_id == school_id, AmendmentRequest.student_id == student_id
    )
    if before is not None:
        query = query.where(tuple_(*_ORDER) < before)
    return await _read(db, query.order_by(*(one.desc() for one in _ORDER)).limit(limit))


async def of_school(
    db: AsyncSession,
    school_id: UUID,
    *,
    state: Decision | None,
    after: Place | None,
    limit: int,
) -> list[Amendment]:
    """A live school's requests, in that state where it is given; who waits longest comes first."""
    query = select(AmendmentRequest).where(AmendmentRequest.school_id == school_id)
    if state is not None:
        query = query.where(AmendmentRequest.state == state)
    if after is not None:
        query = query.where(tuple_(*_ORDER) > after)
    return await _read(db, query.order_by(*_ORDER).limit(limit))


async def decide(
    db: AsyncSession,
    school_id: UUID,
    student_id: UUID,
    amendment_id: UUID,
    *,
    state: Decision,
    words: str,
    statement: str | None,
    user_id: UUID,
) -> Amendment:
    """Decide an open request, once; it is returned.

    Raises `NotFoundError`, and `ConflictError` where it was decided already.
    """
    which = (
        AmendmentRequest.school_id == school_id,
        AmendmentRequest.student_id == student_id,
        AmendmentRequest.id == amendment_id,
    )
    decided = {
        "state": state,
        "decision": words,
        "decided_by": user_id,
        "decided_at": now(),
        "statement": statement,
    }
    decision = (
        update(AmendmentRequest)
        .where(*which, AmendmentRequest.state == Decision.OPEN)
        .values(decided)
    )
    done: Any = await db.execute(decision, execution_options={"synchronize_session": False})
    found = await _read(db, select(AmendmentRequest).where(*which))
    if not found:
        raise NotFoundError("There is no such request about this student.")
    if not done.rowcount:
        raise ConflictError("This request was decided already. Note a new one.")
    return found[0]


async def _read(db: AsyncSession, query: Select[AmendmentRequest]) -> list[Amendment]:
    return [_amendment(row) for row in await db.scalars(query)]


def _amendment(row: AmendmentRequest) -> Amendment:
    decided = None
    if row.decision is not None and row.decided_by is not None and row.decided_at is not None:
        decided = Decided(row.decision, row.decided_by, row.decided_at)
    return Amendment(
        id=row.id,
        student_id=row.student_id,
        about=About(row.about),
        text=row.text,
        asked_by=row.asked_by,
        noted_by=row.noted_by,
        created_at=row.created_at,
        state=Decision(row.state),
        decided=decided,
        statement=row.statement,
    )
