"""Pupils at play whose skills can be told: sent, closed and assessed through the API."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from learntrace.assessment import inferring, populations
from learntrace.kit.db import Database

from ..assessment.playing import BATCH
from ..world import World, add_student, batch, bearer, now

TASKS = 6
PUPILS = 20
LESSONS = 2


def lesson(
    world: World, student_id: UUID, game_session_id: UUID, *, at: datetime, tries_again: int
) -> list[dict[str, Any]]:
    """Six tasks that all begin with a wrong answer; `tries_again` of them are then solved."""
    told: list[dict[str, Any]] = []

    def tell(event_type: str, task: int, **data: Any) -> None:
        told.append(
            world.event(
                student_id=student_id,
                session_id=game_session_id,
                event_type=event_type,
                timestamp=(at + timedelta(seconds=5 * len(told))).isoformat(),
                mission_id=f"level_{task}",
                sequence=len(told),
                data=data,
            )
        )

    for task in range(TASKS):
        topic = {"skill": f"topic_{task % 2}", "item": f"item_{task}"}
        tell("task_start", task)
        tell("failure", task, **topic, correct=False)
        if task < tries_again:
            tell("retry", task)
            tell("success", task, **topic, correct=True)
            tell("task_complete", task)
        else:
            tell("task_abandon", task)
    return told


async def play_lesson(
    api: httpx.AsyncClient,
    world: World,
    student_id: UUID,
    *,
    at: datetime | None = None,
    tries_again: int = 3,
) -> UUID:
    """Send a lesson and close it; the session's id."""
    game_session_id = uuid4()
    began = at or now() - timedelta(hours=1)
    told = lesson(world, student_id, game_session_id, at=began, tries_again=tries_again)
    headers = bearer(world.write_key) | {"X-Client-Id": str(uuid4())}
    answer = await api.post(BATCH, json=batch(told), headers=headers)
    assert answer.status_code == 201, answer.text
    path = f"/api/v1/telemetry/session/{game_session_id}/close"
    answer = await api.post(path, headers=bearer(world.write_key))
    assert answer.status_code == 200, answer.text
    return game_session_id


async def play_as_a_class(api: httpx.AsyncClient, world: World) -> list[UUID]:
    """Twenty pupils beside Ada, Ben and Cleo, two lessons each; and their population."""
    pupils = [uuid4() for _ in range(PUPILS)]
    async with world.database.transaction() as db:
        for number, pupil in enumerate(pupils):
            await add_student(db, world.school_id, pupil, f"Pupil {number}", f"CLASS{number}")
    for number, pupil in enumerate(pupils):
        for day in range(LESSONS):
            await play_lesson(
                api,
                world,
                pupil,
                at=now() - timedelta(days=LESSONS - day),
                tries_again=(number + day) % (TASKS + 1),
            )
    assert await populations.refit(world.database) == 1
    await infer_all(world.database)
    return pupils


async def infer_all(database: Database) -> int:
    """Assess everybody who is due; how many that were."""
    done = 0
    while more := await inferring.infer_due(database):
        done += more
    return done
