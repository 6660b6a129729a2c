"""Play from before answers were kept."""

import httpx

from learntrace import migrating
from learntrace.kit.config import Settings

from ..assessment.playing import assess_due
from ..classroom.conftest import SchoolDay
from .conftest import Ask
from .lessons import infer_all, play_lesson


async def test_sessions_of_an_older_version_are_assessed_once_more(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, settings: Settings
) -> None:
    database = day.world.database
    await play_lesson(api, day.world, day.ada)
    while await assess_due(database, settings):
        pass
    while await migrating.current_revision(database.engine) != "0002":
        await migrating.migrate(database.engine, "-1")
    await migrating.migrate(database.engine)
    assert await assess_due(database, settings)
    assert not await assess_due(database, settings)
    await infer_all(database)
    made = (await ask("teacher", "GET", f"/assessments/{day.ada}")).json()
    assert [one["skill"] for one in made["knowledge"]] == ["topic_0", "topic_1"]
