"""Signing in, staying signed in and signing out.

A sign-in lives 12 h and hands out access tokens of 15 min (settings). Its refresh token is
replaced at each use; an old one coming back means that somebody else holds a copy, so it ends the
sign-in. A browser's sign-in id is not replaced, because several tabs share it.
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, TextClause, delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import passwords, users
from learntrace.accounts.callers import Person, Role
from learntrace.accounts.models import AccessToken, School, SignIn, User
from learntrace.accounts.secrets import (
    ACCESS_TOKEN,
    REFRESH_TOKEN,
    SIGN_IN,
    needs_rehash,
    new_sign_in_token,
    new_token,
    sign_in_of,
    token_hash,
)
from learntrace.accounts.turns import Turns
from learntrace.kit.clock import now
from learntrace.kit.config import Settings
from learntrace.kit.db import Database
from learntrace.kit.errors import UnauthorizedError
from learntrace.kit.rate_limit import Limit, RateLimits

log = logging.getLogger(__name__)

WRONG_PASSWORD = "Username and password do not fit together."  # noqa: S105 - no password
ENDED = "This sign-in has ended. Sign in again."

_TURNS = Turns()

_FIND_PERSON = text(
    """
    select u.id, u.username, u.display_name, u.role, u.school_id, s.id as sign_in_id
    from access_tokens t
    join sign_ins s on s.id = t.sign_in_id
    join users u on u.id = s.user_id
    where t.token_hash = :hash and t.expires_at > now() and s.expires_at > now()
      and u.disabled_at is null
    """
)
# The old secret is part of the condition: of two that bring it at once, one finds it.
_REPLACE_SECRET = text(
    """
    update sign_ins s set secret_hash = :new_hash
    from users u
    where s.id = :id and s.secret_hash = :hash and s.rotating and s.expires_at > now()
      and u.id = s.user_id and u.disabled_at is null
    returning s.user_id, s.expires_at
    """
)
_KEEP_SECRET = text(
    """
    select s.user_id, s.expires_at
    from sign_ins s join users u on u.id = s.user_id
    where s.id = :id and s.secret_hash = :hash and not s.rotating and s.expires_at > now()
      and u.disabled_at is null
    for key share of s
    """
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a person gets: an access token and what renews it.

    `renewal` is the refresh token, or the sign-in id where `remembered`. `expires_at` is the
    access token's end.
    """

    access_token: str
    expires_at: datetime
    renewal: str
    remembered: bool
    person: Person
    school: School | None


async def login(
    database: Database,
    limits: RateLimits,
    settings: Settings,
    *,
    username: str,
    password: str,
    remember: bool,
    address: str,
) -> SignedIn:
    """Sign somebody in.

    Failures are counted for this account from this address alone, so that a stranger elsewhere
    locks nobody out. Raises `UnauthorizedError`, the same for an unknown user, a wrong password
    and somebody disabled; `TooManyRequestsError` after too many failures in a minute.
    """
    account = users.normal_username(username)
    limit = Limit("login", settings.rate_limit_login)
    pair = hashlib.sha256(f"{account}\n{address}".encode()).hexdigest()
    async with _TURNS.of(pair):
        limits.require_left(limit, pair)
        async with database.transaction() as db:
            user = await users.find_by_username(db, account)
        stored = None if user is None else user.password_hash
        fits = await passwords.verify(stored, password)
        if not fits or user is None or user.disabled_at is not None:
            limits.hit((limit, pair))
            raise UnauthorizedError(WRONG_PASSWORD)
    fresh = await passwords.hashed(password) if needs_rehash(user.password_hash) else None
    async with database.transaction() as db:
        signed_in = await _open(db, settings, user, fresh_hash=fresh, remember=remember)
    if signed_in is None:
        raise UnauthorizedError(WRONG_PASSWORD)
    return signed_in


async def _open(
    db: AsyncSession, settings: Settings, checked: User, *, fresh_hash: str | None, remember: bool
) -> SignedIn | None:
    """A new sign-in, unless the user was disabled or got another password just now."""
    query = select(User).where(
        User.id == checked.id,
        User.password_hash == checked.password_hash,
        User.disabled_at.is_(None),
    )
    user = (await db.scalars(query.with_for_update(key_share=True))).one_or_none()
    if user is None:
        return None
    if fresh_hash is not None:
        user.password_hash = fresh_hash
    at = now()
    user.last_signed_in_at = at
    await db.execute(delete(SignIn).where(SignIn.user_id == user.id, SignIn.expires_at <= at))
    sign_in_id = uuid4()
    renewal = new_sign_in_token(SIGN_IN if remember else REFRESH_TOKEN, sign_in_id)
    sign_in = SignIn(
        id=sign_in_id,
        user_id=user.id,
        secret_hash=token_hash(renewal),
        rotating=not remember,
        created_at=at,
        expires_at=at + timedelta(seconds=settings.sign_in_s),
    )
    db.add(sign_in)
    await db.flush()
    return await _grant(db, settings, sign_in_id, user.id, sign_in.expires_at, renewal)


async def refresh(database: Database, settings: Settings, refresh_token: str) -> SignedIn:
    """A new access token and the next refresh token.

    Raises `UnauthorizedError` where it does not stand. One used before ends its sign-in, which is
    committed before the answer; of two that come at once, one is such a one.
    """
    sign_in_id = sign_in_of(REFRESH_TOKEN, refresh_token)
    if sign_in_id is None:
        raise UnauthorizedError(ENDED)
    renewal = new_sign_in_token(REFRESH_TOKEN, sign_in_id)
    keys = {
        "id": sign_in_id,
        "hash": token_hash(refresh_token),
        "new_hash": token_hash(renewal),
    }
    async with database.transaction() as db:
        found = await _one(db, _REPLACE_SECRET, keys)
        signed_in = None
        if found is not None:
            signed_in = await _grant(
                db, settings, sign_in_id, found.user_id, found.expires_at, renewal
            )
        elif await _end_rotating(db, sign_in_id):
            log.warning("sign-in ended by a refresh token that no longer stands")
    if signed_in is None:
        raise UnauthorizedError(ENDED)
    return signed_in


async def _end_rotating(db: AsyncSession, sign_in_id: UUID) -> bool:
    ended = delete(SignIn).where(SignIn.id == sign_in_id, SignIn.rotating).returning(SignIn.id)
    return await db.scalar(ended) is not None


async def resume(database: Database, settings: Settings, remembered_id: str) -> SignedIn:
    """A new access token for the sign-in id that a browser remembers; the id stays.

    Raises `UnauthorizedError` where it does not stand.
    """
    sign_in_id = sign_in_of(SIGN_IN, remembered_id)
    if sign_in_id is None:
        raise UnauthorizedError(ENDED)
    async with database.transaction() as db:
        keys = {"id": sign_in_id, "hash": token_hash(remembered_id)}
        found = await _one(db, _KEEP_SECRET, keys)
        if found is None:
            raise UnauthorizedError(ENDED)
        return await _grant(
            db, settings, sign_in_id, found.user_id, found.expires_at, remembered_id
        )


async def _grant(
    db: AsyncSession,
    settings: Settings,
    sign_in_id: UUID,
    user_id: UUID,
    until: datetime,
    renewal: str,
) -> SignedIn:
    """A new access token of this sign-in; it never outlives the sign-in."""
    at = now()
    access_token = new_token(ACCESS_TOKEN)
    expires_at = min(until, at + timedelta(seconds=settings.access_token_s))
    await db.execute(
        delete(AccessToken).where(
            AccessToken.sign_in_id == sign_in_id, AccessToken.expires_at <= at
        )
    )
    db.add(
        AccessToken(
            token_hash=token_hash(access_token), sign_in_id=sign_in_id, expires_at=expires_at
        )
    )
    await db.flush()
    user = await db.get_one(User, user_id)
    school = None if user.school_id is None else await db.get(School, user.school_id)
    remembered = renewal.startswith(SIGN_IN)
    person = _person(user, sign_in_id)
    return SignedIn(access_token, expires_at, renewal, remembered, person, school)


async def end(db: AsyncSession, sign_in_id: UUID) -> None:
    """Sign out: the sign-in and its access tokens are gone."""
    await db.execute(delete(SignIn).where(SignIn.id == sign_in_id))


async def find_person(db: AsyncSession, access_token: str) -> Person | None:
    """Who holds this access token, as they stand now; `None` unless it is valid."""
    if not access_token.startswith(ACCESS_TOKEN):
        return None
    found = await _one(db, _FIND_PERSON, {"hash": token_hash(access_token)})
    if found is None:
        return None
    return _person(found, found.sign_in_id)


def _person(found: User | Row[Any], sign_in_id: UUID) -> Person:
    return Person(
        user_id=found.id,
        username=found.username,
        display_name=found.display_name,
        role=Role(found.role),
        school_id=found.school_id,
        sign_in_id=sign_in_id,
    )


async def _one(
    db: AsyncSession, query: TextClause, parameters: Mapping[str, object]
) -> Row[Any] | None:
    return (await db.execute(query, parameters)).one_or_none()
