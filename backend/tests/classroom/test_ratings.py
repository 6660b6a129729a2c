"""What teachers write about students: who may, what is stored, and what it sets off."""

from datetime import timedelta
from uuid import uuid4

import pytest

from learntrace.skills.rubric import RUBRIC
from learntrace.skills.types import Skill
from tests.world import now

WRITERS = {"teacher", "school_admin"}
NOT_SIGNED_IN = {"expired", "nobody", "forged"}
NOT_EDUCATORS = {"system_admin", "developer", "tiles_developer", "ada", "ben", "write_key"}
PEOPLE = (
    *sorted(WRITERS | NOT_SIGNED_IN | NOT_EDUCATORS),
    *("tester", "colleague", "former_teacher", "lake_teacher", "lake_admin"),
)


@pytest.fixture
async def ask(api, day):
    """Send a request as somebody: the answer."""

    async def send(who: str, method: str, path: str, body=None, **query):
        return await api.request(
            method,
            f"/api/v1{path}",
            json=body,
            params=query or None,
            headers=day.headers(who),
        )

    return send


def rating(student_id, *, skill="empathy", level=3, **more):
    return {"student_id": str(student_id), "skill": skill, "level": level} | more


async def due(day):
    query = "select student_id, marks from assessments_due order by marks, student_id"
    return {row[0]: row[1] for row in await day.world.rows(query)}


def expected(who: str, *, created: int) -> int:
    if who in NOT_SIGNED_IN:
        return 401
    if who in NOT_EDUCATORS:
        return 403
    return created if who in WRITERS else 404


async def test_only_the_students_teachers_and_their_school_write(ask, day):
    for method, path, body, good in (
        ("POST", "/ratings", {"ratings": [rating(day.ada)]}, 201),
        ("POST", f"/students/{day.ada}/notes", {"text": "Helped Ben."}, 201),
        ("PUT", f"/students/{day.ada}/extra-time", {"extra_time": True}, 200),
    ):
        found = {who: (await ask(who, method, path, body)).status_code for who in PEOPLE}
        assert found == {who: expected(who, created=good) for who in PEOPLE}
    stored = "select (select count(*) from ratings), (select count(*) from notes)"
    assert [tuple(row) for row in await day.world.rows(stored)] == [(2, 2)]


async def test_developers_read_nothing_that_teachers_write(ask, day):
    for what in ("ratings", "notes"):
        assert (await ask("developer", "GET", f"/students/{day.tess}/{what}")).status_code == 403
        assert (await ask("tester", "GET", f"/students/{day.tess}/{what}")).status_code == 200
        assert (await ask("lake_admin", "GET", f"/students/{day.ada}/{what}")).status_code == 404
        assert (await ask("ada", "GET", f"/students/{day.ada}/{what}")).status_code == 403


async def test_rubric_describes_four_levels_of_every_skill(ask):
    answer = (await ask("colleague", "GET", "/ratings/rubric")).json()["skills"]
    assert [one["skill"] for one in answer] == list(Skill)
    assert all([level["level"] for level in one["levels"]] == [1, 2, 3, 4] for one in answer)
    first = answer[0]
    assert first["question"] == RUBRIC[Skill.EMPATHY].question
    assert first["levels"][3]["words"] == RUBRIC[Skill.EMPATHY].levels[3]


async def test_a_whole_class_is_rated_at_once(ask, day):
    yesterday = (now() - timedelta(days=1)).date().isoformat()
    told = [rating(one, observed_on=yesterday) for one in day.world.students]
    answer = await ask("teacher", "POST", "/ratings", {"ratings": told})
    assert (answer.status_code, answer.json()) == (201, {"stored": 3})
    assert await due(day) == dict.fromkeys(day.world.students, 1)
    [item] = (await ask("school_admin", "GET", f"/students/{day.ben}/ratings")).json()["items"]
    assert item["rater"] == {"id": str(day.users["teacher"]), "name": "teacher"}
    assert (item["skill"], item["level"], item["observed_on"]) == ("empathy", 3, yesterday)


async def test_one_stranger_among_them_and_nothing_is_stored(ask, day):
    stranger = day.world.foreign_student
    told = [rating(day.ada), rating(stranger), rating(day.ben)]
    answer = await ask("teacher", "POST", "/ratings", {"ratings": told})
    assert (answer.status_code, answer.json()["student_ids"]) == (404, [str(stranger)])
    assert await day.world.one("select count(*) from ratings") == 0
    assert await due(day) == {}


async def test_ratings_are_of_today_or_before_and_last_observed_comes_first(ask, day):
    today = now().date()
    days = [today - timedelta(days=5), None, today - timedelta(days=2)]
    for number, observed_on in enumerate(days, 1):
        told = rating(day.ada, level=number)
        told |= {"observed_on": observed_on.isoformat()} if observed_on else {}
        answer = await ask("teacher", "POST", "/ratings", {"ratings": [told]})
        assert answer.status_code == 201
    items = (await ask("teacher", "GET", f"/students/{day.ada}/ratings")).json()["items"]
    assert [one["level"] for one in items] == [2, 3, 1]
    for wrong in (today + timedelta(days=3), today - timedelta(days=4000)):
        told = [rating(day.ada, observed_on=wrong.isoformat())]
        assert (await ask("teacher", "POST", "/ratings", {"ratings": told})).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {"ratings": []},
        {"ratings": [rating(uuid4(), level=5)]},
        {"ratings": [rating(uuid4(), skill="charm")]},
        {"ratings": [rating(uuid4())] * 201},
    ],
)
async def test_what_is_no_rating_is_refused(ask, body):
    assert (await ask("teacher", "POST", "/ratings", body)).status_code == 422


async def test_everybody_deletes_own_ratings_and_notes_alone(ask, day):
    await ask("teacher", "POST", "/ratings", {"ratings": [rating(day.ada)]})
    await ask("teacher", "POST", f"/students/{day.ada}/notes", {"text": "Calm today."})
    for what in ("ratings", "notes"):
        path = f"/students/{day.ada}/{what}"
        [item] = (await ask("teacher", "GET", path)).json()["items"]
        one = f"{path}/{item['id']}"
        assert (await ask("school_admin", "DELETE", one)).status_code == 404
        other = f"/students/{day.ben}/{what}/{item['id']}"
        assert (await ask("teacher", "DELETE", other)).status_code == 404
        assert (await ask("teacher", "DELETE", one)).status_code == 204
        assert (await ask("teacher", "DELETE", one)).status_code == 404
        assert (await ask("teacher", "GET", path)).json() == {"items": [], "next_cursor": None}
    # Once for the rating, once for its end; a note is no evidence.
    assert await due(day) == {day.ada: 2}


async def test_notes_stand_newest_first_with_their_author(ask, day):
    path = f"/students/{day.ada}/notes"
    for who, text in (("teacher", " First. "), ("school_admin", "Second.")):
        made = await ask(who, "POST", path, {"text": text})
        assert made.json()["text"] == text.strip()
    items = (await ask("teacher", "GET", path)).json()["items"]
    told = [(one["text"], one["author"]["name"]) for one in items]
    assert told == [("Second.", "school_admin"), ("First.", "teacher")]
    for wrong in ("", "   ", "x" * 2001, "a\0b"):
        assert (await ask("teacher", "POST", path, {"text": wrong})).status_code == 422


async def test_extra_time_is_the_students_and_assesses_anew_when_it_changes(ask, day):
    path = f"/students/{day.ada}"
    assert (await ask("teacher", "GET", path)).json()["extra_time"] is False
    for _ in range(2):
        answer = await ask("teacher", "PUT", f"{path}/extra-time", {"extra_time": True})
        assert answer.json() == {"extra_time": True}
    assert (await ask("teacher", "GET", path)).json()["extra_time"] is True
    assert await due(day) == {day.ada: 1}


async def pages(ask, path, key):
    """What a list gives two at a time, page by page."""
    told, cursor = [], {}
    while True:
        page = (await ask("teacher", "GET", path, limit=2, **cursor)).json()
        told.append([one[key] for one in page["items"]])
        if page["next_cursor"] is None:
            return told
        cursor = {"cursor": page["next_cursor"]}


async def test_ratings_and_notes_come_page_by_page(ask, day):
    today = now().date()
    for level, days in ((1, 2), (2, 0), (3, 1), (4, 0), (1, 1)):
        told = rating(day.ada, level=level, observed_on=str(today - timedelta(days=days)))
        await ask("teacher", "POST", "/ratings", {"ratings": [told]})
    for number in range(4):
        await ask("teacher", "POST", f"/students/{day.ada}/notes", {"text": f"Note {number}."})
    assert await pages(ask, f"/students/{day.ada}/ratings", "level") == [[4, 2], [1, 3], [1]]
    assert await pages(ask, f"/students/{day.ada}/notes", "text") == [
        ["Note 3.", "Note 2."],
        ["Note 1.", "Note 0."],
    ]


async def test_ratings_of_one_moment_are_listed_once_each(ask, day):
    told = [rating(day.ada, skill=skill) for skill in Skill]
    assert (await ask("teacher", "POST", "/ratings", {"ratings": told})).status_code == 201
    listed = await pages(ask, f"/students/{day.ada}/ratings", "skill")
    assert sorted(skill for page in listed for skill in page) == sorted(Skill)


@pytest.mark.parametrize("what", ["ratings", "notes"])
@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"cursor": "W10"}])
async def test_page_that_there_is_not_is_refused(ask, day, what, query):
    answer = await ask("teacher", "GET", f"/students/{day.ada}/{what}", **query)
    assert answer.status_code == 422
