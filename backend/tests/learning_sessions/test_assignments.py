"""What a teacher assigns, to whom, and what becomes of it."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from .given import add_scenario

PATH = "/learning-sessions/assignments"


@pytest.fixture
async def scenario_id(day):
    async with day.world.database.transaction() as db:
        return str(await add_scenario(db, day.world.school_id))


async def test_a_class_gets_it_once_each(ask, day, scenario_id) -> None:
    own_class = str(day.world.class_id)
    told = {"kind": "scenario", "source_id": scenario_id, "class_id": own_class}
    found = [(await ask("teacher", "POST", PATH, told)).json() for _ in range(2)]
    everybody = sorted(str(one) for one in day.world.students)
    assert found == [{"assigned": 3, "already": []}, {"assigned": 0, "already": everybody}]
    listed = (await ask("teacher", "GET", PATH, class_id=own_class, open="true")).json()["items"]
    assert {one["student_id"] for one in listed} == {str(one) for one in day.world.students}
    assert {one["title"] for one in listed} == {"At the station"}
    first = (await ask("teacher", "GET", PATH, limit=2)).json()
    rest = (await ask("teacher", "GET", PATH, cursor=first["next_cursor"])).json()
    assert len(first["items"] + rest["items"]) == 3
    assert (await ask("teacher", "GET", PATH, open="false")).json()["items"] == []
    assert (await ask("colleague", "GET", PATH)).json()["items"] == []
    [own] = (await ask("ben", "GET", PATH, student_id=str(day.ben))).json()["items"]
    assert own["student_id"] == str(day.ben)


async def test_a_review_is_assigned_without_a_source_and_done_when_it_is_completed(
    ask, day
) -> None:
    told = {"kind": "review", "student_ids": [str(day.ada)], "due_on": "2026-03-09"}
    for expected in (1, 0):
        assert (await ask("teacher", "POST", PATH, told)).json()["assigned"] == expected
    review = {"student_id": str(day.ada), "session_type": "vocabulary_review", "language": "en"}
    begun = (await ask("ada", "POST", "/learning-sessions", review)).json()
    path = f"/learning-sessions/{begun['id']}"
    assert (await ask("ada", "PATCH", path, {"items_correct": 1})).status_code == 200
    done = (await ask("ada", "POST", f"{path}/complete")).json()
    [task] = (await ask("ada", "GET", PATH)).json()["items"]
    assert (task["id"], task["done_at"]) == (begun["assignment_id"], done["ended_at"])
    assert (task["due_on"], task["title"]) == ("2026-03-09", None)
    assert (await ask("teacher", "POST", PATH, told)).json()["assigned"] == 1


async def test_done_in_time_stays_in_time_when_it_is_done_again(ask, day) -> None:
    await ask("teacher", "POST", PATH, {"kind": "review", "student_ids": [str(day.ada)]})
    review = {"student_id": str(day.ada), "session_type": "vocabulary_review", "language": "en"}
    begun = [(await ask("ada", "POST", "/learning-sessions", review)).json() for _ in range(2)]
    assert begun[0]["assignment_id"] == begun[1]["assignment_id"] is not None
    done = [
        (await ask("ada", "POST", f"/learning-sessions/{one['id']}/complete")).json()["ended_at"]
        for one in begun
    ]
    assert done[0] < done[1]
    [task] = (await ask("ada", "GET", PATH)).json()["items"]
    assert task["done_at"] == done[0]


async def test_it_is_assigned_to_all_or_to_none(ask, day, scenario_id) -> None:
    foreign = str(day.world.foreign_student)
    told = {"kind": "scenario", "source_id": scenario_id, "student_ids": [str(day.ada), foreign]}
    answer = await ask("teacher", "POST", PATH, told)
    assert (answer.status_code, answer.json()["student_ids"]) == (404, [foreign])
    await ask("school_admin", "PUT", "/schools/consent-policy", {"required": ["play"]})
    consent = {"student_ids": [str(day.ada)], "kind": "play", "state": "verified"}
    assert (await ask("school_admin", "POST", "/consents", consent)).is_success
    told["student_ids"] = [str(day.ada), str(day.ben)]
    answer = await ask("teacher", "POST", PATH, told)
    assert (answer.status_code, answer.json()["code"]) == (403, "consent_missing")
    assert answer.json()["student_ids"] == [str(day.ben)]
    assert await day.world.one("select count(*) from assignments") == 0


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"source_id": str(uuid4())}, 404),
        ({"source_id": None}, 422),
        ({"kind": "review"}, 422),
        ({"kind": "homework"}, 422),
        ({"student_ids": []}, 422),
        ({"class_id": str(uuid4())}, 422),
        ({"student_ids": [], "class_id": str(uuid4())}, 404),
    ],
    ids=["unknown", "no source", "a review of one", "kind", "nobody", "both", "no such class"],
)
async def test_what_cannot_be_assigned_is_refused(ask, day, scenario_id, change, status) -> None:
    told = {"kind": "scenario", "source_id": scenario_id, "student_ids": [str(day.ada)]}
    assert (await ask("teacher", "POST", PATH, told | change)).status_code == status
    assert await day.world.one("select count(*) from assignments") == 0


async def test_an_assignment_is_taken_back_and_what_was_done_for_it_stays(ask, day) -> None:
    told = {"kind": "review", "student_ids": [str(day.ada)]}
    await ask("teacher", "POST", PATH, told)
    review = {"student_id": str(day.ada), "session_type": "vocabulary_review", "language": "en"}
    begun = (await ask("ada", "POST", "/learning-sessions", review)).json()
    path = f"{PATH}/{begun['assignment_id']}"
    for who, status in (("ada", 403), ("colleague", 404), ("teacher", 204), ("teacher", 404)):
        assert (await ask(who, "DELETE", path)).status_code == status
    found = (await ask("teacher", "GET", f"/learning-sessions/{begun['id']}")).json()
    assert found["assignment_id"] is None
    refused = await ask("ada", "PATCH", f"/learning-sessions/{begun['id']}", {})
    assert refused.status_code == 403
    assert (await ask("ada", "POST", PATH, told)).status_code == 403


async def test_a_class_is_shown_what_was_given_at_once_until_all_have_done_it(
    ask, day, scenario_id
) -> None:
    own_class = str(day.world.class_id)
    path = f"/classes/{own_class}/assignments"

    async def shown(who="teacher", **query):
        answer = await ask(who, "GET", path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    told = {"kind": "scenario", "source_id": scenario_id, "class_id": own_class}
    await ask("teacher", "POST", PATH, told | {"due_on": "2026-03-09"})
    await ask("teacher", "POST", PATH, {"kind": "review", "student_ids": [str(day.ada)]})
    review, scenario = await shown()
    assert (scenario["title"], scenario["class_id"]) == ("At the station", own_class)
    assert (scenario["due_on"], len(scenario["students"])) == ("2026-03-09", 3)
    assert (review["title"], review["class_id"], review["due_on"]) == (None, None, None)
    whose = {"student_id": str(day.ada)}
    begun = {**whose, "session_type": "vocabulary_review", "language": "en"}
    sitting = (await ask("teacher", "POST", "/learning-sessions", begun)).json()["id"]
    await ask("teacher", "POST", f"/learning-sessions/{sitting}/complete")
    for step in ("start", "complete"):
        await ask("teacher", "POST", f"/scenarios/{scenario_id}/{step}", whose)
    [scenario] = await shown(open="true")
    assert {one["student_id"] for one in scenario["students"] if one["done_at"]} == {str(day.ada)}
    [review] = await shown(open="false")
    assert review["students"][0]["assignment_id"] is not None
    first = (await ask("teacher", "GET", path, limit=1)).json()
    assert first["items"] == [review]
    assert await shown(cursor=first["next_cursor"]) == [scenario]
    for who, status in (("colleague", 404), ("ada", 403)):
        assert (await ask(who, "GET", path)).status_code == status


async def test_what_is_still_to_do_is_taken_back_at_once_and_what_is_done_stays(
    ask, day, scenario_id
) -> None:
    told = {"kind": "scenario", "source_id": scenario_id, "class_id": str(day.world.class_id)}
    await ask("teacher", "POST", PATH, told)
    for step in ("start", "complete"):
        whose = {"student_id": str(day.ada)}
        await ask("teacher", "POST", f"/scenarios/{scenario_id}/{step}", whose)
    given = (await ask("teacher", "GET", PATH)).json()["items"]
    ids = {"assignment_ids": [one["id"] for one in given]}
    path = f"{PATH}/withdraw"
    assert (await ask("colleague", "POST", path, ids)).status_code == 404
    taken = (await ask("teacher", "POST", path, ids)).json()["student_ids"]
    assert set(taken) == {str(one) for one in day.world.students} - {str(day.ada)}
    [left] = (await ask("teacher", "GET", PATH)).json()["items"]
    assert left["student_id"] == str(day.ada)
    assert (await ask("teacher", "POST", path, ids)).status_code == 404


async def test_an_empty_class_is_given_only_what_there_is(ask, day, scenario_id) -> None:
    empty_class = str(day.world.class_id)
    async with day.world.database.transaction() as db:
        await db.execute(text("update enrolments set ended_at = now()"))
    told = {"kind": "scenario", "source_id": scenario_id, "class_id": empty_class}
    assert (await ask("teacher", "POST", PATH, told)).json() == {"assigned": 0, "already": []}
    for wrong, status in (({"source_id": str(uuid4())}, 404), ({"kind": "review"}, 422)):
        assert (await ask("teacher", "POST", PATH, told | wrong)).status_code == status


async def test_who_assigned_it_stays_among_staff(ask, day) -> None:
    await ask("teacher", "POST", PATH, {"kind": "review", "student_ids": [str(day.ada)]})
    for who, by in (("teacher", str(day.users["teacher"])), ("ada", None)):
        [task] = (await ask(who, "GET", PATH)).json()["items"]
        assert task["assigned_by"] == by


async def test_a_sitting_begun_before_it_was_assigned_again_does_it(ask, day, begin) -> None:
    told = {"kind": "review", "student_ids": [str(day.ada)]}
    await ask("teacher", "POST", PATH, told)
    sittings = [await begin("vocabulary_review") for _ in range(2)]
    for expected, sitting in enumerate(sittings, 1):
        await ask("teacher", "POST", f"/learning-sessions/{sitting['id']}/complete")
        done = (await ask("teacher", "GET", PATH, open="false")).json()["items"]
        assert len(done) == expected
        await ask("teacher", "POST", PATH, told)
