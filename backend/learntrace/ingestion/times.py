"""Instants as games write them, and their place on the server's clock."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST_AHEAD: Final = timedelta(hours=1)
TOLERATED_SKEW: Final = timedelta(seconds=30)

_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)
_WRITTEN = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:?[0-5]\d)", re.ASCII
).fullmatch
_WITHOUT_OFFSET = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?", re.ASCII).fullmatch


def parse_instant(text: str) -> datetime:
    """An RFC 3339 date and time with offset, as aware UTC, digits after microseconds cut off.

    Separator `T`, `t` or a space; offset `Z`, `z`, `+05:30` or `+0530`; 0 to 9 fractional digits.
    An instant that lies outside the years 1 to 9999 in UTC becomes the first or last one there is,
    which no range check lets pass. Raises ValueError with a sentence that does not repeat `text`:
    also for the year 0000, the hour 24 and the leap second 60, which the calendar here lacks.
    """
    if _WRITTEN(text) is None:
        if _WITHOUT_OFFSET(text):
            raise ValueError("must end in a UTC offset such as Z or +01:00")
        raise ValueError("must be a date and time such as 2026-03-02T08:15:30.250Z")
    try:
        instant = datetime.fromisoformat(text.upper())
    except ValueError:
        raise ValueError("is no date, time or offset that exists (seconds end at 59)") from None
    if instant.tzinfo is UTC:
        return instant
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        return _FIRST if instant.year == 1 else _LAST


def correct(timestamp: datetime, received_at: datetime, sent_at: datetime | None) -> datetime:
    """The event's time on the server's clock: `timestamp + received_at - sent_at`.

    Never later than `received_at`. Unchanged where the client told no `sent_at`, or where it lies
    within 30 s of `received_at`. Never raises: a time before the year 1 becomes its first instant.
    """
    if sent_at is None:
        return timestamp
    shift = received_at - sent_at
    if -TOLERATED_SKEW <= shift <= TOLERATED_SKEW:
        return timestamp
    try:
        return min(timestamp + shift, received_at)
    except OverflowError:
        return received_at if shift > timedelta() else _FIRST


def in_range(corrected_at: datetime, received_at: datetime, earliest: datetime = EARLIEST) -> bool:
    """Whether a corrected time lies from `earliest` to one hour after receipt, both included."""
    return earliest <= corrected_at and corrected_at - received_at <= LATEST_AHEAD
