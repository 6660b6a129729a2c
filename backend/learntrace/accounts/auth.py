"""The callers as types in an endpoint's signature."""

from collections.abc import Callable, Collection
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, params
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import resets, sign_ins
from learntrace.accounts.callers import GameCaller, Kind, Person, ResetCaller, Role
from learntrace.accounts.credentials import RememberedCallers, look_up
from learntrace.accounts.narrowing import narrow
from learntrace.accounts.secrets import ACCESS_TOKEN, RESET_TOKEN
from learntrace.accounts.tenants import tenants_of_person
from learntrace.kit.config import Settings
from learntrace.kit.db import Database, RequestDb
from learntrace.kit.errors import ForbiddenError, UnauthorizedError
from learntrace.kit.http import client_address, count_by_address, show_limit
from learntrace.kit.rate_limit import Limit, RateLimits

NOT_SIGNED_IN = (
    "Send `Authorization: Bearer <access token>` with an access token that is valid now. "
    "Sign in with POST /api/v1/auth/login, or renew with POST /api/v1/auth/refresh."
)
Caller = GameCaller | Person | ResetCaller
OF_GAMES = (Kind.KEY, Kind.PLAYER)
FOREIGN_ORIGIN = (
    "Pages at this origin may not use this game's tokens. "
    "Add the origin to the game: learntrace games origins."
)


def bearer_token(header: str | None) -> str | None:
    """The token of an `Authorization` header, `None` when it carries none."""
    scheme, _, token = (header or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def counted_by_address(name: str, per_minute: Callable[[Settings], int]) -> params.Depends:
    """Has a route count by address, before anything else, also what turns out not to be valid."""

    async def count(request: Request) -> None:
        count_by_address(request, Limit(name, per_minute(request.app.state.settings)))

    return params.Depends(count)


def _bad_credentials(request: Request) -> Limit:
    settings: Settings = request.app.state.settings
    return Limit("bad_credentials", settings.rate_limit_bad_credentials)


async def _find(request: Request, token: str, db: AsyncSession | None) -> Caller | None:
    """Whom a token names, looked up by the kind that its prefix says; `None` unless it is valid.

    People are looked up in `db`, or where there is none in a transaction of its own.
    """
    state = request.app.state
    if not token.startswith((ACCESS_TOKEN, RESET_TOKEN)):
        return await look_up(state.credentials_database, state.remembered_callers, token)
    if db is None:
        async with state.credentials_database.transaction() as own:
            return await _find(request, token, own)
    if token.startswith(RESET_TOKEN):
        return await resets.find(db, token)
    person = await sign_ins.find_person(db, token)
    if person is not None:
        state.remembered_callers.trust(token)
    return person


async def _require_standing(
    request: Request, token: str | None, *, refusal: str, db: AsyncSession | None = None
) -> Caller:
    """Who is behind `token`, of whatever kind.

    Bad credentials are counted by address, and from too many on nothing is looked up - but for
    tokens that were good here before, which neither suffer from that nor add to it. A valid one
    of the wrong kind is no bad one: it is looked up as what it is, so that who sent it can be
    told what to send, and costs its sender no more than a right one.
    """
    state = request.app.state
    remembered: RememberedCallers = state.remembered_callers
    limits: RateLimits = state.rate_limits
    bad = _bad_credentials(request)
    trusted = token is not None and remembered.trusts(token)
    if not trusted:
        limits.require_left(bad, client_address(request))
    caller = await _find(request, token, db) if token else None
    if caller is not None:
        return caller
    if token and trusted:
        remembered.distrust(token)
        show_limit(request, limits.standing(bad, client_address(request)))
    else:
        count_by_address(request, bad)
    raise UnauthorizedError(refusal)


def count_reading(request: Request, caller: Caller) -> None:
    """Count what is no telemetry: for one person, or one credential of another kind.

    Raises `TooManyRequestsError`.
    """
    key = str(caller.user_id) if isinstance(caller, Person) else caller.credential_hash.hex()
    limits: RateLimits = request.app.state.rate_limits
    limit = Limit("people", request.app.state.settings.rate_limit_people)
    show_limit(request, limits.hit((limit, key)))


def _refused(request: Request, caller: Caller, takes: Collection[Kind]) -> ForbiddenError:
    """What a valid credential of the wrong kind is answered, once that is counted for it."""
    count_reading(request, caller)
    return ForbiddenError(f"This takes {' or '.join(takes)}; you sent {caller.kind}.")


async def authenticate_game(
    request: Request,
    token: str | None,
    *,
    takes: Collection[Kind] = OF_GAMES,
    may_recall: bool = False,
) -> GameCaller:
    """The game behind `token`, sent by a page, if by any, that the game lists.

    The caller counts the request. What is refused here is counted here: a bad credential for its
    address, a good one in the wrong place as what is no telemetry.

    `takes` are the kinds that the route takes. `may_recall` is for the writer's paths alone: it
    checks again, each time it stores, that a remembered credential still stands.

    Raises `UnauthorizedError` where it does not stand; `TooManyRequestsError` where its address
    has sent too many bad ones (before any look-up); `ForbiddenError` for another kind, and for a
    browser page at another origin.
    """
    remembered: RememberedCallers = request.app.state.remembered_callers
    caller: Caller | None = None
    if token and may_recall:
        caller = remembered.recall(token)
    if caller is None:
        kinds = " or ".join(takes)
        refusal = f"Send `Authorization: Bearer <token>` with {kinds} that is valid now."
        caller = await _require_standing(request, token, refusal=refusal)
    if not isinstance(caller, GameCaller) or caller.kind not in takes:
        raise _refused(request, caller, takes)
    try:
        require_origin(request, caller.allowed_origins)
    except ForbiddenError:
        count_reading(request, caller)
        raise
    return caller


def require_origin(request: Request, allowed: Collection[str]) -> None:
    """Raise `ForbiddenError` for a browser page whose origin is not among `allowed`."""
    origin = request.headers.get("origin")
    if origin is not None and origin not in allowed:
        raise ForbiddenError(FOREIGN_ORIGIN)


async def _player(request: Request) -> GameCaller:
    token = bearer_token(request.headers.get("authorization"))
    return await authenticate_game(request, token, takes=(Kind.PLAYER,))


# For a route that has counted the request by its address before.
CountedPlayerAuth = Annotated[GameCaller, Depends(_player)]


async def _resetting(request: Request) -> ResetCaller:
    token = bearer_token(request.headers.get("authorization"))
    caller = await _require_standing(request, token, refusal=resets.NOT_VALID)
    if not isinstance(caller, ResetCaller):
        raise _refused(request, caller, (Kind.RESET,))
    return caller


# For a route that has counted the request by its address before.
CountedResetAuth = Annotated[ResetCaller, Depends(_resetting)]


async def authenticate_person(
    request: Request,
    db: AsyncSession,
    *,
    takes: Collection[Kind] = (Kind.PERSON,),
    seen: Callable[[Person], Select[UUID]] | None = tenants_of_person,
) -> Person:
    """Who is signed in; their requests are counted. `takes` are the kinds that the route takes.

    From then on `db` holds rows of the tenants `seen` by that person alone, see `narrow`; `None`
    is for ending a sign-in, which is nobody's record.

    Raises `UnauthorizedError`, `TooManyRequestsError`, `ForbiddenError` for another kind.
    """
    token = bearer_token(request.headers.get("authorization"))
    caller = await _require_standing(request, token, refusal=NOT_SIGNED_IN, db=db)
    if not isinstance(caller, Person):
        raise _refused(request, caller, takes)
    count_reading(request, caller)
    if seen is not None:
        await narrow(db, seen(caller))
    return caller


async def _person(request: Request, db: RequestDb) -> Person:
    return await authenticate_person(request, db)


async def _leaving(request: Request, db: RequestDb) -> Person:
    return await authenticate_person(request, db, seen=None)


PersonAuth = Annotated[Person, Depends(_person, scope="function")]
# For signing out: no reader may touch sign-ins.
LeavingAuth = Annotated[Person, Depends(_leaving, scope="function")]


def require_role(person: Person, *roles: Role) -> None:
    """Raise `ForbiddenError` unless `person` has one of `roles`."""
    if person.role not in roles:
        raise ForbiddenError(f"This is for the role {' or '.join(roles)}; yours is {person.role}.")


def administered_school(person: Person) -> UUID:
    """The school that `person` administers. Raises `ForbiddenError` for other roles."""
    require_role(person, Role.SCHOOL_ADMIN)
    assert person.school_id is not None, "this role belongs to a school"
    return person.school_id


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


async def _person_alone(request: Request, database: OwnTransactions) -> Person:
    async with database.transaction() as db:
        return await authenticate_person(request, db)


# For who makes several transactions: nothing of the request is held open beside them.
PersonAlone = Annotated[Person, Depends(_person_alone)]
