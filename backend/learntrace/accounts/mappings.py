"""Publishing a game's mapping, and a school's choice of a published version."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.models import SchoolGame
from learntrace.events import repository as events
from learntrace.events.mapping import InvalidMappingError, packaged_mapping, parse_mapping
from learntrace.kit.errors import InvalidError, NotFoundError, NotJsonError

MOST_BYTES = 256 * 1024
DEFAULT = "default"
# Of two who publish at once, each makes a version.
_TAKE_TURNS = text("select pg_advisory_xact_lock(hashtextextended(:game, 9))")


@dataclass(frozen=True, slots=True)
class Published:
    """One version of a game's mapping. Version 0 is the built-in one and was never published."""

    game_id: UUID
    version: int
    created_at: datetime | None
    mapping: Any


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def read_json(body: bytes) -> object:
    """The JSON value in `body`. Raises `NotJsonError`."""
    try:
        value: object = json.loads(body, parse_constant=_no_number)
    except (RecursionError, ValueError):
        raise NotJsonError from None
    return value


async def publish(db: AsyncSession, game_id: UUID, raw: object) -> tuple[Published, bool]:
    """Publish `raw` as the game's next version; whether it is new.

    What the latest version says already makes no new one. Raises `InvalidError` with the member
    `errors`, a list of `{where, problem}`, for a mapping that cannot be used.
    """
    try:
        parse_mapping(raw)
    except InvalidMappingError as error:
        first = error.problems[0]
        raise InvalidError(
            f"This mapping cannot be used. {first['where']}: {first['problem']}",
            members={"errors": error.problems},
        ) from None
    assert isinstance(raw, dict), "a mapping that can be read is an object"
    await db.execute(_TAKE_TURNS, {"game": str(game_id)})
    latest = await events.latest_mapping_version(db, game_id)
    if latest and await events.says_the_same(db, game_id, latest, raw):
        return await show(db, game_id, latest), False
    added = await events.add_mapping(db, game_id, latest + 1, raw)
    return Published(game_id, added.version, added.created_at, added.mapping), True


async def show(db: AsyncSession, game_id: UUID, version: int | None = None) -> Published:
    """One version, the latest where none is named; the built-in one where none was published.

    Raises `NotFoundError`.
    """
    latest = await events.latest_mapping_version(db, game_id)
    wanted = latest if version is None else version
    if wanted == 0:
        return Published(game_id, 0, None, packaged_mapping(DEFAULT))
    found = await events.find_mapping(db, game_id, wanted) if wanted <= latest else None
    if found is None:
        raise NotFoundError(f"This game has no mapping version {wanted}; the latest is {latest}.")
    return Published(game_id, found.version, found.created_at, found.mapping)


async def choose(db: AsyncSession, school_id: UUID, game_id: UUID, version: int | None) -> None:
    """Have the tenant use this version from now on; `None` follows the latest.

    Raises `NotFoundError` where the tenant does not use the game, `InvalidError` where there is
    no such version.
    """
    latest = await events.latest_mapping_version(db, game_id)
    if version is not None and not 1 <= version <= latest:
        raise InvalidError(f"This game has no mapping version {version}; the latest is {latest}.")
    changed = await db.scalar(
        update(SchoolGame)
        .where(SchoolGame.school_id == school_id, SchoolGame.game_id == game_id)
        .values(mapping_version=version)
        .returning(SchoolGame.game_id)
    )
    if changed is None:
        raise NotFoundError("This school does not use that game.")
