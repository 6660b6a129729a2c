"""Reads and writes of schools: the tenants that everything else belongs to."""

from datetime import date
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.models import School
from learntrace.kit.clock import now
from learntrace.kit.errors import NotFoundError


async def create_school(
    db: AsyncSession, *, name: str, timezone: str = "UTC", language: str = "en"
) -> School:
    """A new school and its sandbox twin, in one go; the live school is returned.

    `timezone` is an IANA name, `language` a BCP 47 tag; neither is checked here.
    """
    at = now()
    school = School(id=uuid4(), name=name, timezone=timezone, language=language, created_at=at)
    db.add(school)
    await db.flush()
    db.add(
        School(
            id=uuid4(),
            name=f"{name} (sandbox)",
            timezone=timezone,
            language=language,
            sandbox_of=school.id,
            created_at=at,
        )
    )
    await db.flush()
    return school


async def find_school(db: AsyncSession, school_id: UUID) -> School | None:
    """The tenant with this id, live school or sandbox twin."""
    return await db.get(School, school_id)


async def today_at(db: AsyncSession, school_id: UUID) -> date:
    """The date at a tenant that there is, live school or sandbox twin."""
    school = await find_school(db, school_id)
    assert school is not None, "something of its own was found"
    return now().astimezone(ZoneInfo(school.timezone)).date()


async def lock_school(db: AsyncSession, school_id: UUID) -> School:
    """A live school, kept to this transaction by all who ask for it so.

    Others go on reading it and adding what refers to it. Raises `NotFoundError`, for a twin, too.
    """
    query = select(School).where(School.id == school_id, School.sandbox_of.is_(None))
    school: School | None = await db.scalar(query.with_for_update(key_share=True))
    if school is None:
        raise NotFoundError("There is no such school.")
    return school


async def find_sandbox(db: AsyncSession, school_id: UUID) -> School | None:
    """The sandbox twin of the live school `school_id`; `None` for a twin or an unknown id."""
    return (await db.scalars(select(School).where(School.sandbox_of == school_id))).one_or_none()


async def list_schools(db: AsyncSession) -> list[School]:
    """Live schools by name; their twins are left out."""
    query = select(School).where(School.sandbox_of.is_(None)).order_by(School.name, School.id)
    return list(await db.scalars(query))
