"""A game's tables made anew after an erasure, while the game is played and others are erased."""

import asyncio

import httpx
from sqlalchemy import text

from learntrace.skills import due, refits
from learntrace.skills.items import take_turns_in_games_of
from learntrace.skills.refitting import refit_item_table
from learntrace.student_records import erasing

from ..classroom.conftest import SchoolDay
from .lessons import infer_all, play_lesson


async def play_and_mark(api: httpx.AsyncClient, day: SchoolDay) -> None:
    """All pupils play, the game gets a table, which is then to be made anew."""
    for student_id in day.world.students:
        await play_lesson(api, day.world, student_id)
    await refit(day)
    await infer_all(day.world.database)
    async with day.world.database.transaction() as db:
        await refits.mark(db, day.world.school_id, [day.world.game_id])


async def refit(day: SchoolDay) -> None:
    await refit_item_table(day.world.database, day.world.school_id, day.world.game_id)


async def test_who_waits_for_the_game_to_be_noted_again_keeps_no_pupil_waiting(
    api: httpx.AsyncClient, day: SchoolDay
) -> None:
    await play_and_mark(api, day)
    async with day.world.database.transaction() as db:
        await db.execute(take_turns_in_games_of(day.world.school_id, day.ada))
        refitting = asyncio.create_task(refit(day))
        await day.world.until_waiting()
        async with day.world.database.transaction() as other:
            await other.execute(text("set local lock_timeout = '2s'"))
            await due.mark(other, day.world.school_id, day.world.students)
    await refitting
    assert await day.world.one("select count(*) from refits_due where what = 'item_table'") == 0
    assert await day.world.one("select max(version) from item_tables") == 2


async def test_nobody_is_noted_again_who_is_just_being_erased(
    api: httpx.AsyncClient, day: SchoolDay
) -> None:
    await play_and_mark(api, day)
    async with day.world.database.transaction() as db:
        await erasing.erase(db, erasing.BY_COMMAND, day.world.school_id, day.ben)
        refitting = asyncio.create_task(refit(day))
        await day.world.until_waiting()
    await refitting
    of_ben = "select count(*) from answered_items where :id = any(student_ids)"
    assert await day.world.one(of_ben, id=day.ben) == 0
    assert await day.world.one("select count(*) from answered_items") > 0
