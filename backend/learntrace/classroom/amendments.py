"""Requests to amend the records of the students in a teacher's sight; their school decides."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import users
from learntrace.accounts.auth import administered_school, require_role
from learntrace.accounts.callers import Person, Role
from learntrace.classroom.schemas_amendments import (
    AmendmentIn,
    AmendmentOut,
    AmendmentPage,
    DecisionIn,
    NamedAmendmentOut,
    NamedAmendmentPage,
)
from learntrace.kit.errors import InvalidError
from learntrace.kit.paging import decode_cursor, encode_cursor, split_page
from learntrace.privacy import amendments
from learntrace.privacy.amendments import Amendment
from learntrace.privacy.kinds import Decision
from learntrace.roster.choice import Which
from learntrace.roster.visibility import SeenStudent, Sight, find_students, require_student

NOBODY = "Who plays in a sandbox is nobody: there is nothing to amend."
NO_STATEMENT = "A statement goes with a request that is refused; this one is accepted."


async def read(
    db: AsyncSession,
    person: Person,
    sight: Sight,
    student_id: UUID,
    which: Which,
    *,
    limit: int,
    cursor: str | None,
) -> AmendmentPage:
    """What was said to be wrong in a student's record, newest first."""
    before = decode_cursor(cursor, datetime, UUID)
    student = await _student(db, person, sight, student_id, which)
    found = await amendments.of_student(db, *student.key, before=before, limit=limit + 1)
    page, last = split_page(found, limit)
    names = await _names(db, page)
    return AmendmentPage(
        items=[AmendmentOut.of(one, names) for one in page],
        next_cursor=last and encode_cursor(last.created_at, last.id),
    )


async def note(
    db: AsyncSession,
    person: Person,
    sight: Sight,
    student_id: UUID,
    which: Which,
    told: AmendmentIn,
) -> AmendmentOut:
    """Note that somebody says that something in the record is wrong."""
    student = await _student(db, person, sight, student_id, which)
    if student.sandbox:
        raise InvalidError(NOBODY)
    noted = await amendments.note(
        db,
        *student.key,
        about=told.about,
        text=told.text,
        asked_by=told.asked_by,
        user_id=person.user_id,
    )
    return AmendmentOut.of(noted, await _names(db, [noted]))


async def decide(
    db: AsyncSession,
    person: Person,
    sight: Sight,
    student_id: UUID,
    amendment_id: UUID,
    which: Which,
    told: DecisionIn,
) -> AmendmentOut:
    """Accept or refuse a request, once. Changes nothing else in the record."""
    require_role(person, Role.SCHOOL_ADMIN)
    student = await require_student(db, sight, student_id, which)
    if told.accepted and told.statement is not None:
        raise InvalidError(NO_STATEMENT)
    decided = await amendments.decide(
        db,
        *student.key,
        amendment_id,
        state=Decision.ACCEPTED if told.accepted else Decision.REFUSED,
        words=told.words,
        statement=told.statement,
        user_id=person.user_id,
    )
    return AmendmentOut.of(decided, await _names(db, [decided]))


async def of_school(
    db: AsyncSession,
    person: Person,
    sight: Sight,
    *,
    state: Decision | None,
    limit: int,
    cursor: str | None,
) -> NamedAmendmentPage:
    """The requests about all students of the school; who waits longest comes first.

    Who is erased between the two reads is left out.
    """
    school_id = administered_school(person)
    after = decode_cursor(cursor, datetime, UUID)
    found = await amendments.of_school(db, school_id, state=state, after=after, limit=limit + 1)
    page, last = split_page(found, limit)
    names = await _names(db, page)
    live = Which(sandbox=False, school_ids=frozenset([school_id]))
    students = await find_students(db, sight, {one.student_id for one in page}, live)
    return NamedAmendmentPage(
        items=[
            NamedAmendmentOut.named(one, names, students[one.student_id].display_name)
            for one in page
            if one.student_id in students
        ],
        next_cursor=last and encode_cursor(last.created_at, last.id),
    )


async def _student(
    db: AsyncSession, person: Person, sight: Sight, student_id: UUID, which: Which
) -> SeenStudent:
    """The student, for the teachers and the school. Raises `ForbiddenError`, `NotFoundError`."""
    require_role(person, Role.TEACHER, Role.SCHOOL_ADMIN)
    return await require_student(db, sight, student_id, which)


async def _names(db: AsyncSession, some: Collection[Amendment]) -> Mapping[UUID, str]:
    """The names of who noted and decided."""
    ids = {one.noted_by for one in some} | {one.decided.by for one in some if one.decided}
    return await users.display_names(db, ids)
