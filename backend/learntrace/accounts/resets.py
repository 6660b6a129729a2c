"""One-time links with which somebody chooses a new password: made by others, used once.

Only a hash is stored. A person has one link at most: a newer one takes the place of the older.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import passwords, users
from learntrace.accounts.callers import ResetCaller
from learntrace.accounts.models import PasswordReset, User
from learntrace.accounts.secrets import RESET_TOKEN, new_token, token_hash
from learntrace.audit.acts import Act
from learntrace.kit.clock import now
from learntrace.kit.db import Database
from learntrace.kit.errors import ConflictError, UnauthorizedError

VALID_H = 24
NOT_VALID = (
    "Send the token of a link for a new password that is valid now. A link is good once and for "
    f"{VALID_H} hours, and a newer one ends it: ask for a new one."
)


@dataclass(frozen=True, slots=True)
class NewReset:
    """A link just made. `token` is shown once and stored nowhere."""

    token: str
    expires_at: datetime


async def create(db: AsyncSession, act: Act, user: User) -> NewReset:
    """Let whoever gets the token choose the password of `user`.

    Raises `ConflictError` for somebody who is disabled.
    """
    await db.refresh(user, with_for_update={"key_share": True})
    if user.disabled_at is not None:
        raise ConflictError("This person is disabled. Let them sign in again first.")
    made = NewReset(new_token(RESET_TOKEN), now() + timedelta(hours=VALID_H))
    values = {"token_hash": token_hash(made.token), "expires_at": made.expires_at}
    query = insert(PasswordReset).values(user_id=user.id, **values)
    await db.execute(
        query.on_conflict_do_update(index_elements=[PasswordReset.user_id], set_=values)
    )
    await users.note(db, act, user)
    return made


async def find(db: AsyncSession, token: str) -> ResetCaller | None:
    """Who may choose a new password with this token now, else `None`."""
    digest = token_hash(token)
    query = (
        select(PasswordReset.user_id)
        .join(User, User.id == PasswordReset.user_id)
        .where(
            PasswordReset.token_hash == digest,
            PasswordReset.expires_at > now(),
            User.disabled_at.is_(None),
        )
    )
    user_id = await db.scalar(query)
    return None if user_id is None else ResetCaller(user_id, digest)


async def redeem(database: Database, act: Act, caller: ResetCaller, password: str) -> None:
    """Give the person the password that they chose; they are signed out everywhere.

    Raises `InvalidError` for a password that is too short or too long, after which the link is
    still good, and `UnauthorizedError` where another was quicker with it.
    """
    passwords.require_good_password(password)
    chosen = await passwords.hashed(password)
    async with database.transaction() as db:
        # The person first, as by everybody who takes something away from one.
        query = select(User).where(User.id == caller.user_id, User.disabled_at.is_(None))
        user = await db.scalar(query.with_for_update(key_share=True))
        used = delete(PasswordReset).where(
            PasswordReset.token_hash == caller.credential_hash, PasswordReset.expires_at > now()
        )
        if user is None or await db.scalar(used.returning(PasswordReset.user_id)) is None:
            raise UnauthorizedError(NOT_VALID)
        user.password_hash = chosen
        await users.end_sign_ins(db, user.id)
        await users.note(db, act, user)
