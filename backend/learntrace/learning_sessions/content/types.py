"""What content there is to study. Pure."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

MOST_WORDS = 20


class ContentType(StrEnum):
    """What a content item is; the words on the wire."""

    TEXT = "text"
    DIALOGUE = "dialogue"
    EXERCISE = "exercise"
    AUDIO = "audio"
    VIDEO = "video"


def as_tags(words: Iterable[str]) -> list[str]:
    """Trimmed, in lower case, each once and in order; raises `ValueError` for an empty one."""
    found = sorted({" ".join(word.split()).lower() for word in words})
    if "" in found:
        raise ValueError("must not be empty")
    if any(len(word) > 60 or "\0" in word for word in found):
        raise ValueError("must be at most 60 characters each, without the character NUL")
    return found


Tags = Annotated[
    list[Annotated[str, Field(max_length=200)]],
    AfterValidator(as_tags),
    Field(max_length=MOST_WORDS, examples=[["travel"]], description="Lower case, each once."),
]
