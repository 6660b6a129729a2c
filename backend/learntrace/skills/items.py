"""Which items of each skill a tenant's game has shown to anybody."""

from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

MOST_KEPT = 64
_SELECT: Final = text(
    """
    select distinct answer ->> 2 as skill, answer ->> 1 as item
    from session_answers, jsonb_array_elements(answers) as answer
    where school_id = :school_id and game_id = :game_id
    order by 1, 2
    """
)
_kept: OrderedDict[tuple[UUID, UUID, int], Mapping[str, list[str]]] = OrderedDict()


async def known_items(
    db: AsyncSession, school_id: UUID, game_id: UUID, *, table_version: int
) -> Mapping[str, list[str]]:
    """Skill -> its items, by name, as far as they have been answered.

    Reads every answer of the game, so a process does it once for each version of the item table;
    before there is one, there are few answers and they are read each time.
    """
    key = (school_id, game_id, table_version)
    kept = _kept.get(key)
    if kept is None:
        found: dict[str, list[str]] = defaultdict(list)
        parameters = {"school_id": school_id, "game_id": game_id}
        for skill, item in await db.execute(_SELECT, parameters):
            found[skill].append(item)
        kept = dict(found)
        if not table_version:
            return kept
        _kept[key] = kept
    _kept.move_to_end(key)
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return kept
