"""Being in a class, or having one, from a day on and until a day."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from learntrace.roster import repository as roster
from tests.world import add_signed_in, bearer, insert, now

WEEK = timedelta(days=7)
SPANS = [
    pytest.param(-WEEK, None, True, id="begun"),
    pytest.param(-WEEK, WEEK, True, id="until next week"),
    pytest.param(WEEK, None, False, id="from next week on"),
    pytest.param(-2 * WEEK, -WEEK, False, id="until last week"),
]


async def set_span(world, table, begins, ends):
    at = now()
    values = {"begun": at + begins, "ended": None if ends is None else at + ends}
    async with world.database.transaction() as db:
        statement = f"update {table} set started_at = :begun, ended_at = :ended"
        await db.execute(text(statement), values)


async def teacher(world):
    async with world.database.transaction() as db:
        user_id, token = await add_signed_in(db, "tina", "teacher", world.school_id)
        await insert(
            db,
            "teachings",
            user_id=user_id,
            school_id=world.school_id,
            class_id=world.class_id,
            started_at=now() - WEEK,
        )
    return user_id, bearer(token)


async def names(api, path, headers):
    answer = await api.get(f"/api/v1/{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    return [one.get("display_name", one.get("name")) for one in answer.json()["items"]]


@pytest.mark.parametrize(("begins", "ends", "seen"), SPANS)
async def test_a_teacher_sees_a_class_while_having_it(api, world, begins, ends, seen):
    _, headers = await teacher(world)
    await set_span(world, "teachings", begins, ends)
    assert await names(api, "classes", headers) == (["5a"] if seen else [])
    student = await api.get(f"/api/v1/students/{world.students[0]}", headers=headers)
    assert student.status_code == (200 if seen else 404)


@pytest.mark.parametrize(("begins", "ends", "seen"), SPANS)
async def test_a_student_is_in_the_class_between_the_days(api, world, begins, ends, seen):
    _, headers = await teacher(world)
    await set_span(world, "enrolments", begins, ends)
    assert await names(api, "students", headers) == (["Ada", "Ben", "Cleo"] if seen else [])
    body = {"game_id": str(world.game_id), "class_code": "CLASS5", "pupil_code": "PUPIL0"}
    joined = await api.post("/api/v1/players/join", json=body)
    assert joined.status_code == (201 if seen else 404)


@pytest.mark.parametrize(("begins", "ends", "seen"), SPANS)
async def test_by_hand_whoever_is_not_there_now_is_put_there_now(world, begins, ends, seen):
    user_id, _ = await teacher(world)
    place = {"school_id": world.school_id, "class_id": world.class_id}
    for table in ("enrolments", "teachings"):
        await set_span(world, table, begins, ends)
    before = await world.rows("select student_id, started_at, ended_at from enrolments order by 1")
    async with world.database.transaction() as db:
        await roster.enrol(db, student_ids=world.students, **place)
        await roster.assign_teacher(db, user_id=user_id, **place)
    after = await world.rows("select student_id, started_at, ended_at from enrolments order by 1")
    assert (before == after) == seen
    for table in ("enrolments", "teachings"):
        unopened = f"select count(*) from {table} where started_at > now() or ended_at < now()"
        assert await world.one(unopened) == 0


@pytest.mark.parametrize(("begins", "ends", "seen"), SPANS)
async def test_what_is_not_over_can_be_ended(world, begins, ends, seen):
    user_id, _ = await teacher(world)
    place = {"school_id": world.school_id, "class_id": world.class_id}
    for table in ("enrolments", "teachings"):
        await set_span(world, table, begins, ends)
    over = ends is not None and ends < timedelta()
    async with world.database.transaction() as db:
        ended = await roster.end_enrolment(db, student_id=world.students[0], **place)
        assert ended != over
        assert await roster.end_teaching(db, user_id=user_id, **place) != over
    left = await world.one("select count(*) from player_tokens where revoked_at is null")
    assert left == int(over)
    assert await world.one("select count(*) from teachings where ended_at is null") == 0
