"""The callers as types in an endpoint's signature."""

from typing import Annotated

from fastapi import Depends, Request

from learntrace.accounts.callers import GameCaller
from learntrace.accounts.credentials import RememberedCallers, look_up
from learntrace.kit.errors import ForbiddenError, UnauthorizedError
from learntrace.kit.rate_limit import Limit, RateLimits, address_of

NO_CREDENTIAL = (
    "Send `Authorization: Bearer <token>` with a write key or a player token that is valid now."
)
FOREIGN_ORIGIN = (
    "Pages at this origin may not use this game's tokens. "
    "Add the origin to the game: learntrace games origins."
)


def bearer_token(header: str | None) -> str | None:
    """The token of an `Authorization` header, `None` when it carries none."""
    scheme, _, token = (header or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def client_address(request: Request) -> str:
    """The caller's network address; see `kit.rate_limit.address_of`."""
    host = request.client.host if request.client else None
    trusted = request.app.state.settings.trusted_proxies
    return address_of(host, request.headers.get("x-forwarded-for"), trusted)


async def authenticate_game(
    request: Request, token: str | None, *, address: str | None = None
) -> GameCaller:
    """The game behind `token`.

    Raises `UnauthorizedError` where it does not stand, `TooManyRequestsError` where its address
    has sent too many bad ones (before any look-up), `ForbiddenError` for a browser page whose
    origin the game does not list.
    """
    state = request.app.state
    remembered: RememberedCallers = state.remembered_callers
    caller = remembered.recall(token) if token else None
    if caller is None:
        limits: RateLimits = state.rate_limits
        limit = Limit("bad_credentials", state.settings.rate_limit_bad_credentials)
        address = address or client_address(request)
        limits.require_left(limit, address)
        caller = await look_up(state.database, remembered, token) if token else None
        if caller is None:
            limits.hit((limit, address))
            raise UnauthorizedError(NO_CREDENTIAL)
    origin = request.headers.get("origin")
    if origin is not None and origin not in caller.allowed_origins:
        raise ForbiddenError(FOREIGN_ORIGIN)
    return caller


async def _game(request: Request) -> GameCaller:
    return await authenticate_game(request, bearer_token(request.headers.get("authorization")))


GameAuth = Annotated[GameCaller, Depends(_game)]
