"""Of very many answers those that count: the newest of each student in each game."""

from datetime import timedelta
from uuid import UUID, uuid4

import httpx

from learntrace.skills import answers, due
from learntrace.skills.answers import MOST_OF_STUDENT
from learntrace.skills.knowledge import Answer

from ..world import World, add_signed_in, bearer, insert, now

AT_ONCE = 9_000


def drill(count: int) -> list[Answer]:
    """One skill at the very first, then another one; an answer each second."""
    began = now() - timedelta(days=1)
    return [
        Answer(
            began + timedelta(seconds=n),
            f"add {n % 50}",
            "add" if n else "count",
            correct=n % 4 > 0,
        )
        for n in range(count)
    ]


async def remember(world: World, game_id: UUID, student_id: UUID, given: list[Answer]) -> None:
    """What a student answered in closed sessions, the newest stored first."""
    for start in reversed(range(0, len(given), AT_ONCE)):
        game_session_id = uuid4()
        of_session = given[start : start + AT_ONCE]
        async with world.database.transaction() as db:
            await insert(
                db,
                "game_sessions",
                school_id=world.school_id,
                id=game_session_id,
                student_id=student_id,
                game_id=game_id,
                state="closed",
                last_received_at=now(),
                event_count=len(of_session),
            )
            await answers.save(
                db,
                school_id=world.school_id,
                game_session_id=game_session_id,
                student_id=student_id,
                game_id=game_id,
                event_count=len(of_session),
                answers=of_session,
            )


async def test_of_each_student_and_game_the_newest_answers_count(world: World) -> None:
    ada, ben, _ = world.students
    very_many, few = drill(3 * AT_ONCE), drill(40)
    await remember(world, world.game_id, ada, very_many)
    await remember(world, world.other_game_id, ada, few)
    await remember(world, world.game_id, ben, few)
    async with world.database.transaction() as db:
        by_game = {
            one.game_id: one.answers for one in await answers.of_student(db, world.school_id, ada)
        }
        of_game = answers.learners(db, world.school_id, world.game_id)
        by_student = {student_id: given async for student_id, given in of_game}
    newest = very_many[-MOST_OF_STUDENT:]
    assert by_game == {world.game_id: newest, world.other_game_id: few}
    assert by_student == {ada: newest, ben: few}


async def test_an_assessment_rests_on_the_newest_answers(
    api: httpx.AsyncClient, world: World
) -> None:
    ada = world.students[0]
    await remember(world, world.game_id, ada, drill(MOST_OF_STUDENT + 1))
    async with world.database.transaction() as db:
        await due.mark(db, world.school_id, [ada])
        _, token = await add_signed_in(db, "head", "school_admin", world.school_id)
    answer = await api.get(f"/api/v1/assessments/{ada}", headers=bearer(token))
    assert answer.status_code == 200, answer.text
    known = {one["skill"]: one["answers"] for one in answer.json()["knowledge"]}
    assert known == {"add": MOST_OF_STUDENT}
    evidence = [one["words"] for one in answer.json()["evidence"] if one["kind"] == "knowledge"]
    assert evidence == [f"gave {MOST_OF_STUDENT} answers on add"]
