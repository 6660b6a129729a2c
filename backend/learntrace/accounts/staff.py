"""The teachers and administrators of one school, as its own administrators change them.

Run as the database's owner, who no policy holds: each function looks at its school alone.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import resets, users
from learntrace.accounts.callers import Role
from learntrace.accounts.models import User
from learntrace.audit.acts import Act
from learntrace.kit.errors import ConflictError, NotFoundError

NOBODY = "Your school has nobody with this id."
ONESELF = "This is your own account. Have another administrator of the school change it."
LAST = "This is the last administrator of the school who can sign in. Make somebody else one first."

Place = tuple[str, UUID]
"""Where somebody stands in the list: name, id."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a school. `last_signed_in_at` is `None` before the first time."""

    id: UUID
    username: str
    display_name: str
    role: Role
    disabled: bool
    last_signed_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of somebody; `None` leaves it as it is."""

    display_name: str | None = None
    role: Role | None = None
    disabled: bool | None = None


async def list_staff(
    db: AsyncSession, school_id: UUID, *, after: Place | None, limit: int
) -> list[Member]:
    """The people of the school by name, the disabled too."""
    place = (User.display_name, User.id)
    query = select(User).where(User.school_id == school_id).order_by(*place).limit(limit)
    if after is not None:
        query = query.where(tuple_(*place) > after)
    return [_member(one) for one in await db.scalars(query)]


async def add(
    db: AsyncSession, act: Act, school_id: UUID, *, username: str, display_name: str, role: Role
) -> tuple[Member, resets.NewReset]:
    """Somebody new at the school, and the link with which that person chooses a password.

    Raises `InvalidError`, and `ConflictError` for a username that is taken.
    """
    user = await users.add_user(
        db,
        username=username,
        display_name=display_name,
        role=role,
        password=None,
        school_id=school_id,
    )
    return _member(user), await resets.create(db, act, user)


async def change(
    db: AsyncSession, act: Act, school_id: UUID, user_id: UUID, told: Change, *, by: UUID
) -> Member:
    """Change somebody of the school. Another role, and disabling, sign the person out everywhere.

    Each of it that `act` changes is an entry in the audit log. Raises `NotFoundError`, and
    `ConflictError` for `by` itself and for the school's last administrator who can sign in.
    """
    if user_id == by:
        raise ConflictError(ONESELF)
    user, others = await _lock_with_administrators(db, school_id, user_id)
    if told.display_name is not None:
        name = users.normal_display_name(told.display_name)
        if name != user.display_name:
            await users.note(db, act.only("name"), user)
        user.display_name = name
    role, disabled = told.role or Role(user.role), told.disabled
    stays_in = user.disabled_at is None and not disabled
    if _administers(user) and not (role is Role.SCHOOL_ADMIN and stays_in) and not others:
        raise ConflictError(LAST)
    if role != user.role:
        user.role = role
        await users.end_sign_ins(db, user.id)
        await users.note(db, act.only(f"role {role}"), user)
    if disabled:
        await users.disable(db, act.only("disable"), user)
    elif disabled is False:
        await users.enable(db, act.only("enable"), user)
    await db.flush()
    return _member(user)


async def make_reset(db: AsyncSession, act: Act, school_id: UUID, user_id: UUID) -> resets.NewReset:
    """A one-time link for somebody of the school. Raises `NotFoundError`, `ConflictError`."""
    query = select(User).where(User.school_id == school_id, User.id == user_id)
    user = await db.scalar(query)
    if user is None:
        raise NotFoundError(NOBODY)
    return await resets.create(db, act, user)


def _member(user: User) -> Member:
    return Member(
        id=user.id,
        username=user.username,
        display_name=user.display_name,
        role=Role(user.role),
        disabled=user.disabled_at is not None,
        last_signed_in_at=user.last_signed_in_at,
    )


def _administers(user: User) -> bool:
    return user.role == Role.SCHOOL_ADMIN and user.disabled_at is None


async def _lock_with_administrators(
    db: AsyncSession, school_id: UUID, user_id: UUID
) -> tuple[User, list[User]]:
    """Somebody of the school, and its other administrators who can sign in, all of them locked.

    So of two who take each other's rights at once one comes second, and sees it.
    """
    concerned = (User.id == user_id) | (User.role == Role.SCHOOL_ADMIN)
    query = select(User).where(User.school_id == school_id, concerned).order_by(User.id)
    found = list(await db.scalars(query.with_for_update(key_share=True)))
    user = next((one for one in found if one.id == user_id), None)
    if user is None:
        raise NotFoundError(NOBODY)
    return user, [one for one in found if one.id != user_id and _administers(one)]
