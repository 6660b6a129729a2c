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

MAX_STEPS: Final = 100_000  # a few tenths of a second
UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

_TEXT = rb'"(?>[^"\\]+|\\.)*+"'
# A small list or object that holds no other is passed over within a step; no step is long.
_FLAT = rb'[{\[](?>[^"{}\[\]]+|' + _TEXT + rb"){0,200}+[}\]]"
_NEXT_MARK = re.compile(
    rb'(?>[^"{}\[\],:]+|' + _TEXT + rb"|" + _FLAT + rb"){0,1000}+([{\[]+|[}\]]+|[,:])?", re.DOTALL
).match
_NEXT_BRACKET = re.compile(
    rb'(?>[^"{}\[\]]+|' + _TEXT + rb"|" + _FLAT + rb"){0,1000}+([{\[]+|[}\]]+)?", re.DOTALL
).match
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_SPACE = b" \t\r\n"
_CLOSER = {b"{": b"}", b"[": b"]"}


class SliceError(ValueError):
    """A text without the frame asked for; says what is wrong with it."""


class TooIntricateError(SliceError):
    """The steps allowed for a request are used up."""


class Steps:
    """The steps that one request may cost; texts cut by msgspec cost one for each part."""

    def __init__(self, most: int = MAX_STEPS) -> None:
        self.left = most

    def take(self, count: int = 1) -> None:
        """Raises TooIntricateError, from then on at every call."""
        self.left -= count
        if self.left < 0:
            raise TooIntricateError("it holds too many brackets, names and commas to be looked at")


class _Part(NamedTuple):
    key: bytes
    value: bytes


def items(raw: bytes, limit: int, steps: Steps | None = None) -> list[bytes]:
    """The raw texts of an array's items in order. Raises SliceError, also for more than `limit`."""
    steps = steps or Steps()
    try:
        found = [bytes(item) for item in islice(_ARRAY.decode(raw), limit + 1)]
    except UNREADABLE:
        found = [part.value for part in islice(_parts(raw, b"[", steps), limit + 1)]
    if len(found) > limit:
        raise SliceError(f"it has more than {limit:,} items")
    return found


def members(raw: bytes, steps: Steps | None = None) -> dict[str, bytes]:
    """The raw texts of an object's values by name; the last of each counts.

    Names that cannot be read all go by the empty one. Raises SliceError.
    """
    steps = steps or Steps()
    steps.take()
    try:
        found = _OBJECT.decode(raw)
    except UNREADABLE:
        return {_name(part.key): part.value for part in _parts(raw, b"{", steps)}
    steps.take(len(found))
    return {name: bytes(value) for name, value in found.items()}


def _name(key: bytes) -> str:
    if not key:
        raise SliceError("a name lacks its value")
    try:
        return msgspec.json.decode(key, type=str)
    except UNREADABLE:
        return ""


def _parts(raw: bytes, opener: bytes, steps: Steps) -> Iterator[_Part]:
    text = raw.strip(_SPACE)
    if not text.startswith(opener):
        raise SliceError("it is no object" if opener == b"{" else "it is no array")
    if not text.endswith(_CLOSER[opener]):
        raise SliceError("it ends too early")
    if text[1:-1].strip(_SPACE):
        yield from _cut(text, steps, keyed=opener == b"{")


def _cut(text: bytes, steps: Steps, *, keyed: bool) -> Iterator[_Part]:
    """The parts between the commas of the outermost level; `text` starts with its bracket."""
    start, colon = 1, 0
    for position, mark in _marks(text, steps):
        if mark in b"}]":
            if position != len(text) - 1:
                raise SliceError("something follows its end")
            yield _part(text, start, colon, position)
        elif mark == b",":
            yield _part(text, start, colon, position)
            start, colon = position + 1, 0
        elif keyed and not colon:
            colon = position


def _marks(text: bytes, steps: Steps) -> Iterator[tuple[int, bytes]]:
    """The commas and colons of the outermost level, and last the bracket that closes it."""
    depth, position = 1, 1
    while True:
        steps.take()
        found = (_NEXT_MARK if depth == 1 else _NEXT_BRACKET)(text, position)
        if found is None or found.end() == position:
            raise SliceError("it ends too early")
        position, mark = found.end(), found[1]
        if mark is None:
            continue
        if mark[0] in b"{[":
            depth += len(mark)
        elif mark[0] in b"}]" and len(mark) < depth:
            depth -= len(mark)
        elif mark[0] in b"}]":
            yield found.start(1) + depth - 1, mark[:1]
            return
        else:
            yield found.start(1), mark


def _part(text: bytes, start: int, colon: int, end: int) -> _Part:
    key = text[start:colon].strip(_SPACE) if colon else b""
    value = text[colon + 1 if colon else start : end].strip(_SPACE)
    if not value:
        raise SliceError("a part between two commas is empty")
    return _Part(key, value)
