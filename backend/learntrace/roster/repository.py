"""Writes of classes, students and who belongs where.

Rows are inserted in id order. Codes are random; one that is taken is drawn again.
"""

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4, uuid5

from sqlalchemy import String, Uuid, any_, bindparam, literal, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import players, users
from learntrace.accounts.secrets import new_code
from learntrace.kit.clock import now
from learntrace.kit.db import Instant
from learntrace.kit.errors import NotFoundError
from learntrace.roster.codes import CLASS_CODE_LENGTH, PUPIL_CODE_LENGTH, TEST_CLASS_NAME
from learntrace.roster.models import Enrolment, SchoolClass, Student, Teaching, is_open, not_over

_INSERT_STUDENTS = text(
    """
    insert into students (school_id, id, display_name, pupil_code, created_at)
    select :school_id, id, display_name, pupil_code, :at
    from unnest(:ids, :names, :codes) as new (id, display_name, pupil_code)
    order by id
    on conflict (school_id, pupil_code) do nothing
    returning id
    """
).bindparams(
    bindparam("school_id", type_=Uuid),
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("names", type_=ARRAY(String)),
    bindparam("codes", type_=ARRAY(String)),
    bindparam("at", type_=Instant),
)
_ENROL = text(
    """
    insert into enrolments (school_id, class_id, student_id, started_at)
    select :school_id, :class_id, id, :at from unnest(:ids) as id order by id
    on conflict (school_id, class_id, student_id) do update
    set started_at = excluded.started_at, ended_at = null, from_roster = false
    where enrolments.ended_at <= excluded.started_at
       or enrolments.started_at > excluded.started_at
    """
).bindparams(
    bindparam("school_id", type_=Uuid),
    bindparam("class_id", type_=Uuid),
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("at", type_=Instant),
)


async def create_class(
    db: AsyncSession, *, school_id: UUID, name: str, class_id: UUID | None = None
) -> SchoolClass:
    """The new class; with a `class_id` that exists already, the class that has it."""
    wanted = class_id or uuid4()
    while True:
        await db.execute(
            insert(SchoolClass)
            .values(
                school_id=school_id,
                id=wanted,
                name=name,
                code=new_code(CLASS_CODE_LENGTH),
                created_at=now(),
            )
            .on_conflict_do_nothing()
        )
        stored = await db.get(SchoolClass, (school_id, wanted))
        if stored is not None:
            return stored


async def ensure_test_class(db: AsyncSession, sandbox_school_id: UUID) -> SchoolClass:
    """The class "Test players" of a sandbox twin, made if it is not there.

    Its id follows from the tenant's, so that two who make it at once make the same one.
    """
    existing = await db.scalar(
        select(SchoolClass)
        .where(SchoolClass.school_id == sandbox_school_id, SchoolClass.name == TEST_CLASS_NAME)
        .order_by(SchoolClass.created_at, SchoolClass.id)
        .limit(1)
    )
    if existing is not None:
        return existing
    return await create_class(
        db,
        school_id=sandbox_school_id,
        name=TEST_CLASS_NAME,
        class_id=uuid5(sandbox_school_id, TEST_CLASS_NAME),
    )


async def create_students(
    db: AsyncSession, *, school_id: UUID, display_names: Sequence[str]
) -> list[Student]:
    """New students in the order of their names, each with a pupil code of its own."""
    at = now()
    names = dict(zip(sorted(uuid4() for _ in display_names), display_names, strict=True))
    waiting = names
    while waiting:
        rows = {
            "school_id": school_id,
            "ids": list(waiting),
            "names": list(waiting.values()),
            "codes": [new_code(PUPIL_CODE_LENGTH) for _ in waiting],
            "at": at,
        }
        stored = set((await db.scalars(_INSERT_STUDENTS, rows)).all())
        waiting = {one: name for one, name in waiting.items() if one not in stored}
    own = Student.id == any_(literal(list(names), ARRAY(Uuid)))
    query = select(Student).where(Student.school_id == school_id, own).order_by(Student.id)
    return list(await db.scalars(query))


async def enrol(
    db: AsyncSession, *, school_id: UUID, class_id: UUID, student_ids: Collection[UUID]
) -> None:
    """Put students into a class; one who had left is back, one who is in it stays so.

    Raises `NotFoundError` where the school has no such class or student.
    """
    rows = {
        "school_id": school_id,
        "class_id": class_id,
        "ids": sorted(set(student_ids)),
        "at": now(),
    }
    try:
        await db.execute(_ENROL, rows)
    except IntegrityError as error:
        raise NotFoundError("This school has no such class or student.") from error


async def set_extra_time(
    db: AsyncSession, *, school_id: UUID, student_id: UUID, extra_time: bool
) -> bool:
    """Note whether a student has extra time or assistive tools; whether that was a change."""
    changed = await db.scalars(
        update(Student)
        .where(
            Student.school_id == school_id,
            Student.id == student_id,
            Student.extra_time != extra_time,
        )
        .values(extra_time=extra_time)
        .returning(Student.id)
    )
    return changed.one_or_none() is not None


async def end_enrolment(
    db: AsyncSession, *, school_id: UUID, class_id: UUID, student_id: UUID
) -> bool:
    """Take a student out of a class from now on; whether there was anything to end.

    Who is in no class any more cannot play on either: the player tokens end.
    """
    # In turn, so that of two classes left at once one is seen to be the last.
    student = (Student.school_id == school_id, Student.id == student_id)
    await db.execute(select(Student.id).where(*student).with_for_update(key_share=True))
    ended = await db.scalars(
        update(Enrolment)
        .where(
            Enrolment.school_id == school_id,
            Enrolment.class_id == class_id,
            Enrolment.student_id == student_id,
            not_over(Enrolment),
        )
        .values(ended_at=now())
        .returning(Enrolment.student_id)
    )
    if ended.one_or_none() is None:
        return False
    left = select(Enrolment.class_id).where(
        Enrolment.school_id == school_id,
        Enrolment.student_id == student_id,
        is_open(Enrolment),
    )
    if await db.scalar(left.limit(1)) is None:
        await players.revoke_tokens(db, school_id=school_id, student_ids=[student_id])
    return True


async def assign_teacher(
    db: AsyncSession, *, user_id: UUID, school_id: UUID, class_id: UUID
) -> None:
    """Let a teacher of the class's school see it from now on.

    Raises `NotFoundError` where there is no such class, or no such teacher at its school.
    """
    if not await users.teaches_at(db, user_id, school_id):
        raise NotFoundError("This school has no such class or teacher.")
    statement = insert(Teaching).values(
        user_id=user_id, school_id=school_id, class_id=class_id, started_at=now()
    )
    statement = statement.on_conflict_do_update(
        index_elements=["user_id", "school_id", "class_id"],
        set_={
            "started_at": statement.excluded.started_at,
            "ended_at": None,
            "from_roster": False,
        },
        where=~is_open(Teaching),
    )
    try:
        await db.execute(statement)
    except IntegrityError as error:
        raise NotFoundError("This school has no such class or teacher.") from error


async def end_teaching(db: AsyncSession, *, user_id: UUID, school_id: UUID, class_id: UUID) -> bool:
    """Take a class from a teacher from now on; whether there was anything to end."""
    ended = await db.scalars(
        update(Teaching)
        .where(
            Teaching.user_id == user_id,
            Teaching.school_id == school_id,
            Teaching.class_id == class_id,
            not_over(Teaching),
        )
        .values(ended_at=now())
        .returning(Teaching.class_id)
    )
    return ended.one_or_none() is not None
