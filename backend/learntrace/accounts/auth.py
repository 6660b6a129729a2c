"""The callers as types in an endpoint's signature."""

from collections.abc import Awaitable, Callable, Collection
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from learntrace.accounts import sign_ins
from learntrace.accounts.callers import GameCaller, Person, Role
from learntrace.accounts.credentials import RememberedCallers, look_up
from learntrace.kit.config import Settings
from learntrace.kit.db import Database, RequestDb
from learntrace.kit.errors import ForbiddenError, UnauthorizedError
from learntrace.kit.http import show_limit
from learntrace.kit.rate_limit import Limit, RateLimits, address_of

Caller = TypeVar("Caller", GameCaller, Person)

NO_CREDENTIAL = (
    "Send `Authorization: Bearer <token>` with a write key or a player token that is valid now."
)
NOT_SIGNED_IN = (
    "Send `Authorization: Bearer <access token>` with an access token that is valid now. "
    "Sign in with POST /api/v1/auth/login, or renew with POST /api/v1/auth/refresh."
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
    """What the caller's network address is counted as; see `kit.rate_limit.address_of`."""
    host = request.client.host if request.client else None
    trusted = request.app.state.settings.trusted_proxies
    return address_of(host, request.headers.getlist("x-forwarded-for"), trusted)


async def _require_standing(
    request: Request,
    token: str | None,
    find: Callable[[str], Awaitable[Caller | None]],
    *,
    address: str,
    refusal: str,
) -> Caller:
    """The caller that `find` knows behind `token`.

    Bad credentials are counted by address, and from too many on nothing is looked up - but for
    tokens that were good here before, which neither suffer from that nor add to it.
    """
    state = request.app.state
    remembered: RememberedCallers = state.remembered_callers
    limits: RateLimits = state.rate_limits
    limit = Limit("bad_credentials", state.settings.rate_limit_bad_credentials)
    trusted = token is not None and remembered.trusts(token)
    if not trusted:
        limits.require_left(limit, address)
    caller = await find(token) if token else None
    if caller is not None:
        return caller
    if token and trusted:
        remembered.distrust(token)
    else:
        show_limit(request, limits.hit((limit, address)))
    raise UnauthorizedError(refusal)


async def authenticate_game(
    request: Request, token: str | None, *, may_recall: bool = False
) -> GameCaller:
    """The game behind `token`.

    `may_recall` is for the writer's paths alone: it checks again, in its transaction, that a
    remembered credential still stands.

    Raises `UnauthorizedError` where it does not stand, `TooManyRequestsError` where its address
    has sent too many bad ones (before any look-up), `ForbiddenError` for a browser page whose
    origin the game does not list.
    """
    state = request.app.state
    remembered: RememberedCallers = state.remembered_callers
    caller = remembered.recall(token) if token and may_recall else None
    if caller is None:
        caller = await _require_standing(
            request,
            token,
            lambda found: look_up(state.credentials_database, remembered, found),
            address=client_address(request),
            refusal=NO_CREDENTIAL,
        )
    require_origin(request, caller.allowed_origins)
    return caller


def require_origin(request: Request, allowed: Collection[str]) -> None:
    """Raise `ForbiddenError` for a browser page whose origin is not among `allowed`."""
    origin = request.headers.get("origin")
    if origin is not None and origin not in allowed:
        raise ForbiddenError(FOREIGN_ORIGIN)


async def _game(request: Request) -> GameCaller:
    return await authenticate_game(request, bearer_token(request.headers.get("authorization")))


GameAuth = Annotated[GameCaller, Depends(_game)]


async def authenticate_person(request: Request, db: RequestDb) -> Person:
    """Who is signed in; their requests are counted. `UnauthorizedError`, `TooManyRequestsError`."""
    state = request.app.state
    token = bearer_token(request.headers.get("authorization"))
    person = await _require_standing(
        request,
        token,
        lambda found: sign_ins.find_person(db, found),
        address=client_address(request),
        refusal=NOT_SIGNED_IN,
    )
    assert token is not None, "nobody stands without a token"
    state.remembered_callers.trust(token)
    limit = Limit("people", state.settings.rate_limit_people)
    show_limit(request, state.rate_limits.hit((limit, str(person.user_id))))
    return person


PersonAuth = Annotated[Person, Depends(authenticate_person, scope="function")]


def require_role(person: Person, *roles: Role) -> None:
    """Raise `ForbiddenError` unless `person` has one of `roles`."""
    if person.role not in roles:
        raise ForbiddenError(f"This is for the role {' or '.join(roles)}; yours is {person.role}.")


async def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _limits(request: Request) -> RateLimits:
    limits: RateLimits = request.app.state.rate_limits
    return limits


# For what must commit although the answer is an error; everything else takes `RequestDb`.
OwnTransactions = Annotated[Database, Depends(_database)]
RequestSettings = Annotated[Settings, Depends(_settings)]
RequestLimits = Annotated[RateLimits, Depends(_limits)]
