"""Audio that is nobody's any more: marked by whoever ends it, deleted by the worker.

First what lies in the store, then the row, so that nothing lies there that no row tells of.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.kit.db import Database
from learntrace.kit.loops import for_each
from learntrace.kit.object_storage import ObjectStorage
from learntrace.transcription_sessions.audio import prefix_of
from learntrace.transcription_sessions.models import AudioFile

CONFIRMED_WITHIN: Final = timedelta(hours=1)
"""After an upload's address has expired."""


async def discard(db: AsyncSession, school_id: UUID, transcription_session_id: UUID) -> None:
    """End all audio of a recording, also what is still on its way."""
    await db.execute(
        update(AudioFile)
        .where(
            AudioFile.school_id == school_id,
            AudioFile.transcription_session_id == transcription_session_id,
            AudioFile.discarded_at.is_(None),
        )
        .values(discarded_at=now())
        .execution_options(synchronize_session=False)
    )


async def remove_audio(database: Database, storage: ObjectStorage) -> int:
    """Delete the audio that is nobody's, and what nobody confirmed in time; of how many files."""
    late = AudioFile.expires_at < now() - CONFIRMED_WITHIN
    ended = AudioFile.transcription_session_id.is_(None) | AudioFile.discarded_at.is_not(None)
    async with database.transaction() as db:
        await db.execute(
            update(AudioFile)
            .where(AudioFile.confirmed_at.is_(None), AudioFile.discarded_at.is_(None), late)
            .values(discarded_at=now())
            .execution_options(synchronize_session=False)
        )
        query = select(AudioFile.school_id, AudioFile.id).where(ended)
        keys = [(row.school_id, row.id) for row in await db.execute(query)]
    removed = 0

    async def remove(key: tuple[UUID, UUID]) -> None:
        nonlocal removed
        school_id, audio_id = key
        found = await storage.delete_all(prefix_of(school_id, audio_id))
        # While its address may still be used something may be arriving, and looks for the row.
        this = (AudioFile.school_id == school_id) & (AudioFile.id == audio_id) & late
        async with database.transaction() as db:
            row = await db.scalar(delete(AudioFile).where(this).returning(AudioFile.id))
        removed += found > 0 or row is not None

    await for_each(keys, remove)
    return removed
