"""GET /adaptive/{student_id}/next, over HTTP and with what is really stored."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.config import Settings
from learntrace.skills import answers, items, states
from learntrace.skills.knowledge import Answer, Easiness, ItemTable, replay
from learntrace.skills.versions import ITEM_TABLES

from ..world import World, add_signed_in, add_student, batch, bearer, now

EASE = {"very easy": 3.0, "easy": 2.0, "fair": 1.0, "usual": 0.0, "hard": -1.0, "very hard": -3.0}
SKILLS = ("add", "share")
TABLE = ItemTable(
    version=1,
    intercept=0.5,
    items={f"{skill}: {ease}": Easiness(at, 0.02) for skill in SKILLS for ease, at in EASE.items()},
    skills={skill: Easiness(0.0, 0.02) for skill in SKILLS},
)


REQUESTS = 8


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"rate_limit_people": REQUESTS})


def path(student_id: UUID) -> str:
    return f"/api/v1/adaptive/{student_id}/next"


async def ask(api: httpx.AsyncClient, world: World, **query: Any) -> httpx.Response:
    return await api.get(path(world.students[0]), headers=bearer(world.player_token), params=query)


async def answer(
    api: httpx.AsyncClient, world: World, game_session_id: UUID, given: str, *, skill: str = "add"
) -> None:
    """Ada answers `usual` items in an open session, `+` or `-` each."""
    start = now() - timedelta(minutes=len(given))
    events = [
        world.event(
            session_id=game_session_id,
            event_type="attempt",
            timestamp=(start + timedelta(minutes=n)).isoformat(),
            data={"skill": skill, "item": f"{skill}: usual", "correct": mark == "+"},
            sequence=n,
        )
        for n, mark in enumerate(given)
    ]
    sent = await api.post(
        "/api/v1/telemetry/batch", json=batch(events), headers=bearer(world.player_token)
    )
    assert sent.status_code == 201, sent.text


async def classmates(db: AsyncSession, world: World) -> list[UUID]:
    """Ben, Cleo and Dan, who is new."""
    dan = uuid4()
    await add_student(db, world.school_id, dan, "Dan", "PUPIL3")
    return [*world.students[1:], dan]


async def remember(world: World, marks: str, *, table_version: int = 1) -> None:
    """All items were answered by three others, and what Ada answered yesterday is known."""
    at = now() - timedelta(days=1)
    own = [
        Answer(at + timedelta(minutes=n), f"{skill}: usual", skill, mark == "+")
        for n, mark in enumerate(marks)
        for skill in SKILLS
    ]
    shown = [Answer(at, item, item.partition(":")[0], correct=True) for item in TABLE.items]
    async with world.database.transaction() as db:
        await ITEM_TABLES.add(db, world.school_id, world.game_id, TABLE, count=len(own))
        others = [(student, shown) for student in await classmates(db, world)]
        for student, given in ((world.students[0], own), *others):
            game_session_id = uuid4()
            await db.execute(
                text(
                    "insert into game_sessions (school_id, id, student_id, game_id, state, "
                    "last_received_at, event_count) values (:school, :id, :student, :game, "
                    "'closed', now(), 1)"
                ),
                {
                    "school": world.school_id,
                    "id": game_session_id,
                    "student": student,
                    "game": world.game_id,
                },
            )
            await answers.save(
                db,
                school_id=world.school_id,
                game_session_id=game_session_id,
                student_id=student,
                game_id=world.game_id,
                event_count=1,
                answers=given,
            )
            await items.note(
                db,
                school_id=world.school_id,
                game_id=world.game_id,
                student_id=student,
                mapping_version=0,
                answers=given,
            )
        known = states.StoredLearner(replay(own, TABLE), table_version, len(own))
        await states.replace(db, world.school_id, world.students[0], {world.game_id: known})


async def test_what_is_known_decides_and_is_logged(api: httpx.AsyncClient, world: World) -> None:
    await remember(world, "++-+")
    answered = await ask(api, world)
    assert answered.status_code == 200, answered.text
    body = answered.json()
    assert body["game_id"] == str(world.game_id)
    assert body["skill"] in SKILLS
    assert body["item"].startswith(f"{body['skill']}: ")
    assert body["difficulty"] is None
    assert body["reason"] == "practise"
    assert body["reason_words"].endswith(".")
    predicted = body["predicted_success"]
    assert 0.65 < predicted["value"] < 0.85
    assert predicted["low"] < predicted["value"] < predicted["high"]
    assert datetime.fromisoformat(body["expires_at"]) > now()
    assert answered.headers["x-ratelimit-limit"] == str(REQUESTS)
    (logged,) = await world.rows("select * from adaptive_decisions")
    assert str(logged.id) == body["decision_id"]
    assert (logged.school_id, logged.student_id) == (world.school_id, world.students[0])
    assert logged.propensity == body["propensity"]
    assert logged.policy_version == body["policy_version"]
    assert logged.body["item"] == body["item"]
    assert logged.body["item_table_version"] == 1


async def test_the_open_session_counts_at_once(api: httpx.AsyncClient, world: World) -> None:
    await remember(world, "++-+")
    before = (await ask(api, world, skills="add", items="add: fair")).json()
    await answer(api, world, uuid4(), "--")
    after = (await ask(api, world, skills="add", items="add: fair")).json()
    assert after["predicted_success"]["value"] < before["predicted_success"]["value"]
    assert (before["reason"], after["reason"]) == ("practise", "easier")


async def test_stuck_on_a_skill_leads_to_the_other(api: httpx.AsyncClient, world: World) -> None:
    await remember(world, "++-+")
    await answer(api, world, uuid4(), "-+-+-+-+--")
    body = (await ask(api, world)).json()
    assert (body["skill"], body["reason"]) == ("share", "other_skill")
    (logged,) = await world.rows("select body from adaptive_decisions")
    assert logged.body["reason"] == "other_skill"


async def test_a_state_left_by_an_older_table_is_made_anew(
    api: httpx.AsyncClient, world: World
) -> None:
    await remember(world, "++-+", table_version=0)
    body = (await ask(api, world)).json()
    assert body["reason"] == "practise"
    assert 0.65 < body["predicted_success"]["value"] < 0.85


async def test_skills_and_items_narrow_the_choice(api: httpx.AsyncClient, world: World) -> None:
    await remember(world, "++-+")
    body = (await ask(api, world, skills="share")).json()
    assert body["skill"] == "share"
    named = ["add: hard", "share: very easy"]
    body = (await ask(api, world, items=named)).json()
    assert body["item"] in named


async def test_a_new_game_is_told_how_hard_a_task_is_to_be(
    api: httpx.AsyncClient, world: World
) -> None:
    body = (await ask(api, world, skills=["add", "share"])).json()
    assert body["item"] is None
    assert 0 < body["difficulty"] < 1
    assert body["reason"] == "start"
    assert body["propensity"] == pytest.approx(0.5)


async def test_new_items_of_one_skill_can_be_offered(api: httpx.AsyncClient, world: World) -> None:
    body = (await ask(api, world, skills="add", items=["a", "b"])).json()
    assert body["item"] in ("a", "b")
    refused = await ask(api, world, skills=["add", "share"], items=["a"])
    assert refused.status_code == 422
    assert "the one skill" in refused.json()["detail"]


async def test_items_of_no_skill_asked_for_are_refused(
    api: httpx.AsyncClient, world: World
) -> None:
    await remember(world, "++-+")
    refused = await ask(api, world, skills="add", items="share: fair")
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"


async def test_a_game_of_unknown_skills_is_told_what_to_do(
    api: httpx.AsyncClient, world: World
) -> None:
    refused = await ask(api, world)
    assert refused.status_code == 409
    assert "mapping" in refused.json()["detail"]
    assert await world.one("select count(*) from adaptive_decisions") == 0


@pytest.mark.parametrize("query", [{"skills": ""}, {"items": "x" * 101}])
async def test_bad_parameters_are_named(
    api: httpx.AsyncClient, world: World, query: dict[str, str]
) -> None:
    refused = await ask(api, world, **query)
    assert refused.status_code == 422
    assert next(iter(query)) in refused.json()["detail"]


async def test_only_the_pupils_own_token_is_answered(api: httpx.AsyncClient, world: World) -> None:
    own = path(world.students[0])
    assert (await api.get(own)).status_code == 401
    for token in (world.write_key, world.sandbox_key):
        assert (await api.get(own, headers=bearer(token))).status_code == 403
    async with world.database.transaction() as db:
        _, person = await add_signed_in(db, "tess", "school_admin", world.school_id)
    assert (await api.get(own, headers=bearer(person))).status_code == 403
    player = bearer(world.player_token)
    for other in (world.students[1], world.foreign_student, uuid4()):
        assert (await api.get(path(other), headers=player)).status_code == 404


async def test_asking_is_limited(api: httpx.AsyncClient, world: World) -> None:
    for _ in range(REQUESTS):
        assert (await ask(api, world, skills="add")).status_code == 200
    refused = await ask(api, world, skills="add")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
