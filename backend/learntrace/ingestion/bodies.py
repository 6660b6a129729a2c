"""Reading a request's body once, within bounds."""

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from learntrace.ingestion.decoding import MAX_BODY_BYTES, inflate
from learntrace.kit.errors import TooLargeError, UnsupportedMediaTypeError

JSON = "application/json"
TEXT = "text/plain"
# What a browser's beacon can hold; more is not read before the caller is known.
MAX_BEACON_BYTES = 64 * 1024
# An oversized body is read to its end, and thrown away, up to here: a client that is still
# sending would otherwise see a broken connection and not the answer.
_DRAINED_BYTES = 128 * 1024 * 1024


def media_type(headers: Headers) -> str:
    """`application/json` or `text/plain`. Raises `UnsupportedMediaTypeError`."""
    found = headers.get("content-type", "").partition(";")[0].strip().lower()
    if found not in (JSON, TEXT):
        raise UnsupportedMediaTypeError(
            "Send JSON with `Content-Type: application/json` "
            "(a browser's beacon: `text/plain` with `player_token` in the envelope)."
        )
    return found


def is_gzip(headers: Headers) -> bool:
    """Whether the body is gzip. Raises `UnsupportedMediaTypeError` for any other encoding."""
    found = headers.get("content-encoding", "identity").strip().lower()
    if found not in ("identity", "gzip", ""):
        raise UnsupportedMediaTypeError("Send the body plain or with `Content-Encoding: gzip`.")
    return found == "gzip"


async def read_body(receive: Receive, headers: Headers, *, most: int = MAX_BODY_BYTES) -> bytes:
    """The whole body, at most `most` bytes. Raises `TooLargeError`, `ClientDisconnect`."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= most:
            chunks.append(chunk)
        else:
            chunks.clear()
        if size > _DRAINED_BYTES or not message.get("more_body", False):
            break
    if size > most:
        raise TooLargeError(f"A body may have {most:,} bytes; send it in parts.")
    body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    return inflate(body, most) if is_gzip(headers) else body
