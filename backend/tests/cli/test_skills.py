"""Refitting a game's tables as an operator does."""

import httpx

from ..skills.lessons import play_as_a_class
from ..world import World
from .conftest import Run


async def test_refit_makes_the_next_versions_and_assesses_who_played(
    api: httpx.AsyncClient, world: World, run: Run
) -> None:
    pupils = await play_as_a_class(api, world)
    told = await run("skills", "refit", "Hill School", "Waves")
    assert f"Assessed anew: {len(pupils)} students." in told
    assert "40 sessions" in told
    versions = "select max(version) from {}"
    assert await world.one(versions.format("item_tables")) == 1
    assert await world.one(versions.format("populations")) == 2
    assert await world.one("select count(*) from assessments_due") == 0


async def test_refit_of_what_nobody_played_is_told_so(world: World, run: Run) -> None:
    told = await run("skills", "refit", "Hill School", "Tiles", "--sandbox")
    assert "Fitted to 0 answers and 0 sessions." in told
    assert "no school Valley" in await run("skills", "refit", "Valley", "Waves", code=1)
