"""Play to assess: sent through the API, or put into the tables where there is much of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from learntrace.assessment.service import assess_outdated, assess_unread
from learntrace.kit.config import Settings
from learntrace.kit.db import Database

from ..world import World, batch, bearer, now

BATCH = "/api/v1/telemetry/batch"


def play(world: World, session_id: UUID, *, tasks: int = 6, start_s: int = 600) -> list[Any]:
    """`tasks` levels started, failed once, retried and completed, ten seconds apart."""
    at = now() - timedelta(seconds=start_s)
    events = []
    for task in range(tasks):
        for kind in ("task_start", "failure", "retry", "task_complete"):
            events.append(
                world.event(
                    session_id=session_id,
                    event_type=kind,
                    timestamp=at.isoformat(),
                    mission_id=f"level_{task}",
                    sequence=len(events),
                )
            )
            at += timedelta(seconds=10)
    return events


async def send(api: httpx.AsyncClient, world: World, events: list[Any]) -> None:
    headers = bearer(world.write_key) | {"X-Client-Id": str(uuid4())}
    answer = await api.post(BATCH, json=batch(events), headers=headers)
    assert answer.status_code == 201, answer.text


async def close(api: httpx.AsyncClient, key: str, session_id: UUID) -> httpx.Response:
    path = f"/api/v1/telemetry/session/{session_id}/close"
    return await api.post(path, headers=bearer(key))


async def fill(world: World, session_id: UUID, count: int, *, data: str = '{"level": 1}') -> None:
    async with world.database.transaction() as db:
        parameters = {
            "school": world.school_id,
            "session": session_id,
            "student": world.students[0],
            "game": world.game_id,
            "count": count,
            "data": data,
        }
        await db.execute(
            text(
                "insert into events (school_id, event_id, game_session_id, student_id, game_id, "
                "timestamp, received_at, corrected_at, content_hash, event_type, game_version, "
                "data) select :school, gen_random_uuid(), :session, :student, :game, "
                "now() + n * interval '10 ms', now(), now(), 0, "
                "(array['task_start','failure','retry','task_complete'])[1 + n % 4], '1', "
                ":data from generate_series(1, :count) n"
            ),
            parameters,
        )
        await db.execute(
            text(
                "insert into game_sessions (school_id, id, student_id, game_id, state, "
                "last_received_at, event_count) values "
                "(:school, :session, :student, :game, 'closed', now() - interval '1 min', :count)"
            ),
            parameters,
        )


async def assess_due(database: Database, settings: Settings) -> bool:
    return await assess_unread(database, settings) or await assess_outdated(database, settings)
