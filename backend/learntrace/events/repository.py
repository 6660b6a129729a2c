"""The published versions of each game's mapping."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.events.models import GameMapping
from learntrace.kit.clock import now

_SAYS_THE_SAME = text(
    """
    select version from game_mappings
    where game_id = :game_id and version = :version and mapping = cast(:mapping as jsonb)
    """
)


async def latest_mapping_version(db: AsyncSession, game_id: UUID) -> int:
    """The newest published version, 1 or more; 0 when the game has published none."""
    newest = await db.scalar(
        select(func.max(GameMapping.version)).where(GameMapping.game_id == game_id)
    )
    return newest or 0


async def latest_mapping_versions(db: AsyncSession, game_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The newest published version of each of `game_ids`; 0 for a game that published none."""
    rows = await db.execute(
        select(GameMapping.game_id, func.max(GameMapping.version).label("latest"))
        .where(GameMapping.game_id.in_(game_ids))
        .group_by(GameMapping.game_id)
    )
    return dict.fromkeys(game_ids, 0) | {row.game_id: row.latest for row in rows}


async def find_mapping(db: AsyncSession, game_id: UUID, version: int) -> GameMapping | None:
    return await db.get(GameMapping, (game_id, version))


async def says_the_same(
    db: AsyncSession, game_id: UUID, version: int, mapping: Mapping[str, Any]
) -> bool:
    """Whether that version holds this mapping, as JSON values: spacing and order do not matter."""
    parameters = {"game_id": game_id, "version": version, "mapping": json.dumps(mapping)}
    return await db.scalar(_SAYS_THE_SAME, parameters) is not None


async def add_mapping(
    db: AsyncSession, game_id: UUID, version: int, mapping: Mapping[str, Any]
) -> GameMapping:
    """Publish `mapping` as `version`; two callers agree on the number by locking the game first."""
    published = GameMapping(game_id=game_id, version=version, mapping=mapping, created_at=now())
    db.add(published)
    await db.flush()
    return published
