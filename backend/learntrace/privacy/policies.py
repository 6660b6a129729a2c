"""Which consents a school requires: versions, of which the newest is in force.

A sandbox requires none: nobody lives in it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError, ForbiddenError
from learntrace.privacy.kinds import Kind
from learntrace.privacy.models import ConsentPolicy

NO_POLICY = 0
"""The version of a school that never set any: it requires nothing."""
MAY_NOT_PLAY = (
    "Your school does not have the consent yet that it needs before you can play. "
    "Please ask your teacher."
)

# Whether the tenant `w.school_id` requires consent to play.
PLAY_REQUIRED_SQL = f"""
    coalesce((
        select '{Kind.PLAY}' = any(p.required) from consent_policies p
        where p.school_id = w.school_id order by p.version desc limit 1
    ), false)
"""  # noqa: S608 - put together from constants
_MAY_PLAY = text(
    f"""
    select w.play_consent or not {PLAY_REQUIRED_SQL} from students w
    where w.school_id = :school_id and w.id = :student_id
    """  # noqa: S608
).bindparams(bindparam("school_id", type_=Uuid), bindparam("student_id", type_=Uuid))

_MAY_NOT_PLAY = text(
    f"""
    select w.id from students w
    where w.school_id = :school_id and w.id = any(:ids)
        and not (w.play_consent or not {PLAY_REQUIRED_SQL})
    order by w.id
    """  # noqa: S608
).bindparams(bindparam("school_id", type_=Uuid), bindparam("ids", type_=ARRAY(Uuid)))


@dataclass(frozen=True, slots=True)
class Policy:
    """What a school requires; `changed_at` is `None` where it never said."""

    version: int
    required: frozenset[Kind]
    changed_at: datetime | None


async def in_force(db: AsyncSession, school_id: UUID) -> Policy:
    """What this tenant requires now."""
    query = (
        select(ConsentPolicy)
        .where(ConsentPolicy.school_id == school_id)
        .order_by(ConsentPolicy.version.desc())
        .limit(1)
    )
    found = await db.scalar(query)
    if found is None:
        return Policy(NO_POLICY, frozenset(), None)
    return Policy(found.version, frozenset(map(Kind, found.required)), found.changed_at)


async def put(
    db: AsyncSession, school_id: UUID, required: Collection[Kind], *, user_id: UUID | None
) -> Policy:
    """Have a live school require these kinds and no others, from the next transaction on.

    The same kinds again change nothing. Raises `ConflictError` where somebody else was quicker.
    """
    known = await in_force(db, school_id)
    if known.required == set(required):
        return known
    made = Policy(known.version + 1, frozenset(required), now())
    statement = (
        insert(ConsentPolicy)
        .values(
            school_id=school_id,
            version=made.version,
            required=sorted(made.required),
            changed_by=user_id,
            changed_at=made.changed_at,
        )
        .on_conflict_do_nothing()
        .returning(ConsentPolicy.version)
    )
    if await db.scalar(statement) is None:
        raise ConflictError("Somebody else changed this just now. Read it again.")
    return made


async def who_may_not_play(
    db: AsyncSession, school_id: UUID, student_ids: Collection[UUID]
) -> list[UUID]:
    """Those of the students who lack the consent to play that the school requires, by id."""
    found = await db.scalars(_MAY_NOT_PLAY, {"school_id": school_id, "ids": list(student_ids)})
    return list(found)


async def require_play(
    db: AsyncSession, school_id: UUID, student_id: UUID, *, refusal: str = MAY_NOT_PLAY
) -> None:
    """Raise `ForbiddenError` where the school requires consent to play and has none.

    `refusal` is what the caller is told, a pupil unless it says so.
    """
    may_play = await db.scalar(_MAY_PLAY, {"school_id": school_id, "student_id": student_id})
    if not may_play:
        raise ForbiddenError(refusal, members={"code": "consent_missing"})
