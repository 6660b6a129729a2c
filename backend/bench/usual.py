"""The usual way at its best: FastAPI, a pydantic body, one bulk insert a request.

Written as a good engineer would: typed models, a pooled async engine, one statement and one
transaction a request, duplicates left to the constraint. It asks nobody who calls, counts no
limits, and checks neither student nor session; all of that is in its favour.
"""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import FastAPI, Response
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy.dialects.postgresql import insert

from bench.bodies import BATCH_PATH, EVENTS_PATH
from learntrace.events.models import StoredEvent
from learntrace.kit.db import Database

_CONNECTIONS = 8


class Event(BaseModel):
    event_id: UUID
    student_id: UUID
    session_id: UUID
    event_type: Annotated[str, Field(min_length=1, max_length=100)]
    timestamp: AwareDatetime
    data: dict[str, Any] = {}
    mission_id: Annotated[str, Field(max_length=100)] | None = None
    game_version: Annotated[str, Field(max_length=20)] = "1.0.0"
    sequence: int | None = None


class Batch(BaseModel):
    batch_id: UUID
    client_version: Annotated[str, Field(max_length=20)]
    events: Annotated[list[Event], Field(min_length=1, max_length=1000)]


class Answer(BaseModel):
    received_count: int
    accepted: int
    duplicates: int


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.database = Database.connect(os.environ["DATABASE_URL"], pool_size=_CONNECTIONS)
    app.state.school_id = UUID(os.environ["BENCH_SCHOOL_ID"])
    app.state.game_id = UUID(os.environ["BENCH_GAME_ID"])
    yield
    await app.state.database.dispose()


app = FastAPI(lifespan=_lifespan)


async def _store(events: Sequence[Event], response: Response) -> Answer:
    received_at = datetime.now(UTC)
    rows = [
        {
            "school_id": app.state.school_id,
            "event_id": event.event_id,
            "game_session_id": event.session_id,
            "student_id": event.student_id,
            "game_id": app.state.game_id,
            "timestamp": event.timestamp,
            "received_at": received_at,
            "corrected_at": event.timestamp,
            "sequence": event.sequence,
            "content_hash": 0,
            "event_type": event.event_type,
            "mission_id": event.mission_id,
            "game_version": event.game_version,
            "data": event.data,
        }
        for event in events
    ]
    statement = insert(StoredEvent).on_conflict_do_nothing()
    async with app.state.database.engine.begin() as connection:
        stored = await connection.execute(statement.returning(StoredEvent.event_id), rows)
        accepted = len(stored.all())
    response.status_code = 201 if accepted else 200
    return Answer(received_count=len(rows), accepted=accepted, duplicates=len(rows) - accepted)


@app.post(EVENTS_PATH)
async def post_event(event: Event, response: Response) -> Answer:
    return await _store([event], response)


@app.post(BATCH_PATH)
async def post_batch(batch: Batch, response: Response) -> Answer:
    return await _store(batch.events, response)
