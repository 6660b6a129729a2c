"""Uploads of audio as JSON."""

from typing import Annotated

from pydantic import Field

from learntrace.kit.wire import Instant, Out


class UploadAddressOut(Out):
    """Where to put a recording's audio; whoever has the address may."""

    upload_url: Annotated[
        str, Field(examples=["https://learntrace.example/api/v1/uploads/ZmFzdCBh…"])
    ]
    path: Annotated[str, Field(description="The same without the server.")]
    expires_at: Annotated[Instant, Field(description="The upload has to have ended by then.")]


class UploadedOut(Out):
    file_size: Annotated[int, Field(ge=0, description="Bytes that arrived.")]


class ConfirmedOut(Out):
    """What is there of a recording's audio."""

    file_exists: bool
    file_size: Annotated[int | None, Field(ge=0, description="Bytes; null where nothing is there.")]
    ready_for_transcription: bool
    message: str
