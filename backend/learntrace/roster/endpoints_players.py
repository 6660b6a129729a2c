"""How a pupil's game gets its player token."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from learntrace.accounts.auth import (
    CountedGameAuth,
    OwnTransactions,
    RequestLimits,
    RequestSettings,
    bearer_token,
    require_origin,
)
from learntrace.kit.db import RequestDb
from learntrace.kit.http import client_address, show_limit
from learntrace.kit.rate_limit import Limit
from learntrace.roster import players

router = APIRouter(prefix="/players", tags=["players"])

Code = Annotated[str, StringConstraints(min_length=1, max_length=40), Field(examples=["7KX-P4M"])]


class JoinIn(BaseModel):
    """The codes as on the card; case, spaces and hyphens do not matter."""

    game_id: UUID
    class_code: Code
    pupil_code: Code


class JoinedOut(BaseModel):
    """Send `player_token` as `Authorization: Bearer` with this pupil's play."""

    model_config = ConfigDict(from_attributes=True)

    student_id: UUID
    player_token: str
    expires_at: datetime
    display_name: str


async def _count(request: Request, settings: RequestSettings, limits: RequestLimits) -> None:
    limit = Limit("join_address", settings.rate_limit_join_address)
    show_limit(request, limits.hit((limit, client_address(request))))


@router.post("/join", status_code=201, dependencies=[Depends(_count)])
async def join(
    body: JoinIn,
    request: Request,
    database: OwnTransactions,
    settings: RequestSettings,
    limits: RequestLimits,
    db: RequestDb,
) -> JoinedOut:
    """A player token for the pupil behind two codes, good for 12 hours in this game.

    404 says the same whether the game, the class code or the pupil's code is wrong.
    """
    joiner = await players.find_joiner(
        database,
        limits,
        settings,
        game_id=body.game_id,
        class_code=body.class_code,
        pupil_code=body.pupil_code,
    )
    require_origin(request, joiner.allowed_origins)
    joined = await players.join(db, joiner, body.game_id, valid_s=settings.player_token_s)
    request.app.state.remembered_callers.trust(joined.player_token)
    return JoinedOut.model_validate(joined)


@router.post("/renew", dependencies=[Depends(_count)])
async def renew(
    caller: CountedGameAuth, request: Request, settings: RequestSettings, db: RequestDb
) -> JoinedOut:
    """Let a player token that is valid now live 12 hours more, once. The token stays the same."""
    token = bearer_token(request.headers.get("authorization")) or ""
    renewed = await players.renew(db, caller, token, valid_s=settings.player_token_s)
    return JoinedOut.model_validate(renewed)
