"""What to play next where there is very much to read, and several ask at once."""

import asyncio
import gc
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from learntrace.adaptive.service import MOST_EVENTS
from learntrace.kit import garbage
from learntrace.skills import answers, items, states
from learntrace.skills.answers import MOST_OF_STUDENT
from learntrace.skills.items import MOST_ALONE, MOST_KEPT
from learntrace.skills.knowledge import Answer, ItemTable, Learner, replay
from learntrace.skills.versions import ITEM_TABLES

from ..turns import counted_turns
from ..world import World, add_student, bearer, now

MOST_AT_ONCE = 40_000
"""Calls of functions in one turn of the loop; what is worked out in threads would be twice that."""


@pytest.fixture(autouse=True)
def as_served() -> Iterator[None]:
    """The garbage collector leaves alone what was there before, as in a process that serves."""
    usual = gc.get_threshold()
    garbage.settle()
    yield
    gc.unfreeze()
    gc.set_threshold(*usual)


async def ask(api: httpx.AsyncClient, world: World, **query: str) -> httpx.Response:
    path = f"/api/v1/adaptive/{world.students[0]}/next"
    return await api.get(path, headers=bearer(world.player_token), params=query)


async def watched(api: httpx.AsyncClient, world: World) -> tuple[httpx.Response, int]:
    """What is answered, and how many functions were called at most before others had a turn."""
    await api.get("/nowhere")  # each route is made when it is first looked through
    with counted_turns() as turns:
        answer = await ask(api, world)
    return answer, turns.most_calls


async def add_session(world: World, student_id: UUID, state: str, event_count: int) -> UUID:
    game_session_id = uuid4()
    async with world.database.transaction() as db:
        await db.execute(
            text(
                "insert into game_sessions (school_id, id, student_id, game_id, state, started_at, "
                "ended_at, last_received_at, event_count) values "
                "(:school, :id, :student, :game, :state, now(), now(), now(), :count)"
            ),
            {
                "school": world.school_id,
                "id": game_session_id,
                "student": student_id,
                "game": world.game_id,
                "state": state,
                "count": event_count,
            },
        )
    return game_session_id


async def fill_open_session(world: World, count: int) -> None:
    """Ada answers rightly all the while, but wrongly at last; one answer an event."""
    game_session_id = await add_session(world, world.students[0], "open", count)
    async with world.database.transaction() as db:
        await db.execute(
            text(
                "insert into events (school_id, event_id, game_session_id, student_id, game_id, "
                "timestamp, received_at, corrected_at, content_hash, event_type, game_version, "
                "sequence, data) select :school, gen_random_uuid(), :session, :student, :game, "
                "at, now(), at, 0, 'attempt', '1', n, "
                "json_build_object('skill', 'add', 'item', 'add ' || n % 50, "
                "'correct', n < :count - 2) "
                "from (select n, now() - (:count - n) * interval '100 ms' as at "
                "from generate_series(1, :count) n) told"
            ),
            {
                "school": world.school_id,
                "session": game_session_id,
                "student": world.students[0],
                "game": world.game_id,
                "count": count,
            },
        )


def drill(count: int) -> list[Answer]:
    began = now() - timedelta(days=1)
    return [
        Answer(began + timedelta(seconds=n), f"add {n % 50}", "add", correct=n % 4 > 0)
        for n in range(count)
    ]


async def remember(world: World, given: list[Answer], *, at_once: int = 1000) -> None:
    """What Ada answered in closed sessions; her state is of an older table than is in force."""
    for start in range(0, len(given), at_once):
        game_session_id = await add_session(world, world.students[0], "closed", at_once)
        async with world.database.transaction() as db:
            await answers.save(
                db,
                school_id=world.school_id,
                game_session_id=game_session_id,
                student_id=world.students[0],
                game_id=world.game_id,
                event_count=at_once,
                answers=given[start : start + at_once],
            )
    table = ItemTable(version=1, intercept=3.0)
    older = states.StoredLearner(Learner(), 0, len(given))
    async with world.database.transaction() as db:
        await ITEM_TABLES.add(db, world.school_id, world.game_id, table, count=len(given))
        await states.replace(db, world.school_id, world.students[0], {world.game_id: older})


async def test_a_very_long_open_session_holds_up_nobody(
    api: httpx.AsyncClient, world: World
) -> None:
    await fill_open_session(world, 20_000)
    answer, at_once = await watched(api, world)
    assert answer.status_code == 200, answer.text
    assert at_once < MOST_AT_ONCE
    answered = "select body ->> 'answers_in_session' from adaptive_decisions"
    assert await world.one(answered) == str(MOST_EVENTS)


async def test_a_very_long_history_holds_up_nobody(api: httpx.AsyncClient, world: World) -> None:
    await remember(world, drill(2 * MOST_OF_STUDENT))
    answer, at_once = await watched(api, world)
    assert answer.status_code == 200, answer.text
    assert answer.json()["reason"] != "start"
    assert at_once < MOST_AT_ONCE


async def test_a_game_of_very_many_items_and_answers_holds_up_nobody(
    api: httpx.AsyncClient, world: World
) -> None:
    keys = {"school": world.school_id, "game": world.game_id, "pupils": world.students}
    async with world.database.transaction() as db:
        await db.execute(
            text(
                "insert into answered_items select :school, :game, 0, 'skill ' || n % 100, "
                "case when n < 100 then '' else 'item ' || n end, cast(:pupils as uuid[]) "
                "from generate_series(0, :most - 1) n"
            ),
            keys | {"most": MOST_KEPT},
        )
        await db.execute(
            text(
                "with made as (insert into game_sessions (school_id, id, student_id, game_id, "
                "state, last_received_at, event_count) select :school, gen_random_uuid(), "
                "(cast(:pupils as uuid[]))[2 + n % 2], :game, 'closed', now(), 50 "
                "from generate_series(1, 4000) n returning id, student_id) "
                "insert into session_answers select :school, id, student_id, :game, 50, "
                "(select jsonb_agg(jsonb_build_array(now(), 'item ' || n, 'skill', true)) "
                "from generate_series(1, 50) n), 50, now() from made"
            ),
            keys,
        )
    answer, at_once = await watched(api, world)
    assert answer.status_code == 200, answer.text
    assert at_once < MOST_AT_ONCE


async def test_a_state_made_anew_rests_on_this_game_alone(
    api: httpx.AsyncClient, world: World
) -> None:
    given = drill(40)
    await remember(world, given)
    elsewhere = await add_session(world, world.students[0], "closed", 40)
    async with world.database.transaction() as db:
        await answers.save(
            db,
            school_id=world.school_id,
            game_session_id=elsewhere,
            student_id=world.students[0],
            game_id=world.other_game_id,
            event_count=40,
            answers=given,
        )
        key = (world.school_id, world.students[0])
        (alone,) = await answers.of_student(db, *key, game_id=world.game_id)
        both = await answers.of_student(db, *key)
    assert alone.game_id == world.game_id
    assert len(both) == 2
    learner = replay(alone.answers, ItemTable(version=1, intercept=3.0))
    assert learner.answers == 40
    assert (await ask(api, world)).status_code == 200


async def test_a_game_keeps_a_bounded_number_of_items(world: World) -> None:
    pupils = [*world.students, *(uuid4() for _ in range(MOST_KEPT // MOST_ALONE + 2))]
    async with world.database.transaction() as db:
        for number, pupil in enumerate(pupils[3:]):
            await add_student(db, world.school_id, pupil, f"Pupil {number}", f"CLASS{number}")

    async def note(pupil: UUID, names: list[str]) -> None:
        async with world.database.transaction() as db:
            await items.note(
                db,
                school_id=world.school_id,
                game_id=world.game_id,
                student_id=pupil,
                mapping_version=0,
                answers=[Answer(now(), name, "add", correct=True) for name in names],
            )

    real = [f"real {n}" for n in range(9)]
    for pupil in pupils[:3]:
        await note(pupil, real)
    kept = []
    for pupil in pupils[3:]:
        await note(pupil, [f"{pupil} {n}" for n in range(MOST_ALONE)])
        kept.append(await world.one("select count(*) from answered_items"))
    assert MOST_KEPT - MOST_ALONE < max(kept) <= MOST_KEPT
    assert kept[-1] < max(kept)
    async with world.database.transaction() as db:
        shared = await items.shared(db, world.school_id, world.game_id, mapping_version=0)
        elsewhere = await items.shared(db, world.other_school_id, world.game_id, mapping_version=0)
    assert shared == {"add": real}
    assert elsewhere == {}


async def test_those_who_note_at_once_lose_nobody(world: World) -> None:
    given = drill(50)

    async def note(pupil: UUID, told: list[Answer]) -> None:
        async with world.database.transaction() as db:
            await items.note(
                db,
                school_id=world.school_id,
                game_id=world.game_id,
                student_id=pupil,
                mapping_version=0,
                answers=told,
            )

    await asyncio.gather(
        *(note(pupil, told) for pupil in world.students for told in (given, given[::-1]))
    )
    rows = await world.rows("select student_ids from answered_items")
    assert len(rows) == 51
    assert all(sorted(row.student_ids) == sorted(world.students) for row in rows)


async def test_two_who_ask_at_once_are_logged_once_each(
    api: httpx.AsyncClient, world: World
) -> None:
    both = await asyncio.gather(ask(api, world, skills="add"), ask(api, world, skills="share"))
    told = {one.json()["decision_id"]: one.json() for one in both}
    logged = await world.rows("select id, propensity, body from adaptive_decisions")
    assert len(told) == len(logged) == 2
    for one in logged:
        assert one.propensity == told[str(one.id)]["propensity"] == 1
        assert one.body["skill"] == told[str(one.id)]["skill"]


async def test_what_another_school_answered_is_offered_to_nobody_here(
    api: httpx.AsyncClient, world: World
) -> None:
    pupils = [world.foreign_student, uuid4(), uuid4()]
    async with world.database.transaction() as db:
        for number, pupil in enumerate(pupils[1:]):
            await add_student(db, world.other_school_id, pupil, "Lake", f"LAKE{number}")
        for pupil in pupils:
            await items.note(
                db,
                school_id=world.other_school_id,
                game_id=world.game_id,
                student_id=pupil,
                mapping_version=0,
                answers=drill(5),
            )
    assert (await ask(api, world)).status_code == 409
    other = f"/api/v1/adaptive/{world.foreign_student}/next"
    assert (await api.get(other, headers=bearer(world.player_token))).status_code == 404
    assert await world.one("select count(*) from adaptive_decisions") == 0
