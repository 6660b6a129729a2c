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
from learntrace.skills import refits
from learntrace.skills.refits import Game, What

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
        if body is None:  # forgotten since: the next one is in force
            return await latest(db, school_id, game_id)
        kept = _kept[key] = Reference.from_json(version, body)
    _kept.move_to_end(key)
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return kept


async def refit(database: Database) -> int:
    """Build the next version where a game has gained enough observations, or some of them were
    erased; how many that were.
    """
    now = clock.now()
    async with database.transaction() as db:
        grown = [
            (game.school_id, game.game_id)
            for game in await repository.observed_games(db)
            if game.observations >= max(MIN_TIMES, GROWTH * game.known)
            and (game.built_at is None or now - game.built_at >= AT_MOST_EVERY)
        ]
        erased = await refits.due(db, What.REFERENCE)
    games = sorted({*grown, *erased})
    for game in games:
        await _refit(database, game)
    return len(games)


async def _refit(database: Database, game: Game) -> None:
    """Build a game's next version; where some times were erased, older versions go."""
    async with database.transaction() as db:
        marks = await refits.find(db, game, What.REFERENCE)
        known = await repository.latest_reference_version(db, *game)
        times = Times()
        async for observed in repository.observations(db, *game):
            times.add(
                (Completion(task, s) for task, s in observed["completions"]),
                (AnswerTime(item, s) for item, s in observed["answers"]),
            )
        version = (known or 0) + 1
        if known is not None or times.count >= MIN_TIMES:
            await repository.add_reference(
                db,
                *game,
                times.reference(version),
                observation_count=times.count,
                created_at=clock.now(),
            )
        if marks is not None:
            await repository.forget_references_before(db, *game, version)
            await refits.settle(db, game, What.REFERENCE, marks)
