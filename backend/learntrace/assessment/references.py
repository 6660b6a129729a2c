"""Reference tables: how long a tenant's own pupils take, one version after another."""

from collections import OrderedDict
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.assessment import repository
from learntrace.features.reference import MIN_TIMES, Reference, Times
from learntrace.features.types import AnswerTime, Completion
from learntrace.kit import clock
from learntrace.kit.db import Database

# A new version makes every session due again: each waits for half as many observations more,
# so that all versions together cost three times the sessions, however many there are.
GROWTH = 1.5
AT_MOST_EVERY = timedelta(minutes=1)
MOST_KEPT = 16
_kept: OrderedDict[tuple[UUID, UUID, int], Reference] = OrderedDict()


async def latest(db: AsyncSession, school_id: UUID, game_id: UUID) -> Reference | None:
    """The table in force, `None` before there are enough observations for any.

    A version never changes, so a process reads it once.
    """
    version = await repository.latest_reference_version(db, school_id, game_id)
    if version is None:
        return None
    key = (school_id, game_id, version)
    kept = _kept.get(key)
    if kept is None:
        body = await repository.reference_body(db, school_id, game_id, version)
        kept = _kept[key] = Reference.from_json(version, body)
    _kept.move_to_end(key)
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return kept


async def refit(database: Database) -> int:
    """Build the next version where a game has gained enough observations; how many had."""
    now = clock.now()
    async with database.transaction() as db:
        grown = [
            game
            for game in await repository.observed_games(db)
            if game.observations >= max(MIN_TIMES, GROWTH * game.known)
            and (game.built_at is None or now - game.built_at >= AT_MOST_EVERY)
        ]
    for game in grown:
        async with database.transaction() as db:
            times = Times()
            async for observed in repository.observations(db, game.school_id, game.game_id):
                times.add(
                    (Completion(task, s) for task, s in observed["completions"]),
                    (AnswerTime(item, s) for item, s in observed["answers"]),
                )
            await repository.add_reference(
                db,
                game.school_id,
                game.game_id,
                times.reference(game.version + 1),
                observation_count=times.count,
                created_at=now,
            )
    return len(grown)
