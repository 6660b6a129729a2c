"""The people who sign in: adding, listing, new passwords, disabling."""

import re
from collections.abc import Collection
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import passwords
from learntrace.accounts.callers import Role
from learntrace.accounts.models import School, SignIn, User
from learntrace.accounts.repository import find_school
from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError, InvalidError, NotFoundError

SCHOOL_ROLES = frozenset({Role.TEACHER, Role.SCHOOL_ADMIN})
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")


def normal_username(typed: str) -> str:
    """A username as stored, however it was typed: lower case, without spaces around it."""
    return typed.strip().lower()


async def add_user(
    db: AsyncSession,
    *,
    username: str,
    display_name: str,
    role: Role,
    password: str,
    school_id: UUID | None = None,
) -> User:
    """A new person.

    Teachers and school administrators belong to one live school, the other roles to none.
    Raises `InvalidError` for a name, password or school that does not fit, `ConflictError` for
    a username that is taken.
    """
    name = normal_username(username)
    if not _USERNAME.fullmatch(name):
        raise InvalidError(
            "A username has 2 to 100 letters a to z, digits and . _ @ + -, "
            "and starts with a letter or digit."
        )
    if not 1 <= len(display_name.strip()) <= 200 or not display_name.isprintable():
        raise InvalidError("A display name has 1 to 200 printable characters.")
    passwords.require_good_password(password)
    await _require_fitting_school(db, role, school_id)
    user = User(
        id=uuid4(),
        school_id=school_id,
        username=name,
        display_name=display_name.strip(),
        role=role,
        password_hash=await passwords.hashed(password),
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


async def set_password(db: AsyncSession, user: User, password: str) -> None:
    """Give `user` a new password and end every sign-in made with the old one."""
    passwords.require_good_password(password)
    user.password_hash = await passwords.hashed(password)
    await _end_sign_ins(db, user.id)


async def disable(db: AsyncSession, user: User) -> None:
    """Let `user` in no more; every open sign-in ends at once."""
    user.disabled_at = user.disabled_at or now()
    await _end_sign_ins(db, user.id)


async def enable(db: AsyncSession, user: User) -> None:
    """Let `user` sign in again."""
    user.disabled_at = None
    await db.flush()


async def _end_sign_ins(db: AsyncSession, user_id: UUID) -> None:
    # The user's row first: a login under way waits for it and then sees what changed.
    await db.flush()
    await db.execute(delete(SignIn).where(SignIn.user_id == user_id))
