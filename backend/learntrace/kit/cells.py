"""Values as files show them: in JSON, and in the cells of a spreadsheet."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

import msgspec

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> object:
    """A value for a spreadsheet: objects as JSON, times in ISO 8601, formulas made harmless.

    Text that a spreadsheet would take for a formula gets a leading apostrophe; numbers are left
    as they are.
    """
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, str):
        text = value
    elif isinstance(value, datetime):
        text = instant(value)
    elif isinstance(value, UUID | date):
        return str(value)
    elif isinstance(value, msgspec.Raw):
        text = bytes(value).decode()
    else:
        text = json.dumps(value, ensure_ascii=False, default=json_value)
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text


def json_value(value: object) -> object:
    """What JSON has no word for: instants, ids and read-only mappings."""
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


def instant(at: datetime) -> str:
    """In UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
