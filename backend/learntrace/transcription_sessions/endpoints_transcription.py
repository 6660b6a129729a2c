"""Transcribing over HTTP: with what, started, retried, how far it is."""

from uuid import UUID

from fastapi import APIRouter

from learntrace.kit.clock import now
from learntrace.kit.db import RequestDb
from learntrace.kit.object_storage import RequestStorage
from learntrace.transcription_sessions import service, starting
from learntrace.transcription_sessions.auth import EducatorAuth
from learntrace.transcription_sessions.endpoints import REFUSED
from learntrace.transcription_sessions.known_engines import KnownEngines
from learntrace.transcription_sessions.progress import progress_of
from learntrace.transcription_sessions.schemas_transcription import (
    ProvidersOut,
    StartedOut,
    StatusOut,
)

router = APIRouter(prefix="/sessions", tags=["transcription sessions"], responses=REFUSED)


@router.get("/providers")
async def list_providers(_: EducatorAuth, engines: KnownEngines) -> ProvidersOut:
    """The speech-to-text engines that are installed here, and what they understand."""
    return ProvidersOut.of(engines)


@router.post("/{transcription_session_id}/start-transcription", status_code=202)
async def start_transcription(
    transcription_session_id: UUID,
    educator: EducatorAuth,
    engines: KnownEngines,
    storage: RequestStorage,
    db: RequestDb,
) -> StartedOut:
    """Have a recording transcribed, or transcribed anew.

    From `pending` or `completed`, else 409, as where there is no audio. A transcript that was
    checked has to be checked again. What refuses changes nothing.
    """
    started = await starting.start(db, storage, educator, transcription_session_id, engines)
    return StartedOut.of(started)


@router.post("/{transcription_session_id}/retry-transcription", status_code=202)
async def retry_transcription(
    transcription_session_id: UUID,
    educator: EducatorAuth,
    engines: KnownEngines,
    storage: RequestStorage,
    db: RequestDb,
) -> StartedOut:
    """Have a recording transcribed whose transcription failed, else 409."""
    started = await starting.retry(db, storage, educator, transcription_session_id, engines)
    return StartedOut.of(started)


@router.get("/{transcription_session_id}/status")
async def read_transcription_status(
    transcription_session_id: UUID, educator: EducatorAuth, db: RequestDb
) -> StatusOut:
    """How far a session is. While it is transcribed its progress only grows, from 10 to 95."""
    one = (await service.find(db, educator, transcription_session_id)).recording
    return StatusOut.of(one.id, progress_of(one, now()))
