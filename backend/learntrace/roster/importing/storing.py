"""Writing what a roster changes: a few statements, however large the school.

Rows of students and then of people are locked first and in id order, as by everybody who takes some
away from a class, or changes several.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, TextClause, Uuid, any_, bindparam, literal, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from learntrace.accounts import players, rostered
from learntrace.accounts.secrets import new_code
from learntrace.kit.db import Instant
from learntrace.roster.codes import CLASS_CODE_LENGTH, PUPIL_CODE_LENGTH
from learntrace.roster.importing.diff import Changes, Key, KnownSpan, Spans, Things
from learntrace.roster.importing.types import Named, NamedTeacher
from learntrace.roster.models import Enrolment, SchoolClass, Student, is_open


def _statement(sql: str) -> TextClause:
    """`sql` with parameters of the types that their names stand for."""
    types: dict[str, TypeEngine[Any]] = {
        "school_id": Uuid(),
        "at": Instant,
        "ids": ARRAY(Uuid),
        "class_ids": ARRAY(Uuid),
        "names": ARRAY(String),
        "codes": ARRAY(String),
        "source_ids": ARRAY(String),
        "begins": ARRAY(Instant),
        "ends": ARRAY(Instant),
    }
    own = [bindparam(name, type_=kind) for name, kind in types.items() if f":{name}" in sql]
    return text(sql).bindparams(*own)


_ADD_CLASSES = _statement(
    """
    insert into classes (school_id, id, name, source_id, code, created_at)
    select :school_id, new.*, :at
    from unnest(:ids, :names, :source_ids, :codes) as new (id, name, source_id, code)
    order by id
    on conflict (code) do nothing
    returning id
    """
)
_ADD_STUDENTS = _statement(
    """
    insert into students (school_id, id, display_name, source_id, pupil_code, created_at)
    select :school_id, new.*, :at
    from unnest(:ids, :names, :source_ids, :codes) as new (id, name, source_id, code)
    order by id
    on conflict (school_id, pupil_code) do nothing
    returning id
    """
)
_CHANGE_CLASSES = _statement(
    """
    update classes c set name = new.name, ended_at = null
    from unnest(:ids, :names) as new (id, name)
    where c.school_id = :school_id and c.id = new.id
    """
)
_CHANGE_STUDENTS = _statement(
    """
    update students s set display_name = new.name, left_at = null
    from unnest(:ids, :names) as new (id, name)
    where s.school_id = :school_id and s.id = new.id
    """
)
_PUT_ENROLMENTS = _statement(
    """
    insert into enrolments (school_id, class_id, student_id, started_at, ended_at, from_roster)
    select :school_id, new.*, true
    from unnest(:class_ids, :ids, :begins, :ends) as new (class_id, id, begins, ends)
    order by class_id, id
    on conflict (school_id, class_id, student_id) do update
    set started_at = excluded.started_at, ended_at = excluded.ended_at, from_roster = true
    """
)
_PUT_TEACHINGS = _statement(
    """
    insert into teachings (school_id, class_id, user_id, started_at, ended_at, from_roster)
    select :school_id, new.*, true
    from unnest(:class_ids, :ids, :begins, :ends) as new (class_id, id, begins, ends)
    order by class_id, id
    on conflict (user_id, school_id, class_id) do update
    set started_at = excluded.started_at, ended_at = excluded.ended_at, from_roster = true
    """
)
_END_ENROLMENTS = _statement(
    """
    update enrolments e set ended_at = :at
    from unnest(:class_ids, :ids) as old (class_id, id)
    where e.school_id = :school_id and e.class_id = old.class_id and e.student_id = old.id
    """
)
_END_TEACHINGS = _statement(
    """
    update teachings t set ended_at = :at
    from unnest(:class_ids, :ids) as old (class_id, id)
    where t.school_id = :school_id and t.class_id = old.class_id and t.user_id = old.id
    """
)


async def store(db: AsyncSession, school_id: UUID, changes: Changes, *, at: datetime) -> None:
    """Write `changes` of one school, as of `at`."""
    await _lock_students(db, school_id, changes)
    await _lock_teachers(db, school_id, changes.teachers)
    await _store_classes(db, school_id, changes.classes, at)
    await _store_students(db, school_id, changes.students, at)
    await _store_teachers(db, school_id, changes.teachers, changes.shut_out, at)
    await _store_spans(db, school_id, changes.enrolments, at, _PUT_ENROLMENTS, _END_ENROLMENTS)
    await _store_spans(db, school_id, changes.teachings, at, _PUT_TEACHINGS, _END_TEACHINGS)
    touched = {*changes.enrolments.ended, *changes.enrolments.changed}
    await _end_play(db, school_id, {student_id for _, student_id in touched})


async def _lock_students(db: AsyncSession, school_id: UUID, changes: Changes) -> None:
    students, enrolments = changes.students, changes.enrolments
    touched = {student_id for student_id, _ in students.changed}
    touched.update(students.ended)
    touched.update(student_id for _, student_id in (*enrolments.ended, *enrolments.changed))
    query = select(Student.id).where(
        Student.school_id == school_id, Student.id == any_(literal(list(touched), ARRAY(Uuid)))
    )
    await db.execute(query.order_by(Student.id).with_for_update(key_share=True))


async def _lock_teachers(db: AsyncSession, school_id: UUID, teachers: Things[NamedTeacher]) -> None:
    touched = {user_id for user_id, _ in teachers.changed}
    await rostered.lock_people(db, school_id, touched.union(teachers.ended))


async def _store_classes(
    db: AsyncSession, school_id: UUID, classes: Things[Named], at: datetime
) -> None:
    await _add(db, _ADD_CLASSES, school_id, classes, at, code_length=CLASS_CODE_LENGTH)
    await _change(db, _CHANGE_CLASSES, school_id, classes)
    await db.execute(
        update(SchoolClass)
        .where(
            SchoolClass.school_id == school_id,
            SchoolClass.id == any_(literal(classes.ended, ARRAY(Uuid))),
        )
        .values(ended_at=at)
    )


async def _store_students(
    db: AsyncSession, school_id: UUID, students: Things[Named], at: datetime
) -> None:
    await _add(db, _ADD_STUDENTS, school_id, students, at, code_length=PUPIL_CODE_LENGTH)
    await _change(db, _CHANGE_STUDENTS, school_id, students)
    await db.execute(
        update(Student)
        .where(
            Student.school_id == school_id,
            Student.id == any_(literal(students.ended, ARRAY(Uuid))),
        )
        .values(left_at=at)
    )


async def _store_teachers(
    db: AsyncSession,
    school_id: UUID,
    teachers: Things[NamedTeacher],
    shut_out: Collection[UUID],
    at: datetime,
) -> None:
    added = [
        rostered.NewTeacher(new_id, one.source_id, one.username, one.name)
        for new_id, one in teachers.added
    ]
    await rostered.add_teachers(db, school_id, added, at=at)
    changed = {user_id: (one.source_id, one.name) for user_id, one in teachers.changed}
    await rostered.change_people(db, school_id, changed)
    await rostered.note_left(db, school_id, teachers.ended, shut_out=shut_out, at=at)


async def _add(
    db: AsyncSession,
    statement: TextClause,
    school_id: UUID,
    things: Things[Named],
    at: datetime,
    *,
    code_length: int,
) -> None:
    """Insert what is new, each with a code of its own; one that is taken is drawn again."""
    waiting: Mapping[UUID, Named] = dict(things.added)
    while waiting:
        rows = {
            "school_id": school_id,
            "at": at,
            "ids": list(waiting),
            "names": [one.name for one in waiting.values()],
            "source_ids": [one.source_id for one in waiting.values()],
            "codes": [new_code(code_length) for _ in waiting],
        }
        stored = set((await db.scalars(statement, rows)).all())
        waiting = {new_id: one for new_id, one in waiting.items() if new_id not in stored}


async def _change(
    db: AsyncSession, statement: TextClause, school_id: UUID, things: Things[Named]
) -> None:
    rows = {
        "school_id": school_id,
        "ids": [known_id for known_id, _ in things.changed],
        "names": [one.name for _, one in things.changed],
    }
    await db.execute(statement, rows)


async def _store_spans(
    db: AsyncSession,
    school_id: UUID,
    spans: Spans,
    at: datetime,
    put: TextClause,
    end: TextClause,
) -> None:
    wanted: Mapping[Key, KnownSpan] = {**spans.added, **spans.changed}
    rows = {
        "school_id": school_id,
        "class_ids": [class_id for class_id, _ in wanted],
        "ids": [person_id for _, person_id in wanted],
        "begins": [span.begins_at for span in wanted.values()],
        "ends": [span.ends_at for span in wanted.values()],
    }
    await db.execute(put, rows)
    ended = {
        "school_id": school_id,
        "class_ids": [class_id for class_id, _ in spans.ended],
        "ids": [person_id for _, person_id in spans.ended],
        "at": at,
    }
    await db.execute(end, ended)


async def _end_play(db: AsyncSession, school_id: UUID, student_ids: Collection[UUID]) -> None:
    """Who of these is in no class any more cannot play on either: the player tokens end."""
    query = select(Enrolment.student_id).where(
        Enrolment.school_id == school_id,
        Enrolment.student_id == any_(literal(list(student_ids), ARRAY(Uuid))),
        is_open(Enrolment),
    )
    left = set(student_ids).difference(await db.scalars(query))
    await players.revoke_tokens(db, school_id=school_id, student_ids=left)
