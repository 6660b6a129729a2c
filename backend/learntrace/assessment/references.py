"""Reference tables: how long a tenant's own pupils take, one version after another."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.assessment import repository
from learntrace.features.reference import MIN_TIMES, Reference, build_reference
from learntrace.features.types import AnswerTime, Completion
from learntrace.kit import clock
from learntrace.kit.db import Database

# A new version makes every session due again: each waits for half as many observations more,
# so that all versions together cost three times the sessions, however many there are.
GROWTH = 1.5
AT_MOST_EVERY = timedelta(minutes=1)


async def latest(db: AsyncSession, school_id: UUID, game_id: UUID) -> Reference | None:
    """The table in force, `None` before there are enough observations for any."""
    row = await repository.latest_reference(db, school_id, game_id)
    return Reference.from_json(row.version, row.body) if row else None


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
            completions: list[Completion] = []
            answers: list[AnswerTime] = []
            for observed in await repository.observations(db, game.school_id, game.game_id):
                completions += [Completion(task, s) for task, s in observed["completions"]]
                answers += [AnswerTime(item, s) for item, s in observed["answers"]]
            table = build_reference(game.version + 1, completions, answers)
            await repository.add_reference(
                db,
                game.school_id,
                game.game_id,
                table,
                observation_count=len(completions) + len(answers),
                created_at=now,
            )
    return len(grown)
