"""Data health of a game over HTTP."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from learntrace.ingestion import data_health
from learntrace.ingestion.auth import CountingAuth
from learntrace.ingestion.data_health import EventTypes, environment_of
from learntrace.kit.db import RequestDb

Environment = Literal["live", "sandbox"]

router = APIRouter(
    prefix="/games",
    tags=["games"],
    responses={
        401: {"description": "No token, or one that is not valid now."},
        404: {"description": "No such game, or not for this caller's eyes."},
    },
)


class GameOut(BaseModel):
    """A game. `mapping_version` is in force for the caller's school; 0: the built-in vocabulary."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: Annotated[str, Field(examples=["Wave Combinator"])]
    mapping_version: Annotated[int, Field(ge=0, examples=[2])]
    latest_mapping_version: Annotated[int, Field(ge=0, examples=[3])]
    last_event_at: Annotated[datetime | None, Field(description="When an event last arrived.")]


class GamePage(BaseModel):
    items: list[GameOut]
    next_cursor: None = None


class EventTypeOut(BaseModel):
    """An event name. `behaviours` is all that the mapping can read it as."""

    event_type: Annotated[str, Field(examples=["LEVEL_COMPLETE"])]
    environment: Environment
    count: Annotated[int, Field(ge=1, examples=[412])]
    mapped: bool
    behaviours: Annotated[list[str], Field(examples=[["task_complete"]])]
    last_received_at: datetime


class EventTypesOut(BaseModel):
    """How many events arrived, and how many of them the mapping in force knows the name of."""

    game_id: UUID
    mapping_version: Annotated[int, Field(description="0: the built-in vocabulary alone.")]
    total: Annotated[int, Field(ge=0, examples=[5002])]
    mapped: Annotated[int, Field(ge=0, examples=[4980])]
    unmapped: Annotated[int, Field(ge=0, examples=[22])]
    event_types: list[EventTypeOut]


class LastSeenOut(BaseModel):
    live: datetime | None
    sandbox: datetime | None


class RejectionOut(BaseModel):
    """How often events were refused on one UTC day for one reason."""

    day: date
    environment: Environment
    code: Annotated[str, Field(examples=["unknown_student"])]
    count: Annotated[int, Field(ge=1, examples=[3])]
    detail: Annotated[str, Field(description="The latest one's explanation; names no student.")]
    last_at: datetime


class DataHealthOut(BaseModel):
    """`last_event_at`: when the newest event arrived, by the server's clock."""

    game_id: UUID
    last_event_at: LastSeenOut
    rejections: Annotated[list[RejectionOut], Field(description="Of the last 30 days.")]


@router.get("")
async def list_games(person: CountingAuth, db: RequestDb) -> GamePage:
    """The games that the caller may know of: the school's, a developer's own, or all."""
    found = await data_health.seen_games(db, person)
    return GamePage(items=[GameOut.model_validate(game) for game in found])


@router.get("/{game_id}/event-types")
async def show_event_types(
    game_id: UUID,
    person: CountingAuth,
    db: RequestDb,
    environment: Annotated[
        Environment | None, Query(description="Left out: both, each in lines of its own.")
    ] = None,
) -> EventTypesOut:
    """The event names that arrived of a game, and what the mapping makes of them.

    School people: their school and its sandbox, by the mapping in force there. Game developers
    and system administrators: all schools together, by the latest mapping.
    """
    found = await data_health.event_types(db, person, game_id, environment=environment)
    lines = _lines(found)
    mapped = sum(line.count for line in lines if line.mapped)
    total = sum(line.count for line in lines)
    return EventTypesOut(
        game_id=game_id,
        mapping_version=found.versions[environment or data_health.LIVE],
        total=total,
        mapped=mapped,
        unmapped=total - mapped,
        event_types=lines,
    )


def _lines(found: EventTypes) -> list[EventTypeOut]:
    lines = []
    for one in found.counts:
        environment = environment_of(sandbox=one.sandbox)
        mapping = found.mappings[environment]
        lines.append(
            EventTypeOut(
                event_type=one.event_type,
                environment=environment,
                count=one.count,
                mapped=mapping.knows(one.event_type),
                behaviours=list(mapping.behaviours_of(one.event_type)),
                last_received_at=one.last_received_at,
            )
        )
    return lines


@router.get("/{game_id}/data-health")
async def show_data_health(game_id: UUID, person: CountingAuth, db: RequestDb) -> DataHealthOut:
    """When each environment was last heard of, and what was refused in the last 30 days."""
    found = await data_health.data_health(db, person, game_id)
    return DataHealthOut(
        game_id=game_id,
        last_event_at=LastSeenOut(
            live=found.last_at.get(data_health.LIVE), sandbox=found.last_at.get(data_health.SANDBOX)
        ),
        rejections=[
            RejectionOut(
                day=one.day,
                environment=environment_of(sandbox=one.sandbox),
                code=one.code,
                count=one.count,
                detail=one.detail,
                last_at=one.last_at,
            )
            for one in found.refused
        ],
    )
