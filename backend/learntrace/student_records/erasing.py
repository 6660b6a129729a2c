"""Erasing a student: every row, in one transaction, with a receipt that names nobody."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.repository import find_sandbox, lock_school
from learntrace.audit import log
from learntrace.audit.acts import Act
from learntrace.game_sessions.reading import games_of_student, ids_of_student
from learntrace.kit.clock import now
from learntrace.kit.errors import NotFoundError
from learntrace.kit.held import Subject
from learntrace.privacy import tombstones
from learntrace.roster.records import lock_student
from learntrace.skills import refits
from learntrace.student_records.holdings import HOLDINGS
from learntrace.student_records.models import Erasure
from learntrace.student_records.subjects import UNKNOWN, find_subject

BY_COMMAND: Final = Act.of_command("students erase")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased of one student: kind of record -> how many, and the student's tombstone."""

    id: UUID
    erased_at: datetime
    counts: Mapping[str, int]
    tombstone: bytes


async def count(db: AsyncSession, school_id: UUID, student_ids: Collection[UUID]) -> Counter[str]:
    """How many records of each kind erasing these students of a live school would erase.

    Those of the same ids in the school's sandbox are among them. Raises `NotFoundError`.
    """
    counts: Counter[str] = Counter()
    for student_id in student_ids:
        found = 0
        for tenant_id in await tenants(db, school_id):
            try:
                subject = await find_subject(db, tenant_id, student_id)
            except NotFoundError:
                continue
            found += 1
            counts += Counter({held.name: await held.count(db, subject) for held in HOLDINGS})
        if not found:
            raise NotFoundError(UNKNOWN)
    return counts


async def erase(db: AsyncSession, act: Act, school_id: UUID, student_id: UUID) -> Receipt:
    """Erase a student of a live school, there and in its sandbox, and let nobody of that id back.

    It waits for what is being stored of the student, and whoever stores waits for it. What all
    pupils' play went into is made anew by the worker. Raises `NotFoundError` where neither has
    such a student.
    """
    await lock_school(db, school_id)
    counts, sources = await erase_found(db, act, school_id, student_id)
    if not counts:
        raise NotFoundError(UNKNOWN)
    source_id = next((one for one in sources if one is not None), None)
    tombstone = await tombstones.remember(db, school_id, student_id, source_id=source_id)
    # Whom a sandbox key enrolled in the meantime is there to be found now.
    await tombstones.wait_for_enrolling(db, school_id)
    late, _ = await erase_found(db, act, school_id, student_id)
    receipt = Receipt(uuid4(), now(), dict(counts + late), tombstone)
    db.add(
        Erasure(
            school_id=school_id,
            id=receipt.id,
            erased_at=receipt.erased_at,
            erased_by=act.person and act.person.user_id,
            tombstone=tombstone,
            counts=receipt.counts,
        )
    )
    await db.flush()
    return receipt


async def tenants(db: AsyncSession, school_id: UUID) -> list[UUID]:
    """A live school and its sandbox, in the order in which rows are locked."""
    sandbox = await find_sandbox(db, school_id)
    return sorted([school_id] if sandbox is None else [school_id, sandbox.id])


async def enter_trying(
    db: AsyncSession, act: Act, school_id: UUID, student_ids: Collection[UUID]
) -> None:
    """Enter that erasing these students of a live school was tried out, at both tenants."""
    tenant_ids = await tenants(db, school_id)
    keys = [(tenant_id, one) for tenant_id in tenant_ids for one in student_ids]
    await log.write_apart(db, act.as_dry_run(), keys)


async def erase_found(
    db: AsyncSession, act: Act, school_id: UUID, student_id: UUID
) -> tuple[Counter[str], list[str | None]]:
    """Erase what is there, and let the student come back: counts by kind, and rosters' ids.

    Empty where there is nobody. `act` is entered at each tenant. The school is locked.
    """
    counts: Counter[str] = Counter()
    locked = await lock_student(db, await tenants(db, school_id), student_id)
    await log.write_apart(db, act, [(tenant_id, student_id) for tenant_id, _ in locked])
    for tenant_id, _ in locked:
        sittings = await ids_of_student(db, tenant_id, student_id)
        await refits.mark(db, tenant_id, await games_of_student(db, tenant_id, student_id))
        subject = Subject(tenant_id, [student_id], sittings)
        counts += Counter({held.name: await held.erase(db, subject) for held in HOLDINGS})
    return counts, [source_id for _, source_id in locked]
