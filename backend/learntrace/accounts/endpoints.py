"""Signing in and out."""

from fastapi import APIRouter, Request

from learntrace.accounts import resets, sign_ins
from learntrace.accounts.auth import (
    CountedResetAuth,
    LeavingAuth,
    OwnTransactions,
    PersonAuth,
    RequestLimits,
    RequestSettings,
    counted_by_address,
)
from learntrace.accounts.credentials import RememberedCallers
from learntrace.accounts.repository import find_school
from learntrace.accounts.schemas import LoginIn, PasswordIn, RefreshIn, SignedInOut, UserOut
from learntrace.audit.auth import act_of_link
from learntrace.kit.db import RequestDb
from learntrace.kit.http import client_address

router = APIRouter(prefix="/auth", tags=["auth"])


def _welcome(request: Request, signed_in: sign_ins.SignedIn) -> SignedInOut:
    remembered: RememberedCallers = request.app.state.remembered_callers
    remembered.trust(signed_in.access_token)
    return SignedInOut.of(signed_in)


@router.post(
    "/login",
    dependencies=[counted_by_address("login_address", lambda s: s.rate_limit_login_address)],
    responses={401: {"description": "No such user, or another password."}},
)
async def login(
    body: LoginIn,
    request: Request,
    database: OwnTransactions,
    settings: RequestSettings,
    limits: RequestLimits,
) -> SignedInOut:
    """Sign in with username and password.

    401 says the same whether the user is unknown or the password wrong.
    """
    signed_in = await sign_ins.login(
        database,
        limits,
        settings,
        username=body.username,
        password=body.password,
        remember=body.remember,
        address=client_address(request),
    )
    return _welcome(request, signed_in)


@router.post(
    "/refresh",
    dependencies=[counted_by_address("refresh_address", lambda s: s.rate_limit_login_address)],
    responses={401: {"description": "A token or sign-in that does not stand now."}},
)
async def refresh(
    body: RefreshIn,
    request: Request,
    database: OwnTransactions,
    settings: RequestSettings,
) -> SignedInOut:
    """A new access token.

    A refresh token is good for one use; the answer brings the next. A used one ends the sign-in.
    """
    if body.refresh_token is not None:
        signed_in = await sign_ins.refresh(database, settings, body.refresh_token)
    else:
        signed_in = await sign_ins.resume(database, settings, body.sign_in_id or "")
    return _welcome(request, signed_in)


@router.post(
    "/password",
    status_code=204,
    dependencies=[counted_by_address("reset_address", lambda s: s.rate_limit_login_address)],
    responses={401: {"description": "A link that is used, too old or replaced by a newer one."}},
)
async def choose_password(
    body: PasswordIn, caller: CountedResetAuth, request: Request, database: OwnTransactions
) -> None:
    """Choose a new password with the token of a one-time link, sent as `Authorization: Bearer`.

    Every place where the person is signed in is signed out.
    """
    await resets.redeem(database, act_of_link(request), caller, body.password)


@router.post("/logout", status_code=204)
async def logout(person: LeavingAuth, db: RequestDb) -> None:
    """Sign out: the sign-in and everything it handed out is dead."""
    await sign_ins.end(db, person.sign_in_id)


@router.get("/me")
async def me(person: PersonAuth, db: RequestDb) -> UserOut:
    """Who is signed in."""
    school = None if person.school_id is None else await find_school(db, person.school_id)
    return UserOut.of(person, school)
