"""Meetings with clients, over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query

from learntrace.coaching_sessions import service, spoken
from learntrace.coaching_sessions.endpoints_clients import READ_ONLY, REFUSED, WantedPage
from learntrace.coaching_sessions.repository import Sort, Wanted
from learntrace.coaching_sessions.schemas import (
    CoachingSessionChange,
    CoachingSessionIn,
    CoachingSessionOut,
    CoachingSessionPage,
    ObservationIn,
    ObservationOut,
)
from learntrace.coaching_sessions.spoken import Said
from learntrace.kit.db import RequestDb
from learntrace.transcription_sessions.auth import EducatorAuth
from learntrace.transcription_sessions.forms import Captions, Checked, Roles
from learntrace.transcription_sessions.schemas import Language, Title, TranscriptionSessionOut

router = APIRouter(prefix="/coaching-sessions", tags=["coaching sessions"], responses=REFUSED)


@router.get("")
@router.get("/")
async def list_coaching_sessions(
    educator: EducatorAuth,
    db: RequestDb,
    page: WantedPage,
    from_: Annotated[date | None, Query(alias="from", description="This day and later.")] = None,
    to: Annotated[date | None, Query(description="This day and earlier.")] = None,
    client_id: UUID | None = None,
    sort: Sort = Sort.DATE_DOWN,
) -> CoachingSessionPage:
    """Your meetings with clients; for an administrator, those of the school."""
    wanted = Wanted(from_, to, client_id)
    return await service.list_meetings(db, educator, wanted, sort, page)


@router.post("", status_code=201, responses=READ_ONLY)
@router.post("/", status_code=201, responses=READ_ONLY)
async def add_coaching_session(
    told: CoachingSessionIn, educator: EducatorAuth, db: RequestDb
) -> CoachingSessionOut:
    """Note a meeting with a client.

    A transcription session of it is about the same student, or like the client about none.
    """
    return await service.add(db, educator, told)


@router.get("/{coaching_session_id}")
async def read_coaching_session(
    coaching_session_id: UUID, educator: EducatorAuth, db: RequestDb
) -> CoachingSessionOut:
    """One meeting with what was seen there."""
    return await service.read(db, educator, coaching_session_id)


@router.patch(
    "/{coaching_session_id}",
    responses={409: {"description": "Something was seen in the meeting, or a client anonymized."}},
)
async def change_coaching_session(
    coaching_session_id: UUID,
    told: CoachingSessionChange,
    educator: EducatorAuth,
    db: RequestDb,
) -> CoachingSessionOut:
    """Change a meeting: what is left out stays.

    Its day and its client change only while it has no observations.
    """
    return await service.change(db, educator, coaching_session_id, told)


@router.delete("/{coaching_session_id}", status_code=204)
async def delete_coaching_session(
    coaching_session_id: UUID, educator: EducatorAuth, db: RequestDb
) -> None:
    """Delete a meeting. Ratings given in it, and its transcription session, stay."""
    await service.remove(db, educator, coaching_session_id)


@router.post(
    "/{coaching_session_id}/transcript",
    status_code=201,
    responses={
        403: {"description": "Not for this role, or `code` `consent_missing`."},
        409: {"description": "The meeting has one already, or its client is anonymized."},
    },
)
async def upload_transcript(
    coaching_session_id: UUID,
    educator: EducatorAuth,
    file: Captions,
    db: RequestDb,
    *,
    roles: Roles = None,
    checked: Checked = False,
    title: Annotated[Title | None, Form()] = None,
    language: Annotated[Language | None, Form()] = None,
) -> TranscriptionSessionOut:
    """Make a completed transcription session of a meeting, from a file in WebVTT or SubRip.

    It is about the student where the client is one, which takes the consent to audio. Without a
    `title` it is called by the meeting's day; without a `language` it is the school's. What is
    answered is the transcription session, as `GET /sessions/{id}` does.
    """
    said = Said(file, roles or {}, checked, title, language)
    return TranscriptionSessionOut.of(await spoken.upload(db, educator, coaching_session_id, said))


@router.post(
    "/{coaching_session_id}/observations",
    status_code=201,
    responses={409: {"description": "The client is no student, or there are 100 already."}},
)
async def add_observation(
    coaching_session_id: UUID,
    told: ObservationIn,
    educator: EducatorAuth,
    db: RequestDb,
) -> ObservationOut:
    """Rate the student by what was seen in the meeting. The estimates follow at once."""
    return await service.observe(db, educator, coaching_session_id, told)


@router.delete("/{coaching_session_id}/observations/{rating_id}", status_code=204)
async def delete_observation(
    coaching_session_id: UUID,
    rating_id: UUID,
    educator: EducatorAuth,
    db: RequestDb,
) -> None:
    """Take back one's own observation, with its rating; nobody takes back another's."""
    await service.remove_observation(db, educator, coaching_session_id, rating_id)
