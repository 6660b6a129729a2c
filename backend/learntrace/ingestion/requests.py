"""A request of the hot paths: its headers are looked up, not searched for again and again."""

from functools import cached_property

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope


class _HeaderTable(Headers):
    """Headers by name; of one that is sent twice the first counts, as in a search."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope=scope)
        self._table = dict(reversed(self._list))

    def __getitem__(self, key: str) -> str:
        return self._table[key.lower().encode("latin-1")].decode("latin-1")

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        found = self._table.get(key.lower().encode("latin-1"))
        return default if found is None else found.decode("latin-1")


class IngestRequest(Request):
    @cached_property
    def headers(self) -> Headers:
        return _HeaderTable(self.scope)
