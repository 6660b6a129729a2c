"""Writing the log, in the transaction that reads or changes; and letting old entries go."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    String,
    TextClause,
    Uuid,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.audit.acts import About, Act
from learntrace.audit.models import AuditEntry
from learntrace.audit.pseudonyms import PSEUDONYM_SQL
from learntrace.kit.clock import now
from learntrace.kit.errors import InvalidError

KEPT_AT_LEAST: Final = timedelta(days=365)
"""The database deletes no younger entry, whoever asks (migration 0011)."""
MOST_STUDENTS: Final = 1_000
"""In one entry, so that whoever reads a page of them holds so many of each."""
_TOO_YOUNG: Final = "The audit log is kept for 365 days at least."


def _writing(pseudonym: str) -> TextClause:
    return text(
        f"""
        insert into audit_entries
            (school_id, by, person_id, person_name, action, class_id, students)
        select school_id, :by, :person_id, :person_name, :action, :class_id,
            array_agg(pseudonym order by pseudonym)
        from (
            select school_id, pseudonym,
                (row_number() over (partition by school_id order by pseudonym) - 1)
                    / {MOST_STUDENTS} as part
            from (
                select s.school_id, {pseudonym} as pseudonym
                from unnest(:school_ids, :ids) w (school_id, id)
                join students s on s.school_id = w.school_id and s.id = w.id
            ) of_student
        ) numbered
        group by school_id, part
        """  # noqa: S608 - put together from constants
    ).bindparams(
        bindparam("by", type_=String),
        bindparam("person_id", type_=Uuid),
        bindparam("person_name", type_=String),
        bindparam("action", type_=String),
        bindparam("class_id", type_=Uuid),
        bindparam("school_ids", type_=ARRAY(Uuid)),
        bindparam("ids", type_=ARRAY(Uuid)),
    )


_WRITE = _writing(PSEUDONYM_SQL)
_WRITE_APART = _writing("gen_random_uuid()")


async def write(
    db: AsyncSession,
    act: Act,
    students: Collection[tuple[UUID, UUID]],
    *,
    class_id: UUID | None = None,
) -> None:
    """Enter that `act` concerns these students, given as tenant and id: an entry a tenant.

    Several where there are more than `MOST_STUDENTS`, nothing where there are none. One statement.
    It is stored if and only if the caller's transaction is: what could not be entered was not read.
    """
    await _write(_WRITE, db, act, students, class_id)


async def write_apart(db: AsyncSession, act: Act, students: Collection[tuple[UUID, UUID]]) -> None:
    """As `write`, where they are erased: under pseudonyms made up for the entry.

    Whoever has an id finds the receipt of its erasure by the tombstone, and this entry by the
    receipt: the student's own pseudonym here would lead on to all that was entered before.
    """
    await _write(_WRITE_APART, db, act, students, None)


async def _write(
    statement: TextClause,
    db: AsyncSession,
    act: Act,
    students: Collection[tuple[UUID, UUID]],
    class_id: UUID | None,
) -> None:
    if not students:
        return
    keys = set(students)
    person = act.person
    await db.execute(
        statement,
        {
            "by": act.by,
            "person_id": person and person.user_id,
            "person_name": person and person.display_name,
            "action": act.action,
            "class_id": class_id,
            "school_ids": [school_id for school_id, _ in keys],
            "ids": [student_id for _, student_id in keys],
        },
    )


async def write_about(db: AsyncSession, act: Act, school_id: UUID | None, about: About) -> None:
    """Enter in a tenant's log that `act` concerns its staff, a write key of its own, or itself.

    Nothing for people of no school. Stored as by `write`.
    """
    if school_id is None:
        return
    person = act.person
    values = {
        "school_id": school_id,
        "by": act.by,
        "person_id": person and person.user_id,
        "person_name": person and person.display_name,
        "action": act.action,
        "students": [],
        "about_id": about.id,
        "about_name": about.name,
    }
    await db.execute(insert(AuditEntry).values(values))


async def count_before(db: AsyncSession, school_id: UUID, before: datetime) -> int:
    """How many entries of a tenant are from before an instant."""
    query = select(func.count()).select_from(AuditEntry)
    query = query.where(AuditEntry.school_id == school_id, AuditEntry.at < before)
    return int(await db.scalar(query) or 0)


async def forget(db: AsyncSession, school_id: UUID, before: datetime, *, most: int) -> int:
    """Delete a tenant's entries from before an instant, at most so many; how many there were.

    Raises `InvalidError` where one could be younger than `KEPT_AT_LEAST`.
    """
    if before > now() - KEPT_AT_LEAST:
        raise InvalidError(_TOO_YOUNG)
    keys = AuditEntry.school_id, AuditEntry.at, AuditEntry.id
    some = select(*keys).where(AuditEntry.school_id == school_id, AuditEntry.at < before)
    done: Any = await db.execute(
        delete(AuditEntry)
        .where(tuple_(*keys).in_(some.order_by(*keys).limit(most)))
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)
