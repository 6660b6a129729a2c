"""Item tables made anew from all answers of a tenant's game."""

import asyncio
from uuid import UUID

from learntrace.kit.db import Database
from learntrace.kit.loops import for_each
from learntrace.skills import answers
from learntrace.skills.knowledge import Answer, fit
from learntrace.skills.versions import ITEM_TABLES, NONE

LEAST_ANSWERS = 100
MOST_ANSWERS = 300_000
"""More change no easiness that matters; students are read in the random order of their ids."""


async def refit_item_tables(database: Database) -> int:
    """Make the next version where a game has gained enough answers; how many had."""
    async with database.transaction() as db:
        newest = await ITEM_TABLES.newest(db)
        grown = [
            (school_id, game_id)
            for school_id, game_id, count in await answers.counts(db)
            if newest.get((school_id, game_id), NONE).is_outgrown(count, least=LEAST_ANSWERS)
        ]
    return await for_each(grown, lambda game: refit_item_table(database, *game))


async def refit_item_table(database: Database, school_id: UUID, game_id: UUID) -> int:
    """Make the next version from the answers there are; from how many."""
    learners: list[list[Answer]] = []
    read = 0
    async with database.transaction() as db:
        counted = {(row[0], row[1]): row[2] for row in await answers.counts(db)}
        count = counted.get((school_id, game_id), 0)
        previous = await ITEM_TABLES.in_force(db, school_id, game_id)
        async for _, given in answers.learners(db, school_id, game_id):
            learners.append(given)
            read += len(given)
            if read >= MOST_ANSWERS:
                break
    table = await asyncio.to_thread(fit, learners, version=previous.version + 1)
    async with database.transaction() as db:
        await ITEM_TABLES.add(db, school_id, game_id, table, count=count)
    return read
