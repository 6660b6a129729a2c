"""How a pupil's game gets its player token."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from learntrace.accounts.auth import (
    CountedPlayerAuth,
    OwnTransactions,
    RequestLimits,
    RequestSettings,
    bearer_token,
    counted_by_address,
    require_origin,
)
from learntrace.kit.db import RequestDb
from learntrace.kit.http import client_address
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


_COUNTED = counted_by_address("join_address", lambda s: s.rate_limit_join_address)
_FOREIGN_PAGE = "A browser page at an origin that the game does not list"
_NO_CONSENT = "the school lacks the consent that it requires (`code`: `consent_missing`)"


@router.post(
    "/join",
    status_code=201,
    dependencies=[_COUNTED],
    responses={
        403: {"description": f"{_FOREIGN_PAGE}; or {_NO_CONSENT}."},
        404: {"description": "Codes that do not fit together for this game."},
    },
)
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
        address=client_address(request),
    )
    require_origin(request, joiner.allowed_origins)
    joined = await players.join(db, joiner, body.game_id, valid_s=settings.player_token_s)
    request.app.state.remembered_callers.trust(joined.player_token)
    return JoinedOut.model_validate(joined)


@router.post(
    "/renew",
    dependencies=[_COUNTED],
    responses={
        403: {"description": f"No player token. {_FOREIGN_PAGE}; or {_NO_CONSENT}."},
        409: {"description": "Renewed once before: the pupil joins again."},
    },
)
async def renew(
    caller: CountedPlayerAuth, request: Request, settings: RequestSettings, db: RequestDb
) -> JoinedOut:
    """Let a player token that is valid now live 12 hours more, once. The token stays the same."""
    token = bearer_token(request.headers.get("authorization")) or ""
    renewed = await players.renew(db, caller, token, valid_s=settings.player_token_s)
    return JoinedOut.model_validate(renewed)
