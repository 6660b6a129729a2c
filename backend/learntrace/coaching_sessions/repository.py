"""Reads and writes of clients, their meetings, and what was seen in these."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.coaching_sessions.models import Client, CoachingSession, Observation
from learntrace.coaching_sessions.names import without_name
from learntrace.roster.visibility import Key, select_students
from learntrace.transcription_sessions.service import Educator


@dataclass(frozen=True, slots=True)
class SeenClient:
    """A client whom somebody may see. `name` is the roster's for a student, `None` once taken."""

    school_id: UUID
    id: UUID
    owner_id: UUID
    student_id: UUID | None
    name: str | None
    anonymized_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def student_key(self) -> Key | None:
        return None if self.student_id is None else (self.school_id, self.student_id)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A coaching session with the client whose it is."""

    id: UUID
    client: SeenClient
    coach_id: UUID
    session_date: date
    duration_min: int | None
    notes: str
    fee_amount: int
    fee_currency: str | None
    transcription_session_id: UUID | None
    created_at: datetime
    updated_at: datetime


class Sort(StrEnum):
    """By what meetings are sorted; with a minus the last, longest or newest comes first."""

    DATE = "session_date"
    DATE_DOWN = "-session_date"
    DURATION = "duration_min"
    DURATION_DOWN = "-duration_min"
    CREATED = "created_at"
    CREATED_DOWN = "-created_at"


@dataclass(frozen=True, slots=True)
class Page:
    """The `number`-th page, from 1, of so many items."""

    number: int
    size: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which meetings: from one day to another, both included, of one client; `None` of all."""

    from_day: date | None
    to_day: date | None
    client_id: UUID | None


_CLIENT = 8
_MEETING = (
    CoachingSession.id,
    CoachingSession.coach_id,
    CoachingSession.session_date,
    CoachingSession.duration_min,
    CoachingSession.notes,
    CoachingSession.fee_amount,
    CoachingSession.fee_currency,
    CoachingSession.transcription_session_id,
    CoachingSession.created_at,
    CoachingSession.updated_at,
)


def _clients(educator: Educator) -> Select[*tuple[Any, ...]]:
    """The clients whom the educator may have, in the order of `SeenClient`.

    Teachers have their own, and of students those in sight; administrators the school's.
    """
    students = select_students(educator.sight).subquery()
    query = (
        select(
            Client.school_id,
            Client.id,
            Client.owner_id,
            Client.student_id,
            func.coalesce(Client.name, students.c.display_name).label("name"),
            Client.anonymized_at,
            Client.created_at,
            Client.updated_at,
        )
        .outerjoin(
            students,
            (students.c.school_id == Client.school_id) & (students.c.id == Client.student_id),
        )
        .where(
            Client.school_id.in_(educator.sight.tenants),
            Client.student_id.is_(None) | students.c.id.is_not(None),
        )
    )
    return query.where(Client.owner_id == educator.user_id) if educator.sees_only_own else query


def _meetings(educator: Educator) -> Select[*tuple[Any, ...]]:
    """The meetings with these clients: a client's columns, then those of `_MEETING`."""
    clients = _clients(educator).subquery()
    return select(*clients.c, *_MEETING).join(
        clients,
        (clients.c.school_id == CoachingSession.school_id)
        & (clients.c.id == CoachingSession.client_id),
    )


def _meeting(row: Sequence[Any]) -> Meeting:
    meeting_id, *rest = row[_CLIENT:]
    return Meeting(meeting_id, SeenClient(*row[:_CLIENT]), *rest)


async def _page(
    db: AsyncSession, query: Select[*tuple[Any, ...]], page: Page
) -> tuple[Sequence[Any], int]:
    counted = query.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    rows = await db.execute(query.limit(page.size).offset((page.number - 1) * page.size))
    return rows.all(), int(await db.scalar(counted) or 0)


async def find_clients(
    db: AsyncSession, educator: Educator, client_ids: Collection[UUID]
) -> list[SeenClient]:
    """These clients, by id; those unknown or out of sight are missing."""
    query = _clients(educator).where(Client.id.in_(client_ids)).order_by(Client.id)
    return [SeenClient(*row) for row in await db.execute(query)]


async def list_clients(
    db: AsyncSession, educator: Educator, page: Page
) -> tuple[list[SeenClient], int]:
    """A page of clients by name, the anonymized last; and how many there are."""
    clients = _clients(educator).subquery()
    query = select(*clients.c).order_by(clients.c.name.nulls_last(), clients.c.id)
    rows, total = await _page(db, query, page)
    return [SeenClient(*row) for row in rows], total


def _stored(client: SeenClient) -> dict[str, Any]:
    """The columns of a client; a student's name stays the roster's."""
    return asdict(client) | ({"name": None} if client.student_id is not None else {})


async def add_client(db: AsyncSession, client: SeenClient) -> None:
    """Store a client."""
    await db.execute(insert(Client).values(_stored(client)))


async def change_client(db: AsyncSession, changed: SeenClient) -> None:
    """Make a client what it is `changed` to."""
    await db.execute(update(Client).where(_is_client(changed)).values(_stored(changed)))


async def remove_client(db: AsyncSession, client: SeenClient) -> None:
    """Delete a client with whom there are no meetings."""
    await db.execute(delete(Client).where(_is_client(client)))


def _is_client(client: SeenClient) -> ColumnElement[bool]:
    return (Client.school_id == client.school_id) & (Client.id == client.id)


async def lock_clients(db: AsyncSession, keys: Collection[Key]) -> None:
    """Hold these clients' rows until the transaction ends."""
    for school_id, client_id in sorted(keys):
        query = select(Client.id).where(Client.school_id == school_id, Client.id == client_id)
        await db.execute(query.with_for_update(key_share=True))


async def has_meetings(db: AsyncSession, client: SeenClient) -> bool:
    """Whether anybody met a client."""
    return await db.scalar(select(CoachingSession.id).where(_with(client)).limit(1)) is not None


def _with(client: SeenClient) -> ColumnElement[bool]:
    return (CoachingSession.school_id == client.school_id) & (
        CoachingSession.client_id == client.id
    )


async def forget_whom(db: AsyncSession, client: SeenClient, name: str) -> None:
    """Take out of a client's meetings what leads to who it was: name, recordings, observations."""
    meetings = select(CoachingSession.id, CoachingSession.notes).where(_with(client))
    for meeting_id, notes in (await db.execute(meetings)).all():
        key = (CoachingSession.school_id == client.school_id) & (CoachingSession.id == meeting_id)
        values = {"notes": without_name(notes, name), "transcription_session_id": None}
        await db.execute(update(CoachingSession).where(key).values(values))
        await db.execute(
            delete(Observation).where(
                Observation.school_id == client.school_id,
                Observation.coaching_session_id == meeting_id,
            )
        )


async def find_meeting(db: AsyncSession, educator: Educator, meeting_id: UUID) -> Meeting | None:
    """The meeting, `None` where it is unknown or out of sight."""
    query = _meetings(educator).where(CoachingSession.id == meeting_id)
    row = (await db.execute(query)).one_or_none()
    return None if row is None else _meeting(row)


async def list_meetings(
    db: AsyncSession, educator: Educator, wanted: Wanted, sort: Sort, page: Page
) -> tuple[list[Meeting], int]:
    """A page of meetings, those of unknown length last; and how many there are."""
    query = _meetings(educator)
    if wanted.from_day is not None:
        query = query.where(CoachingSession.session_date >= wanted.from_day)
    if wanted.to_day is not None:
        query = query.where(CoachingSession.session_date <= wanted.to_day)
    if wanted.client_id is not None:
        query = query.where(CoachingSession.client_id == wanted.client_id)
    column = getattr(CoachingSession, sort.removeprefix("-"))
    order = column.desc() if sort.startswith("-") else column.asc()
    query = query.order_by(order.nulls_last(), CoachingSession.id)
    rows, total = await _page(db, query, page)
    return [_meeting(row) for row in rows], total


def _columns(meeting: Meeting) -> dict[str, Any]:
    values = {field.name: getattr(meeting, field.name) for field in fields(meeting)}
    client = values.pop("client")
    return values | {"school_id": client.school_id, "client_id": client.id}


async def add_meeting(db: AsyncSession, meeting: Meeting) -> None:
    """Store a meeting."""
    await db.execute(insert(CoachingSession).values(_columns(meeting)))


async def change_meeting(db: AsyncSession, meeting: Meeting, changed: Meeting) -> None:
    """Make a meeting what it is `changed` to."""
    await db.execute(update(CoachingSession).where(_is(meeting)).values(_columns(changed)))


async def remove_meeting(db: AsyncSession, meeting: Meeting) -> None:
    """Delete a meeting, and which ratings were given in it; the ratings stay."""
    await db.execute(delete(CoachingSession).where(_is(meeting)))


def _is(meeting: Meeting) -> ColumnElement[bool]:
    return (CoachingSession.school_id == meeting.client.school_id) & (
        CoachingSession.id == meeting.id
    )


async def observed(db: AsyncSession, meeting: Meeting) -> dict[UUID, str]:
    """What was seen in a meeting, in words, by the id of its rating."""
    query = select(Observation.rating_id, Observation.text).where(
        Observation.school_id == meeting.client.school_id,
        Observation.coaching_session_id == meeting.id,
    )
    return {row.rating_id: row.text for row in await db.execute(query)}


async def link(db: AsyncSession, meeting: Meeting, rating_id: UUID, text: str) -> None:
    """Note that a rating was given in a meeting, and what was seen."""
    await db.execute(
        insert(Observation).values(
            school_id=meeting.client.school_id,
            rating_id=rating_id,
            coaching_session_id=meeting.id,
            text=text,
        )
    )
