"""Lists in pages: where one page ends, as an opaque text that the next request brings back."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import Field

from learntrace.kit.errors import InvalidError

Row = TypeVar("Row")
MOST_ITEMS = 100
PageLimit = Annotated[int, Query(ge=1, le=MOST_ITEMS)]
Cursor = Annotated[
    str | None, Query(max_length=2000, description="The `next_cursor` of the page before.")
]
NextCursor = Annotated[
    str | None, Field(description="Send it as `cursor` for the next page; null on the last one.")
]
Part = bool | str | UUID | date | datetime
BAD_CURSOR = "This cursor is none that this list gave. Start again without a cursor."


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise TypeError


def _text(value: object) -> str:
    # What PostgreSQL takes as text: no NUL, no lone surrogate.
    if not isinstance(value, str) or "\0" in value:
        raise TypeError
    value.encode()
    return value


def _id(value: object) -> UUID:
    return UUID(_text(value))


def _instant(value: object) -> datetime:
    instant = datetime.fromisoformat(_text(value))
    if instant.tzinfo is None:
        raise ValueError
    return instant.astimezone(UTC)


def _day(value: object) -> date:
    return date.fromisoformat(_text(value))


_READERS: dict[type, Callable[[object], Part]] = {
    bool: _flag,
    str: _text,
    UUID: _id,
    date: _day,
    datetime: _instant,
}


def encode_cursor(*place: Part) -> str:
    """The place after which the next page starts, as URL-safe text."""
    parts = [part if isinstance(part, bool) else _written(part) for part in place]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _written(part: str | UUID | date) -> str:
    return part.isoformat() if isinstance(part, date) else str(part)


def decode_cursor(cursor: str | None, *kinds: type) -> Any:  # noqa: ANN401 - as `kinds` say
    """The place that `encode_cursor` wrote, a tuple of `kinds`; `None` for no cursor.

    An enumeration of words is a kind, too. Raises `InvalidError` for anything else.
    """
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        return tuple(
            _READERS.get(kind, kind)(part) for kind, part in zip(kinds, parts, strict=True)
        )
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InvalidError(BAD_CURSOR) from error


def split_page(rows: Sequence[Row], limit: int) -> tuple[Sequence[Row], Row | None]:
    """A page of `rows`, read with one more than `limit`; and its last row if more follow."""
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], rows[limit - 1]
