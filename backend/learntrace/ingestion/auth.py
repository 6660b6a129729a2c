"""Who sends telemetry: by header, or, for a beacon that cannot set one, by its body."""

from typing import Annotated

import msgspec
from fastapi import Depends
from starlette.requests import Request

from learntrace.accounts.auth import authenticate_game, authenticate_person, bearer_token
from learntrace.accounts.callers import GameCaller, Person
from learntrace.accounts.narrowing import narrow
from learntrace.accounts.secrets import PLAYER_TOKEN
from learntrace.accounts.tenants import tenant
from learntrace.ingestion import bodies, limits
from learntrace.ingestion.data_health import tenants_counted_for
from learntrace.kit.db import RequestDb
from learntrace.kit.errors import BadRequestError, LearntraceError
from learntrace.kit.http import count_unreadable


class _TokenInBody(msgspec.Struct):
    player_token: str | None = None


async def identify(
    request: Request, *, may_recall: bool = False
) -> tuple[GameCaller, bytes | None]:
    """Who calls; with the body where it had to be read for that. `limits.count` follows.

    Inside a body only a player token counts: a write key has no place in a browser.
    `may_recall`: see `accounts.auth.authenticate_game`. Raises as that and `bodies.read_body`.
    """
    token = bearer_token(request.headers.get("authorization"))
    if token is not None or bodies.media_type(request.headers) != bodies.TEXT:
        return await authenticate_game(request, token, may_recall=may_recall), None
    try:
        body = await bodies.read_beacon(request.receive, request.headers)
    except BadRequestError:  # the client is gone; nobody is left to limit
        raise
    except LearntraceError:
        count_unreadable(request)
        raise
    return await authenticate_game(request, _token_in(body), may_recall=may_recall), body


def _token_in(body: bytes) -> str | None:
    try:
        token = msgspec.json.decode(body, type=_TokenInBody).player_token
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return token if token is not None and token.startswith(PLAYER_TOKEN) else None


async def _closing(request: Request) -> GameCaller:
    caller, _ = await identify(request)
    limits.count(request, caller, limits.Kind.CLOSES)
    return caller


async def _asking(request: Request, db: RequestDb) -> GameCaller:
    token = bearer_token(request.headers.get("authorization"))
    caller = await authenticate_game(request, token)
    limits.count(request, caller, limits.Kind.STATUS)
    await narrow(db, tenant(caller.school_id))
    return caller


async def _counting(request: Request, db: RequestDb) -> Person:
    return await authenticate_person(request, db, seen=tenants_counted_for)


# Counted here, so that an answer to a path that cannot be read also says how the limit stands.
CloseAuth = Annotated[GameCaller, Depends(_closing)]
StatusAuth = Annotated[GameCaller, Depends(_asking, scope="function")]
# Counts hold no student, so a developer's are of live play, too.
CountingAuth = Annotated[Person, Depends(_counting, scope="function")]
