"""What a tutor notes of a learning session beside its counts: a JSON object. Pure."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field

MOST_CHARACTERS: Final = 20_000
DEEPEST: Final = 32


def merged(known: Mapping[str, Any], update: Mapping[str, Any]) -> dict[str, Any]:
    """A new mapping of both: objects are merged at every depth, all else is replaced.

    Neither argument is changed: a JSON column is stored anew only where it is assigned anew.
    """
    return {
        **known,
        **{
            name: merged(known[name], value)
            if isinstance(value, Mapping) and isinstance(known.get(name), Mapping)
            else value
            for name, value in update.items()
        },
    }


def storable(details: dict[str, Any]) -> dict[str, Any]:
    """`details`; raises `ValueError` for what is too long or deep, or PostgreSQL stores not."""
    if _depth(details) > DEEPEST:
        raise ValueError(f"must be nested at most {DEEPEST} deep")
    try:
        written = json.dumps(details, ensure_ascii=False, allow_nan=False)
        written.encode()
    except ValueError:
        raise ValueError("must hold numbers and text that JSON in UTF-8 can") from None
    if len(written) > MOST_CHARACTERS:
        raise ValueError(f"must be at most {MOST_CHARACTERS} characters as JSON")
    if "\\u0000" in written.replace("\\\\", ""):
        raise ValueError("must not contain the character NUL")
    return details


def _depth(value: object, least: int = 0) -> int:
    """How deep objects and lists are nested, counted to one more than `DEEPEST`."""
    if least > DEEPEST:
        return least
    if isinstance(value, Mapping):
        return max((_depth(one, least + 1) for one in value.values()), default=least + 1)
    if isinstance(value, list):
        return max((_depth(one, least + 1) for one in value), default=least + 1)
    return least


Details = Annotated[
    dict[str, Any], AfterValidator(storable), Field(examples=[{"mood": {"start": "tired"}}])
]
