"""Cuts a JSON text into its parts without judging them, so that one bad part spoils no other.

Good JSON is cut by msgspec. Where that fails, only quotes, brackets, commas and colons are looked
at: a part may hold NaN, lone surrogates, control characters or a hundred thousand brackets and is
still found. Off the hot path.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

import msgspec

MAX_MARKS: Final = 1_000_000  # about half a second
UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

_TEXT = rb'"(?>[^"\\]+|\\.)*+"'
_NEXT_MARK = re.compile(rb'(?>[^"{}\[\],:]+|' + _TEXT + rb')*+([{}\[\],:"])', re.DOTALL).match
_NEXT_BRACKET = re.compile(rb'(?>[^"{}\[\]]+|' + _TEXT + rb')*+([{}\[\]"])', re.DOTALL).match
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_SPACE = b" \t\r\n"
_CLOSER = {b"{": b"}", b"[": b"]"}


class SliceError(ValueError):
    """A text without the frame asked for; says what is wrong with it."""


class _Part(NamedTuple):
    key: bytes
    value: bytes


def items(raw: bytes, limit: int) -> list[bytes]:
    """The raw texts of an array's items in order. Raises SliceError, also for more than `limit`."""
    try:
        found = [bytes(item) for item in islice(_ARRAY.decode(raw), limit + 1)]
    except UNREADABLE:
        found = [part.value for part in islice(_parts(raw, b"["), limit + 1)]
    if len(found) > limit:
        raise SliceError(f"it has more than {limit:,} items")
    return found


def members(raw: bytes) -> dict[str, bytes]:
    """The raw texts of an object's values by name; the last of each counts.

    Names that cannot be read all go by the empty one. Raises SliceError.
    """
    try:
        return {name: bytes(value) for name, value in _OBJECT.decode(raw).items()}
    except UNREADABLE:
        return {_name(part.key): part.value for part in _parts(raw, b"{")}


def _name(key: bytes) -> str:
    if not key:
        raise SliceError("a name lacks its value")
    try:
        return msgspec.json.decode(key, type=str)
    except UNREADABLE:
        return ""


def _parts(raw: bytes, opener: bytes) -> Iterator[_Part]:
    text = raw.strip(_SPACE)
    if not text.startswith(opener):
        raise SliceError("it is no object" if opener == b"{" else "it is no array")
    if not text.endswith(_CLOSER[opener]):
        raise SliceError("it ends too early")
    if text[1:-1].strip(_SPACE):
        yield from _cut(text, keyed=opener == b"{")


def _cut(text: bytes, *, keyed: bool) -> Iterator[_Part]:
    """The parts between the commas of the outermost level; `text` starts with its bracket."""
    start, colon = 1, 0
    for position, mark in _marks(text):
        if mark in b"}]":
            if position != len(text) - 1:
                raise SliceError("something follows its end")
            yield _part(text, start, colon, position)
        elif mark == b",":
            yield _part(text, start, colon, position)
            start, colon = position + 1, 0
        elif keyed and not colon:
            colon = position


def _marks(text: bytes) -> Iterator[tuple[int, bytes]]:
    """The commas and colons of the outermost level, and last the bracket that closes it."""
    depth, position = 1, 1
    for _ in range(MAX_MARKS):
        found = (_NEXT_MARK if depth == 1 else _NEXT_BRACKET)(text, position)
        if found is None or found[1] == b'"':
            raise SliceError("it ends too early")
        position = found.end()
        if found[1] in b"{[":
            depth += 1
        elif found[1] in b"}]":
            depth -= 1
        if depth == 0 or found[1] in b",:":
            yield found.start(1), found[1]
        if depth == 0:
            return
    raise SliceError("it is too intricate")


def _part(text: bytes, start: int, colon: int, end: int) -> _Part:
    key = text[start:colon].strip(_SPACE) if colon else b""
    value = text[colon + 1 if colon else start : end].strip(_SPACE)
    if not value:
        raise SliceError("a part between two commas is empty")
    return _Part(key, value)
