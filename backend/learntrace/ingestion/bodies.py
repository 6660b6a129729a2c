"""Reading a request's body once, within bounds."""

import asyncio
from functools import partial

from starlette.datastructures import Headers
from starlette.types import Message, Receive

from learntrace.ingestion.compression import MAX_BODY_BYTES, inflate
from learntrace.ingestion.intake import LARGE_BYTES, Place
from learntrace.ingestion.verdicts import BrokenEnvelope, TooLarge
from learntrace.kit.errors import (
    BadRequestError,
    InvalidError,
    TooLargeError,
    UnavailableError,
    UnsupportedMediaTypeError,
)

JSON = "application/json"
TEXT = "text/plain"
# What a browser's beacon can hold; more is not read before the caller is known.
MAX_BEACON_BYTES = 64 * 1024
# An oversized body is read to its end, and thrown away, up to here: a client that is still
# sending would otherwise see a broken connection and not the answer.
_DRAINED_BYTES = 128 * 1024 * 1024
# Nobody keeps a place by sending slowly.
_ARRIVAL_S = 30.0


def media_type(headers: Headers) -> str:
    """The media type as sent, in lower case, without its parameters; empty where there is none."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def require_readable(headers: Headers) -> None:
    """Raise `UnsupportedMediaTypeError` for another media type or encoding than can be read."""
    if media_type(headers) not in (JSON, TEXT):
        raise UnsupportedMediaTypeError(
            "Send JSON with `Content-Type: application/json` "
            "(a browser's beacon: `text/plain` with `player_token` in the envelope)."
        )
    _is_gzip(headers)


def _is_gzip(headers: Headers) -> bool:
    found = headers.get("content-encoding", "identity").strip().lower()
    if found not in ("identity", "gzip", ""):
        raise UnsupportedMediaTypeError("Send the body plain or with `Content-Encoding: gzip`.")
    return found == "gzip"


async def read_beacon(receive: Receive, headers: Headers) -> bytes:
    """A beacon's whole body, unpacked. Raises as `read_body`."""
    packed = _is_gzip(headers)
    body = await _receive_whole(receive, MAX_BEACON_BYTES)
    return _unpacked(body, MAX_BEACON_BYTES) if packed else body


async def read_body(receive: Receive, headers: Headers, place: Place) -> bytes:
    """The whole body, unpacked, at most 12 MiB; a large one takes the place.

    Raises `TooLargeError`; `InvalidError` for what is no gzip; `UnsupportedMediaTypeError` for
    another encoding; `BadRequestError` where the client is gone; `UnavailableError` where too
    many large bodies wait, or this one arrives too slowly.
    """
    packed = _is_gzip(headers)
    announced = headers.get("content-length", "")
    if announced.isdecimal() and LARGE_BYTES < int(announced[:20]) <= MAX_BODY_BYTES:
        await place.take()
    body = await _receive_whole(receive, MAX_BODY_BYTES, place)
    if not packed:
        return body
    try:
        return inflate(body, LARGE_BYTES)
    except BrokenEnvelope as error:
        raise InvalidError(str(error)) from None
    except TooLarge:
        await place.take()
    return await place.aside(partial(_unpacked, body, MAX_BODY_BYTES))


def _unpacked(body: bytes, most_bytes: int) -> bytes:
    try:
        return inflate(body, most_bytes)
    except TooLarge as error:
        raise TooLargeError(str(error)) from None
    except BrokenEnvelope as error:
        raise InvalidError(str(error)) from None


async def _receive_whole(receive: Receive, most_bytes: int, place: Place | None = None) -> bytes:
    first = await receive() if place is None or not place.is_taken else None
    if first is not None:
        if _is_whole(first) and len(first["body"]) <= min(most_bytes, LARGE_BYTES):
            body: bytes = first["body"]
            return body
        receive = _again(first, receive)
    return await _receive_parts(receive, most_bytes, place)


def _is_whole(message: Message) -> bool:
    """Whether the message is a whole body, as that of nearly every request is."""
    return (
        message["type"] == "http.request"
        and "body" in message
        and not message.get("more_body", False)
    )


def _again(first: Message, receive: Receive) -> Receive:
    """As `receive`, after `first`."""
    waiting = [first]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again


async def _receive_parts(receive: Receive, most_bytes: int, place: Place | None) -> bytes:
    chunks: list[bytes] = []
    size, more = 0, True
    try:
        async with asyncio.timeout(None) as until:
            while more and size <= _DRAINED_BYTES:
                if place is not None and place.is_taken and until.when() is None:
                    until.reschedule(asyncio.get_running_loop().time() + _ARRIVAL_S)
                message = await receive()
                if message["type"] != "http.request":
                    raise BadRequestError("The connection ended before the body did.")
                chunk = message.get("body", b"")
                more = message.get("more_body", False)
                size += len(chunk)
                if size <= most_bytes:
                    chunks.append(chunk)
                else:
                    chunks.clear()
                if place is not None and size > most_bytes:
                    place.give_back()
                elif place is not None and size > LARGE_BYTES:
                    await place.take()
    except TimeoutError:
        raise UnavailableError(
            "The body took too long to arrive. Send the same events in smaller batches."
        ) from None
    if size > most_bytes:
        raise TooLargeError(f"A body may have {most_bytes:,} bytes; send it in parts.")
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)
