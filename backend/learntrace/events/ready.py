"""Published mappings made ready: a version never changes, so a process parses it once."""

from collections import OrderedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.events import repository
from learntrace.events.mapping import GameMapping, default_mapping, parse_mapping

MOST_KEPT = 64
_kept: OrderedDict[tuple[UUID, int], GameMapping] = OrderedDict()


async def ready_mapping(db: AsyncSession, game_id: UUID, version: int) -> GameMapping:
    """A published version, ready to map events; the built-in vocabulary for version 0.

    Raises `LookupError` for a version that was never published.
    """
    if version == 0:
        return default_mapping()
    kept = _kept.get((game_id, version))
    if kept is None:
        published = await repository.find_mapping(db, game_id, version)
        if published is None:
            raise LookupError(f"mapping version {version} was never published")
        kept = _kept[game_id, version] = parse_mapping(published.mapping)
    _kept.move_to_end((game_id, version))
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return kept
