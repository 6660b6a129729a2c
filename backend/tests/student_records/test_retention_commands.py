"""`learntrace retention`, as a person runs it; and the preview over HTTP."""

import re
from datetime import timedelta

import httpx

from ..classroom.conftest import SchoolDay, day
from ..skills.conftest import Ask, ask
from ..skills.lessons import lesson
from ..world import World, batch, bearer, now
from .conftest import Run

__all__ = ["ask", "day"]

HILL = ("--school", "Hill School")


async def play(api: httpx.AsyncClient, world: World, *, days_ago: int) -> None:
    student_id = world.students[0]
    began = now() - timedelta(days=days_ago)
    session_id = world.event()["session_id"]
    told = lesson(world, student_id, session_id, at=began, tries_again=2)
    answer = await api.post(
        "/api/v1/telemetry/batch", json=batch(told), headers=bearer(world.write_key)
    )
    assert answer.status_code == 201, answer.text


async def test_chosen_previewed_run_and_shown(
    api: httpx.AsyncClient, world: World, run: Run
) -> None:
    for days_ago in (50, 35, 2):
        await play(api, world, days_ago=days_ago)
    assert "Hill School keeps play until it is erased." in await run("retention", "show", *HILL)
    said = await run("retention", "preview", *HILL, "--play-days", 30)
    assert re.search(r"game_sessions +2\n", said)
    assert "Who left before no day would be erased: 0." in said
    said = await run("retention", "set", *HILL, "--play-days", 40, "--left-days", 90)
    assert "keeps play for 40 days.\nHill School keeps who left for 90 days." in said
    said = await run("retention", "run", *HILL, "--dry-run")
    assert re.search(r"game_sessions +1\n", said)
    assert "Nothing was removed." in said
    assert await world.one("select count(*) from game_sessions") == 3
    said = await run("retention", "run", *HILL)
    assert re.search(r"game_sessions +1\n.*That is removed.", said, re.DOTALL)
    assert await world.one("select count(*) from game_sessions") == 2
    assert "There was nothing to remove." in await run("retention", "run", *HILL)
    said = await run("retention", "show", *HILL)
    assert re.search(r"\d{4}-\d\d-\d\d +play +game_sessions +1\n", said)
    assert str(world.students[0]) not in said


async def test_what_is_not_named_stays_as_it_is(run: Run, world: World) -> None:
    await run("retention", "set", *HILL, "--play-days", 400)
    assert "keeps play for 400 days." in await run("retention", "set", *HILL, "--left-days", 365)
    said = await run("retention", "set", *HILL, "--keep-play")
    assert "keeps play until it is erased.\nHill School keeps who left for 365 days." in said
    for words in ((), ("--play-days", 40, "--keep-play"), ("--left-days", 90, "--keep-left")):
        await run("retention", "set", *HILL, *words, code=2)
    refused = await run("retention", "set", *HILL, "--play-days", 0, code=1)
    assert "play_days is 30 to 36,500, or null." in refused
    assert "left_days is 90" in await run("retention", "preview", *HILL, "--left-days", 1, code=1)
    stored = await world.rows(
        "select play_days, left_days from retention_policies order by version"
    )
    assert [tuple(row) for row in stored] == [(400, None), (400, 365), (None, 365)]


async def test_preview_over_http_is_of_days_that_are_asked_about(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay
) -> None:
    path = "/schools/retention/preview"
    assert (await ask("school_admin", "GET", path)).json() == {
        "play_before": None,
        "left_before": None,
        "students": 0,
        "counts": {},
    }
    # The school day was on 2 March 2026, for Tess in the sandbox as well.
    answer = (await ask("school_admin", "GET", path, play_days=30, left_days=90)).json()
    assert answer["students"] == 0
    assert answer["counts"]["game_sessions"] >= 2
    assert answer["play_before"] < answer["left_before"] or answer["left_before"]
    assert await day.world.one("select count(*) from game_sessions") > 0
    assert (await ask("lake_admin", "GET", path, play_days=30)).json()["counts"] != answer["counts"]
