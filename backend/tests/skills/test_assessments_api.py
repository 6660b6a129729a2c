"""From posted events to a cited sentence, and everything that makes an assessment anew."""

import asyncio
from datetime import timedelta
from statistics import NormalDist
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from learntrace.assessment import inferring, populations
from learntrace.skills import assessments, due
from learntrace.skills.grounds import MODEL
from learntrace.skills.refitting import refit_item_table
from learntrace.skills.types import Skill

from ..classroom.conftest import SchoolDay
from ..world import now
from .conftest import Ask
from .lessons import infer_all, play_as_a_class, play_lesson


def skill_of(assessment: dict[str, Any], skill: str) -> dict[str, Any]:
    found: dict[str, Any]
    [found] = [one for one in assessment["skills"] if one["skill"] == skill]
    return found


async def rate(
    ask: Ask,
    student_id: UUID,
    *,
    skill: str = "resilience",
    level: int = 4,
    times: int = 1,
    who: str = "teacher",
) -> None:
    """Rate a student, `times` a fortnight apart; four ratings are enough for a score."""
    today = now().date()
    ratings = [
        {
            "student_id": str(student_id),
            "skill": skill,
            "level": level,
            "observed_on": str(today - timedelta(days=1 + 14 * number)),
        }
        for number in range(times)
    ]
    assert (await ask(who, "POST", "/ratings", {"ratings": ratings})).status_code == 201


async def rows_of(day: SchoolDay, student_id: UUID) -> int:
    query = "select count(*) from assessments where student_id = :id"
    found: int = await day.world.one(query, id=student_id)
    return found


async def test_from_posted_events_to_a_cited_sentence(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay
) -> None:
    await play_as_a_class(api, day.world)
    sessions = {
        str(await play_lesson(api, day.world, day.ada, at=now() - timedelta(days=n), tries_again=5))
        for n in (3, 2, 1)
    }
    await rate(ask, day.ada)
    answer = await ask("teacher", "GET", f"/assessments/{day.ada}")
    assert answer.status_code == 200, answer.text
    made = answer.json()
    assert made["not_validated"] is True
    assert [one["skill"] for one in made["skills"]] == list(Skill)

    resilience = skill_of(made, "resilience")
    assert resilience["low"] < resilience["score"] < resilience["high"]
    assert resilience["label"] != "insufficient"
    weights = [one["weight"] for one in resilience["evidence"]]
    assert sum(weights) + resilience["prior_weight"] == pytest.approx(1)
    by_hand = sum(one["weight"] * one["x"] for one in resilience["evidence"])
    assert NormalDist().cdf(by_hand) == pytest.approx(resilience["score"])
    empathy = skill_of(made, "empathy")
    assert (empathy["score"], empathy["label"]) == (None, "insufficient")
    assert empathy["missing"][0]["words"]

    evidence = {one["evidence_id"]: one for one in made["evidence"]}
    for one in made["skills"]:
        assert {use["evidence_id"] for use in one["evidence"]} <= evidence.keys()
    assert any(one["cites"] for one in made["reasoning"])
    for sentence in made["reasoning"]:
        assert set(sentence["cites"]) <= evidence.keys()
    told = [one for one in evidence.values() if one["kind"] == "retry_rate"]
    assert {one["game_session_id"] for one in told} < sessions | {None}
    for one in told:
        path = f"/game-sessions/{one['game_session_id']}"
        played = (await ask("teacher", "GET", path)).json()
        assert played["features"]["retry_rate"]["value"] == pytest.approx(one["value"])
    [rated] = [one for one in evidence.values() if one["source"] == "teacher_ratings"]
    items = (await ask("teacher", "GET", f"/students/{day.ada}/ratings")).json()["items"]
    assert rated["rating_id"] == items[0]["id"]

    knowledge = {one["skill"]: one for one in made["knowledge"]}
    assert set(knowledge) == {"topic_0", "topic_1"}
    assert knowledge["topic_0"]["answers"] == 18
    assert knowledge["topic_0"]["low"] < knowledge["topic_0"]["value"]


async def test_it_is_made_anew_only_when_something_has_changed(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay
) -> None:
    await play_as_a_class(api, day.world)
    await play_lesson(api, day.world, day.ada)
    path = f"/assessments/{day.ada}"
    first = (await ask("teacher", "GET", path)).json()
    assert (await ask("teacher", "GET", path)).json()["id"] == first["id"]
    assert (await ask("teacher", "POST", path)).status_code == 200
    infer = (await ask("teacher", "POST", f"/infer/{day.ada}")).json()
    assert (infer["status"], infer["assessment"]["id"]) == ("unchanged", first["id"])
    assert await infer_all(day.world.database) == 0

    async with day.world.database.transaction() as db:
        await due.mark(db, day.world.school_id, [day.ada])
    assert await infer_all(day.world.database) == 1
    assert await rows_of(day, day.ada) == 1

    await rate(ask, day.ada)
    assert (await ask("teacher", "POST", path)).status_code == 201
    assert await rows_of(day, day.ada) == 2
    assert await infer_all(day.world.database) == 0


async def change_weights(ask: Ask, day: SchoolDay) -> None:
    weights = [{"source": "teacher_ratings", "skill": "resilience", "trust": 0}]
    answer = await ask("school_admin", "PUT", "/fusion/weights", {"weights": weights})
    assert answer.status_code == 200


async def delete_rating(ask: Ask, day: SchoolDay) -> None:
    path = f"/students/{day.ada}/ratings"
    [item] = (await ask("teacher", "GET", path)).json()["items"]
    assert (await ask("teacher", "DELETE", f"{path}/{item['id']}")).status_code == 204


@pytest.mark.parametrize("change", [change_weights, delete_rating])
async def test_a_rating_that_no_longer_counts_is_gone_at_once(
    ask: Ask, day: SchoolDay, change: Any
) -> None:
    await rate(ask, day.ada)
    path = f"/skills/{day.ada}/resilience"
    assert (await ask("teacher", "GET", path)).json()["prior_weight"] < 1
    await change(ask, day)
    left = (await ask("teacher", "GET", path)).json()
    assert (left["score"], left["prior_weight"], left["evidence"]) == (None, 1.0, [])
    history = (await ask("teacher", "GET", f"/assessments/{day.ada}/history")).json()["items"]
    weights = [skill_of(one, "resilience")["prior_weight"] for one in history]
    assert weights[0] == 1
    assert weights[1] < 1


async def test_too_little_evidence_is_no_score_anywhere(ask: Ask, day: SchoolDay) -> None:
    async def told() -> list[dict[str, Any]]:
        """The skill as each view tells it."""
        whole = (await ask("teacher", "GET", f"/assessments/{day.ada}")).json()
        history = (await ask("teacher", "GET", f"/assessments/{day.ada}/history")).json()
        of_class = (await ask("teacher", "GET", f"/classes/{day.world.class_id}/skills")).json()
        alone = (await ask("teacher", "GET", f"/skills/{day.ada}/resilience")).json()
        lines = (whole, history["items"][0], of_class["students"][0])
        return [alone, *(skill_of(one, "resilience") for one in lines)]

    async def points() -> int:
        progress = (await ask("teacher", "GET", f"/students/{day.ada}/progress")).json()
        return sum(len(one["points"]) for one in progress["series"])

    await rate(ask, day.ada)
    for one in await told():
        assert (one["score"], one["low"], one["high"]) == (None, None, None)
        assert (one["label"], one["prior_weight"] < 1) == ("insufficient", True)
        assert one["missing"]
    assert await points() == 0
    await rate(ask, day.ada, times=4)
    for one in await told():
        assert one["low"] < one["score"] < one["high"]
        assert (one["label"], one["missing"]) == ("some", [])
    assert await points() == 1


async def test_extra_time_takes_no_evidence_that_is_not_about_time(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay
) -> None:
    await play_as_a_class(api, day.world)
    await play_lesson(api, day.world, day.ada)
    before = (await ask("teacher", "GET", f"/assessments/{day.ada}")).json()
    await ask("teacher", "PUT", f"/students/{day.ada}/extra-time", {"extra_time": True})
    after = (await ask("teacher", "GET", f"/assessments/{day.ada}")).json()
    kinds = {one["kind"] for one in after["evidence"]}
    timed = {"time_efficiency", "focus_duration_s", "distraction_resistance", "rapid_guess_rate"}
    assert not kinds & timed
    assert kinds == {one["kind"] for one in before["evidence"]} - timed


async def test_an_event_that_comes_late_changes_the_knowledge(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay
) -> None:
    session_id = await play_lesson(api, day.world, day.ada)
    before = (await ask("teacher", "GET", f"/assessments/{day.ada}")).json()
    late = day.world.event(
        session_id=session_id,
        event_type="success",
        data={"skill": "topic_0", "item": "item_9", "correct": True},
    )
    key = {"Authorization": f"Bearer {day.world.write_key}"}
    assert (await api.post("/api/v1/telemetry/events", json=late, headers=key)).is_success
    await api.post(f"/api/v1/telemetry/session/{session_id}/close", headers=key)
    after = (await ask("teacher", "GET", f"/assessments/{day.ada}")).json()
    assert after["knowledge"][0]["answers"] == before["knowledge"][0]["answers"] + 1
    assert after["id"] != before["id"]


async def test_a_batch_tells_of_every_student(ask: Ask, day: SchoolDay) -> None:
    await rate(ask, day.ada)
    unknown = uuid4()
    asked = [day.ada, day.world.foreign_student, day.ben, unknown, day.ada]
    body = {"student_ids": [str(one) for one in asked]}
    answer = await ask("teacher", "POST", "/infer-batch", body)
    assert answer.status_code == 200
    results = [(one["student_id"], one["status"]) for one in answer.json()["results"]]
    assert results == [
        (str(day.ada), "assessed"),
        (str(day.world.foreign_student), "not_found"),
        (str(day.ben), "assessed"),
        (str(unknown), "not_found"),
    ]
    again = (await ask("teacher", "POST", "/infer-batch", body)).json()["results"]
    assert [one["status"] for one in again] == ["unchanged", "not_found", "unchanged", "not_found"]
    assert again[1]["assessment"] is None
    for wrong in ([], [str(uuid4())] * 101):
        body = {"student_ids": wrong}
        assert (await ask("teacher", "POST", "/infer-batch", body)).status_code == 422


async def test_who_fails_backs_off_and_stops_nobody(ask: Ask, day: SchoolDay) -> None:
    for student_id in (day.ada, day.ben):
        await rate(ask, student_id)
    async with day.world.database.transaction() as db:
        # What no endpoint lets in: the reader of this rating has to fail.
        broken = "update ratings set skill = 'charm' where student_id = :id"
        await db.execute(text(broken), {"id": day.ada})
    assert await inferring.infer_due(day.world.database) == 1
    [left] = await day.world.rows("select student_id, attempts, next_at from assessments_due")
    assert (left.student_id, left.attempts) == (day.ada, 1)
    assert left.next_at > now()
    assert await rows_of(day, day.ben) == 1
    body = {"student_ids": [str(day.ada), str(day.ben)]}
    results = (await ask("teacher", "POST", "/infer-batch", body)).json()["results"]
    assert [one["status"] for one in results] == ["failed", "unchanged"]


async def test_one_failure_in_a_batch_undoes_no_other(ask: Ask, day: SchoolDay) -> None:
    students = sorted(day.world.students)
    for student_id in students:
        await rate(ask, student_id)
    async with day.world.database.transaction() as db:
        broken = "update ratings set skill = 'charm' where student_id = :id"
        await db.execute(text(broken), {"id": students[1]})
    asked = [*students, day.world.foreign_student]
    body = {"student_ids": [str(one) for one in asked]}
    results = (await ask("teacher", "POST", "/infer-batch", body)).json()["results"]
    statuses = ["assessed", "failed", "assessed", "not_found"]
    assert [one["status"] for one in results] == statuses
    assert [await rows_of(day, one) for one in asked] == [1, 0, 1, 0]


async def test_a_batch_stores_each_student_before_the_next(ask: Ask, day: SchoolDay) -> None:
    for student_id in (day.ada, day.ben):
        await rate(ask, student_id)
    first, second = sorted((day.ada, day.ben))
    body = {"student_ids": [str(second), str(first)]}
    async with day.world.database.transaction() as db:
        await assessments.take_turns(db, day.world.school_id, second)
        asked = asyncio.create_task(ask("teacher", "POST", "/infer-batch", body))
        async with asyncio.timeout(120):
            while not await rows_of(day, first):
                await asyncio.sleep(0.02)
        assert not asked.done()
    results = (await asked).json()["results"]
    assert [one["status"] for one in results] == ["assessed", "assessed"]
    assert [one["student_id"] for one in results] == body["student_ids"]


async def test_batches_of_the_same_students_wait_for_no_other_forever(
    ask: Ask, day: SchoolDay
) -> None:
    students = [str(one) for one in day.world.students]
    for student_id in day.world.students:
        await rate(ask, student_id)
    orders = [students, students[::-1], students[1:] + students[:1]] * 2
    async with asyncio.timeout(60):
        answers = await asyncio.gather(
            *(ask("teacher", "POST", "/infer-batch", {"student_ids": one}) for one in orders)
        )
    told = [one["status"] for answer in answers for one in answer.json()["results"]]
    assert sorted(told) == ["assessed"] * 3 + ["unchanged"] * 15


async def test_two_at_once_make_one_assessment(ask: Ask, day: SchoolDay) -> None:
    await rate(ask, day.ada)
    path = f"/assessments/{day.ada}"
    answers, _ = await asyncio.gather(
        asyncio.gather(*(ask("teacher", method, path) for method in ("POST", "GET") * 2)),
        asyncio.gather(*(inferring.infer_due(day.world.database) for _ in range(2))),
    )
    assert len({one.json()["id"] for one in answers}) == 1
    assert await rows_of(day, day.ada) == 1
    assert await day.world.one("select count(*) from assessments_due") == 0


async def test_two_workers_never_claim_the_same_student(day: SchoolDay) -> None:
    students = day.world.students
    async with day.world.database.transaction() as db:
        await due.mark(db, day.world.school_id, students)

    async def claim() -> list[UUID]:
        async with day.world.database.transaction() as db:
            claimed = await due.claim(db, claim_s=60, most=2, attempts=(0, 1))
        return [one.student_id for one in claimed]

    claims = await asyncio.gather(*(claim() for _ in range(4)))
    ids = [one for some in claims for one in some]
    assert sorted(ids) == sorted(students)


async def test_a_change_in_the_middle_of_assessing_is_not_lost(day: SchoolDay) -> None:
    school_id = day.world.school_id
    async with day.world.database.transaction() as db:
        await due.mark(db, school_id, [day.ada])
    async with day.world.database.transaction() as db:
        known = await due.find(db, school_id, day.ada)
        async with day.world.database.transaction() as other:
            await due.mark(other, school_id, [day.ada])
        await due.settle(db, school_id, day.ada, known)
    assert await infer_all(day.world.database) == 1


async def test_new_tables_assess_everybody_anew_and_leave_the_rest_alone(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay
) -> None:
    pupils = await play_as_a_class(api, day.world)
    await rate(ask, day.ben)
    await infer_all(day.world.database)
    assert await populations.refit(day.world.database) == 0
    await refit_item_table(day.world.database, day.world.school_id, day.world.game_id)
    assert await infer_all(day.world.database) == len(pupils)
    query = "select distinct table_version from knowledge_states"
    assert [row[0] for row in await day.world.rows(query)] == [1]
    path = f"/assessments/{pupils[0]}"
    versions = (await ask("school_admin", "GET", path)).json()["versions"]
    assert versions["item_table"] == {str(day.world.game_id): 1}
    assert versions["population"] == {str(day.world.game_id): 1}


async def test_another_model_assesses_everybody_anew(ask: Ask, day: SchoolDay) -> None:
    await rate(ask, day.ada)
    await infer_all(day.world.database)
    async with day.world.database.transaction() as db:
        assert await due.mark_outdated(db, MODEL) == 0
        assert await due.mark_outdated(db, "another") == 1


async def test_nothing_seen_is_no_score(ask: Ask, day: SchoolDay) -> None:
    made = (await ask("teacher", "GET", f"/assessments/{day.world.students[2]}")).json()
    assert {one["score"] for one in made["skills"]} == {None}
    assert {one["prior_weight"] for one in made["skills"]} == {1.0}
    assert made["knowledge"] == made["evidence"] == []
    assert made["reasoning"]
