"""Uploads of audio: an address for one, what is put there, and the word that it is whole.

What arrives lies under a key of its own. Its row says which of them counts, in one transaction, so
that of two that are put at once each is whole, and one that breaks off changes nothing. Who changes
a recording locks its student first, then the recording, then its audio.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import tenants
from learntrace.accounts.narrowing import NarrowedDatabase
from learntrace.kit.clock import now
from learntrace.kit.db import Database
from learntrace.kit.errors import (
    ConflictError,
    ForbiddenError,
    TooLargeError,
    TooSlowError,
    UnavailableError,
)
from learntrace.kit.object_storage import ObjectStorage
from learntrace.plans import enforcing
from learntrace.plans.limits import BYTES_PER_MB
from learntrace.transcription_sessions import (
    audio,
    audio_types,
    removing,
    service,
    upload_addresses,
)
from learntrace.transcription_sessions.consenting import require_audio_consent
from learntrace.transcription_sessions.models import AudioFile, TranscriptionSession, UploadKey
from learntrace.transcription_sessions.service import Educator
from learntrace.transcription_sessions.states import Status, may_become
from learntrace.transcription_sessions.upload_addresses import NOT_VALID, UploadAddress

THE_KEY: Final = 1
KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Sent:
    """A body on its way; `announced` is how many bytes it says it has."""

    pieces: AsyncIterator[bytes]
    announced: int | None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What is there of a recording's audio; `size_bytes` is `None` where nothing is."""

    size_bytes: int | None
    status: Status


async def find_key(db: AsyncSession) -> bytes:
    """The key that addresses are signed with, made by whoever asks first."""
    made = insert(UploadKey).values(
        id=THE_KEY, key=secrets.token_bytes(KEY_BYTES), created_at=now()
    )
    await db.execute(made.on_conflict_do_nothing())
    return (await db.scalars(select(UploadKey.key).where(UploadKey.id == THE_KEY))).one()


async def offer(
    db: AsyncSession,
    key: bytes,
    educator: Educator,
    transcription_session_id: UUID,
    *,
    filename: str,
    file_size_mb: float,
) -> tuple[str, datetime]:
    """A token under which a recording's audio may be put, and until when. It is uploading then.

    Any audio and address that it had before end with it. Raises `InvalidError`, `NotFoundError`,
    `ForbiddenError` without consent, `ConflictError` as it stands, `FileOverPlanError`.
    """
    audio_types.of_name(filename)
    recording = await service.lock(db, educator, transcription_session_id)
    status = Status(recording.status)
    if status is not Status.UPLOADING and not may_become(status, Status.UPLOADING):
        raise ConflictError(f"It is {status}: no audio can be uploaded to it now.")
    await require_audio_consent(db, recording.school_id, recording.student_id)
    await enforcing.require_upload_mb(db, recording.school_id, file_size_mb)
    await removing.discard(db, recording.school_id, recording.id)
    at = now()
    recording.status = Status.UPLOADING
    recording.share = 0.0
    recording.error_message = None
    recording.updated_at = at
    expires_at = (at + upload_addresses.LASTS).replace(microsecond=0)
    file = AudioFile(
        school_id=recording.school_id,
        id=uuid4(),
        transcription_session_id=recording.id,
        filename=filename,
        # Sizes are told rounded: up to the next whole one.
        most_bytes=ceil(file_size_mb) * BYTES_PER_MB,
        expires_at=expires_at,
    )
    db.add(file)
    return upload_addresses.sign(
        key, UploadAddress(file.school_id, file.id, expires_at)
    ), expires_at


async def receive(
    database: Database, storage: ObjectStorage, key: bytes, token: str, sent: Sent
) -> int:
    """Store what is put at an address; how many bytes. A second time replaces the first whole.

    Nothing of it stays unless all of it arrives before the address expires. Raises
    `ForbiddenError` for an address that is not valid and without consent, `TooLargeError`,
    `UnsupportedMediaTypeError`, `TooSlowError`, and what `sent` raises.
    """
    address = upload_addresses.read(key, token, now())
    narrowed = NarrowedDatabase(database, tenants.tenant(address.school_id))
    async with narrowed.transaction() as db:
        expected = await _expected(db, address)
    if sent.announced is not None and sent.announced > expected.most_bytes:
        raise _too_large(expected.most_bytes)
    pieces = _bounded(sent.pieces, expected.most_bytes, address.expires_at)
    head = await _head(pieces)
    media_type = audio_types.require_type(expected.filename, head)
    object_id = uuid4()
    place = audio.key_of(address.school_id, address.audio_id, object_id)
    try:
        size = await storage.put(place, _after(head, pieces))
        length_s = await audio.find_length(storage, place)
        async with narrowed.transaction() as db:
            file = await _expected(db, address)
            await enforcing.require_upload_mb(db, file.school_id, size / BYTES_PER_MB)
            former = audio.stored(file)
            file.object_id, file.size_bytes, file.media_type = object_id, size, media_type
            file.duration_s, file.uploaded_at = length_s, now()
    except BaseException:
        await _drop(storage, place)
        raise
    if former is not None:
        await _drop(storage, former.key)
    return size


async def _drop(storage: ObjectStorage, place: str) -> None:
    """Delete what counts for nothing; where that fails it goes with its audio file."""
    with suppress(UnavailableError):
        await storage.delete(place)


async def _expected(db: AsyncSession, address: UploadAddress) -> AudioFile:
    """The audio file that an address is for, held until the transaction ends.

    Raises `ForbiddenError` where none is expected any more, and without consent.
    """
    this = (AudioFile.school_id == address.school_id) & (AudioFile.id == address.audio_id)
    of_recording = (TranscriptionSession.school_id == AudioFile.school_id) & (
        TranscriptionSession.id == AudioFile.transcription_session_id
    )
    query = select(TranscriptionSession.student_id).join(AudioFile, of_recording).where(this)
    await require_audio_consent(db, address.school_id, await db.scalar(query))
    file = await db.scalar(select(AudioFile).where(this).with_for_update())
    if file is None or file.transcription_session_id is None:
        raise ForbiddenError(NOT_VALID)
    if file.discarded_at is not None or file.confirmed_at is not None:
        raise ForbiddenError(NOT_VALID)
    return file


async def _bounded(
    pieces: AsyncIterator[bytes], most_bytes: int, until: datetime
) -> AsyncIterator[bytes]:
    size = 0
    async for piece in pieces:
        size += len(piece)
        if size > most_bytes:
            raise _too_large(most_bytes)
        if now() >= until:
            raise TooSlowError(
                "The upload address expired before the file was there. Ask for another."
            )
        yield piece


async def _head(pieces: AsyncIterator[bytes]) -> bytes:
    head = b""
    while len(head) < audio_types.ENOUGH_BYTES:
        piece = await anext(pieces, None)
        if piece is None:
            break
        head += piece
    return head


async def _after(head: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield head
    async for piece in pieces:
        yield piece


def _too_large(most_bytes: int) -> TooLargeError:
    return TooLargeError(
        f"This address takes {most_bytes // BYTES_PER_MB} MB, as asked for. "
        "Ask for another with the file's size."
    )


async def confirm(
    db: AsyncSession, storage: ObjectStorage, educator: Educator, transcription_session_id: UUID
) -> Confirmed:
    """Have a recording wait for transcription, where its audio has arrived whole.

    Where it has not, and a second time, nothing changes. Raises `NotFoundError`.
    """
    recording = await service.lock(db, educator, transcription_session_id)
    query = select(AudioFile).where(
        AudioFile.school_id == recording.school_id,
        AudioFile.transcription_session_id == recording.id,
        AudioFile.discarded_at.is_(None),
    )
    file = await db.scalar(query.with_for_update())
    found = None if file is None else audio.stored(file)
    if file is None or found is None or await storage.find_size(found.key) != found.size_bytes:
        return Confirmed(None, Status(recording.status))
    if recording.status == Status.UPLOADING:
        at = now()
        file.confirmed_at = file.confirmed_at or at
        recording.status = Status.PENDING
        recording.audio_filename = file.filename
        recording.duration_s = file.duration_s
        recording.updated_at = at
    return Confirmed(found.size_bytes, Status(recording.status))
