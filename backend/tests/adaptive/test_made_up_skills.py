"""A pupil's own token posts whatever it likes: what others are offered and shown stays theirs."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from learntrace.events import repository as events
from learntrace.kit.config import Settings
from learntrace.skills.items import MOST_ALONE
from learntrace.skills.knowledge import ItemTable
from learntrace.skills.refitting import refit_item_table
from learntrace.skills.versions import ITEM_TABLES

from ..assessment.playing import assess_due, close
from ..skills.lessons import infer_all, play_lesson
from ..world import add_student, batch, bearer, now
from .conftest import Ask, SchoolDay

MADE_UP = 1_000
SENT_AT_ONCE = 500
TOPICS = {"topic_0", "topic_1"}
LISTED = {"skills": {"topic_0": {"name": "Adding"}, "topic_1": {"name": "Sharing"}}}


async def make_up(api: httpx.AsyncClient, day: SchoolDay, *, skill: str = "made_up_{}") -> None:
    """Ben's own token posts a thousand right answers to items that nobody made."""
    game_session_id, began = uuid4(), now() - timedelta(minutes=30)
    told = [
        day.world.event(
            student_id=day.ben,
            session_id=game_session_id,
            event_type="attempt",
            timestamp=(began + timedelta(seconds=n)).isoformat(),
            data={"skill": skill.format(n), "item": f"nothing_{n}", "correct": True},
            sequence=n,
        )
        for n in range(MADE_UP)
    ]
    for start in range(0, MADE_UP, SENT_AT_ONCE):
        sent = await api.post(
            "/api/v1/telemetry/batch",
            json=batch(told[start : start + SENT_AT_ONCE]),
            headers=bearer(day.ben_token),
        )
        assert sent.status_code == 201, sent.text
    await close(api, day.world.write_key, game_session_id)


async def work(day: SchoolDay, settings: Settings) -> None:
    """All that the worker has to do, but for the refits."""
    while await assess_due(day.world.database, settings):
        pass
    await infer_all(day.world.database)


async def all_play(api: httpx.AsyncClient, day: SchoolDay, settings: Settings) -> None:
    for student_id in day.world.students:
        await play_lesson(api, day.world, student_id)
    await work(day, settings)


async def ask_for_ada(api: httpx.AsyncClient, day: SchoolDay) -> httpx.Response:
    return await api.get(f"/api/v1/adaptive/{day.ada}/next", headers=bearer(day.world.player_token))


async def offered(api: httpx.AsyncClient, day: SchoolDay) -> dict[str, int]:
    """Ada asks; how many items of each skill there were to choose from."""
    answer = await ask_for_ada(api, day)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = await day.world.one(
        "select body from adaptive_decisions where id = :id", id=answer.json()["decision_id"]
    )
    return dict(body["offered"])


async def known_in_class(ask: Ask, day: SchoolDay) -> dict[str, list[dict[str, Any]]]:
    answer = await ask("teacher", "GET", f"/classes/{day.world.class_id}/skills")
    assert answer.status_code == 200, answer.text
    return {one["display_name"]: one["knowledge"] for one in answer.json()["students"]}


async def publish(day: SchoolDay, mapping: dict[str, Any], version: int = 1) -> None:
    async with day.world.database.transaction() as db:
        await events.add_mapping(db, day.world.game_id, version, mapping)


async def test_made_up_skills_change_no_others_offer_and_no_class(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, settings: Settings
) -> None:
    await all_play(api, day, settings)
    offer, known = await offered(api, day), await known_in_class(ask, day)
    assert set(offer) == TOPICS
    assert all(offer.values())
    await make_up(api, day)
    await work(day, settings)
    assert await offered(api, day) == offer
    after = await known_in_class(ask, day)
    assert {name: after[name] for name in ("Ada", "Cleo")} == {
        name: known[name] for name in ("Ada", "Cleo")
    }
    assert {one["skill"] for one in after["Ben"]} == TOPICS


async def test_made_up_items_of_a_real_skill_change_no_others_offer(
    api: httpx.AsyncClient, day: SchoolDay, settings: Settings
) -> None:
    await all_play(api, day, settings)
    offer = await offered(api, day)
    await make_up(api, day, skill="topic_0")
    await work(day, settings)
    assert await offered(api, day) == offer


async def test_made_up_skills_enter_no_item_table(
    api: httpx.AsyncClient, day: SchoolDay, settings: Settings
) -> None:
    await all_play(api, day, settings)

    async def refitted() -> ItemTable:
        await refit_item_table(day.world.database, day.world.school_id, day.world.game_id)
        async with day.world.database.transaction() as db:
            return await ITEM_TABLES.in_force(db, day.world.school_id, day.world.game_id)

    before = await refitted()
    await make_up(api, day)
    await work(day, settings)
    after = await refitted()
    assert (after.version, set(after.skills)) == (before.version + 1, TOPICS)
    assert (after.items, after.intercept) == (before.items, before.intercept)


async def test_a_skill_that_the_mapping_does_not_list_is_none(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, settings: Settings
) -> None:
    await publish(day, LISTED)
    await all_play(api, day, settings)
    await make_up(api, day)
    await work(day, settings)
    assert set(await offered(api, day)) == TOPICS
    ben = (await ask("teacher", "GET", f"/assessments/{day.ben}")).json()
    assert {one["skill"] for one in ben["knowledge"]} == TOPICS
    assert await day.world.one("select sum(answer_count) from session_answers") == 27


async def test_listing_skills_later_forgets_the_others(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, settings: Settings
) -> None:
    await all_play(api, day, settings)
    await publish(day, {"skills": {"topic_0": {"name": "Adding"}}})
    await work(day, settings)
    assert set(await offered(api, day)) == {"topic_0"}
    known = await known_in_class(ask, day)
    assert [[one["skill"] for one in of_pupil] for of_pupil in known.values()] == [["topic_0"]] * 3


async def test_an_item_is_offered_to_others_once_three_pupils_answered_it(
    api: httpx.AsyncClient, day: SchoolDay, settings: Settings
) -> None:
    dan = uuid4()
    async with day.world.database.transaction() as db:
        await add_student(db, day.world.school_id, dan, "Dan", "PUPIL3")
    for number, student_id in enumerate((*day.world.students[1:], dan)):
        assert (await ask_for_ada(api, day)).status_code == 409, number
        await play_lesson(api, day.world, student_id)
        await work(day, settings)
    assert await offered(api, day) == {"topic_0": 3, "topic_1": 3}


async def test_pupils_keep_what_they_answered_themselves(
    api: httpx.AsyncClient, day: SchoolDay, settings: Settings
) -> None:
    await play_lesson(api, day.world, day.ada)
    await work(day, settings)
    assert await offered(api, day) == {"topic_0": 3, "topic_1": 3}
    bens = await api.get(f"/api/v1/adaptive/{day.ben}/next", headers=bearer(day.ben_token))
    assert bens.status_code == 409


async def test_another_mapping_starts_the_offer_anew(
    api: httpx.AsyncClient, day: SchoolDay, settings: Settings
) -> None:
    await all_play(api, day, settings)
    one_skill = {"skill": {"const": "all"}}
    rules = {name: {"behaviours": [name], **one_skill} for name in ("failure", "success")}
    await publish(day, {"events": rules})
    await work(day, settings)
    assert await offered(api, day) == {"all": 6}
    assert await day.world.one("select count(*) from answered_items") == 7


async def test_one_pupil_alone_fills_no_game(
    api: httpx.AsyncClient, day: SchoolDay, settings: Settings
) -> None:
    await all_play(api, day, settings)
    for _ in range(2):
        await make_up(api, day)
        await work(day, settings)
    kept = "select count(*) from answered_items where cardinality(student_ids) < 3"
    assert await day.world.one(kept) == MOST_ALONE
