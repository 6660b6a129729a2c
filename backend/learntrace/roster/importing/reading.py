"""What is stored of a school, as a roster is compared with it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import rostered
from learntrace.accounts.callers import Role
from learntrace.roster.importing.diff import Holder, Key, Known, KnownSpan, KnownThing
from learntrace.roster.importing.types import Roster
from learntrace.roster.models import Enrolment, SchoolClass, Student, Teaching, not_over


async def read_known(db: AsyncSession, school_id: UUID, roster: Roster) -> Known:
    """What rosters brought to the school, and who belongs where now or later."""
    teachers = await rostered.list_rostered(db, school_id)
    usernames = [one.username for one in (roster.teachers or {}).values()]
    holders = await rostered.find_holders(db, usernames)
    teachings = await _teachings(db, school_id)
    administrators = {one.id for one in teachers if one.role == Role.SCHOOL_ADMIN}
    by_hand = {user_id for (_, user_id), span in teachings.items() if not span.from_roster}
    return Known(
        classes=await _classes(db, school_id),
        students=await _students(db, school_id),
        teachers={
            one.source_id or "": KnownThing(one.id, one.display_name, one.left_at is not None)
            for one in teachers
        },
        staying=frozenset(administrators | by_hand),
        holders={
            one.username: Holder(one.id, free=one.school_id == school_id and one.source_id is None)
            for one in holders
        },
        enrolments=await _enrolments(db, school_id),
        teachings=teachings,
    )


async def _classes(db: AsyncSession, school_id: UUID) -> dict[str, KnownThing]:
    query = select(
        SchoolClass.source_id, SchoolClass.id, SchoolClass.name, SchoolClass.ended_at.is_not(None)
    ).where(SchoolClass.school_id == school_id, SchoolClass.source_id.is_not(None))
    return {
        source_id or "": KnownThing(known_id, name, gone)
        for source_id, known_id, name, gone in await db.execute(query)
    }


async def _students(db: AsyncSession, school_id: UUID) -> dict[str, KnownThing]:
    query = select(
        Student.source_id, Student.id, Student.display_name, Student.left_at.is_not(None)
    ).where(Student.school_id == school_id, Student.source_id.is_not(None))
    return {
        source_id or "": KnownThing(known_id, name, gone)
        for source_id, known_id, name, gone in await db.execute(query)
    }


async def _enrolments(db: AsyncSession, school_id: UUID) -> dict[Key, KnownSpan]:
    query = select(
        Enrolment.class_id,
        Enrolment.student_id,
        Enrolment.started_at,
        Enrolment.ended_at,
        Enrolment.from_roster,
    ).where(Enrolment.school_id == school_id, not_over(Enrolment))
    return {
        (class_id, student_id): KnownSpan(begins_at, ends_at, from_roster)
        for class_id, student_id, begins_at, ends_at, from_roster in await db.execute(query)
    }


async def _teachings(db: AsyncSession, school_id: UUID) -> dict[Key, KnownSpan]:
    query = select(
        Teaching.class_id,
        Teaching.user_id,
        Teaching.started_at,
        Teaching.ended_at,
        Teaching.from_roster,
    ).where(Teaching.school_id == school_id, not_over(Teaching))
    return {
        (class_id, user_id): KnownSpan(begins_at, ends_at, from_roster)
        for class_id, user_id, begins_at, ends_at, from_roster in await db.execute(query)
    }
