"""Listening to a recording over HTTP."""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse

from learntrace.kit.db import RequestDb
from learntrace.kit.errors import NoSuchPartError, NotFoundError
from learntrace.kit.object_storage import RequestStorage
from learntrace.transcription_sessions import audio, service
from learntrace.transcription_sessions.auth import EducatorAuth
from learntrace.transcription_sessions.endpoints import REFUSED

NO_AUDIO: Final = "There is no audio of this session, or not any more."
WHOLE, PART = 200, 206
_CONTENT: Mapping[str, Any] = {"audio/*": {"schema": {"type": "string", "format": "binary"}}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    WHOLE: {"description": "The audio.", "content": _CONTENT},
    PART: {"description": "The part that `Range` asks for.", "content": _CONTENT},
    416: {"description": "`Range` asks for a part that is not there."},
}
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")

router = APIRouter(tags=["transcription sessions"], responses=REFUSED)


@router.get(
    "/sessions/{transcription_session_id}/audio",
    responses=_RESPONSES,
    response_class=StreamingResponse,
)
async def read_audio(
    transcription_session_id: UUID,
    educator: EducatorAuth,
    request: Request,
    storage: RequestStorage,
    db: RequestDb,
) -> StreamingResponse:
    """Listen to a recording, from its confirmed upload until its audio is deleted.

    `Range: bytes=..` asks for a part, for players that jump.
    """
    recording = (await service.find(db, educator, transcription_session_id)).recording
    file = await audio.find(db, recording.school_id, recording.id)
    found = None if file is None else audio.stored(file)
    if found is None or await storage.find_size(found.key) is None:
        raise NotFoundError(NO_AUDIO)
    size = found.size_bytes
    headers = {"Accept-Ranges": "bytes"}
    status, start, end = WHOLE, 0, size
    part = part_of(request.headers.get("range", ""), size)
    if part is not None:
        status, (start, end) = PART, part
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    headers["Content-Length"] = str(end - start)
    pieces = storage.stream(found.key, start, end)
    return StreamingResponse(pieces, status, headers, media_type=found.media_type)


def part_of(asked: str, size: int) -> tuple[int, int] | None:
    """Where the part that a `Range` header asks for begins, and before what it ends.

    `None` for no header, and for one to be ignored: another unit, or several parts (RFC 9110).
    Raises `NoSuchPartError`.
    """
    match = _RANGE.fullmatch(asked.replace(" ", ""))
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return None
    if start >= end:
        raise NoSuchPartError(size)
    return start, end
