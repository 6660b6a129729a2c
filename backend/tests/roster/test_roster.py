"""Who belongs where: classes, students, enrolments, teachers."""

import asyncio
import secrets
from contextlib import nullcontext
from uuid import uuid4

import pytest

from learntrace.kit.errors import NotFoundError
from learntrace.roster import repository as roster
from learntrace.roster.codes import TEST_CLASS_NAME
from tests.world import insert, now


def draw(monkeypatch, *codes):
    """Have chance deal these codes."""
    characters = iter("".join(codes))
    monkeypatch.setattr(secrets, "choice", lambda _: next(characters))


async def test_whole_class_is_created_at_once(world):
    names = [f"Pupil {n}" for n in range(2000)]
    async with world.database.transaction() as db:
        school_class = await roster.create_class(db, school_id=world.school_id, name="6b")
        students = await roster.create_students(db, school_id=world.school_id, display_names=names)
        await roster.enrol(
            db,
            school_id=world.school_id,
            class_id=school_class.id,
            student_ids=[one.id for one in students],
        )
    assert [one.display_name for one in students] == names
    assert len({one.pupil_code for one in students}) == 2000
    assert all(len(one.pupil_code) == 6 for one in students)
    assert len(school_class.code) == 6
    enrolled = await world.one(
        "select count(*) from enrolments where class_id = :id and ended_at is null",
        id=school_class.id,
    )
    assert enrolled == 2000


async def test_no_students_are_no_trouble(world):
    async with world.database.transaction() as db:
        assert await roster.create_students(db, school_id=world.school_id, display_names=[]) == []
        await roster.enrol(db, school_id=world.school_id, class_id=world.class_id, student_ids=[])


async def test_taken_pupil_code_is_drawn_again(world, monkeypatch):
    draw(monkeypatch, "PUPIL0", "AAAAAA", "AAAAAA", "BBBBBB", "AAAAAA", "CCCCCC")
    async with world.database.transaction() as db:
        students = await roster.create_students(
            db, school_id=world.school_id, display_names=["Dora", "Emil", "Fay"]
        )
    assert {one.display_name for one in students} == {"Dora", "Emil", "Fay"}
    assert {one.pupil_code for one in students} == {"AAAAAA", "BBBBBB", "CCCCCC"}


async def test_taken_class_code_is_drawn_again(world, monkeypatch):
    draw(monkeypatch, "CLASS5", "NEWONE")
    async with world.database.transaction() as db:
        made = await roster.create_class(db, school_id=world.school_id, name="6c")
    assert (made.name, made.code) == ("6c", "NEWONE")


async def test_test_class_that_is_there_is_kept(world):
    async with world.database.transaction() as db:
        assert (await roster.ensure_test_class(db, world.sandbox_id)).id == world.test_class_id


async def test_test_class_made_twice_at_once_is_one(world):
    async def make():
        async with world.database.transaction() as db:
            return (await roster.ensure_test_class(db, world.other_school_id)).id

    made = await asyncio.gather(*(make() for _ in range(4)))
    assert len(set(made)) == 1
    rows = await world.rows(
        "select name from classes where school_id = :id", id=world.other_school_id
    )
    assert [row.name for row in rows] == [TEST_CLASS_NAME]


async def test_enrolment_ends_and_starts_again(world):
    who = {
        "school_id": world.school_id,
        "class_id": world.class_id,
    }
    ada = world.students[0]
    asked = "select started_at, ended_at from enrolments where student_id = :id"
    before = (await world.rows(asked, id=ada))[0]
    async with world.database.transaction() as db:
        await roster.enrol(db, **who, student_ids=[ada])
    assert (await world.rows(asked, id=ada))[0] == before

    async with world.database.transaction() as db:
        assert await roster.end_enrolment(db, **who, student_id=ada)
        assert not await roster.end_enrolment(db, **who, student_id=ada)
    assert (await world.rows(asked, id=ada))[0].ended_at is not None

    async with world.database.transaction() as db:
        await roster.enrol(db, **who, student_ids=[ada])
    after = (await world.rows(asked, id=ada))[0]
    assert after.ended_at is None
    assert after.started_at > before.started_at


@pytest.mark.parametrize("wrong", ["class", "student"])
async def test_enrolling_the_unknown_is_refused(world, wrong):
    class_id = uuid4() if wrong == "class" else world.class_id
    student_id = world.foreign_student if wrong == "student" else world.students[0]
    with pytest.raises(NotFoundError):
        async with world.database.transaction() as db:
            await roster.enrol(
                db, school_id=world.school_id, class_id=class_id, student_ids=[student_id]
            )


async def test_teaching_the_unknown_is_refused(world):
    with pytest.raises(NotFoundError):
        async with world.database.transaction() as db:
            await roster.assign_teacher(
                db, user_id=uuid4(), school_id=world.school_id, class_id=world.class_id
            )


@pytest.mark.parametrize(
    ("role", "of_other_school", "in_sandbox", "allowed"),
    [
        ("teacher", False, False, True),
        ("teacher", False, True, True),
        ("teacher", True, False, False),
        ("teacher", True, True, False),
        ("school_admin", False, False, False),
    ],
)
async def test_only_teachers_of_the_school_are_assigned(
    world, role, of_other_school, in_sandbox, allowed
):
    user_id = uuid4()
    async with world.database.transaction() as db:
        await insert(
            db,
            "users",
            id=user_id,
            school_id=world.other_school_id if of_other_school else world.school_id,
            username="t",
            display_name="T",
            role=role,
            password_hash="none",
            created_at=now(),
        )
    place = (
        {"school_id": world.sandbox_id, "class_id": world.test_class_id}
        if in_sandbox
        else {"school_id": world.school_id, "class_id": world.class_id}
    )
    expected = nullcontext() if allowed else pytest.raises(NotFoundError)
    with expected:
        async with world.database.transaction() as db:
            await roster.assign_teacher(db, user_id=user_id, **place)
    assert await world.one("select count(*) from teachings") == int(allowed)


async def test_leaving_the_last_class_ends_the_player_tokens(world):
    ada = world.students[0]
    live = "select count(*) from player_tokens where revoked_at is null"
    async with world.database.transaction() as db:
        other = await roster.create_class(db, school_id=world.school_id, name="Chess")
        second = other.id
        await roster.enrol(
            db, school_id=world.school_id, class_id=second, student_ids=[ada, world.students[1]]
        )
    for class_id, left in ((world.class_id, 1), (world.class_id, 1), (second, 0)):
        async with world.database.transaction() as db:
            await roster.end_enrolment(
                db, school_id=world.school_id, class_id=class_id, student_id=ada
            )
        assert await world.one(live) == left


async def test_leaving_two_classes_at_once_ends_the_player_tokens(world):
    ada = world.students[0]
    async with world.database.transaction() as db:
        classes = [world.class_id]
        for name in ("Chess", "Choir"):
            made = await roster.create_class(db, school_id=world.school_id, name=name)
            await roster.enrol(db, school_id=world.school_id, class_id=made.id, student_ids=[ada])
            classes.append(made.id)

    async def leave(class_id):
        async with world.database.transaction() as db:
            await roster.end_enrolment(
                db, school_id=world.school_id, class_id=class_id, student_id=ada
            )
            await asyncio.sleep(0.05)

    await asyncio.gather(*map(leave, classes))
    assert await world.one("select count(*) from player_tokens where revoked_at is null") == 0


async def test_teaching_ends_and_starts_again(world):
    user_id = uuid4()
    async with world.database.transaction() as db:
        await insert(
            db,
            "users",
            id=user_id,
            school_id=world.school_id,
            username="t",
            display_name="T",
            role="teacher",
            password_hash="none",
            created_at=now(),
        )
    place = {"user_id": user_id, "school_id": world.school_id, "class_id": world.class_id}
    asked = "select ended_at from teachings where user_id = :id"
    for _ in range(2):
        async with world.database.transaction() as db:
            await roster.assign_teacher(db, **place)
            await roster.assign_teacher(db, **place)
        assert (await world.rows(asked, id=user_id))[0].ended_at is None
        async with world.database.transaction() as db:
            assert await roster.end_teaching(db, **place)
            assert not await roster.end_teaching(db, **place)
        assert (await world.rows(asked, id=user_id))[0].ended_at is not None
