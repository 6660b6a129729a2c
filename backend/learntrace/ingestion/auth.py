"""Who sends telemetry: by header, or, for a beacon that cannot set one, by its body."""

from typing import Annotated

import msgspec
from fastapi import Depends
from starlette.requests import Request

from learntrace.accounts.auth import authenticate_game, bearer_token
from learntrace.accounts.callers import GameCaller
from learntrace.ingestion import bodies


class _TokenInBody(msgspec.Struct):
    player_token: str | None = None


async def identify(
    request: Request, *, may_recall: bool = False
) -> tuple[GameCaller, bytes | None]:
    """Who calls; with the body where it had to be read for that.

    `may_recall`: see `accounts.auth.authenticate_game`.
    """
    headers = request.headers
    token = bearer_token(headers.get("authorization"))
    if token is not None or bodies.media_type(headers) == bodies.JSON:
        return await authenticate_game(request, token, may_recall=may_recall), None
    body = await bodies.read_body(request.receive, headers, most=bodies.MAX_BEACON_BYTES)
    try:
        token = msgspec.json.decode(body, type=_TokenInBody).player_token
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        token = None
    return await authenticate_game(request, token, may_recall=may_recall), body


async def _beacon(request: Request) -> GameCaller:
    if "content-type" not in request.headers:
        return await authenticate_game(request, bearer_token(request.headers.get("authorization")))
    caller, _ = await identify(request)
    return caller


BeaconAuth = Annotated[GameCaller, Depends(_beacon)]
