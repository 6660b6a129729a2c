"""Item tables made anew from all answers of a tenant's game."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from learntrace.kit.db import Database
from learntrace.kit.loops import for_each
from learntrace.roster.records import hold_student
from learntrace.skills import answers, items, refits
from learntrace.skills.knowledge import Answer, ItemTable, fit
from learntrace.skills.refits import Game, What
from learntrace.skills.versions import ITEM_TABLES

LEAST_ANSWERS = 100
MOST_ANSWERS = 300_000
"""More change no easiness that matters; students are read in the random order of their ids."""


async def refit_item_tables(database: Database) -> int:
    """Make the next version where a game has gained enough answers, or some of its answers were
    erased; how many that were.
    """
    async with database.transaction() as db:
        counts = await answers.counts(db)
        grown = await ITEM_TABLES.outgrown(db, counts, least=LEAST_ANSWERS)
        erased = await refits.due(db, What.ITEM_TABLE)
    games = sorted({*grown, *erased})
    return await for_each(games, lambda game: refit_item_table(database, *game))


async def refit_item_table(database: Database, school_id: UUID, game_id: UUID) -> int:
    """Make the next version from the answers there are; from how many.

    Where some were erased, older versions go, and who answered which items is noted again.
    """
    game = school_id, game_id
    learners: list[Sequence[Answer]] = []
    read = 0
    async with database.transaction() as db:
        marks = await refits.find(db, game, What.ITEM_TABLE)
        count = await answers.count(db, school_id, game_id)
        previous = await ITEM_TABLES.in_force(db, school_id, game_id)
        async for _, given in answers.learners(db, school_id, game_id):
            learners.append(given)
            read += len(given)
            if read >= MOST_ANSWERS:
                break
    version = previous.version + 1
    if marks is not None and previous.version == 0 and count < LEAST_ANSWERS:
        table = None  # there was none, so nothing that was erased is in it
    else:
        table = await asyncio.to_thread(_fit, learners, version)
    if marks is not None:
        await _note_again(database, game)
    async with database.transaction() as db:
        if table is not None:
            await ITEM_TABLES.add(db, school_id, game_id, table, count=count)
        if marks is not None:
            await ITEM_TABLES.forget_before(db, game, version)
            await refits.settle(db, game, What.ITEM_TABLE, marks)
    return read


async def _note_again(database: Database, game: Game) -> None:
    """Note for each pupil of a game what the lists may lack since one was erased.

    Each in a transaction of its own, so that nobody who plays waits for all of them.
    """
    school_id, game_id = game
    async with database.transaction() as db:
        version = await items.noted_version(db, school_id, game_id)
        pupils = await answers.students(db, school_id, game_id)
    if version is None:
        return
    for student_id in pupils:
        async with database.transaction() as db:
            if await hold_student(db, school_id, student_id):
                for given in await answers.of_student(db, school_id, student_id, game_id=game_id):
                    await items.note(
                        db,
                        school_id=school_id,
                        game_id=game_id,
                        student_id=student_id,
                        mapping_version=version,
                        answers=given.answers,
                    )


def _fit(learners: Sequence[Sequence[Answer]], version: int) -> ItemTable:
    return fit(items.of_shared_skills(learners), version=version)
