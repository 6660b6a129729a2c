"""What JSON of all rooms is made of. Times are ISO 8601 in UTC."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[UUID, Field(examples=["5b0a3e0e-6a52-4f7e-9a43-1d6a2f6f9c11"])]
Name = Annotated[str, Field(examples=["Class 5b"])]
Instant = Annotated[datetime, Field(examples=["2026-03-02T08:15:30.250000Z"])]

SOME_TEXT: Final = {"pattern": r"^[^\x00]*[^\x00\s][^\x00]*$"}
"""In the JSON schema of text that is stripped, not empty, and `without_nul`."""


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class Named(Out):
    id: Id
    name: Name


def in_words(error: Mapping[str, Any]) -> str:
    """What pydantic says is wrong with a value; echoes nothing of it (`input` and `ctx` would)."""
    words: str = error["msg"]
    return words.removeprefix("Value error, ")


def without_nul(text: str) -> str:
    """`text`; raises `ValueError` where it holds the character NUL, which PostgreSQL stores not."""
    if "\0" in text:
        raise ValueError("must not contain the character NUL")
    return text
