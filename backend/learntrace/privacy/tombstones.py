"""Who was erased, told by what nobody can be told from: keyed digests (HMAC-SHA-256, RFC 2104).

The key is a school's own. Its sandbox has no tombstones of its own: who was erased at the school
does not come back through test play either. The statements take their parameters as asyncpg does,
because the writer asks, too.
"""

import secrets
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import LargeBinary, String, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

_BLOCK_BYTES: Final = 64
_KEY_BYTES: Final = 32

# PostgreSQL has SHA-256, but no HMAC: so the key is stored as its two padded halves.
_TOMBSTONE = "sha256(k.outer_key || sha256(k.inner_key || convert_to(w.who, 'UTF8')))"

# $1 tenants, $2 `of_student` or `of_source`: those pairs that are of somebody erased.
ERASED_SQL: Final = f"""
    select w.tenant_id, w.who
    from unnest($1::uuid[], $2::text[]) w(tenant_id, who)
    join schools s on s.id = w.tenant_id
    join tombstone_keys k on k.school_id = coalesce(s.sandbox_of, s.id)
    join erased_students e on e.school_id = k.school_id and e.tombstone = {_TOMBSTONE}
"""  # noqa: S608 - put together from constants

# Whoever enrols ids that a caller chose ($1 tenants) asks `ERASED_SQL` after this. An erasure then
# either is to be seen, or waits for the enrolment and takes it along.
BEFORE_ENROLLING_SQL: Final = """
    select pg_advisory_xact_lock_shared(hashtextextended(home::text, 9)) from (
        select distinct coalesce(sandbox_of, id) as home from schools
        where id = any($1::uuid[]) order by 1
    ) homes
"""
_WAIT_FOR_ENROLLING = text(
    "select pg_advisory_xact_lock(hashtextextended(cast(:school_id as text), 9))"
)
_ADD_KEY = text(
    """
    insert into tombstone_keys (school_id, inner_key, outer_key)
    values (:school_id, :inner_key, :outer_key) on conflict do nothing
    """
).bindparams(
    bindparam("school_id", type_=Uuid),
    bindparam("inner_key", type_=LargeBinary),
    bindparam("outer_key", type_=LargeBinary),
)
_ADD = text(
    f"""
    with made as (
        select w.place, k.school_id, {_TOMBSTONE} as tombstone
        from unnest(:who) with ordinality w(who, place)
        join tombstone_keys k on k.school_id = :school_id
    ), added as (
        insert into erased_students (school_id, tombstone)
        select school_id, tombstone from made on conflict do nothing
    )
    select tombstone from made order by place
    """  # noqa: S608
).bindparams(bindparam("school_id", type_=Uuid), bindparam("who", type_=ARRAY(String)))


def of_student(student_id: UUID) -> str:
    """What stands for a student's id."""
    return f"student:{student_id}"


def of_source(source_id: str) -> str:
    """What stands for the id that a school's roster gives a student."""
    return f"source:{source_id}"


async def erased_among(
    fetch: Callable[..., Awaitable[Sequence[Any]]], asked: Collection[tuple[UUID, str]]
) -> set[tuple[UUID, str]]:
    """Those of these tenants' `of_student` or `of_source` that are of somebody erased.

    `fetch` is asyncpg's. One statement.
    """
    rows = await fetch(ERASED_SQL, [tenant_id for tenant_id, _ in asked], [who for _, who in asked])
    return {(row[0], row[1]) for row in rows}


async def erased_sources(
    db: AsyncSession, school_id: UUID, source_ids: Collection[str]
) -> set[str]:
    """Those of a roster's ids of students that are of somebody erased at this school."""
    connection = await db.connection()

    async def fetch(statement: str, *parameters: object) -> Sequence[Any]:
        return (await connection.exec_driver_sql(statement, parameters)).all()

    by_who = {of_source(one): one for one in source_ids}
    erased = await erased_among(fetch, [(school_id, who) for who in by_who])
    return {by_who[who] for _, who in erased}


async def remember(
    db: AsyncSession, school_id: UUID, student_id: UUID, *, source_id: str | None
) -> bytes:
    """Never let this student of a live school back; the tombstone of the student's id."""
    key = secrets.token_bytes(_KEY_BYTES).ljust(_BLOCK_BYTES, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in key) for pad in (0x36, 0x5C))
    await db.execute(_ADD_KEY, {"school_id": school_id, "inner_key": inner, "outer_key": outer})
    who = [of_student(student_id)] + ([] if source_id is None else [of_source(source_id)])
    made = await db.scalars(_ADD, {"school_id": school_id, "who": who})
    tombstone: bytes = made.all()[0]
    return tombstone


async def wait_for_enrolling(db: AsyncSession, school_id: UUID) -> None:
    """Wait until no transaction enrols ids at this live school or its sandbox unawares."""
    await db.execute(_WAIT_FOR_ENROLLING, {"school_id": str(school_id)})
