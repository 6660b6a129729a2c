"""Who may ask what to play next: the game in a pupil's hands, for that pupil."""

from typing import Annotated

from fastapi import Depends, Request

from learntrace.accounts.auth import authenticate_game, bearer_token, count_reading
from learntrace.accounts.callers import GameCaller, Kind
from learntrace.accounts.narrowing import narrow
from learntrace.accounts.tenants import tenant
from learntrace.kit.db import RequestDb


async def _player(request: Request, db: RequestDb) -> GameCaller:
    token = bearer_token(request.headers.get("authorization"))
    caller = await authenticate_game(request, token, takes=(Kind.PLAYER,))
    count_reading(request, caller)
    await narrow(db, tenant(caller.school_id))
    return caller


PlayerAuth = Annotated[GameCaller, Depends(_player, scope="function")]
