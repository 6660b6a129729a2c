"""Transcription sessions over HTTP: made, listed, read, ended."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from learntrace.kit.db import RequestDb
from learntrace.kit.paging import PageLimit
from learntrace.sights import WhichTenant
from learntrace.transcription_sessions import ending, service
from learntrace.transcription_sessions.auth import EducatorAuth
from learntrace.transcription_sessions.known_engines import KnownEngines
from learntrace.transcription_sessions.schemas import (
    TranscriptionSessionIn,
    TranscriptionSessionOut,
    TranscriptionSessionPage,
)
from learntrace.transcription_sessions.states import Status

REFUSED: dict[int | str, dict[str, Any]] = {
    403: {"description": "Not in this role; or consent is missing, which `code` says."},
    404: {"description": "Unknown, or not for this caller's eyes: both are answered alike."},
    409: {"description": "Not as it stands now."},
}
MOST_SKIPPED = 1_000_000

router = APIRouter(prefix="/sessions", tags=["transcription sessions"], responses=REFUSED)


@router.post("", status_code=201)
async def create_transcription_session(
    told: TranscriptionSessionIn,
    educator: EducatorAuth,
    which: WhichTenant,
    engines: KnownEngines,
    db: RequestDb,
) -> TranscriptionSessionOut:
    """Make a transcription session, for audio or a transcript that is to be uploaded.

    For teachers and school administrators. About a student only with verified consent to audio,
    else 403 with `code` `consent_missing`, and nothing is stored. 422 for a language that the
    engine does not know; with `stt_provider` `none` a transcript is uploaded, in any language.
    """
    engines.require(told.stt_provider, told.language)
    made = await service.create(db, educator, which, **told.model_dump())
    return TranscriptionSessionOut.of(made)


@router.get("")
async def list_transcription_sessions(
    educator: EducatorAuth,
    db: RequestDb,
    status: Status | None = None,
    student_id: UUID | None = None,
    limit: PageLimit = 50,
    offset: Annotated[int, Query(ge=0, le=MOST_SKIPPED)] = 0,
) -> TranscriptionSessionPage:
    """A teacher's own, while she may see whom they are about; an administrator's whole school's.

    The last made first.
    """
    found, total = await service.newest(
        db, educator, status=status, student_id=student_id, limit=limit, offset=offset
    )
    return TranscriptionSessionPage(
        items=[TranscriptionSessionOut.of(one) for one in found], total=total
    )


@router.get("/{transcription_session_id}")
async def read_transcription_session(
    transcription_session_id: UUID, educator: EducatorAuth, db: RequestDb
) -> TranscriptionSessionOut:
    """One transcription session, and how far it is."""
    found = await service.find(db, educator, transcription_session_id)
    return TranscriptionSessionOut.of(found)


@router.post("/{transcription_session_id}/cancel")
async def cancel_transcription_session(
    transcription_session_id: UUID, educator: EducatorAuth, db: RequestDb
) -> TranscriptionSessionOut:
    """End one that is uploading, pending or processing; its audio is deleted."""
    ended = await ending.cancel(db, educator, transcription_session_id)
    return TranscriptionSessionOut.of(ended)


@router.delete("/{transcription_session_id}", status_code=204)
async def delete_transcription_session(
    transcription_session_id: UUID, educator: EducatorAuth, db: RequestDb
) -> None:
    """Delete a recording with its transcript and its audio. 409 while it is transcribed."""
    await ending.delete(db, educator, transcription_session_id)
