"""What a list may be asked for, as types in an endpoint's signature."""

from typing import Annotated

from fastapi import Query

_NO_NUL = r"^[^\x00]*$"

Word = Annotated[str | None, Query(max_length=200, pattern=_NO_NUL)]
InLanguage = Annotated[str | None, Query(max_length=16, pattern=_NO_NUL)]
