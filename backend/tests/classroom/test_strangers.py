"""Each way to read, asked by everybody: who may, who may not, and that both look alike."""

import pytest
from sqlalchemy import text

LIVE = {
    "overview": "/classes/{class_id}/overview",
    "now": "/classes/{class_id}/now",
    "attention": "/classes/{class_id}/attention",
    "codes": "/classes/{class_id}/codes",
    "class_skills": "/classes/{class_id}/skills",
    "of_class": "/students?class_id={class_id}",
    "student": "/students/{student_id}",
    "assessment": "/assessments/{student_id}",
    "assessment_of_skill": "/assessments/{student_id}/empathy",
    "history": "/assessments/{student_id}/history",
    "skills": "/skills/{student_id}",
    "skill": "/skills/{student_id}/empathy",
    "progress": "/students/{student_id}/progress",
    "timeline": "/students/{student_id}/timeline",
    "sessions": "/students/{student_id}/sessions",
    "session": "/game-sessions/{session_id}",
    "events": "/game-sessions/{session_id}/events",
}
PLAY = {"sessions", "session", "events"}
PEOPLE = (
    "teacher",
    "tester",
    "colleague",
    "former_teacher",
    "school_admin",
    "lake_teacher",
    "lake_admin",
    "system_admin",
    "developer",
    "tiles_developer",
    "expired",
    "nobody",
    "forged",
    "forged_player",
    "ada",
    "ben",
    "write_key",
)


def expected(who: str, what: str, *, sandbox: bool) -> int:
    if who in ("expired", "nobody", "forged", "forged_player"):
        return 401
    if who == "write_key" or (who in ("ada", "ben") and what not in PLAY):
        return 403
    if what == "codes" and who in ("system_admin", "developer", "tiles_developer"):
        return 403
    readers = {"school_admin", "system_admin"}
    readers |= {"tester", "developer"} if sandbox else {"teacher", "ada"}
    return 200 if who in readers else 404


@pytest.mark.parametrize("sandbox", [False, True], ids=["live", "sandbox"])
@pytest.mark.parametrize("what", LIVE)
async def test_only_those_read_who_may(read, day, what, sandbox):
    world = day.world
    path = LIVE[what].format(
        class_id=world.test_class_id if sandbox else world.class_id,
        student_id=day.tess if sandbox else day.ada,
        session_id=day.sandboxed if sandbox else day.live,
    )
    found = {who: (await read(who, path)).status_code for who in PEOPLE}
    assert found == {who: expected(who, what, sandbox=sandbox) for who in PEOPLE}


@pytest.mark.parametrize("what", LIVE)
async def test_foreign_is_answered_like_unknown(read, day, what):
    ids = {
        "class_id": day.world.class_id,
        "student_id": day.ada,
        "session_id": day.live,
    }
    unknown = dict.fromkeys(ids, "6d0f6f0e-0000-4000-8000-000000000000")
    foreign = await read("lake_admin", LIVE[what].format(**ids))
    nothing = await read("lake_admin", LIVE[what].format(**unknown))
    assert foreign.status_code == nothing.status_code == 404
    assert foreign.json() == nothing.json()
    assert foreign.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("who", "classes", "live", "sandboxed"),
    [
        ("teacher", ["5a"], ["Ada", "Ben", "Cleo"], []),
        ("tester", ["Test players"], [], ["Tess"]),
        ("colleague", ["5b"], [], []),
        ("former_teacher", [], [], []),
        ("school_admin", ["5a", "5b", "Test players"], ["Ada", "Ben", "Cleo"], ["Tess"]),
        ("lake_teacher", ["Lake"], ["Finn"], []),
        ("lake_admin", ["Lake"], ["Finn"], []),
        (
            "system_admin",
            ["5a", "5b", "Lake", "Test players"],
            ["Ada", "Ben", "Cleo", "Finn"],
            ["Tess"],
        ),
        ("developer", ["Test players"], ["Tess"], ["Tess"]),
        ("tiles_developer", [], [], []),
    ],
)
async def test_lists_hold_what_the_reader_may_see(read, who, classes, live, sandboxed):
    assert names(await read(who, "/classes"), "name") == classes
    assert names(await read(who, "/students"), "display_name") == live
    assert names(await read(who, "/students", sandbox=True), "display_name") == sandboxed


def names(answer, key):
    assert answer.status_code == 200
    return [item[key] for item in answer.json()["items"]]


@pytest.mark.parametrize("path", ["/classes", "/students"])
async def test_lists_are_for_people_signed_in(read, path):
    for who in ("expired", "nobody", "forged"):
        assert (await read(who, path)).status_code == 401
    for who in ("ada", "write_key"):
        assert (await read(who, path)).status_code == 403


async def test_pupil_who_left_is_gone_for_the_teacher_only(read, day, database):
    async with database.transaction() as db:
        await db.execute(
            text("update enrolments set ended_at = now() where student_id = :id"), {"id": day.ada}
        )
    for path in (f"/students/{day.ada}", f"/students/{day.ada}/sessions"):
        assert (await read("teacher", path)).status_code == 404
        assert (await read("school_admin", path)).status_code == 200
    assert (await read("teacher", f"/game-sessions/{day.live}")).status_code == 404
    assert names(await read("teacher", "/students"), "display_name") == ["Ben", "Cleo"]
    overview = (await read("teacher", f"/classes/{day.world.class_id}/overview")).json()
    assert [one["display_name"] for one in overview["students"]] == ["Ben", "Cleo"]


async def test_teacher_of_the_sandbox_class_reads_it_beside_the_own(read, day, database):
    async with database.transaction() as db:
        await day.teaches(db, "teacher", day.world.sandbox_id, day.world.test_class_id)
    assert names(await read("teacher", "/classes"), "name") == ["5a", "Test players"]
    assert names(await read("teacher", "/students"), "display_name") == ["Ada", "Ben", "Cleo"]
    assert (await read("teacher", f"/game-sessions/{day.sandboxed}")).status_code == 200


async def test_developer_sees_own_games_alone(read, day, database):
    async with database.transaction() as db:
        tiles = await day.plays(
            db, day.tess, school_id=day.world.sandbox_id, game_id=day.world.other_game_id
        )
    assert (await read("developer", f"/game-sessions/{tiles}")).status_code == 404
    sessions = await read("developer", f"/students/{day.tess}/sessions")
    assert names(sessions, "id") == [str(day.sandboxed)]
    student = (await read("developer", f"/students/{day.tess}")).json()
    assert student["game_session_count"] == 1
    assert (await read("tiles_developer", f"/game-sessions/{tiles}")).status_code == 200
    assert (await read("tiles_developer", f"/game-sessions/{day.sandboxed}")).status_code == 404


async def test_player_token_reads_its_own_game_alone(read, day, database):
    async with database.transaction() as db:
        tiles = await day.plays(db, day.ada, game_id=day.world.other_game_id)
    assert (await read("ada", f"/game-sessions/{tiles}")).status_code == 404
    assert (await read("ada", f"/game-sessions/{tiles}/events")).status_code == 404
    sessions = await read("ada", f"/students/{day.ada}/sessions")
    assert names(sessions, "id") == [str(day.live)]
    assert (await read("ben", f"/students/{day.ben}/sessions")).json()["items"] == []


async def test_revoked_player_token_reads_no_more(read, day, database):
    path = f"/game-sessions/{day.live}"
    assert (await read("ada", path)).status_code == 200
    async with database.transaction() as db:
        await db.execute(text("update player_tokens set revoked_at = now()"))
    assert (await read("ada", path)).status_code == 401


async def test_same_id_in_live_and_sandbox_is_never_mixed(read, day, database):
    world = day.world
    async with database.transaction() as db:
        await db.execute(
            text(
                "insert into students select :twin, id, 'Ada in the sandbox', 'PUPIL8', now()"
                " from students where id = :id"
            ),
            {"twin": world.sandbox_id, "id": day.ada},
        )
        await day.enrolled(db, world.sandbox_id, world.test_class_id, day.ada)
        await day.plays(
            db, day.ada, school_id=world.sandbox_id, game_session_id=day.live, event_types=["x"]
        )
    path = f"/game-sessions/{day.live}"
    assert (await read("school_admin", path)).json()["student"]["display_name"] == "Ada"
    twin = (await read("school_admin", path, sandbox=True)).json()
    assert (twin["student"]["display_name"], twin["event_count"]) == ("Ada in the sandbox", 1)
    student = await read("school_admin", f"/students/{day.ada}", sandbox=True)
    assert student.json()["display_name"] == "Ada in the sandbox"
    assert (await read("teacher", path, sandbox=True)).status_code == 404
    assert (await read("developer", path)).json()["event_count"] == 1


async def test_same_id_in_two_schools_is_asked_back(read, day, database):
    lake = day.world.other_school_id
    async with database.transaction() as db:
        await day.plays(db, day.world.foreign_student, school_id=lake, game_session_id=day.live)
    path = f"/game-sessions/{day.live}"
    unclear = await read("system_admin", path)
    assert unclear.status_code == 409
    assert unclear.json()["school_ids"] == sorted([str(lake), str(day.world.school_id)])
    found = await read("system_admin", path, school_id=str(lake))
    assert found.json()["student"]["display_name"] == "Finn"
    assert names(await read("system_admin", "/students", school_id=str(lake)), "display_name") == [
        "Finn"
    ]
    assert (await read("teacher", path)).json()["student"]["display_name"] == "Ada"


@pytest.mark.parametrize("query", [{}, {"sandbox": True}])
async def test_school_stands_for_its_sandbox_where_only_that_may_be_seen(read, day, query):
    hill, twin, lake = (
        str(one) for one in (day.world.school_id, day.world.sandbox_id, day.world.other_school_id)
    )
    student = f"/students/{day.tess}"
    for path in (student, f"{student}/sessions", f"/game-sessions/{day.sandboxed}"):
        for school_id in (hill, twin):
            answer = await read("developer", path, school_id=school_id, **query)
            assert answer.status_code == 200, path
        assert (await read("developer", path, school_id=lake, **query)).status_code == 404
    for school_id, found in ((hill, ["Tess"]), (twin, ["Tess"]), (lake, []), (str(day.tess), [])):
        listed = await read("developer", "/students", school_id=school_id, **query)
        assert names(listed, "display_name") == found


async def test_school_and_sandbox_named_together_are_not_mixed(read, day):
    for school_id, query, found in (
        (day.world.school_id, {}, ["Ada", "Ben", "Cleo"]),
        (day.world.school_id, {"sandbox": True}, ["Tess"]),
        (day.world.sandbox_id, {"sandbox": True}, ["Tess"]),
        (day.world.sandbox_id, {}, ["Tess"]),
        (day.world.sandbox_id, {"sandbox": False}, []),
    ):
        listed = await read("system_admin", "/students", school_id=str(school_id), **query)
        assert names(listed, "display_name") == found
