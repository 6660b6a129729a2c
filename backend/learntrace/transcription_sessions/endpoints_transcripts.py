"""Transcripts over HTTP: uploaded, taken away, corrected, checked."""

import asyncio
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from learntrace.kit.db import RequestDb
from learntrace.transcription_sessions import transcripts
from learntrace.transcription_sessions.auth import EducatorAuth
from learntrace.transcription_sessions.endpoints import REFUSED
from learntrace.transcription_sessions.exporting import MEDIA_TYPES, Format, disposition, file_of
from learntrace.transcription_sessions.forms import Captions, Checked, Roles
from learntrace.transcription_sessions.schemas import TranscriptionSessionOut
from learntrace.transcription_sessions.schemas_transcripts import (
    ChangedSegments,
    CheckedIn,
    SegmentContentIn,
    SegmentOut,
    SegmentRolesIn,
    SegmentsOut,
    SpeakerRolesIn,
)

_FILES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file, named after the session.",
        "content": {
            kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
            for kind in MEDIA_TYPES.values()
        },
    }
}

router = APIRouter(prefix="/sessions", tags=["transcription sessions"], responses=REFUSED)


@router.post("/{transcription_session_id}/transcript")
async def upload_transcript(
    transcription_session_id: UUID,
    educator: EducatorAuth,
    file: Captions,
    db: RequestDb,
    *,
    roles: Roles = None,
    checked: Checked = False,
) -> TranscriptionSessionOut:
    """Complete a session with a transcript that you have: a file in WebVTT or SubRip, UTF-8.

    It takes the place of what was transcribed. Speakers are read from `<v Name>`, or from `Name:`
    where the whole file is written so. 422 says which line cannot be read; then nothing is stored.
    """
    stored = await transcripts.upload(
        db, educator, transcription_session_id, file, roles=roles or {}, checked=checked
    )
    return TranscriptionSessionOut.of(stored)


@router.get("/{transcription_session_id}/transcript", response_class=Response, responses=_FILES)
async def export_transcript(
    transcription_session_id: UUID,
    educator: EducatorAuth,
    db: RequestDb,
    wanted: Annotated[Format, Query(alias="format")] = Format.JSON,
) -> Response:
    """The transcript as a file. Which formats there are is for the school's plan to say."""
    found = await transcripts.export(db, educator, transcription_session_id, wanted)
    return Response(
        await asyncio.to_thread(file_of, found, wanted),
        media_type=MEDIA_TYPES[wanted],
        headers={"Content-Disposition": disposition(found.standing.recording.title, wanted)},
    )


@router.get("/{transcription_session_id}/segments")
async def read_segments(
    transcription_session_id: UUID, educator: EducatorAuth, db: RequestDb
) -> SegmentsOut:
    """What was said in a completed session, by whom and when."""
    found = await transcripts.read(db, educator, transcription_session_id)
    return SegmentsOut(segments=[SegmentOut.of(one) for one in found.segments])


@router.patch("/{transcription_session_id}/speaker-roles")
async def give_speakers_roles(
    transcription_session_id: UUID, told: SpeakerRolesIn, educator: EducatorAuth, db: RequestDb
) -> ChangedSegments:
    """Say who the speakers are, by `speaker_id`: all that each says gets the role.

    Only what has the role `student` is read as the student's. 422 names in `unknown` who does not
    speak in it, and nothing is changed.
    """
    changed = await transcripts.give_speakers_roles(
        db, educator, transcription_session_id, told.roles
    )
    return ChangedSegments(changed=changed)


@router.patch("/{transcription_session_id}/segment-roles")
async def give_segments_roles(
    transcription_session_id: UUID, told: SegmentRolesIn, educator: EducatorAuth, db: RequestDb
) -> ChangedSegments:
    """Say who speaks in single segments, by their `id`; as for speakers."""
    changed = await transcripts.give_roles(db, educator, transcription_session_id, told.roles)
    return ChangedSegments(changed=changed)


@router.patch("/{transcription_session_id}/segment-content")
async def correct_segments(
    transcription_session_id: UUID, told: SegmentContentIn, educator: EducatorAuth, db: RequestDb
) -> ChangedSegments:
    """Put what was said in single segments, by their `id`, where it was misheard."""
    changed = await transcripts.correct(db, educator, transcription_session_id, told.contents)
    return ChangedSegments(changed=changed)


@router.put("/{transcription_session_id}/checked")
async def put_checked(
    transcription_session_id: UUID, told: CheckedIn, educator: EducatorAuth, db: RequestDb
) -> TranscriptionSessionOut:
    """Say that the transcript is right, or no more; only then anything is read from it.

    One about a student must say who speaks. Its audio is deleted then, unless your school keeps
    audio.
    """
    found = await transcripts.put_checked(
        db, educator, transcription_session_id, checked=told.checked
    )
    return TranscriptionSessionOut.of(found)
