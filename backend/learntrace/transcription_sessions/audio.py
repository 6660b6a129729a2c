"""The audio of recordings: where it lies, how long it is, and reading it."""

import asyncio
import io
import time
from dataclasses import dataclass
from typing import BinaryIO, Final
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from tinytag import TinyTag, TinyTagException

from learntrace.kit.db import Database
from learntrace.kit.object_storage import ObjectStorage
from learntrace.transcription_sessions.models import AudioFile
from learntrace.transcription_sessions.transcription.port import LONGEST_S

LOOKS_FOR_S: Final = 5.0
"""For how long a file is searched for how long it plays."""

IS_THERE: Final[ColumnElement[bool]] = AudioFile.confirmed_at.is_not(
    None
) & AudioFile.discarded_at.is_(None)
"""Whether an audio file is a recording's; a recording has one such at most."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An audio file that is there: under which key, of what type, how many bytes."""

    key: str
    media_type: str
    size_bytes: int


def prefix_of(school_id: UUID, audio_id: UUID) -> str:
    """Below which all lies that was ever sent for an audio file."""
    return f"{school_id}/{audio_id}"


def key_of(school_id: UUID, audio_id: UUID, object_id: UUID) -> str:
    """Where one thing lies that was sent for an audio file."""
    return f"{prefix_of(school_id, audio_id)}/{object_id}"


def stored(file: AudioFile) -> Stored | None:
    """What has arrived of it."""
    if file.object_id is None or file.size_bytes is None or file.media_type is None:
        return None
    key = key_of(file.school_id, file.id, file.object_id)
    return Stored(key, file.media_type, file.size_bytes)


async def find(
    db: AsyncSession, school_id: UUID, transcription_session_id: UUID
) -> AudioFile | None:
    """The audio of a recording."""
    query = select(AudioFile).where(
        AudioFile.school_id == school_id,
        AudioFile.transcription_session_id == transcription_session_id,
        IS_THERE,
    )
    return await db.scalar(query.order_by(AudioFile.confirmed_at.desc()).limit(1))


async def is_whole(storage: ObjectStorage, file: AudioFile) -> bool:
    """Whether what has arrived of it lies in the store."""
    found = stored(file)
    return found is not None and await storage.find_size(found.key) == found.size_bytes


async def fetch(
    database: Database, storage: ObjectStorage, school_id: UUID, audio_id: UUID, into: BinaryIO
) -> bool:
    """Write an audio file `into` a file; false where it is not there any more.

    What is read while it is being deleted raises `FileNotFoundError`.
    """
    async with database.transaction() as db:
        query = select(AudioFile).where(
            AudioFile.school_id == school_id, AudioFile.id == audio_id, IS_THERE
        )
        file = await db.scalar(query)
    found = None if file is None else stored(file)
    if found is None or await storage.find_size(found.key) is None:
        return False
    async for piece in storage.stream(found.key, 0, found.size_bytes):
        await asyncio.to_thread(into.write, piece)
    return True


async def find_length(storage: ObjectStorage, key: str) -> float | None:
    """How many seconds it plays, by what the file says of itself.

    `None` where it does not say, and where it says more than anybody transcribes: who writes into
    a pipe leaves such lengths, and a file may say what it likes.
    """
    return await asyncio.to_thread(_length, storage, key)


def _length(storage: ObjectStorage, key: str) -> float | None:
    with storage.reading(key) as file:
        try:
            found = TinyTag.get(filename=None, file_obj=_Brief(file, LOOKS_FOR_S), tags=False)
        except (TinyTagException, TooLongError):
            return None
    length_s = found.duration
    return length_s if length_s and 0 < length_s <= LONGEST_S else None


class _Brief(io.BufferedReader):
    """A file that can be read for so long and then fails: garbage is searched byte by byte."""

    def __init__(self, file: BinaryIO, most_s: float) -> None:
        super().__init__(file)  # type: ignore[arg-type]  # which asks for no more than it has
        self._until = time.monotonic() + most_s

    def read(self, size: int | None = -1, /) -> bytes:
        if time.monotonic() >= self._until:
            raise TooLongError
        return super().read(size)


class TooLongError(Exception):
    """Nobody waits any longer for what a file says of itself."""
