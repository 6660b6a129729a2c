"""How long a school keeps what: versions, of which the newest is in force.

`None` keeps until erased, and is what every school begins with. A school's sandbox follows it.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.audit.log import KEPT_AT_LEAST
from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError, InvalidError
from learntrace.privacy.models import RetentionPolicy

LEAST_PLAY_DAYS: Final = 30
LEAST_LEFT_DAYS: Final = 90
LEAST_AUDIT_DAYS: Final = KEPT_AT_LEAST.days
MOST_DAYS: Final = 36_500
NO_POLICY: Final = 0
"""The version of a school that never set any."""

# $1 tenants: the policy in force of those whose school forgets play, with the zone of its days.
_PLAY_DAYS: Final = """
    select t.id, s.timezone, p.play_days
    from unnest($1::uuid[]) t(id) join schools s on s.id = t.id
    cross join lateral (
        select play_days from retention_policies
        where school_id = coalesce(s.sandbox_of, s.id) order by version desc limit 1
    ) p
    where p.play_days is not null
"""
# Nothing younger is refused, whatever a school chose; a day is left for how long days are.
NEVER_FORGOTTEN: Final = timedelta(days=LEAST_PLAY_DAYS - 1)


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days a school keeps play, students after they left, and the audit log.

    `changed_at` is `None` where it never said. `recordings_days` are those of the plan for which
    an administrator let old recordings go.
    """

    version: int
    play_days: int | None
    left_days: int | None
    audit_days: int | None
    changed_at: datetime | None
    recordings_days: int | None = None


@dataclass(frozen=True, slots=True)
class Boundary:
    """The first day at the school that is kept, and its first instant, UTC."""

    day: date
    at: datetime


def boundary(days: int, timezone: str, *, at: datetime) -> Boundary:
    """What is kept at `at`: the day at the school, and so many days before it."""
    zone = ZoneInfo(timezone)
    day = at.astimezone(zone).date() - timedelta(days=days)
    return Boundary(day, datetime.combine(day, time.min, zone).astimezone(UTC))


def require_allowed(
    *, play_days: int | None, left_days: int | None, audit_days: int | None = None
) -> None:
    """Raise `InvalidError`, with the reason, for days that no school may choose."""
    if play_days is not None and not LEAST_PLAY_DAYS <= play_days <= MOST_DAYS:
        raise InvalidError(
            f"play_days is {LEAST_PLAY_DAYS} to {MOST_DAYS:,}, or null. Play that is older than "
            "it is refused when it arrives, so that nothing forgotten comes back; games that "
            "were offline over holidays send theirs weeks later."
        )
    if left_days is not None and not LEAST_LEFT_DAYS <= left_days <= MOST_DAYS:
        raise InvalidError(
            f"left_days is {LEAST_LEFT_DAYS} to {MOST_DAYS:,}, or null. Between two school years "
            "students are in no class for weeks, and have not left."
        )
    if audit_days is not None and not LEAST_AUDIT_DAYS <= audit_days <= MOST_DAYS:
        raise InvalidError(
            f"audit_days is {LEAST_AUDIT_DAYS} to {MOST_DAYS:,}, or null. Nobody is to remove what "
            "shows who read and changed what of late."
        )


async def in_force(db: AsyncSession, school_id: UUID) -> Retention:
    """What a live school has chosen last."""
    query = (
        select(RetentionPolicy)
        .where(RetentionPolicy.school_id == school_id)
        .order_by(RetentionPolicy.version.desc())
        .limit(1)
    )
    found = await db.scalar(query)
    if found is None:
        return Retention(NO_POLICY, None, None, None, None)
    return Retention(
        found.version,
        found.play_days,
        found.left_days,
        found.audit_days,
        found.changed_at,
        found.recordings_days,
    )


async def put(
    db: AsyncSession,
    school_id: UUID,
    *,
    play_days: int | None,
    left_days: int | None,
    audit_days: int | None,
    user_id: UUID | None,
) -> Retention:
    """Have a live school keep things for so long from now on; the same again changes nothing.

    Raises `InvalidError`, and `ConflictError` where somebody else was quicker.
    """
    require_allowed(play_days=play_days, left_days=left_days, audit_days=audit_days)
    known = await in_force(db, school_id)
    wanted = replace(known, play_days=play_days, left_days=left_days, audit_days=audit_days)
    return await _follow(db, school_id, known, wanted, user_id)


async def let_recordings_go(
    db: AsyncSession, school_id: UUID, *, days: int | None, user_id: UUID
) -> Retention:
    """Let recordings of a live school go after the days of its plan; `None` keeps them.

    The same again changes nothing. Raises `ConflictError` where somebody else was quicker.
    """
    known = await in_force(db, school_id)
    return await _follow(db, school_id, known, replace(known, recordings_days=days), user_id)


async def _follow(
    db: AsyncSession, school_id: UUID, known: Retention, wanted: Retention, user_id: UUID | None
) -> Retention:
    """Put the next version in force, where it is another than the one known."""
    if wanted == known:
        return known
    made = replace(wanted, version=known.version + 1, changed_at=now())
    statement = (
        insert(RetentionPolicy)
        .values(asdict(made) | {"school_id": school_id, "changed_by": user_id})
        .on_conflict_do_nothing()
        .returning(RetentionPolicy.version)
    )
    if await db.scalar(statement) is None:
        raise ConflictError("Somebody else changed this just now. Read it again.")
    return made


async def play_begins(
    fetch: Callable[..., Awaitable[Sequence[Any]]], tenant_ids: Collection[UUID], *, at: datetime
) -> dict[UUID, datetime]:
    """From when on these tenants keep play; who keeps all of it is missing.

    `fetch` is asyncpg's. One statement.
    """
    return {
        tenant_id: boundary(days, timezone, at=at).at
        for tenant_id, timezone, days in await fetch(_PLAY_DAYS, list(tenant_ids))
    }
