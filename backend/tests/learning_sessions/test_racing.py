"""Two at once: what is taken back, deleted or assigned while somebody works on it."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import text

from .given import add_assignment, add_content, add_scenario

ROUNDS = 12
ASSIGNMENTS = "/learning-sessions/assignments"


@pytest.fixture
async def scenario_id(day):
    async with day.world.database.transaction() as db:
        return await add_scenario(db, day.world.school_id)


@pytest.fixture
async def content_id(day):
    async with day.world.database.transaction() as db:
        return await add_content(db, day.world.school_id, day.users["teacher"])


@pytest.fixture
def assign(day):
    """Give Ada something to do: the assignment's id."""

    async def give(kind="review", source_id=None):
        async with day.world.database.transaction() as db:
            own = (day.world.school_id, day.ada, day.users["teacher"])
            return await add_assignment(db, *own, kind=kind, source_id=source_id)

    return give


async def answered(*asked):
    found = await asyncio.gather(*asked)
    assert [one.text for one in found if one.status_code >= 500] == []
    return found


async def test_taken_back_while_it_is_completed(ask, day, begin, assign) -> None:
    for _ in range(ROUNDS):
        task = await assign()
        sitting = await begin("vocabulary_review")
        assert sitting["assignment_id"] == str(task)
        done, _ = await answered(
            ask("teacher", "POST", f"/learning-sessions/{sitting['id']}/complete"),
            ask("teacher", "DELETE", f"{ASSIGNMENTS}/{task}"),
        )
        assert done.json()["ended_at"] is not None
        assert await day.world.one("select count(*) from assignments") == 0


async def test_taken_back_while_a_scenario_is_begun_and_completed(
    ask, day, assign, scenario_id
) -> None:
    whose = {"student_id": str(day.ada)}
    for _ in range(ROUNDS):
        task = await assign("scenario", scenario_id)
        path = f"/scenarios/{scenario_id}"
        begun, taken = await answered(
            ask("teacher", "POST", f"{path}/start", whose),
            ask("teacher", "POST", f"{ASSIGNMENTS}/withdraw", {"assignment_ids": [str(task)]}),
        )
        assert (begun.status_code, taken.status_code) == (200, 200)
        task = await assign("scenario", scenario_id)
        done, _ = await answered(
            ask("teacher", "POST", f"{path}/complete", whose),
            ask("teacher", "DELETE", f"{ASSIGNMENTS}/{task}"),
        )
        assert done.json()["ended_at"] is not None


async def test_taken_away_while_it_is_begun_or_completed(ask, begin, day, scenario_id) -> None:
    whose = {"student_id": str(day.ada)}
    path = f"/scenarios/{scenario_id}"
    for _ in range(ROUNDS):
        sitting = f"/learning-sessions/{(await begin())['id']}"
        await ask("teacher", "POST", f"{path}/start", whose)
        found = await answered(
            ask("teacher", "POST", f"{path}/start", whose),
            ask("teacher", "DELETE", f"{path}/progress", **whose),
            ask("teacher", "POST", f"{sitting}/complete"),
            ask("teacher", "DELETE", sitting),
        )
        begun, away, *of_session = (one.status_code for one in found)
        assert (begun, away) == (200, 204)
        assert of_session in ([200, 409], [404, 204])


async def test_begun_while_it_is_taken_back_it_is_of_no_assignment(ask, day, assign) -> None:
    task = await assign()
    review = {"student_id": str(day.ada), "session_type": "vocabulary_review", "language": "en"}
    async with day.world.database.transaction() as db:
        await db.execute(text("delete from assignments where id = :id"), {"id": task})
        both = [
            asyncio.create_task(ask(who, "POST", "/learning-sessions", review))
            for who in ("teacher", "ada")
        ]
        await day.world.until_waiting(len(both))
    begun, refused = await asyncio.gather(*both)
    assert (begun.status_code, begun.json()["assignment_id"]) == (201, None)
    assert refused.status_code == 403


async def test_what_is_deleted_is_assigned_to_nobody(ask, day, content_id) -> None:
    told = {"kind": "content", "source_id": str(content_id), "student_ids": [str(day.ada)]}
    favourite = {"favourite": True}
    async with day.world.database.transaction() as db:
        await db.execute(text("delete from content_items where id = :id"), {"id": content_id})
        both = [
            asyncio.create_task(ask("teacher", "POST", ASSIGNMENTS, told)),
            asyncio.create_task(
                ask("teacher", "PUT", f"/content/{content_id}/favourite", favourite)
            ),
        ]
        await day.world.until_waiting(len(both))
    assigned, marked = await asyncio.gather(*both)
    assert (assigned.status_code, marked.status_code) == (404, 204)
    assert await day.world.one("select count(*) from assignments") == 0
    assert await day.world.one("select count(*) from content_favourites") == 0


async def test_assigned_while_it_is_deleted_it_is_taken_back(ask, day, assign, content_id) -> None:
    async with day.world.database.transaction() as db:
        query = "select from content_items where id = :id for key share"
        await db.execute(text(query), {"id": content_id})
        gone = asyncio.create_task(ask("teacher", "DELETE", f"/content/{content_id}"))
        await day.world.until_waiting()
        await assign("content", content_id)
    assert (await gone).status_code == 204
    assert await day.world.one("select count(*) from assignments") == 0


async def test_content_goes_while_its_study_is_completed(ask, day, assign, begin) -> None:
    for _ in range(ROUNDS):
        async with day.world.database.transaction() as db:
            content_id = await add_content(db, day.world.school_id, day.users["teacher"])
        await assign("content", content_id)
        sitting = await begin(source_id=str(content_id))
        done, gone = await answered(
            ask("teacher", "POST", f"/learning-sessions/{sitting['id']}/complete"),
            ask("teacher", "DELETE", f"/content/{content_id}"),
        )
        assert (done.status_code, gone.status_code) == (200, 204)
    assert await day.world.one("select count(*) from assignments where done_at is null") == 0


async def test_started_while_it_is_completed_it_is_open(ask, day, scenario_id) -> None:
    path, whose = f"/scenarios/{scenario_id}", {"student_id": str(day.ada)}
    first = (await ask("teacher", "POST", f"{path}/start", whose)).json()
    async with day.world.database.transaction() as db:
        ended = "update scenario_runs set ended_at = now(), outcome = '{}' where id = :id"
        await db.execute(text(ended), {"id": first["id"]})
        again = asyncio.create_task(ask("teacher", "POST", f"{path}/start", whose))
        await day.world.until_waiting()
    second = (await again).json()
    assert second["ended_at"] is None
    assert second["id"] != first["id"]


async def test_the_same_key_imported_twice_at_once_keeps_one_id(day) -> None:
    async def put(key):
        async with day.world.database.transaction() as db:
            return await add_scenario(db, day.world.school_id, key=key)

    for number in range(ROUNDS):
        found = await asyncio.gather(*(put(f"station-{number}") for _ in range(3)))
        query = "select distinct id from scenarios where key = :key"
        assert {one.id for one in await day.world.rows(query, key=f"station-{number}")} == {*found}


async def test_what_was_begun_before_it_was_assigned_is_done_when_it_is_completed(
    ask, day, begin, assign, scenario_id, content_id
) -> None:
    whose = {"student_id": str(day.ada)}
    await ask("teacher", "POST", f"/scenarios/{scenario_id}/start", whose)
    study, review = await begin(source_id=str(content_id)), await begin("vocabulary_review")
    tasks = [
        await assign(*one)
        for one in (("scenario", scenario_id), ("content", content_id), ("review", None))
    ]
    await ask("teacher", "POST", f"/scenarios/{scenario_id}/complete", whose)
    for sitting in (study, review):
        await ask("teacher", "POST", f"/learning-sessions/{sitting['id']}/complete")
    rows = await day.world.rows(
        "select assignment_id, done_at, ended_at from learning_sessions"
        " join assignments on assignments.id = assignment_id"
    )
    assert {one.assignment_id for one in rows} == {*tasks}
    assert all(one.done_at == one.ended_at for one in rows)


async def test_a_plain_session_does_no_assigned_scenario(
    ask, day, begin, assign, scenario_id
) -> None:
    await assign("scenario", scenario_id)
    body = {"session_type": "scenario", "source_id": str(scenario_id)}
    told = body | {"student_id": str(day.ada), "language": "en"}
    refused = await ask("ada", "POST", "/learning-sessions", told)
    assert refused.status_code == 403
    assert "/scenarios/{scenario_id}/start" in refused.json()["detail"]
    sitting = await begin(**body)
    await ask("teacher", "POST", f"/learning-sessions/{sitting['id']}/complete")
    assert await day.world.one("select done_at from assignments") is None


async def test_a_pupils_game_answers_cards_while_a_review_is_assigned(
    ask, day, assign, scenario_id
) -> None:
    whose = {"student_id": str(day.ada)}
    for step in ("start", "complete"):
        await ask("teacher", "POST", f"/scenarios/{scenario_id}/{step}", whose)
    card, *_ = (await ask("ada", "GET", "/review-cards", **whose)).json()["items"]
    path = f"/review-cards/{card['id']}/answer"
    assert (await ask("ada", "POST", path, {"recall": "good"})).status_code == 403
    await assign()
    assert (await ask("ada", "POST", path, {"recall": "good"})).status_code == 200
    assert (await ask("teacher", "POST", f"/review-cards/{uuid4()}/answer", {})).status_code == 422


async def test_whose_content_it_is_stays_among_staff(ask, day, content_id) -> None:
    for who, told in (("teacher", False), ("ada", True)):
        found = (await ask(who, "GET", f"/content/{content_id}")).json()
        assert [found["owner_id"] is None, found["owner_name"] is None] == [told, told]
        assert found in (await ask(who, "GET", "/content")).json()["items"]
