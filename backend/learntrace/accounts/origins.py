"""The web origins whose pages may talk to this server at all."""

from collections.abc import Iterable

from learntrace.accounts.games import list_allowed_origins
from learntrace.kit.db import Database


class AllowedOrigins:
    """The operator's origins and those of every game, refreshed while the server runs.

    A preflight carries no credential, so it is answered for all of them; whether an origin fits
    the credential is checked by `accounts.auth.authenticate_game`, and by who hands out one.
    """

    def __init__(self, always: Iterable[str]) -> None:
        self._always = frozenset(always)
        self._all = self._always

    def allows(self, origin: str) -> bool:
        return origin in self._all

    async def refresh(self, database: Database) -> bool:
        """Read the games' origins again; says that it has no more to do."""
        async with database.transaction() as db:
            self._all = self._always | await list_allowed_origins(db)
        return False
