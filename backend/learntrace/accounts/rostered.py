"""Teachers whom a school's roster brings: people who sign in once somebody gives them a password.

A school's administrators may be among them, where somebody added them before the roster did.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    String,
    Uuid,
    any_,
    bindparam,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import users
from learntrace.accounts.callers import Role
from learntrace.accounts.models import User
from learntrace.accounts.secrets import nobodys_hash
from learntrace.accounts.users import USERNAME
from learntrace.kit.db import Instant
from learntrace.kit.errors import ConflictError

_ADD = text(
    """
    insert into users
        (school_id, id, source_id, username, display_name, password_hash, role, created_at)
    select :school_id, new.*, :role, :at
    from unnest(:ids, :source_ids, :usernames, :names, :hashes)
        as new (id, source_id, username, display_name, password_hash)
    order by id
    on conflict (username) do nothing
    returning id
    """
).bindparams(
    bindparam("school_id", type_=Uuid),
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("source_ids", type_=ARRAY(String)),
    bindparam("usernames", type_=ARRAY(String)),
    bindparam("names", type_=ARRAY(String)),
    bindparam("hashes", type_=ARRAY(String)),
    bindparam("role", type_=String),
    bindparam("at", type_=Instant),
)
_CHANGE = text(
    """
    update users u set
        source_id = new.source_id, display_name = new.display_name, left_at = null,
        disabled_at = case when u.disabled_at = u.left_at then null else u.disabled_at end
    from unnest(:ids, :source_ids, :names) as new (id, source_id, display_name)
    where u.school_id = :school_id and u.id = new.id
    """
).bindparams(
    bindparam("school_id", type_=Uuid),
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("source_ids", type_=ARRAY(String)),
    bindparam("names", type_=ARRAY(String)),
)


@dataclass(frozen=True, slots=True)
class NewTeacher:
    """`username` in lower case, `display_name` of 1 to 200 characters."""

    id: UUID
    source_id: str
    username: str
    display_name: str


def fits_username(name: str) -> bool:
    """Whether somebody may sign in with this name."""
    return USERNAME.fullmatch(name) is not None


async def list_rostered(db: AsyncSession, school_id: UUID) -> list[User]:
    """Whom rosters brought to the school, those who have left, too."""
    query = select(User).where(User.school_id == school_id, User.source_id.is_not(None))
    return list(await db.scalars(query))


async def find_holders(db: AsyncSession, usernames: Collection[str]) -> list[User]:
    """Who has one of these usernames, at whatever school."""
    query = select(User).where(User.username == any_(literal(list(usernames), ARRAY(String))))
    return list(await db.scalars(query))


async def add_teachers(
    db: AsyncSession, school_id: UUID, teachers: Sequence[NewTeacher], *, at: datetime
) -> None:
    """Add teachers with a password that nobody knows.

    Raises `ConflictError` where somebody took one of the usernames meanwhile.
    """
    rows = {
        "school_id": school_id,
        "ids": [one.id for one in teachers],
        "source_ids": [one.source_id for one in teachers],
        "usernames": [one.username for one in teachers],
        "names": [one.display_name for one in teachers],
        "hashes": [nobodys_hash() for _ in teachers],
        "role": Role.TEACHER,
        "at": at,
    }
    if len((await db.scalars(_ADD, rows)).all()) < len(teachers):
        raise ConflictError("A teacher's username was taken by somebody just now. Import again.")


async def lock_people(db: AsyncSession, school_id: UUID, user_ids: Collection[UUID]) -> None:
    """Lock these people of the school in id order, as all do who change several."""
    query = select(User.id).where(*_own(school_id, user_ids)).order_by(User.id)
    await db.execute(query.with_for_update(key_share=True))


async def change_people(
    db: AsyncSession, school_id: UUID, people: Mapping[UUID, tuple[str, str]]
) -> None:
    """Give people of the school the source id and display name that the roster has for them.

    Who had left is back, and signs in again, unless somebody had disabled the person before.
    """
    rows = {
        "school_id": school_id,
        "ids": list(people),
        "source_ids": [source_id for source_id, _ in people.values()],
        "names": [name for _, name in people.values()],
    }
    await db.execute(_CHANGE, rows)


async def note_left(
    db: AsyncSession,
    school_id: UUID,
    user_ids: Collection[UUID],
    *,
    shut_out: Collection[UUID],
    at: datetime,
) -> None:
    """Note since when the roster has these people with no class any more.

    Those of them to be `shut_out` are signed out, and sign in no more.
    """
    await db.execute(update(User).where(*_own(school_id, user_ids)).values(left_at=at))
    disabled = await db.scalars(
        update(User)
        .where(*_own(school_id, shut_out))
        .values(disabled_at=func.coalesce(User.disabled_at, at))
        .returning(User.id)
    )
    await users.shut_out(db, disabled.all())


def _own(school_id: UUID, user_ids: Collection[UUID]) -> tuple[ColumnElement[bool], ...]:
    among = User.id == any_(literal(list(user_ids), ARRAY(Uuid)))
    return (User.school_id == school_id, among)
