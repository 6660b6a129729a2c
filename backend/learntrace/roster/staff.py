"""A school's teachers and administrators with the classes that they teach now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Uuid, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import resets, staff
from learntrace.accounts.callers import Role
from learntrace.accounts.tenants import Named, tenants_of_school
from learntrace.audit.acts import Act
from learntrace.kit.db import Database
from learntrace.kit.paging import decode_cursor, encode_cursor, split_page
from learntrace.roster.models import SchoolClass, Teaching, is_open


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody of a school, and the classes by name, the sandbox's too."""

    member: staff.Member
    classes: list[Named]


async def list_members(
    database: Database, school_id: UUID, *, limit: int, cursor: str | None
) -> tuple[list[Listed], str | None]:
    """The people of the school by name, and the cursor of the next page.

    Raises `InvalidError` for a cursor that is none.
    """
    after = decode_cursor(cursor, str, UUID)
    async with database.transaction() as db:
        found = await staff.list_staff(db, school_id, after=after, limit=limit + 1)
        page, last = split_page(found, limit)
        listed = await _with_classes(db, school_id, page)
    return listed, None if last is None else encode_cursor(last.display_name, last.id)


async def add_member(
    database: Database, act: Act, school_id: UUID, *, username: str, display_name: str, role: Role
) -> tuple[Listed, resets.NewReset]:
    """See `accounts.staff.add`."""
    async with database.transaction() as db:
        member, reset = await staff.add(
            db, act, school_id, username=username, display_name=display_name, role=role
        )
    return Listed(member, []), reset


async def change_member(
    database: Database, act: Act, school_id: UUID, user_id: UUID, told: staff.Change, *, by: UUID
) -> Listed:
    """See `accounts.staff.change`."""
    async with database.transaction() as db:
        member = await staff.change(db, act, school_id, user_id, told, by=by)
        (listed,) = await _with_classes(db, school_id, [member])
    return listed


async def make_reset(
    database: Database, act: Act, school_id: UUID, user_id: UUID
) -> resets.NewReset:
    """See `accounts.staff.make_reset`."""
    async with database.transaction() as db:
        return await staff.make_reset(db, act, school_id, user_id)


async def _with_classes(
    db: AsyncSession, school_id: UUID, members: Sequence[staff.Member]
) -> list[Listed]:
    taught = await _classes_taught(db, school_id, [one.id for one in members])
    return [Listed(one, taught[one.id]) for one in members]


async def _classes_taught(
    db: AsyncSession, school_id: UUID, user_ids: Collection[UUID]
) -> dict[UUID, list[Named]]:
    """The classes that each of these teaches now, by name."""
    taught: dict[UUID, list[Named]] = {one: [] for one in user_ids}
    query = (
        select(Teaching.user_id, SchoolClass.id, SchoolClass.name)
        .join(
            SchoolClass,
            (SchoolClass.school_id == Teaching.school_id) & (SchoolClass.id == Teaching.class_id),
        )
        .where(
            Teaching.user_id == any_(literal(list(user_ids), ARRAY(Uuid))),
            Teaching.school_id.in_(tenants_of_school(school_id)),
            is_open(Teaching),
        )
        .order_by(SchoolClass.name, SchoolClass.id)
    )
    for user_id, class_id, name in await db.execute(query):
        taught[user_id].append(Named(class_id, name))
    return taught
