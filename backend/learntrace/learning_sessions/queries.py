"""What a list may be asked for, as types in an endpoint's signature."""

from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator

from learntrace.learning_sessions.kinds import written_language

_NO_NUL = r"^[^\x00]*$"


def _as_stored(language: str | None) -> str | None:
    return None if language is None else written_language(language)


Word = Annotated[str | None, Query(max_length=200, pattern=_NO_NUL)]
InLanguage = Annotated[
    str | None, Query(max_length=16, pattern=_NO_NUL), AfterValidator(_as_stored)
]
