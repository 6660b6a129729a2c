"""Signed addresses for uploads: whoever has one may put one audio file, for a while. Pure."""

import binascii
import hmac
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from learntrace.kit.errors import ForbiddenError

LASTS: Final = timedelta(minutes=60)
NOT_VALID: Final = (
    "This upload address is not valid, or not any more. "
    "Ask for another with POST /api/v1/sessions/{id}/upload-url."
)
_HASH: Final = "sha256"
_UUID, _TIME, _SIGNATURE = 16, 8, 32
_LENGTH: Final = (2 * _UUID + _TIME + _SIGNATURE) * 4 // 3
"""Of the text; the bytes are a multiple of three, so that each has one text."""


@dataclass(frozen=True, slots=True)
class UploadAddress:
    """Which audio file may be put, to the second until when."""

    school_id: UUID
    audio_id: UUID
    expires_at: datetime


def sign(key: bytes, address: UploadAddress) -> str:
    """The address as text for a path."""
    expires_s = int(address.expires_at.timestamp()).to_bytes(_TIME)
    told = address.school_id.bytes + address.audio_id.bytes + expires_s
    return urlsafe_b64encode(told + hmac.digest(key, told, _HASH)).decode()


def read(key: bytes, token: str, at: datetime) -> UploadAddress:
    """The address that `sign` wrote. Raises `ForbiddenError` for any other, and once expired."""
    try:
        if len(token) != _LENGTH:
            raise ForbiddenError(NOT_VALID)
        signed = b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ForbiddenError(NOT_VALID) from error
    told, signature = signed[:-_SIGNATURE], signed[-_SIGNATURE:]
    if not hmac.compare_digest(signature, hmac.digest(key, told, _HASH)):
        raise ForbiddenError(NOT_VALID)
    school_id, audio_id = UUID(bytes=told[:_UUID]), UUID(bytes=told[_UUID : 2 * _UUID])
    expires_at = datetime.fromtimestamp(int.from_bytes(told[2 * _UUID :]), UTC)
    if at >= expires_at:
        raise ForbiddenError(NOT_VALID)
    return UploadAddress(school_id, audio_id, expires_at)
