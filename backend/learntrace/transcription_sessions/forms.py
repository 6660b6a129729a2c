"""A transcript that is sent in a form, with what is said of it."""

from pathlib import PurePath
from typing import Annotated, Final

from fastapi import Depends, Form, UploadFile
from pydantic import Json

from learntrace.kit.errors import InvalidError
from learntrace.transcription_sessions.schemas_transcripts import MaybeRole, SpeakerId

ENDINGS: Final = (".vtt", ".srt")


async def _captions(file: UploadFile) -> bytes:
    if PurePath(file.filename or "").suffix.lower() not in ENDINGS:
        raise InvalidError(f"A transcript is a file whose name ends with {' or '.join(ENDINGS)}.")
    return await file.read()


Captions = Annotated[bytes, Depends(_captions)]
"""The part `file`: as it was sent, read by nobody yet."""
Roles = Annotated[
    Json[dict[SpeakerId, MaybeRole]] | None,
    Form(description='Who the speakers in it are, as JSON: `{"Ada": "student"}`.'),
]
Checked = Annotated[bool, Form(description="Whether you hold it to be right.")]
