"""Packed bodies, unpacked without trusting what they say of themselves."""

import zlib
from typing import Final

from learntrace.ingestion.verdicts import BrokenEnvelope, TooLarge

MAX_BODY_BYTES: Final = 12 * 1024 * 1024

_GZIP: Final = 16 + zlib.MAX_WBITS
_MAX_MEMBERS: Final = 1000
_WINDOW_BYTES: Final = 64 * 1024  # zlib copies what follows a member; this bounds the copy


def inflate(body: bytes, limit_bytes: int = MAX_BODY_BYTES) -> bytes:
    """A gzip body unpacked, holding at most one byte more than `limit_bytes`.

    Several members, one after another, are one text. Raises TooLarge past the limit, and
    BrokenEnvelope for what is no gzip, is damaged, ends too early or goes on after its end.
    """
    if len(body) > limit_bytes:
        raise TooLarge(_too_large(limit_bytes))
    unpacked = bytearray()
    member: zlib._Decompress | None = None
    members = position = 0
    while position < len(body):
        if member is None:
            members += 1
            if members > _MAX_MEMBERS:
                raise BrokenEnvelope(f"The gzip body has more than {_MAX_MEMBERS:,} members.")
            member = zlib.decompressobj(wbits=_GZIP)
        window = body[position : position + _WINDOW_BYTES]
        try:
            unpacked += member.decompress(window, limit_bytes - len(unpacked) + 1)
        except zlib.error:
            raise BrokenEnvelope("The body is not valid gzip.") from None
        if len(unpacked) > limit_bytes:
            raise TooLarge(_too_large(limit_bytes))
        position += len(window) - len(member.unconsumed_tail) - len(member.unused_data)
        if member.eof:
            member = None
    if member is not None or not members:
        raise BrokenEnvelope("The gzip body ends too early.")
    return bytes(unpacked)


def _too_large(limit_bytes: int) -> str:
    return f"The body has more than {limit_bytes:,} bytes unpacked; send fewer events at once."
