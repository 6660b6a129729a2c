"""Transcription sessions that a test starts from, made by SQL."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.db import Instant
from learntrace.kit.object_storage import ObjectStorage
from learntrace.transcription_sessions import segments
from learntrace.transcription_sessions.heard import Heard

from ..world import insert, now

_BY = bindparam("by", type_=Uuid)
_AT = bindparam("at", type_=Instant)
AUDIO = b"what would be heard"


async def add_transcription_session(
    db: AsyncSession, school_id: UUID, owner_id: UUID, **changes: Any
) -> UUID:
    """A completed session about nobody, unless `changes` say otherwise; its id."""
    own = {
        "school_id": school_id,
        "id": uuid4(),
        "owner_id": owner_id,
        "title": "Fractions",
        "language": "en",
        "stt_provider": "auto",
        "status": "completed",
        "created_at": now(),
        "updated_at": now(),
    }
    row = own | changes
    await insert(db, "transcription_sessions", **row)
    return row["id"]


async def add_audio_consent(
    db: AsyncSession, school_id: UUID, student_id: UUID, state: str = "verified"
) -> None:
    """The student's consent to audio stands so."""
    about = {"school_id": school_id, "student_id": student_id, "kind": "audio"}
    await insert(db, "consents", **about, state=state, changed_at=now())


async def add_audio_file(
    db: AsyncSession, school_id: UUID, transcription_session_id: UUID, **changes: Any
) -> UUID:
    """What says that a session's audio is there and confirmed; its id. See `lay_audio`."""
    own = {
        "school_id": school_id,
        "id": uuid4(),
        "transcription_session_id": transcription_session_id,
        "filename": "talk.wav",
        "most_bytes": 1000,
        "object_id": uuid4(),
        "size_bytes": len(AUDIO),
        "media_type": "audio/wav",
        "expires_at": now(),
        "confirmed_at": now(),
    }
    row = own | changes
    await insert(db, "audio_files", **row)
    return row["id"]


async def add_talk(
    db: AsyncSession,
    school_id: UUID,
    owner_id: UUID,
    student_id: UUID,
    said: Iterable[Heard],
    *,
    at: datetime | None = None,
    **changes: Any,
) -> UUID:
    """A checked transcript of talk with the student, who is due to be assessed then; its id."""
    made = await add_transcription_session(
        db, school_id, owner_id, student_id=student_id, created_at=at or now(), **changes
    )
    await segments.replace(db, school_id, made, said)
    await check(db, made, owner_id)
    return made


async def check(db: AsyncSession, transcription_session_id: UUID, user_id: UUID | None) -> None:
    """Mark a transcript as checked by that person, or as checked by nobody."""
    statement = """
        update transcription_sessions
        set checked_by = :by, checked_at = case when :by is null then null else :at end,
            updated_at = :at
        where id = :id
    """
    values = {"by": user_id, "at": now(), "id": transcription_session_id}
    await db.execute(text(statement).bindparams(_BY, _AT), values)


async def add_segment(
    db: AsyncSession, school_id: UUID, transcription_session_id: UUID, **changes: Any
) -> UUID:
    """The first segment of a transcript, said by a student; its id."""
    own = {
        "school_id": school_id,
        "id": uuid4(),
        "transcription_session_id": transcription_session_id,
        "position": 0,
        "speaker_id": "S1",
        "role": "student",
        "start_s": 0.0,
        "end_s": 1.5,
        "content": "I counted twelve.",
        "confidence": 0.9,
    }
    row = own | changes
    await insert(db, "transcript_segments", **row)
    return row["id"]


async def lay_audio(db: AsyncSession, storage: ObjectStorage) -> None:
    """Have something lie where `audio_files` say that audio is."""
    found = await db.execute(text("select school_id, id, object_id from audio_files"))
    for school_id, audio_id, object_id in found.all():
        if object_id is not None:
            await storage.put(f"{school_id}/{audio_id}/{object_id}", _pieces())


async def _pieces() -> AsyncIterator[bytes]:
    yield AUDIO
