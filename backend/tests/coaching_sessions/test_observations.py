"""What was seen in a meeting is a rating of the student, and linked."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.world import now

from .conftest import Ask, Made, SchoolDay

SEEN = {"skill": "problem_solving", "level": 3, "text": "Drew it first."}


@pytest.fixture
async def met(make: Made, ada: dict[str, Any]) -> str:
    """The path of a meeting with Ada."""
    made = await make("/coaching-sessions", client_id=ada["id"], session_date="2026-03-02")
    return f"/coaching-sessions/{made['id']}"


async def test_an_observation_is_a_rating_of_the_meetings_day(
    ask: Ask, make: Made, day: SchoolDay, met: str
) -> None:
    made = await make(f"{met}/observations", **SEEN)
    expected = SEEN | {"observed_on": "2026-03-02"}
    assert {name: made[name] for name in expected} == expected
    assert made["rater"]["name"] == "teacher"
    assert (await ask("teacher", "GET", met)).json()["observations"] == [made]
    [rating] = (await ask("teacher", "GET", f"/students/{day.ada}/ratings")).json()["items"]
    assert rating == {name: made[name] for name in rating}
    assert await day.world.rows("select student_id from assessments_due") == [(day.ada,)]


async def test_it_is_evidence_of_the_students_skill(
    ask: Ask, make: Made, day: SchoolDay, met: str
) -> None:
    made = await make(f"{met}/observations", **SEEN)
    assessed = (await ask("teacher", "POST", f"/assessments/{day.ada}")).json()
    assert f"rating:{made['id']}" in str(assessed)


async def test_taken_back_it_is_no_rating_any_more(
    ask: Ask, make: Made, day: SchoolDay, met: str
) -> None:
    made = await make(f"{met}/observations", **SEEN)
    path = f"{met}/observations/{made['id']}"
    for who in ("school_admin", "colleague"):
        assert (await ask(who, "DELETE", path)).status_code == 404
    assert (await ask("teacher", "DELETE", f"{met}/observations/{uuid4()}")).status_code == 404
    assert (await ask("teacher", "DELETE", path)).status_code == 204
    assert (await ask("teacher", "GET", met)).json()["observations"] == []
    assert (await ask("teacher", "GET", f"/students/{day.ada}/ratings")).json()["items"] == []


async def test_a_rating_taken_back_elsewhere_is_gone_from_the_meeting(
    ask: Ask, make: Made, day: SchoolDay, met: str
) -> None:
    made = await make(f"{met}/observations", **SEEN)
    await ask("teacher", "DELETE", f"/students/{day.ada}/ratings/{made['id']}")
    assert (await ask("teacher", "GET", met)).json()["observations"] == []


async def test_another_rating_of_the_student_is_none_of_the_meeting(
    ask: Ask, make: Made, day: SchoolDay, met: str
) -> None:
    seen = {"student_id": str(day.ada), "skill": "empathy", "level": 2}
    await make("/ratings", ratings=[seen])
    [rating] = (await ask("teacher", "GET", f"/students/{day.ada}/ratings")).json()["items"]
    assert (await ask("teacher", "DELETE", f"{met}/observations/{rating['id']}")).status_code == 404


async def test_ratings_outlive_the_meeting(ask: Ask, make: Made, day: SchoolDay, met: str) -> None:
    await make(f"{met}/observations", **SEEN)
    assert (await ask("teacher", "DELETE", met)).status_code == 204
    found = (await ask("teacher", "GET", f"/students/{day.ada}/ratings")).json()["items"]
    assert [one["level"] for one in found] == [3]


async def test_what_was_seen_keeps_day_and_client(
    ask: Ask, make: Made, met: str, noor: dict[str, Any]
) -> None:
    made = await make(f"{met}/observations", **SEEN)
    for change in ({"session_date": "2026-03-03"}, {"client_id": noor["id"]}):
        assert (await ask("teacher", "PATCH", met, change)).status_code == 409
    for change in ({"notes": "New."}, {"session_date": "2026-03-02"}):
        assert (await ask("teacher", "PATCH", met, change)).status_code == 200
    await ask("teacher", "DELETE", f"{met}/observations/{made['id']}")
    assert (await ask("teacher", "PATCH", met, {"client_id": noor["id"]})).status_code == 200


async def test_who_is_no_student_is_not_rated(ask: Ask, make: Made, noor: dict[str, Any]) -> None:
    made = await make("/coaching-sessions", client_id=noor["id"], session_date="2026-03-02")
    answer = await ask("teacher", "POST", f"/coaching-sessions/{made['id']}/observations", SEEN)
    assert answer.status_code == 409


async def test_a_meeting_to_come_shows_nothing_yet(
    ask: Ask, make: Made, ada: dict[str, Any]
) -> None:
    to_come = (now() + timedelta(days=2)).date().isoformat()
    made = await make("/coaching-sessions", client_id=ada["id"], session_date=to_come)
    answer = await ask("teacher", "POST", f"/coaching-sessions/{made['id']}/observations", SEEN)
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "wrong", [{"level": 0}, {"level": 5}, {"skill": "charm"}, {"text": "a\0"}, {"text": "x" * 2001}]
)
async def test_what_the_rubric_lacks_is_refused(ask: Ask, met: str, wrong: dict[str, Any]) -> None:
    assert (await ask("teacher", "POST", f"{met}/observations", SEEN | wrong)).status_code == 422


async def test_a_meeting_has_a_hundred_observations_at_most(
    ask: Ask, make: Made, day: SchoolDay, met: str
) -> None:
    await make(f"{met}/observations", **SEEN)
    await day.world.rows(
        """
        with rated as (
            insert into ratings (school_id, id, student_id, rater_id, skill, level, observed_on,
                created_at)
            select school_id, gen_random_uuid(), student_id, rater_id, skill, level, observed_on,
                created_at
            from ratings, generate_series(1, 99) returning school_id, id
        )
        insert into coaching_observations (school_id, rating_id, coaching_session_id)
        select rated.school_id, rated.id, o.coaching_session_id
        from rated, coaching_observations o returning 1
        """
    )
    answer = await ask("teacher", "POST", f"{met}/observations", SEEN)
    assert answer.status_code == 409
    assert len((await ask("teacher", "GET", met)).json()["observations"]) == 100
