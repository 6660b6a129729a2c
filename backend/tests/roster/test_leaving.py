"""Whom the roster has no more signs in no more; and who comes back does."""

import pytest
from sqlalchemy import text

from learntrace.accounts.staff import Change, change
from learntrace.roster import repository as roster
from tests.world import ACT, add_reset, add_signed_in, bearer

from .exports import school

TEACHER = "teacher-1@school.example"


def without_teacher():
    export = school()
    export.remove("enrollments.csv", userSourcedId="teacher-1")
    return export


@pytest.fixture
async def admin_id(world):
    async with world.database.transaction() as db:
        return (await add_signed_in(db, "adam", "school_admin", world.school_id))[0]


@pytest.fixture
def disable(world, admin_id):
    """As a school's administrator does it."""

    async def do(user_id, *, disabled=True):
        async with world.database.transaction() as db:
            told = Change(disabled=disabled)
            await change(db, ACT, world.school_id, user_id, told, by=admin_id)

    return do


async def teacher(world):
    (row,) = await world.rows("select * from users where username = :name", name=TEACHER)
    return row


async def test_who_has_left_is_signed_out_and_a_link_ends(api, imported, world):
    await imported(school())
    before = await teacher(world)
    async with world.database.transaction() as db:
        link = await add_reset(db, before.id)
        _, token = await add_signed_in(db, "other", "teacher", world.school_id)
        await db.execute(text("update sign_ins set user_id = :id"), {"id": before.id})
    assert (await api.get("/api/v1/auth/me", headers=bearer(token))).status_code == 200
    await imported(without_teacher(), force=True)
    left = await teacher(world)
    assert left.disabled_at == left.left_at is not None
    assert (await api.get("/api/v1/auth/me", headers=bearer(token))).status_code == 401
    told = {"password": "a whole new password"}
    answer = await api.post("/api/v1/auth/password", json=told, headers=bearer(link))
    assert answer.status_code == 401
    again = await imported(without_teacher())
    assert again.teachers.ended == 0
    assert await teacher(world) == left


async def test_who_comes_back_signs_in_with_the_old_password(imported, world):
    await imported(school())
    before = await teacher(world)
    await imported(without_teacher(), force=True)
    await imported(school())
    assert await teacher(world) == before


async def test_a_dry_run_shuts_nobody_out(imported, world):
    await imported(school())
    before = await teacher(world)
    await imported(without_teacher(), force=True, dry_run=True)
    assert await teacher(world) == before


async def test_who_was_disabled_by_hand_stays_so(imported, world, disable):
    await imported(school())
    await disable((await teacher(world)).id)
    disabled = await teacher(world)
    await imported(without_teacher(), force=True)
    await imported(school())
    assert (await teacher(world)).disabled_at == disabled.disabled_at
    assert (await teacher(world)).left_at is None


async def test_who_was_disabled_by_hand_after_leaving_stays_so(imported, world, disable):
    await imported(school())
    await imported(without_teacher(), force=True)
    await disable((await teacher(world)).id)
    disabled = await teacher(world)
    assert disabled.disabled_at > disabled.left_at
    await imported(school())
    assert (await teacher(world)).disabled_at == disabled.disabled_at


async def test_who_was_let_in_again_by_hand_stays_so(imported, world, disable):
    await imported(school())
    await imported(without_teacher(), force=True)
    await disable((await teacher(world)).id, disabled=False)
    await imported(without_teacher())
    assert (await teacher(world)).disabled_at is None
    await imported(school())
    assert (await teacher(world)).disabled_at is None


async def test_an_administrator_who_teaches_no_more_still_signs_in(imported, world, admin_id):
    await imported(school())
    user_id = (await teacher(world)).id
    async with world.database.transaction() as db:
        told = Change(role="school_admin")
        await change(db, ACT, world.school_id, user_id, told, by=admin_id)
    report = await imported(without_teacher(), force=True)
    after = await teacher(world)
    assert (after.left_at is None, after.disabled_at) == (False, None)
    words = [one.words for one in report.told if one.kind == "teacher"]
    assert words == ["Given Teacher-1 teaches no class of the roster any more"]


async def test_who_has_a_class_that_was_given_by_hand_still_signs_in(imported, world):
    await imported(school())
    user_id = (await teacher(world)).id
    async with world.database.transaction() as db:
        await roster.assign_teacher(
            db, user_id=user_id, school_id=world.school_id, class_id=world.class_id
        )
    await imported(without_teacher(), force=True)
    after = await teacher(world)
    assert (after.left_at is None, after.disabled_at) == (False, None)


async def test_a_plain_file_tells_nothing_of_teachers(imported, world):
    await imported(school())
    lines = [f"Class 1,Given,Pupil-1-{n},pupil-1-{n}" for n in range(1, 11)]
    content = "\n".join(["class,given_name,family_name,external_id", *lines]).encode()
    await imported({"list.csv": content}, force=True)
    assert (await teacher(world)).disabled_at is None
