"""The callers as types in an endpoint's signature."""

from collections.abc import Collection
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import sign_ins
from learntrace.accounts.callers import GameCaller, Person, Role
from learntrace.accounts.credentials import RememberedCallers, look_up
from learntrace.accounts.secrets import ACCESS_TOKEN
from learntrace.kit.config import Settings
from learntrace.kit.db import Database, RequestDb
from learntrace.kit.errors import ForbiddenError, UnauthorizedError
from learntrace.kit.http import count_stranger, show_limit, stranger
from learntrace.kit.rate_limit import Limit, RateLimits

NO_CREDENTIAL = (
    "Send `Authorization: Bearer <token>` with a write key or a player token that is valid now."
)
NOT_SIGNED_IN = (
    "Send `Authorization: Bearer <access token>` with an access token that is valid now. "
    "Sign in with POST /api/v1/auth/login, or renew with POST /api/v1/auth/refresh."
)
OF_GAMES = "a write key or a player token"
OF_PEOPLE = "a person's access token"
FOREIGN_ORIGIN = (
    "Pages at this origin may not use this game's tokens. "
    "Add the origin to the game: learntrace games origins."
)


def bearer_token(header: str | None) -> str | None:
    """The token of an `Authorization` header, `None` when it carries none."""
    scheme, _, token = (header or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


async def _find(
    request: Request, token: str, db: AsyncSession | None
) -> GameCaller | Person | None:
    """Whom a token names, looked up by the kind that its prefix says; `None` unless it is valid.

    People are looked up in `db`, or where there is none in a transaction of its own.
    """
    state = request.app.state
    if not token.startswith(ACCESS_TOKEN):
        return await look_up(state.credentials_database, state.remembered_callers, token)
    if db is None:
        async with state.credentials_database.transaction() as own:
            return await _find(request, token, own)
    person = await sign_ins.find_person(db, token)
    if person is not None:
        state.remembered_callers.trust(token)
    return person


async def _require_standing(
    request: Request, token: str | None, *, refusal: str, db: AsyncSession | None = None
) -> GameCaller | Person:
    """Who is behind `token`, of whatever kind.

    Bad credentials are counted by address, and from too many on nothing is looked up - but for
    tokens that were good here before, which neither suffer from that nor add to it. A valid one
    of the wrong kind is no bad one: it is looked up as what it is, so that who sent it can be
    told what to send, and costs its sender no more than a right one.
    """
    state = request.app.state
    remembered: RememberedCallers = state.remembered_callers
    limits: RateLimits = state.rate_limits
    trusted = token is not None and remembered.trusts(token)
    if not trusted:
        limits.require_left(*stranger(request))
    caller = await _find(request, token, db) if token else None
    if caller is not None:
        return caller
    if token and trusted:
        remembered.distrust(token)
        show_limit(request, limits.standing(*stranger(request)))
    else:
        count_stranger(request)
    raise UnauthorizedError(refusal)


def count_reading(request: Request, caller: GameCaller | Person) -> None:
    """Count what is no telemetry: for one person, or one credential of a game.

    Raises `TooManyRequestsError`.
    """
    key = str(caller.user_id) if isinstance(caller, Person) else caller.credential_hash.hex()
    limits: RateLimits = request.app.state.rate_limits
    limit = Limit("people", request.app.state.settings.rate_limit_people)
    show_limit(request, limits.hit((limit, key)))


def refuse_kind(caller: GameCaller | Person, *, takes: str) -> ForbiddenError:
    """What a valid credential of the wrong kind is answered; `takes` names the right ones."""
    if isinstance(caller, Person):
        sent = OF_PEOPLE
    else:
        sent = "a write key" if caller.student_id is None else "a player token"
    return ForbiddenError(f"This takes {takes}; you sent {sent}.")


async def authenticate_game(
    request: Request, token: str | None, *, may_recall: bool = False
) -> GameCaller:
    """The game behind `token`; `require_origin` follows, once its request is counted.

    `may_recall` is for the writer's paths alone: it checks again, in its transaction, that a
    remembered credential still stands.

    Raises `UnauthorizedError` where it does not stand, `TooManyRequestsError` where its address
    has sent too many bad ones (before any look-up), `ForbiddenError` for a person's token.
    """
    remembered: RememberedCallers = request.app.state.remembered_callers
    caller: GameCaller | Person | None = None
    if token and may_recall:
        caller = remembered.recall(token)
    if caller is None:
        caller = await _require_standing(request, token, refusal=NO_CREDENTIAL)
    if isinstance(caller, Person):
        count_reading(request, caller)
        raise refuse_kind(caller, takes=OF_GAMES)
    return caller


def require_origin(request: Request, allowed: Collection[str]) -> None:
    """Raise `ForbiddenError` for a browser page whose origin is not among `allowed`."""
    origin = request.headers.get("origin")
    if origin is not None and origin not in allowed:
        raise ForbiddenError(FOREIGN_ORIGIN)


async def _counted_game(request: Request) -> GameCaller:
    token = bearer_token(request.headers.get("authorization"))
    caller = await authenticate_game(request, token)
    require_origin(request, caller.allowed_origins)
    return caller


# For a route that has counted the request by its address before.
CountedGameAuth = Annotated[GameCaller, Depends(_counted_game)]


async def authenticate_person(request: Request, db: AsyncSession, *, takes: str) -> Person:
    """Who is signed in; their requests are counted. `takes` names what the route takes.

    Raises `UnauthorizedError`, `TooManyRequestsError`, `ForbiddenError` for a game's credential.
    """
    token = bearer_token(request.headers.get("authorization"))
    caller = await _require_standing(request, token, refusal=NOT_SIGNED_IN, db=db)
    count_reading(request, caller)
    if isinstance(caller, GameCaller):
        raise refuse_kind(caller, takes=takes)
    return caller


async def _person(request: Request, db: RequestDb) -> Person:
    return await authenticate_person(request, db, takes=OF_PEOPLE)


PersonAuth = Annotated[Person, Depends(_person, scope="function")]


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
