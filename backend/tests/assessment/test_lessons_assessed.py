"""From completed learning sessions to what is told of a student, and out again."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from learntrace.assessment import inferring, learning, populations
from learntrace.learning_sessions.kinds import SessionType
from learntrace.skills.lessons import TYPE_WEIGHTS
from learntrace.student_records import erasing

from ..classroom.conftest import SchoolDay, day
from ..learning_sessions.conftest import ask
from ..skills.lessons import infer_all
from ..world import add_student

__all__ = ["ask", "day"]
PATH = "/learning-sessions"


async def lesson(ask, student_id: UUID, right: int, *, kind="content_study", wrong=3) -> str:
    """A completed session: `wrong` items go wrong, `right` of which come right later."""
    body = {"student_id": str(student_id), "session_type": kind, "language": "en"}
    begun = (await ask("school_admin", "POST", PATH, body)).json()
    first = [{"item": f"{number}", "correct": False} for number in range(wrong)]
    later = [{"item": f"{number}", "correct": True} for number in range(right)]
    more = [{"item": "easy", "correct": True}] * 3
    path = f"{PATH}/{begun['id']}/complete"
    answer = await ask("school_admin", "POST", path, {"answers": first + later + more})
    assert answer.status_code == 200, answer.text
    told: str = begun["id"]
    return told


async def classmates(day: SchoolDay, ask, count: int = 20) -> list[UUID]:
    """Others who had a lesson, each differently; and their population."""
    pupils = [uuid4() for _ in range(count)]
    async with day.world.database.transaction() as db:
        for number, pupil in enumerate(pupils):
            await add_student(db, day.world.school_id, pupil, f"Pupil {number}", f"TAUGHT{number}")
    for number, pupil in enumerate(pupils):
        await lesson(ask, pupil, number % 4)
    assert await populations.refit(day.world.database) == 1
    return pupils


def test_each_type_that_weighs_anything_has_a_population() -> None:
    assert set(TYPE_WEIGHTS) == set(SessionType)
    assert set(learning.POPULATION_IDS) == {one for one in SessionType if TYPE_WEIGHTS[one]}


async def test_completed_lessons_become_evidence(day: SchoolDay, ask) -> None:
    await classmates(day, ask)
    made = [await lesson(ask, day.ada, 3) for _ in range(2)]
    talked = await lesson(ask, day.ada, 3, kind="conversation")
    answer = (await ask("teacher", "GET", f"/assessments/{day.ada}")).json()
    lines = [one for one in answer["evidence"] if one["source"] == "learning_sessions"]
    assert {one["learning_session_id"] for one in lines} == set(made)
    assert {one["kind"] for one in lines} == {"lesson_mastery", "persistence_after_errors"}
    assert answer["versions"]["lessons"] == {"content_study": 1}
    [resilience] = [one for one in answer["skills"] if one["skill"] == "resilience"]
    assert len(resilience["evidence"]) == 2
    assert all(one["x"] > 0 for one in resilience["evidence"])
    assert any("lessons" in one["text"] for one in answer["reasoning"])
    page = (await ask("teacher", "GET", f"/students/{day.ada}/timeline")).json()
    told = [one for one in page["items"] if one["kind"] == "learning_session"]
    assert [one["id"] for one in told] == [talked, *reversed(made)]
    assert told[0]["words"] == "Had a conversation with a tutor, 6 of 9 answers right."


async def test_what_weighs_nothing_pushes_no_lesson_out(day: SchoolDay, ask) -> None:
    await classmates(day, ask)
    studied = await lesson(ask, day.ada, 3)
    for _ in range(learning.MOST_SESSIONS):
        await lesson(ask, day.ada, 3, kind="vocabulary_review")
    async with day.world.database.transaction() as db:
        [learned] = await learning.of_student(db, day.world.school_id, day.ada)
    assert str(learned.learning_session_id) == studied


async def test_nothing_new_is_no_new_assessment(day: SchoolDay, ask) -> None:
    await lesson(ask, day.ada, 2)
    async with day.world.database.transaction() as db:
        first = await inferring.infer(db, day.world.school_id, day.ada)
        again = await inferring.infer(db, day.world.school_id, day.ada)
    assert (first.is_new, again.is_new) == (True, False)


async def test_who_is_erased_is_in_no_population_any_more(day: SchoolDay, ask) -> None:
    pupils = await classmates(day, ask, count=21)
    await infer_all(day.world.database)
    act = erasing.BY_COMMAND
    async with day.world.database.transaction() as db:
        receipt = await erasing.erase(db, act, day.world.school_id, pupils[0])
    assert receipt.counts["learning_sessions"] == 1
    marked = "select count(*) from refits_due where what = 'population' and game_id = :id"
    population_id = learning.POPULATION_IDS[SessionType.CONTENT_STUDY]
    assert await day.world.one(marked, id=population_id) == 1
    await populations.refit(day.world.database)
    assert await day.world.one("select count(*) from refits_due") == 0
    left = await day.world.one("select body from populations")
    assert left["lesson_mastery"]["students"] == 20


@pytest.mark.parametrize("kind", ["conversation", "vocabulary_review"])
async def test_what_weighs_nothing_marks_no_population(day: SchoolDay, ask, kind) -> None:
    await lesson(ask, day.ada, 2, kind=kind)
    async with day.world.database.transaction() as db:
        await db.execute(text("delete from learning_sessions"))
    assert await day.world.one("select count(*) from refits_due") == 0
