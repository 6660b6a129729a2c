"""Letting old recordings and transcripts go: by the plan's days, once somebody agreed to these."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError
from learntrace.plans.limits import UNLIMITED, Plan
from learntrace.plans.service import plan_of
from learntrace.privacy import retention
from learntrace.privacy.retention import NO_POLICY, Retention
from learntrace.student_records import forgetting


@dataclass(frozen=True, slots=True)
class RecordingsKept:
    """How long a school's plan keeps recordings, and what would go by that now.

    `confirmed`: somebody agreed to these days, and it does go. `before` is the first day at the
    school that is kept; `None` where the plan keeps all.
    """

    plan: Plan
    confirmed: bool
    before: date | None
    counts: Mapping[str, int]


async def kept(db: AsyncSession, school_id: UUID) -> RecordingsKept:
    """How a live school keeps them, its sandbox's among the counts. Removes nothing."""
    plan = (await plan_of(db, school_id)).plan
    days = None if plan.retention_days == UNLIMITED else plan.retention_days
    agreed = await retention.in_force(db, school_id)
    tried = Retention(NO_POLICY, None, None, None, None, recordings_days=days)
    bounds = await forgetting.limits(db, school_id, tried, at=now())
    found = await forgetting.preview(db, school_id, bounds)
    first = bounds.recordings
    return RecordingsKept(
        plan,
        confirmed=days is not None and agreed.recordings_days == days,
        before=None if first is None else first.day,
        counts=found.counts,
    )


async def confirm(
    db: AsyncSession, school_id: UUID, *, days: int | None, user_id: UUID
) -> RecordingsKept:
    """Agree that recordings of a live school go after so many days; `None` keeps them.

    Raises `ConflictError` for other days than its plan's.
    """
    plan = (await plan_of(db, school_id)).plan
    if days is not None and days != plan.retention_days:
        keeps = (
            "for good" if plan.retention_days == UNLIMITED else f"for {plan.retention_days} days"
        )
        raise ConflictError(
            f"The plan {plan.id} keeps recordings {keeps}. Look again at what would go."
        )
    await retention.let_recordings_go(db, school_id, days=days, user_id=user_id)
    return await kept(db, school_id)
