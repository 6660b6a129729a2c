"""The people who sign in: adding, listing, new passwords, disabling."""

import re
from collections.abc import Collection
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import passwords
from learntrace.accounts.callers import Role
from learntrace.accounts.models import PasswordReset, School, SignIn, User
from learntrace.accounts.repository import find_school
from learntrace.accounts.secrets import nobodys_hash
from learntrace.audit import log
from learntrace.audit.acts import About, Act
from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError, InvalidError, NotFoundError

SCHOOL_ROLES = frozenset({Role.TEACHER, Role.SCHOOL_ADMIN})
USERNAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")


def normal_username(typed: str) -> str:
    """A username as stored, however it was typed: lower case, without spaces around it."""
    return typed.strip().lower()


def normal_display_name(typed: str) -> str:
    """A display name as stored: without spaces around it. Raises `InvalidError`."""
    if not 1 <= len(typed.strip()) <= 200 or not typed.isprintable():
        raise InvalidError("A display name has 1 to 200 printable characters.")
    return typed.strip()


async def add_user(
    db: AsyncSession,
    *,
    username: str,
    display_name: str,
    role: Role,
    password: str | None,
    school_id: UUID | None = None,
) -> User:
    """A new person; with no `password` one who needs a link to choose one (`accounts.resets`).

    Teachers and school administrators belong to one live school, the other roles to none.
    Raises `InvalidError` for a name, password or school that does not fit, `ConflictError` for
    a username that is taken.
    """
    name = normal_username(username)
    if not USERNAME.fullmatch(name):
        raise InvalidError(
            "A username has 2 to 100 letters a to z, digits and . _ @ + -, "
            "and starts with a letter or digit."
        )
    shown = normal_display_name(display_name)
    if password is not None:
        passwords.require_good_password(password)
    await _require_fitting_school(db, role, school_id)
    user = User(
        id=uuid4(),
        school_id=school_id,
        username=name,
        display_name=shown,
        role=role,
        password_hash=nobodys_hash() if password is None else await passwords.hashed(password),
        created_at=now(),
    )
    values = {column.key: getattr(user, column.key) for column in User.__table__.columns}
    query = insert(User).values(values).on_conflict_do_nothing(index_elements=[User.username])
    added: User | None = await db.scalar(query.returning(User))
    if added is None:
        raise ConflictError("That username is taken.")
    return added


async def _require_fitting_school(db: AsyncSession, role: Role, school_id: UUID | None) -> None:
    if role not in SCHOOL_ROLES:
        if school_id is not None:
            raise InvalidError(f"A {role} belongs to no school.")
        return
    school = None if school_id is None else await find_school(db, school_id)
    if school is None or school.sandbox_of is not None:
        raise InvalidError(f"A {role} belongs to a school; name one.")


async def find_by_username(db: AsyncSession, username: str) -> User | None:
    return (
        await db.scalars(select(User).where(User.username == normal_username(username)))
    ).one_or_none()


async def get_by_username(db: AsyncSession, username: str) -> User:
    """Raises `NotFoundError`."""
    user = await find_by_username(db, username)
    if user is None:
        raise NotFoundError("There is no user with that name.")
    return user


async def teaches_at(db: AsyncSession, user_id: UUID, tenant_id: UUID) -> bool:
    """Whether this is a teacher of the tenant, a live school or its sandbox twin."""
    query = (
        select(User.id)
        .join(School, School.id == tenant_id)
        .where(
            User.id == user_id,
            User.role == Role.TEACHER,
            User.school_id.in_([School.id, School.sandbox_of]),
        )
    )
    return await db.scalar(query) is not None


async def list_users(db: AsyncSession) -> list[User]:
    """Everybody, by username, the disabled too."""
    return list(await db.scalars(select(User).order_by(User.username)))


async def display_names(db: AsyncSession, user_ids: Collection[UUID]) -> dict[UUID, str]:
    """What people are called, by id."""
    query = select(User.id, User.display_name).where(User.id.in_(user_ids))
    return {row.id: row.display_name for row in await db.execute(query)}


async def note(db: AsyncSession, act: Act, user: User) -> None:
    """Enter in the audit log of somebody's school that `act` concerns that person."""
    await log.write_about(db, act, user.school_id, About(user.id, user.display_name))


async def set_password(db: AsyncSession, act: Act, user: User, password: str) -> None:
    """Give `user` a new password and end every sign-in and link made before."""
    passwords.require_good_password(password)
    user.password_hash = await passwords.hashed(password)
    await db.flush()
    await shut_out(db, [user.id])
    await note(db, act, user)


async def disable(db: AsyncSession, act: Act, user: User) -> None:
    """Let `user` in no more; every open sign-in and link ends at once.

    Who is shut out for having left a roster is so by hand from now on, and stays so in the next.
    """
    if user.disabled_at in (None, user.left_at):
        user.disabled_at = now()
    await db.flush()
    await shut_out(db, [user.id])
    await note(db, act, user)


async def enable(db: AsyncSession, act: Act, user: User) -> None:
    """Let `user` sign in again."""
    user.disabled_at = None
    await db.flush()
    await note(db, act, user)


async def end_sign_ins(db: AsyncSession, user_id: UUID) -> None:
    """Sign somebody out everywhere, whose row this transaction has changed or locked."""
    # The user's row first: a login under way waits for it and then sees what changed.
    await db.flush()
    await db.execute(delete(SignIn).where(SignIn.user_id == user_id))


async def shut_out(db: AsyncSession, user_ids: Collection[UUID]) -> None:
    """End every sign-in and link of these people, whose rows this transaction has changed."""
    for kind in (SignIn, PasswordReset):
        await db.execute(delete(kind).where(kind.user_id.in_(user_ids)))
