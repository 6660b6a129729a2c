"""Teachers whom a school's own system brings: what they see, and under which name they sign in."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import text

from learntrace.kit.errors import ConflictError
from learntrace.roster.importing.service import UnusableRosterError
from tests.world import add_signed_in, bearer, insert, now

from .exports import school
from .stored import counts, everything, student_row


async def sign_in(world, api, username):
    """As if somebody had given them a password and they had signed in."""
    async with world.database.transaction() as db:
        twin_id, token = await add_signed_in(db, str(uuid4()), "teacher", world.school_id)
        await db.execute(
            text(
                "update sign_ins set user_id = (select id from users where username = :u) "
                "where user_id = :twin"
            ),
            {"u": username, "twin": twin_id},
        )
    return bearer(token)


async def seen(api, headers):
    classes = (await api.get("/api/v1/classes", headers=headers)).json()["items"]
    students = (await api.get("/api/v1/students", headers=headers)).json()["items"]
    return [one["name"] for one in classes], len(students)


async def test_a_teacher_sees_the_class_until_the_roster_says_otherwise(api, imported, world):
    await imported(school())
    headers = await sign_in(world, api, "teacher-1@school.example")
    assert await seen(api, headers) == (["Class 1"], 10)
    pupil = await student_row(world, "pupil-1-1")
    path = f"/api/v1/students/{pupil.id}"
    assert (await api.get(path, headers=headers)).status_code == 200

    export = school()
    export.of("enrollments.csv", userSourcedId="teacher-1")["status"] = "tobedeleted"
    export.enrol("teacher-1", 2, "teacher")
    await imported(export, force=True)
    assert await seen(api, headers) == (["Class 2"], 10)
    assert (await api.get(path, headers=headers)).status_code == 404

    export.of("users.csv", sourcedId="teacher-1")["status"] = "tobedeleted"
    report = await imported(export, force=True)
    assert counts(report)["teachers"] == (0, 0, 1, 1)
    assert (await api.get("/api/v1/classes", headers=headers)).status_code == 401
    await imported(school())
    headers = await sign_in(world, api, "teacher-1@school.example")
    assert await seen(api, headers) == (["Class 1"], 10)


async def test_a_teacher_from_a_roster_cannot_sign_in_before_getting_a_password(api, imported):
    await imported(school())
    for password in ("", "!", "teacher-1@school.example"):
        body = {"username": "teacher-1@school.example", "password": password}
        answer = await api.post("/api/v1/auth/login", json=body)
        assert answer.status_code in (401, 422)


async def add_user(world, username, role, school_id=None):
    async with world.database.transaction() as db:
        return (await add_signed_in(db, username, role, school_id))[0]


@pytest.mark.parametrize("role", ["teacher", "school_admin"])
async def test_somebody_added_by_hand_before_is_that_teacher(imported, world, role):
    user_id = await add_user(world, "teacher-1@school.example", role, world.school_id)
    report = await imported(school())
    assert counts(report)["teachers"] == (1, 1, 0, 0)
    (row,) = await world.rows("select * from users where id = :id", id=user_id)
    assert (row.source_id, row.role, row.password_hash) == ("teacher-1", role, "none")
    assert await world.one("select count(*) from teachings where user_id = :id", id=user_id) == 1


@pytest.mark.parametrize(
    ("username", "said"),
    [
        ("taken@lake.example", "Somebody else has this teacher's username already."),
        ("operator", "Somebody else has this teacher's username already."),
        ("TEACHER-2@school.example", "A teacher above has the same username."),
        ("Müller", "2 to 100 letters a to z"),
    ],
)
async def test_a_username_that_cannot_be_is_told_by_its_line(imported, world, username, said):
    await add_user(world, "taken@lake.example", "teacher", world.other_school_id)
    await add_user(world, "operator", "system_admin")
    export = school()
    export.of("users.csv", sourcedId="teacher-1")["username"] = username
    before = await everything(world)
    with pytest.raises(UnusableRosterError) as refused:
        await imported(export)
    (problem,) = refused.value.problems
    assert said in problem.text
    assert problem.file == "users.csv"
    assert username.lower() not in str(problem).lower()
    assert await everything(world) == before


async def test_a_teacher_without_a_username_signs_in_with_the_address(imported, world):
    export = school()
    row = export.of("users.csv", sourcedId="teacher-1")
    row.update(username="", email="T.One@School.Example")
    await imported(export)
    stored = await world.one("select username from users where source_id = 'teacher-1'")
    assert stored == "t.one@school.example"
    export.of("users.csv", sourcedId="teacher-2")["username"] = ""
    await imported(export)  # who is there already needs none any more
    row.update(sourcedId="teacher-3", email="")
    export.of("enrollments.csv", userSourcedId="teacher-1")["userSourcedId"] = "teacher-3"
    with pytest.raises(UnusableRosterError) as refused:
        await imported(export, force=True)
    assert "needs a username or an email" in refused.value.problems[0].text


async def test_a_username_taken_in_the_same_moment_stores_nothing(imported, world):
    before = await world.one("select count(*) from students")
    async with world.database.transaction() as db:
        await insert(
            db,
            "users",
            id=world.game_id,
            school_id=world.other_school_id,
            username="teacher-1@school.example",
            display_name="T",
            role="teacher",
            password_hash="none",
            created_at=now(),
        )
        importing = asyncio.create_task(imported(school()))
        await asyncio.sleep(0.5)
    with pytest.raises(ConflictError):
        await importing
    assert await world.one("select count(*) from students") == before
