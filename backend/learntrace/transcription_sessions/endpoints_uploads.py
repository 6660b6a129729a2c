"""Audio over HTTP: an address to upload it to, the upload, the word that it is whole."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from learntrace.accounts.auth import OwnTransactions, counted_by_address
from learntrace.kit.db import RequestDb
from learntrace.kit.http import header, stream_body
from learntrace.kit.object_storage import RequestStorage
from learntrace.transcription_sessions import uploads
from learntrace.transcription_sessions.auth import EducatorAuth
from learntrace.transcription_sessions.endpoints import REFUSED
from learntrace.transcription_sessions.metrics import counting_upload
from learntrace.transcription_sessions.schemas_uploads import (
    ConfirmedOut,
    UploadAddressOut,
    UploadedOut,
)
from learntrace.transcription_sessions.states import Status
from learntrace.transcription_sessions.uploads import Confirmed, Sent

UPLOADS_PATH: Final = "/api/v1/uploads/"
# Nobody holds a connection by sending nothing.
IDLE_S: Final = 30.0
MOST_MB: Final = 1_000_000
MISSING: Final = "No audio has arrived whole. Ask for an address and upload it."
_RESPONSES: dict[int | str, dict[str, Any]] = {
    400: {"description": "The connection ended before the file did; nothing of it was stored."},
    403: {"description": "The address is not valid or has expired; or consent is missing."},
    408: {"description": f"Nothing arrived for {IDLE_S:g} s, or the address expired meanwhile."},
    413: {"description": "Larger than the address is for, or than the school's plan allows."},
    415: {"description": "The file is not what its name says."},
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_OVER_PLAN: dict[int | str, dict[str, Any]] = {
    413: {"description": "Larger than the school's plan allows: `plan`, `current_usage`, `limit`."}
}

router = APIRouter(tags=["transcription sessions"])


async def _key(request: Request) -> bytes:
    key: bytes = request.app.state.upload_key
    return key


SigningKey = Annotated[bytes, Depends(_key)]
Filename = Annotated[str, Query(min_length=1, max_length=255, examples=["reading.m4a"])]
FileSize = Annotated[
    float,
    Query(gt=0, le=MOST_MB, allow_inf_nan=False, description="In units of 1,048,576 bytes."),
]


@router.post("/sessions/{transcription_session_id}/upload-url", responses=REFUSED | _OVER_PLAN)
async def offer_upload(
    transcription_session_id: UUID,
    filename: Filename,
    file_size_mb: FileSize,
    educator: EducatorAuth,
    key: SigningKey,
    request: Request,
    db: RequestDb,
) -> UploadAddressOut:
    """Where to upload the audio, for 60 minutes: mp3, wav, flac, ogg, mp4 or m4a.

    Audio and addresses that it had before end with that. 409 unless it waits for audio, has failed
    or was cancelled.
    """
    token, expires_at = await uploads.offer(
        db,
        key,
        educator,
        transcription_session_id,
        filename=filename,
        file_size_mb=file_size_mb,
    )
    path = f"{UPLOADS_PATH}{token}"
    url = f"{str(request.base_url).rstrip('/')}{path}"
    return UploadAddressOut(upload_url=url, path=path, expires_at=expires_at)


@router.put(
    "/uploads/{token}",
    responses=_RESPONSES,
    openapi_extra=_BODY,
    dependencies=[counted_by_address("uploads", lambda settings: settings.rate_limit_uploads)],
)
async def put_upload(
    token: str,
    request: Request,
    database: OwnTransactions,
    storage: RequestStorage,
    key: SigningKey,
) -> UploadedOut:
    """Upload audio to an address that was asked for; the address is the credential.

    The file is the body as it is. It may be sent again: the last that arrives whole counts, and
    what breaks off leaves what was there before.
    """
    announced = header(request.scope, b"content-length")
    sent = Sent(
        pieces=stream_body(request.receive, idle_s=IDLE_S),
        announced=int(announced[:20]) if announced.isdecimal() else None,
    )
    with counting_upload():
        return UploadedOut(file_size=await uploads.receive(database, storage, key, token, sent))


@router.post("/sessions/{transcription_session_id}/confirm-upload", responses=REFUSED)
async def confirm_upload(
    transcription_session_id: UUID, educator: EducatorAuth, storage: RequestStorage, db: RequestDb
) -> ConfirmedOut:
    """Say that the upload has ended: it waits for transcription then, if the audio is there.

    Where it is not, nothing changes and `file_exists` is false.
    """
    found = await uploads.confirm(db, storage, educator, transcription_session_id)
    return ConfirmedOut(
        file_exists=found.size_bytes is not None,
        file_size=found.size_bytes,
        ready_for_transcription=found.size_bytes is not None and found.status is Status.PENDING,
        message=_message(found),
    )


def _message(found: Confirmed) -> str:
    if found.size_bytes is None:
        return MISSING
    if found.status is Status.PENDING:
        return "The audio is there. Its transcription can be started."
    return f"The audio is there; the session is {found.status}."
