"""What to play next, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import StringConstraints

from learntrace.adaptive import service
from learntrace.adaptive.auth import PlayerAuth
from learntrace.adaptive.schemas import NextOut
from learntrace.kit.db import RequestDb

MOST_SKILLS = 50
MOST_ITEMS = 200

router = APIRouter(
    prefix="/adaptive",
    tags=["adaptive"],
    responses={401: {"description": "No token, or one that is not valid now."}},
)

Key = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Skills = Annotated[
    list[Key] | None,
    Query(max_length=MOST_SKILLS, description="Only these skills. Repeat it for several."),
]
Items = Annotated[
    list[Key] | None,
    Query(max_length=MOST_ITEMS, description="Only these items. Repeat it for several."),
]


@router.get(
    "/{student_id}/next",
    responses={
        400: {"description": "The address is longer than the 64 KiB that the server reads."},
        403: {"description": "No player token, a page at an origin not listed, or no consent."},
        404: {"description": "Not the pupil of this player token."},
        409: {"description": "The game's mapping and play name no skill yet; `detail` says more."},
        422: {"description": "A parameter is not valid, or an item's skill is not known."},
    },
)
async def choose_next(
    student_id: UUID,
    caller: PlayerAuth,
    db: RequestDb,
    skills: Skills = None,
    items: Items = None,
) -> NextOut:
    """What this pupil should play next in this game, so that about three in four go well.

    With the pupil's own player token. `skills` and `items` say what the game can offer now; left
    out, all that its mapping and earlier play name.
    """
    decision_id, decision = await service.choose_next(
        db, caller, student_id, skills=skills, items=items
    )
    return NextOut.of(decision_id, caller.game_id, decision)
