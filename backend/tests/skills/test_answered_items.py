"""Which items of a game pupils are known to have answered, when its mapping changes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from learntrace.accounts import mappings
from learntrace.events import repository as events
from learntrace.kit.config import Settings
from learntrace.skills import items
from learntrace.skills.knowledge import Answer

from ..assessment.playing import assess_due
from ..classroom.conftest import SchoolDay
from ..world import bearer, now
from .lessons import play_lesson

RULES = {name: {"behaviours": [name], "skill": {"const": "all"}} for name in ("failure", "success")}


async def play_and_publish(
    api: httpx.AsyncClient, day: SchoolDay, settings: Settings, *contents: dict[str, Any]
) -> None:
    """All pupils play, then the mapping is published; everything is read again with each."""
    for student_id in day.world.students:
        await play_lesson(api, day.world, student_id)
    for version, content in enumerate(contents, start=1):
        async with day.world.database.transaction() as db:
            await events.add_mapping(db, day.world.game_id, version, content)
        await read_again(day, settings)


async def read_again(day: SchoolDay, settings: Settings) -> None:
    while await assess_due(day.world.database, settings):
        pass


async def note(day: SchoolDay, student_id: UUID, *, version: int) -> None:
    async with day.world.database.transaction() as db:
        await items.note(
            db,
            school_id=day.world.school_id,
            game_id=day.world.game_id,
            student_id=student_id,
            mapping_version=version,
            answers=[Answer(now() - timedelta(hours=1), "item_0", "topic_0", correct=True)],
        )


async def shared(day: SchoolDay, *, version: int) -> set[str]:
    """The skills that all may know."""
    async with day.world.database.transaction() as db:
        whose = day.world.school_id, day.world.game_id
        return set(await items.shared(db, *whose, mapping_version=version))


async def test_who_read_by_an_older_mapping_and_comes_late_takes_nothing_away(
    api: httpx.AsyncClient, day: SchoolDay, settings: Settings
) -> None:
    await play_and_publish(api, day, settings, {"events": RULES})
    assert await shared(day, version=1) == {"all"}
    await note(day, day.ben, version=0)
    assert await shared(day, version=1) == {"all"}
    path = f"/api/v1/adaptive/{day.ada}/next"
    assert (await api.get(path, headers=bearer(day.world.player_token))).status_code == 200


async def test_a_school_may_choose_an_older_mapping(
    api: httpx.AsyncClient, day: SchoolDay, settings: Settings
) -> None:
    await play_and_publish(api, day, settings, {}, {"events": RULES})
    async with day.world.database.transaction() as db:
        await mappings.choose(db, day.world.school_id, day.world.game_id, 1)
    await read_again(day, settings)
    assert await shared(day, version=1) == {"topic_0", "topic_1"}
    await note(day, day.ben, version=2)
    assert await shared(day, version=1) == {"topic_0", "topic_1"}
