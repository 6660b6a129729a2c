"""Whether a school keeps the audio of recordings whose transcript was accepted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.repository import find_school
from learntrace.kit.clock import now
from learntrace.transcription_sessions.models import RecordingSettings


@dataclass(frozen=True, slots=True)
class Keeping:
    """`changed_at` is `None` where the school never said."""

    keep_audio: bool
    changed_at: datetime | None


async def keeps_audio(db: AsyncSession, school_id: UUID) -> bool:
    """Whether a tenant does: a sandbox does as its school."""
    school = await find_school(db, school_id)
    assert school is not None, "who asks has found it"
    return (await of_school(db, school.sandbox_of or school.id)).keep_audio


async def of_school(db: AsyncSession, school_id: UUID) -> Keeping:
    """What a live school decided; audio is not kept unless it did."""
    found = await db.get(RecordingSettings, school_id, populate_existing=True)
    if found is None:
        return Keeping(keep_audio=False, changed_at=None)
    return Keeping(found.keep_audio, found.changed_at)


async def put(db: AsyncSession, school_id: UUID, user_id: UUID, *, keep_audio: bool) -> Keeping:
    """Have a live school keep audio from now on, or not; what is gone or kept stays so."""
    values = {"keep_audio": keep_audio, "changed_by": user_id, "changed_at": now()}
    statement = insert(RecordingSettings).values(school_id=school_id, **values)
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=["school_id"],
            set_=values,
            where=RecordingSettings.keep_audio != keep_audio,
        )
    )
    return await of_school(db, school_id)
