"""A class at a glance, progress and the timeline of a student."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import text

from learntrace.skills.types import Skill

from ..classroom.conftest import SchoolDay
from ..world import now
from .conftest import Ask
from .lessons import infer_all, play_as_a_class, play_lesson
from .test_assessments_api import rate, skill_of


async def test_a_class_stands_by_name_and_has_everybody_in_it(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay
) -> None:
    await play_lesson(api, day.world, day.ben)
    await rate(ask, day.ada, level=1, times=4)
    await infer_all(day.world.database)
    answer = (await ask("teacher", "GET", f"/classes/{day.world.class_id}/skills")).json()
    ada, ben, cleo = answer["students"]
    assert [one["display_name"] for one in answer["students"]] == ["Ada", "Ben", "Cleo"]
    assert [[one["skill"] for one in line["skills"]] for line in answer["students"]] == [
        list(Skill)
    ] * 3
    assert skill_of(ada, "resilience")["score"] < 0.5
    assert {one["skill"]: one["answers"] for one in ben["knowledge"]} == {
        "topic_0": 5,
        "topic_1": 4,
    }
    assert cleo["assessed_at"] is None
    assert skill_of(cleo, "resilience")["score"] is None
    assert skill_of(cleo, "resilience")["missing"]
    assert "evidence" not in ada["skills"][0]


async def test_progress_has_the_last_of_each_day_and_invents_nothing(
    ask: Ask, day: SchoolDay
) -> None:
    path = f"/students/{day.ada}/progress"
    nothing = (await ask("teacher", "GET", path)).json()
    assert nothing["knowledge"] == []
    assert [one["points"] for one in nothing["series"]] == [[]] * len(Skill)
    levels = (1, 2, 4)
    for days_ago, level in zip((20, 5, 5), levels, strict=True):
        await rate(ask, day.ada, level=level, times=4)
        await infer_all(day.world.database)
        async with day.world.database.transaction() as db:
            back = "update assessments set assessed_at = :at where assessed_at > :today"
            at = now() - timedelta(days=days_ago)
            await db.execute(text(back), {"at": at, "today": now() - timedelta(hours=1)})
    [resilience] = [
        one
        for one in (await ask("teacher", "GET", path)).json()["series"]
        if one["skill"] == "resilience"
    ]
    scores = [one["score"] for one in resilience["points"]]
    assert len(scores) == 2
    assert scores[0] < scores[1]
    recent = (await ask("teacher", "GET", path, days=10)).json()["series"]
    assert [len(one["points"]) for one in recent if one["skill"] == "resilience"] == [1]


async def test_timeline_tells_everything_newest_first_page_by_page(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay
) -> None:
    await play_lesson(api, day.world, day.ada, at=now() - timedelta(hours=2), tries_again=1)
    await rate(ask, day.ada, level=2)
    await ask("teacher", "POST", f"/students/{day.ada}/notes", {"text": "Asked Ben for help."})
    await infer_all(day.world.database)
    path = f"/students/{day.ada}/timeline"
    items: list[dict[str, Any]] = []
    cursor = None
    while True:
        more = {} if cursor is None else {"cursor": cursor}
        page = (await ask("teacher", "GET", path, limit=2, **more)).json()
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [one["kind"] for one in items] == [
        "assessment",
        "note",
        "rating",
        "game_session",
        "game_session",
    ]
    assert [one["words"] for one in items[1:4]] == [
        "Asked Ben for help.",
        "Resilience, as teacher saw it: tried once more when an adult cheered on.",
        "Played Waves and finished 1 task.",
    ]
    whole = (await ask("teacher", "GET", path)).json()
    assert (whole["items"], whole["next_cursor"]) == (items, None)


async def test_history_is_read_page_by_page(ask: Ask, day: SchoolDay) -> None:
    for level in (1, 2, 3):
        await rate(ask, day.ada, level=level)
        await infer_all(day.world.database)
    path = f"/assessments/{day.ada}/history"
    first = (await ask("teacher", "GET", path, limit=2)).json()
    second = (await ask("teacher", "GET", path, limit=2, cursor=first["next_cursor"])).json()
    ids = [one["id"] for one in first["items"] + second["items"]]
    assert len(ids) == 3
    assert ids == sorted(ids, reverse=True)
    assert second["next_cursor"] is None
    assert (await ask("teacher", "GET", path, cursor="x")).status_code == 422


async def test_developer_learns_nothing_of_play_with_others_games(ask: Ask, day: SchoolDay) -> None:
    paths = [f"/assessments/{day.tess}", f"/students/{day.tess}/timeline"]
    for path in paths:
        assert (await ask("developer", "GET", path)).status_code == 200
    async with day.world.database.transaction() as db:
        await day.plays(
            db, day.tess, school_id=day.world.sandbox_id, game_id=day.world.other_game_id
        )
    for path in paths:
        assert (await ask("developer", "GET", path)).status_code == 404
    body = {"student_ids": [str(day.tess)]}
    [result] = (await ask("developer", "POST", "/infer-batch", body)).json()["results"]
    assert result["status"] == "not_found"
    path = f"/classes/{day.world.test_class_id}/skills"
    [tess] = (await ask("developer", "GET", path)).json()["students"]
    assert tess["assessed_at"] is None


async def test_developer_is_told_nothing_that_ratings_count_for(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay
) -> None:
    """Tess played and was rated for resilience: play tells of resilience and of more."""
    sandbox = replace(
        day.world,
        school_id=day.world.sandbox_id,
        sandbox_id=day.world.school_id,
        write_key=day.world.sandbox_key,
    )
    await play_as_a_class(api, sandbox)
    for days_ago in (3, 2, 1):
        at = now() - timedelta(days=days_ago)
        await play_lesson(api, sandbox, day.tess, at=at, tries_again=5)
    path = f"/assessments/{day.tess}"
    before = (await ask("developer", "GET", path)).json()
    assert skill_of(before, "resilience")["score"] is not None
    await rate(ask, day.tess, level=3, times=4, who="tester")

    whole = (await ask("tester", "GET", path)).json()
    shown = (await ask("developer", "GET", path)).json()
    rated = {one["evidence_id"] for one in whole["evidence"] if one["rating_id"]}
    assert len(rated) == 4
    assert {one["source"] for one in shown["evidence"]} == {"game_play"}
    cited = {cite for one in shown["reasoning"] for cite in one["cites"]}
    evidence = {one["evidence_id"] for one in shown["evidence"]}
    assert cited <= evidence
    used = {use["evidence_id"] for one in shown["skills"] for use in one["evidence"]}
    assert used <= evidence
    assert not evidence & rated
    others = [one for one in whole["skills"] if one["skill"] != "resilience"]
    assert [one for one in shown["skills"] if one["skill"] != "resilience"] == others
    assert any(one["score"] is not None for one in others)
    assert shown["knowledge"] == whole["knowledge"]

    of_class = f"/classes/{day.world.test_class_id}/skills"
    [line] = [
        one
        for one in (await ask("developer", "GET", of_class)).json()["students"]
        if one["student_id"] == str(day.tess)
    ]
    [newest, *_] = (await ask("developer", "GET", f"{path}/history")).json()["items"]
    inferred = (await ask("developer", "POST", f"/infer/{day.tess}")).json()["assessment"]
    for told in (shown, line, newest, inferred):
        resilience = skill_of(told, "resilience")
        assert (resilience["score"], resilience["prior_weight"]) == (None, 1)
        assert [one["what"] for one in resilience["missing"]] == ["leave_to_read_ratings"]
    progress = f"/students/{day.tess}/progress"
    series = {
        who: {
            one["skill"]: one["points"]
            for one in (await ask(who, "GET", progress)).json()["series"]
        }
        for who in ("tester", "developer")
    }
    assert series["tester"]["resilience"]
    assert not series["developer"]["resilience"]


async def test_moving_to_another_class_changes_no_score(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay
) -> None:
    await play_as_a_class(api, day.world)
    await play_lesson(api, day.world, day.ada)
    path = f"/assessments/{day.ada}"
    before = (await ask("school_admin", "GET", path)).json()
    async with day.world.database.transaction() as db:
        await db.execute(text("update enrolments set ended_at = now()"))
        await day.enrolled(db, day.world.school_id, day.other_class, day.ada)
    assert (await ask("school_admin", "POST", path)).status_code == 200
    after = (await ask("school_admin", "GET", path)).json()
    assert after["skills"] == before["skills"]
