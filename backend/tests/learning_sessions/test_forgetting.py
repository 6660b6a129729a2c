"""Lessons go with play, day by day, and leave nothing that they were part of."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from ..skills.lessons import infer_all
from ..student_records.keeping import forget, limits
from ..world import now
from .given import add_reviewing

KEPT_DAYS = 30
OLD = timedelta(days=KEPT_DAYS + 5)


@pytest.fixture
async def ada_learned(day):
    """Ada's review, the way into a scenario, and a card; all of today."""
    async with day.world.database.transaction() as db:
        return await add_reviewing(db, day.world.school_id, day.ada, day.users["teacher"])


async def left(day) -> dict[str, int]:
    tables = ("learning_sessions", "scenario_runs", "review_cards", "assignments")
    return {one: await day.world.one(f"select count(*) from {one}") for one in tables}


async def forget_play(day) -> None:
    await forget(day.world, await limits(day.world, play=KEPT_DAYS, at=now()))


async def test_what_is_too_old_goes_and_the_student_is_assessed_anew(day, ada_learned) -> None:
    await infer_all(day.world.database)
    async with day.world.database.transaction() as db:
        for table, column in (
            ("learning_sessions", "started_at"),
            ("scenario_runs", "updated_at"),
            ("review_cards", "created_at"),
        ):
            await db.execute(text(f"update {table} set {column} = :at"), {"at": now() - OLD})
    await forget_play(day)
    assert await left(day) == {
        "learning_sessions": 0,
        "scenario_runs": 0,
        "review_cards": 0,
        "assignments": 2,
    }
    marked = await day.world.rows("select student_id from assessments_due")
    assert day.ada in {one.student_id for one in marked}


async def test_a_card_stays_that_was_answered_since(day, ada_learned) -> None:
    async with day.world.database.transaction() as db:
        made = {"at": now() - OLD, "answered": now()}
        await db.execute(
            text("update review_cards set created_at = :at, due_at = :at, answered_at = :answered"),
            made,
        )
    before = await left(day)
    await forget_play(day)
    assert await left(day) == before
