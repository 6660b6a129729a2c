"""What a plan refuses, in the transaction that uses it, one school at a time.

The first of these calls in a transaction waits for the school's turn and keeps it to the end, so
that of two who want the last unit one gets it. Call them after locking what they are about.
`school_id` may be a sandbox's: it uses its live school's plan. A denial raises `OverPlanError`,
which is 403, or `FileOverPlanError`, 413, with `error, message, plan, current_usage, limit`.
"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.kit.errors import ForbiddenError, LearntraceError, TooLargeError
from learntrace.plans import judging, ledger
from learntrace.plans.judging import Verdict
from learntrace.plans.limits import Plan
from learntrace.plans.models import Meter
from learntrace.plans.service import Subscribed, plan_of

OVER_PLAN: Final = "plan_limit"
_TAKE_TURNS = text(
    """
    select pg_advisory_xact_lock(hashtextextended(coalesce(sandbox_of, id)::text, 10))
    from schools where id = :school_id
    """
)


class OverPlanError(ForbiddenError):
    """The school's plan does not allow it."""


class FileOverPlanError(TooLargeError):
    """The file is larger than the school's plan allows."""


async def hold(db: AsyncSession, school_id: UUID) -> Subscribed:
    """Wait for the school's turn: until this transaction ends nobody else uses its plan."""
    await db.execute(_TAKE_TURNS, {"school_id": school_id})
    return await plan_of(db, school_id)


async def note_recording(db: AsyncSession, school_id: UUID, recording_id: UUID) -> None:
    """Count a recording that was made; no plan limits their number."""
    subscribed = await plan_of(db, school_id)
    await ledger.settle(db, subscribed.school_id, Meter.RECORDINGS, recording_id, 1)


async def reserve_minutes(
    db: AsyncSession, school_id: UUID, thing_id: UUID, minutes: float
) -> None:
    """Take so much of this month's minutes for transcribing a thing. Raises `OverPlanError`.

    Again for the same thing replaces what was taken for it; a thing that is settled costs nothing
    more, however often it is transcribed.
    """
    subscribed = await hold(db, school_id)
    live_id = subscribed.school_id
    if await ledger.is_settled(db, live_id, Meter.TRANSCRIBED_S, thing_id):
        return
    month = judging.month_of(now())
    used = await ledger.used(db, live_id, month, but=thing_id)
    _require(judging.minutes(subscribed.plan, used, month, minutes), subscribed.plan)
    amount = judging.seconds_of(minutes)
    await ledger.reserve(db, live_id, Meter.TRANSCRIBED_S, thing_id, amount)


async def settle_minutes(db: AsyncSession, school_id: UUID, thing_id: UUID, minutes: float) -> None:
    """Count the minutes that transcribing took for good; never refused, for it is done.

    They are of the month in which they were reserved. A second time changes nothing.
    """
    live_id = (await hold(db, school_id)).school_id
    amount = judging.seconds_of(minutes)
    await ledger.settle(db, live_id, Meter.TRANSCRIBED_S, thing_id, amount)


async def release_minutes(db: AsyncSession, school_id: UUID, thing_id: UUID) -> None:
    """Give back what is reserved for a thing that failed or was cancelled; settled minutes stay."""
    live_id = (await hold(db, school_id)).school_id
    await ledger.release(db, live_id, Meter.TRANSCRIBED_S, thing_id)


async def require_job_slot(db: AsyncSession, school_id: UUID, running: int) -> None:
    """Raise `OverPlanError` where no transcription more may run beside `running` of the school.

    Count them after `hold` or `reserve_minutes`, else two may count the same.
    """
    plan = (await hold(db, school_id)).plan
    _require(judging.job(plan, running), plan)


async def require_upload_mb(db: AsyncSession, school_id: UUID, mb: float) -> None:
    """Raise `FileOverPlanError` for a file of so many times `limits.BYTES_PER_MB`."""
    plan = (await plan_of(db, school_id)).plan
    _require(judging.file_mb(plan, mb), plan, FileOverPlanError)


async def require_format(db: AsyncSession, school_id: UUID, wanted: str) -> None:
    """Raise `OverPlanError` where transcripts are not exported in this format."""
    plan = (await plan_of(db, school_id)).plan
    _require(judging.export(plan, wanted), plan)


def _require(verdict: Verdict, plan: Plan, error: type[LearntraceError] = OverPlanError) -> None:
    if verdict.allowed:
        return
    assert verdict.message is not None, "a denial says why"
    members: dict[str, Any] = {
        "error": OVER_PLAN,
        "message": verdict.message,
        "plan": plan.id,
        "current_usage": verdict.info.current,
        "limit": verdict.info.limit,
    }
    raise error(verdict.message, members=members)
