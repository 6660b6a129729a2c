"""What teachers write about a student; no evidence, and read by no estimate."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.skills.models import Note

Place = tuple[datetime, UUID]
"""Where a note stands among those of a student: when it was written, id."""


@dataclass(frozen=True, slots=True)
class StoredNote:
    id: UUID
    text: str
    author_id: UUID
    created_at: datetime


async def add(
    db: AsyncSession, school_id: UUID, student_id: UUID, *, author_id: UUID, text: str
) -> StoredNote:
    """Store a note; it is returned."""
    note = StoredNote(uuid4(), text, author_id, now())
    db.add(
        Note(
            school_id=school_id,
            id=note.id,
            student_id=student_id,
            author_id=author_id,
            text=text,
            created_at=note.created_at,
        )
    )
    await db.flush()
    return note


async def of_student(
    db: AsyncSession, school_id: UUID, student_id: UUID, *, before: Place | None, limit: int
) -> list[StoredNote]:
    """A student's notes, newest first, `limit` of those older than `before`."""
    query = (
        select(Note.id, Note.text, Note.author_id, Note.created_at)
        .where(Note.school_id == school_id, Note.student_id == student_id)
        .order_by(Note.created_at.desc(), Note.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(Note.created_at, Note.id) < before)
    return [StoredNote(*row) for row in await db.execute(query)]


async def remove(
    db: AsyncSession, school_id: UUID, student_id: UUID, note_id: UUID, *, author_id: UUID
) -> bool:
    """Delete an author's own note; whether there was one."""
    statement = delete(Note).where(
        Note.school_id == school_id,
        Note.id == note_id,
        Note.student_id == student_id,
        Note.author_id == author_id,
    )
    return (await db.scalars(statement.returning(Note.id))).one_or_none() is not None
