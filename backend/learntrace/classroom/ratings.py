"""Ratings, notes and extra time of the students in a teacher's sight."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import repository as accounts
from learntrace.accounts import users
from learntrace.accounts.callers import Person, Role
from learntrace.classroom.schemas_ratings import NoteOut, RatingIn, RatingOut
from learntrace.kit.clock import now
from learntrace.kit.errors import ForbiddenError, InvalidError, NotFoundError
from learntrace.roster.choice import Which
from learntrace.roster.repository import set_extra_time
from learntrace.roster.visibility import Sight, find_students, require_student
from learntrace.skills import due, notes, ratings
from learntrace.skills.ratings import Seen

EDUCATORS = frozenset({Role.TEACHER, Role.SCHOOL_ADMIN})
OLDEST = timedelta(days=3650)


def require_educator(person: Person) -> None:
    """Raise `ForbiddenError` unless `person` writes about students."""
    if person.role not in EDUCATORS:
        raise ForbiddenError("Only teachers and school administrators write about students.")


def require_reader(person: Person) -> None:
    """Raise `ForbiddenError` for who may read play, but not what teachers write."""
    if person.role is Role.GAME_DEVELOPER:
        raise ForbiddenError("Game developers do not read what teachers write about students.")


async def rate(
    db: AsyncSession, person: Person, sight: Sight, which: Which, told: Sequence[RatingIn]
) -> int:
    """Store all of `told`, or raise `NotFoundError` naming whom the caller may not see."""
    require_educator(person)
    wanted = {one.student_id for one in told}
    found = await find_students(db, sight, wanted, which)
    missing = sorted(str(one) for one in wanted - found.keys())
    if missing:
        raise NotFoundError(
            "Some of these students are unknown, or you may not see them. Nothing was stored.",
            members={"student_ids": missing},
        )
    of_tenant: dict[UUID, list[RatingIn]] = defaultdict(list)
    for one in told:
        of_tenant[found[one.student_id].school_id].append(one)
    for school_id, some in sorted(of_tenant.items()):
        today = await _today(db, school_id)
        await ratings.add(db, school_id, person.user_id, [_seen(one, today) for one in some])
    return len(told)


async def _today(db: AsyncSession, school_id: UUID) -> date:
    """The date at the school."""
    school = await accounts.find_school(db, school_id)
    assert school is not None, "its student was found"
    return now().astimezone(ZoneInfo(school.timezone)).date()


def _seen(told: RatingIn, today: date) -> Seen:
    """Raises `InvalidError` for a day that is still to come, or too long ago."""
    day = told.observed_on or today
    if not today - OLDEST <= day <= today:
        raise InvalidError("A rating's day is today or in the ten years before.")
    return Seen(told.student_id, told.skill, told.level, day)


async def list_ratings(
    db: AsyncSession, person: Person, sight: Sight, student_id: UUID, which: Which
) -> list[RatingOut]:
    """A student's ratings, the last observed first."""
    require_reader(person)
    student = await require_student(db, sight, student_id, which)
    found = await ratings.of_student(db, *student.key)
    names = await users.display_names(db, {one.rater_id for one in found})
    return [RatingOut.of(one, names) for one in found]


async def remove_rating(
    db: AsyncSession, person: Person, sight: Sight, student_id: UUID, rating_id: UUID, which: Which
) -> None:
    """Delete the caller's own rating. Raises `NotFoundError` for any other."""
    require_educator(person)
    student = await require_student(db, sight, student_id, which)
    if not await ratings.remove(db, *student.key, rating_id, rater_id=person.user_id):
        raise NotFoundError("There is no rating of yours with this id.")


async def list_notes(
    db: AsyncSession, person: Person, sight: Sight, student_id: UUID, which: Which
) -> list[NoteOut]:
    """A student's notes, newest first."""
    require_reader(person)
    student = await require_student(db, sight, student_id, which)
    found = await notes.of_student(db, *student.key)
    names = await users.display_names(db, {one.author_id for one in found})
    return [NoteOut.of(one, names) for one in found]


async def write_note(
    db: AsyncSession, person: Person, sight: Sight, student_id: UUID, text: str, which: Which
) -> NoteOut:
    """Store a note about a student."""
    require_educator(person)
    student = await require_student(db, sight, student_id, which)
    note = await notes.add(db, *student.key, author_id=person.user_id, text=text)
    return NoteOut.of(note, {person.user_id: person.display_name})


async def remove_note(
    db: AsyncSession, person: Person, sight: Sight, student_id: UUID, note_id: UUID, which: Which
) -> None:
    """Delete the caller's own note. Raises `NotFoundError` for any other."""
    require_educator(person)
    student = await require_student(db, sight, student_id, which)
    if not await notes.remove(db, *student.key, note_id, author_id=person.user_id):
        raise NotFoundError("There is no note of yours with this id.")


async def put_extra_time(
    db: AsyncSession,
    person: Person,
    sight: Sight,
    student_id: UUID,
    which: Which,
    *,
    extra_time: bool,
) -> None:
    """Note whether a student has extra time, and have the student assessed anew if that changed."""
    require_educator(person)
    student = await require_student(db, sight, student_id, which)
    changed = await set_extra_time(
        db, school_id=student.school_id, student_id=student.id, extra_time=extra_time
    )
    if changed:
        await due.mark(db, student.school_id, [student.id])
