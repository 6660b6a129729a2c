"""Ratings, notes and extra time of the students in a teacher's sight."""

from collections import defaultdict
from collections.abc import Sequence, Set
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import repository as accounts
from learntrace.accounts import users
from learntrace.accounts.callers import Person, Role
from learntrace.classroom.schemas_ratings import NoteOut, NotePage, RatingIn, RatingOut, RatingPage
from learntrace.kit.errors import ForbiddenError, NotFoundError
from learntrace.kit.paging import decode_cursor, encode_cursor, split_page
from learntrace.roster.choice import Which
from learntrace.roster.repository import set_extra_time
from learntrace.roster.visibility import SeenStudent, Sight, find_students, require_student
from learntrace.skills import due, notes, ratings
from learntrace.skills.ratings import Seen

EDUCATORS = frozenset({Role.TEACHER, Role.SCHOOL_ADMIN})


def _require_educator(person: Person) -> None:
    """Raise `ForbiddenError` unless `person` writes about students."""
    if person.role not in EDUCATORS:
        raise ForbiddenError("Only teachers and school administrators write about students.")


async def _written_by(
    db: AsyncSession, person: Person, sight: Sight, student_id: UUID, which: Which
) -> SeenStudent:
    """The student, if `person` may write about her or him; else `ForbiddenError` or unknown."""
    _require_educator(person)
    return await require_student(db, sight, student_id, which)


def refuse_developers(person: Person) -> None:
    """Raise `ForbiddenError` for who may read only play, and not what teachers write."""
    if person.role is Role.GAME_DEVELOPER:
        raise ForbiddenError("Game developers do not read what teachers write about students.")


async def read_by(
    db: AsyncSession, person: Person, sight: Sight, student_id: UUID, which: Which
) -> SeenStudent:
    """The student, if `person` may read what teachers write, and not only play."""
    refuse_developers(person)
    return await require_student(db, sight, student_id, which)


async def found_students(
    db: AsyncSession, sight: Sight, wanted: Set[UUID], which: Which
) -> dict[UUID, SeenStudent]:
    """All of these students by id, or `NotFoundError` naming whom the caller may not see."""
    found = await find_students(db, sight, wanted, which)
    missing = sorted(str(one) for one in wanted - found.keys())
    if missing:
        raise NotFoundError(
            "Some of these students are unknown, or you may not see them. Nothing was stored.",
            members={"student_ids": missing},
        )
    return found


async def rate(
    db: AsyncSession, person: Person, sight: Sight, which: Which, told: Sequence[RatingIn]
) -> int:
    """Store all of `told`, or raise `NotFoundError` naming whom the caller may not see."""
    _require_educator(person)
    found = await found_students(db, sight, {one.student_id for one in told}, which)
    of_tenant: dict[UUID, list[RatingIn]] = defaultdict(list)
    for one in told:
        of_tenant[found[one.student_id].school_id].append(one)
    for school_id, some in sorted(of_tenant.items()):
        today = await accounts.today_at(db, school_id)
        seen = [
            Seen(one.student_id, one.skill, one.level, ratings.day_of(one.observed_on, today))
            for one in some
        ]
        await ratings.add(db, school_id, person.user_id, seen)
    return len(told)


async def list_ratings(
    db: AsyncSession,
    person: Person,
    sight: Sight,
    student_id: UUID,
    which: Which,
    *,
    limit: int,
    cursor: str | None,
) -> RatingPage:
    """A student's ratings, the last observed first."""
    before = decode_cursor(cursor, date, datetime, UUID)
    student = await read_by(db, person, sight, student_id, which)
    found = await ratings.last_observed(db, *student.key, before=before, limit=limit + 1)
    page, last = split_page(found, limit)
    names = await users.display_names(db, {one.rater_id for one in page})
    return RatingPage(
        items=[RatingOut.of(one, names) for one in page],
        next_cursor=last and encode_cursor(last.observed_on, last.created_at, last.id),
    )


async def remove_rating(
    db: AsyncSession, person: Person, sight: Sight, student_id: UUID, rating_id: UUID, which: Which
) -> None:
    """Delete the caller's own rating. Raises `NotFoundError` for any other."""
    student = await _written_by(db, person, sight, student_id, which)
    if not await ratings.remove(db, *student.key, rating_id, rater_id=person.user_id):
        raise NotFoundError("There is no rating of yours with this id.")


async def list_notes(
    db: AsyncSession,
    person: Person,
    sight: Sight,
    student_id: UUID,
    which: Which,
    *,
    limit: int,
    cursor: str | None,
) -> NotePage:
    """A student's notes, newest first."""
    before = decode_cursor(cursor, datetime, UUID)
    student = await read_by(db, person, sight, student_id, which)
    found = await notes.of_student(db, *student.key, before=before, limit=limit + 1)
    page, last = split_page(found, limit)
    names = await users.display_names(db, {one.author_id for one in page})
    return NotePage(
        items=[NoteOut.of(one, names) for one in page],
        next_cursor=last and encode_cursor(last.created_at, last.id),
    )


async def write_note(
    db: AsyncSession, person: Person, sight: Sight, student_id: UUID, text: str, which: Which
) -> NoteOut:
    """Store a note about a student."""
    student = await _written_by(db, person, sight, student_id, which)
    note = await notes.add(db, *student.key, author_id=person.user_id, text=text)
    return NoteOut.of(note, {person.user_id: person.display_name})


async def remove_note(
    db: AsyncSession, person: Person, sight: Sight, student_id: UUID, note_id: UUID, which: Which
) -> None:
    """Delete the caller's own note. Raises `NotFoundError` for any other."""
    student = await _written_by(db, person, sight, student_id, which)
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
    student = await _written_by(db, person, sight, student_id, which)
    changed = await set_extra_time(
        db, school_id=student.school_id, student_id=student.id, extra_time=extra_time
    )
    if changed:
        await due.mark(db, student.school_id, [student.id])
