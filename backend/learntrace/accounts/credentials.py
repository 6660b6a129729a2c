"""From a bearer token to the game behind it.

A game caller is remembered for `REMEMBERED_S`, so that the hot path asks no database who calls,
nor what of the game's events is never stored; the writer checks each time it stores that the
credential still stands, so that a revoked one writes nothing but what was being written at the
moment of its revocation.
"""

import logging
import time
from collections import OrderedDict

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.callers import GameCaller
from learntrace.accounts.games import MAPPING_IN_FORCE_SQL
from learntrace.accounts.secrets import LIVE_KEY, PLAYER_TOKEN, SANDBOX_KEY, token_hash
from learntrace.events.ready import ready_mapping
from learntrace.kit.db import Database
from learntrace.kit.errors import UnavailableError

log = logging.getLogger(__name__)

REMEMBERED_S = 30.0
REMEMBERED_MOST = 50_000
NOTED_EVERY_S = 60.0

_FIND_KEY = text(
    f"""
    select w.school_id, w.game_id, w.environment, g.allowed_origins,
           {MAPPING_IN_FORCE_SQL} as mapping_version
    from write_keys w join games g on g.id = w.game_id
    where w.secret_hash = :hash and w.revoked_at is null
      and (w.expires_at is null or w.expires_at > now())
    """  # noqa: S608 - put together from constants
)
_FIND_PLAYER = text(
    f"""
    select w.school_id, w.game_id, w.student_id, g.allowed_origins,
           {MAPPING_IN_FORCE_SQL} as mapping_version
    from player_tokens w join games g on g.id = w.game_id
    where w.token_hash = :hash and w.revoked_at is null and w.expires_at > now()
    """  # noqa: S608
)
# At most once a minute, and never in the way of somebody who holds the row.
_NOTE_USE = text(
    """
    update write_keys set last_used_at = now()
    where id in (
        select id from write_keys
        where secret_hash = :hash
          and (last_used_at is null or last_used_at < now() - interval '1 minute')
        for no key update skip locked
    )
    """
)
# Of the hashes given, those that still stand. Run by the writer each time it stores.
STANDING_SQL = """
    select secret_hash from write_keys
    where secret_hash = any($1::bytea[]) and revoked_at is null
      and (expires_at is null or expires_at > now())
    union all
    select token_hash from player_tokens
    where token_hash = any($1::bytea[]) and revoked_at is null and expires_at > now()
"""


async def find_game_caller(db: AsyncSession, token: str) -> GameCaller | None:
    """The game behind a write key or player token that stands now, else `None`."""
    is_player = token.startswith(PLAYER_TOKEN)
    if not is_player and not token.startswith((LIVE_KEY, SANDBOX_KEY)):
        return None
    digest = token_hash(token)
    row = (
        await db.execute(_FIND_PLAYER if is_player else _FIND_KEY, {"hash": digest})
    ).one_or_none()
    if row is None:
        return None
    mapping = await ready_mapping(db, row.game_id, row.mapping_version)
    return GameCaller(
        school_id=row.school_id,
        game_id=row.game_id,
        credential_hash=digest,
        student_id=row.student_id if is_player else None,
        may_enrol=not is_player and row.environment == "sandbox",
        allowed_origins=frozenset(row.allowed_origins),
        never_store=mapping.never_store,
    )


class RememberedCallers:
    """The callers that this process has lately seen good, by token hash; at most 50,000.

    Beside them it keeps which tokens ever were good, games' and people's: those are looked up
    even while their address is limited for bad ones, so that no neighbour locks them out.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, tuple[float, GameCaller]] = OrderedDict()
        self._trusted: OrderedDict[bytes, None] = OrderedDict()
        self._noted: dict[bytes, float] = {}

    def note_is_due(self, key: GameCaller) -> bool:
        """Whether a minute has passed since this key's use was noted; it then is noted."""
        if time.monotonic() < self._noted.get(key.credential_hash, 0.0):
            return False
        self._noted[key.credential_hash] = time.monotonic() + NOTED_EVERY_S
        return True

    def trust(self, token: str) -> None:
        """This token has just been good, or made."""
        digest = token_hash(token)
        self._trusted[digest] = None
        self._trusted.move_to_end(digest)
        if len(self._trusted) > REMEMBERED_MOST:
            self._trusted.popitem(last=False)

    def trusts(self, token: str) -> bool:
        return token_hash(token) in self._trusted

    def distrust(self, token: str) -> None:
        """This token is good no more."""
        self._trusted.pop(token_hash(token), None)

    def recall(self, token: str) -> GameCaller | None:
        digest = token_hash(token)
        found = self._seen.get(digest)
        if found is None:
            return None
        if found[0] < time.monotonic():
            del self._seen[digest]
            return None
        return found[1]

    def remember(self, caller: GameCaller) -> None:
        self._seen[caller.credential_hash] = (time.monotonic() + REMEMBERED_S, caller)
        self._seen.move_to_end(caller.credential_hash)
        if len(self._seen) > REMEMBERED_MOST:
            self._seen.popitem(last=False)

    def forget(self, caller: GameCaller) -> None:
        self._seen.pop(caller.credential_hash, None)


async def look_up(
    database: Database, remembered: RememberedCallers, token: str
) -> GameCaller | None:
    """The caller behind `token`, asked of the database; remembered when it stands."""
    async with database.transaction() as db:
        caller = await find_game_caller(db, token)
    if caller is None:
        return None
    remembered.remember(caller)
    remembered.trust(token)
    if caller.student_id is None and remembered.note_is_due(caller):
        await _note_use(database, caller)
    return caller


async def _note_use(database: Database, key: GameCaller) -> None:
    """Store that a write key was used; where that fails, the request goes on."""
    try:
        async with database.transaction() as db:
            await db.execute(_NOTE_USE, {"hash": key.credential_hash})
    except (UnavailableError, DBAPIError):
        log.warning("a write key's last use was not stored")
