"""Closing a game session over HTTP."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from learntrace.assessment import closing
from learntrace.ingestion.auth import CloseAuth

router = APIRouter(prefix="/telemetry", tags=["telemetry"])

ACCEPTED = 202


class CloseAnswer(BaseModel):
    """A closed game session.

    `features`: name -> value or reason; it and `tasks_completed` are null while being extracted.
    """

    session_id: UUID
    status: Literal["closed"] = "closed"
    started_at: datetime | None
    ended_at: datetime | None
    features: dict[str, dict[str, Any]] | None
    tasks_completed: int | None
    message: str


@router.post(
    "/session/{session_id}/close",
    responses={
        202: {"model": CloseAnswer, "description": "Closed; the features follow."},
        403: {"description": "A person's token, or a browser page at an origin not listed."},
        415: {"description": "A beacon in another encoding than plain or gzip."},
    },
)
async def close_game_session(
    session_id: UUID, caller: CloseAuth, request: Request, response: Response
) -> CloseAnswer:
    """Close a game session and extract its features.

    A later event is still stored, and the session is then assessed again. A browser's beacon
    may close too: `text/plain` with `{"player_token": ...}`.
    """
    closed = await closing.close(request.app.state.database, caller, session_id)
    ready = closed.features is not None
    response.status_code = 200 if ready else ACCEPTED
    message = "Closed." if ready else "Closed; its features are extracted in a moment."
    return CloseAnswer(
        session_id=closed.game_session_id,
        started_at=closed.started_at,
        ended_at=closed.ended_at,
        features=closed.features,
        tasks_completed=closed.tasks_completed,
        message=message,
    )
