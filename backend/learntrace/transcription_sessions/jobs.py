"""Transcriptions to be made, as stored: who holds which, how far it is, how it ended.

Whoever starts one sets `claimed_until` to now: it is claimed from then on, the longest waiting
first. A claim that is not renewed runs out, and another may claim; `started_at` is another for each
claim, so who lost one can change nothing any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Update, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.plans import budgeting, enforcing
from learntrace.roster.visibility import Ids
from learntrace.transcription_sessions import audio, paying, segments
from learntrace.transcription_sessions.consenting import require_audio_consent
from learntrace.transcription_sessions.heard import Heard
from learntrace.transcription_sessions.models import TranscriptionSession
from learntrace.transcription_sessions.states import Status
from learntrace.transcription_sessions.transcription.port import Transcriber

CLAIM_S: Final = 60.0
MOST_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True)
class Job:
    """A transcription that one worker makes, for as long as it renews its claim.

    `audio_id` is the audio file's; null where it is gone. The plan's minutes are counted by it:
    the same audio costs them once, however often it is transcribed. What a paid engine costs is
    counted by `run_id`, which all attempts share.
    """

    school_id: UUID
    id: UUID
    run_id: UUID
    audio_id: UUID | None
    uploaded_at: datetime | None
    student_id: UUID | None
    language: str
    stt_provider: str
    attempts: int
    duration_s: float | None
    started_at: datetime


async def claim(db: AsyncSession) -> Job | None:
    """The one that waits longest, now this worker's; null where none waits."""
    at = now()
    waiting = (
        select(TranscriptionSession.school_id, TranscriptionSession.id)
        .where(
            TranscriptionSession.status == Status.PROCESSING,
            TranscriptionSession.claimed_until <= at,
        )
        .order_by(TranscriptionSession.claimed_until)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    key = tuple_(TranscriptionSession.school_id, TranscriptionSession.id)
    statement = (
        update(TranscriptionSession)
        .where(key.in_(waiting))
        .values(
            attempts=TranscriptionSession.attempts + 1,
            claimed_until=at + timedelta(seconds=CLAIM_S),
            started_at=at,
        )
        .returning(TranscriptionSession)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    recording = await db.scalar(statement)
    if recording is None:
        return None
    file = await audio.find(db, recording.school_id, recording.id)
    return Job(
        school_id=recording.school_id,
        id=recording.id,
        run_id=recording.run_id,
        audio_id=None if file is None else file.id,
        uploaded_at=None if file is None else file.uploaded_at,
        student_id=recording.student_id,
        language=recording.language,
        stt_provider=recording.stt_provider,
        attempts=recording.attempts,
        duration_s=recording.duration_s,
        started_at=at,
    )


@dataclass(frozen=True, slots=True)
class GoingOn:
    """How many transcriptions wait or are made, and how many seconds of audio they have left."""

    count: int
    left_s: float


async def going_on(db: AsyncSession, tenants: Ids) -> GoingOn:
    """Those of these tenants, as this transaction sees them."""
    left = TranscriptionSession.duration_s * (1 - TranscriptionSession.share)
    query = select(func.count(), func.sum(left)).where(
        TranscriptionSession.status == Status.PROCESSING,
        TranscriptionSession.school_id.in_(tenants),
    )
    count, left_s = (await db.execute(query)).one()
    return GoingOn(count, left_s or 0.0)


async def renew(db: AsyncSession, job: Job, share: float) -> bool:
    """Keep the claim, and say how much is done, 0..1; false where the job is not ours any more."""
    further = func.greatest(TranscriptionSession.share, share)
    until = now() + timedelta(seconds=CLAIM_S)
    return await _change(db, job, share=further, claimed_until=until)


async def pay(db: AsyncSession, job: Job, engine: Transcriber) -> bool:
    """Take what the engine will cost; false where the job is not ours any more.

    Whoever started it took it already, where the engine was known there, and another attempt
    takes nothing more. Raises `OverBudgetError`.
    """
    mine = await renew(db, job, 0.0)
    if mine:
        cost = paying.cost_of(engine, job.duration_s)
        await budgeting.reserve(db, job.school_id, job.run_id, cost)
    return mine


async def complete(
    db: AsyncSession,
    job: Job,
    heard: Iterable[Heard],
    *,
    engine: Transcriber,
    duration_s: float | None,
) -> bool:
    """Store what was heard and count its minutes and its cost; false where it is not ours any more.

    Raises `ForbiddenError` where there is no consent to audio any more: nothing is stored then.
    """
    assert job.audio_id is not None, "nothing is heard without audio"
    await require_audio_consent(db, job.school_id, job.student_id)
    at = now()
    length_s = job.duration_s if duration_s is None else duration_s
    mine = await _change(
        db,
        job,
        status=Status.COMPLETED,
        share=1.0,
        error_message=None,
        engine=f"{engine.name} {engine.model}",
        duration_s=length_s,
        completed_at=at,
        updated_at=at,
        claimed_until=None,
    )
    if mine:
        await segments.replace(db, job.school_id, job.id, heard)
        await enforcing.settle_minutes(db, job.school_id, job.audio_id, (length_s or 0) / 60)
        cost = paying.cost_of(engine, length_s)
        await budgeting.settle(db, job.school_id, job.run_id, cost)
    return mine


async def fail(db: AsyncSession, job: Job, why: str) -> bool:
    """End it without a transcript and give back what it took; `why` is for who recorded it."""
    mine = await _change(
        db,
        job,
        status=Status.FAILED,
        share=0.0,
        error_message=why,
        updated_at=now(),
        claimed_until=None,
    )
    if mine:
        await _release(db, job)
    return mine


async def let_go(db: AsyncSession, job: Job) -> None:
    """Give back what was taken for a job that was lost, unless it is being transcribed again."""
    going_on = await db.scalar(
        select(TranscriptionSession.id)
        .where(
            TranscriptionSession.school_id == job.school_id,
            TranscriptionSession.id == job.id,
            TranscriptionSession.status == Status.PROCESSING,
        )
        .with_for_update(read=True)
    )
    if going_on is None:
        await _release(db, job)


async def release_lost(db: AsyncSession) -> int:
    """Give back what is reserved for recordings that went while they waited; of how many.

    Whoever erases a student knows of no reservation. A run begins together with its own, so one
    statement sees both or neither.
    """
    of_run = select(TranscriptionSession.run_id)
    going_on = of_run.where(TranscriptionSession.status == Status.PROCESSING)
    return await budgeting.release_all_but(db, going_on)


async def _release(db: AsyncSession, job: Job) -> None:
    if job.audio_id is not None:
        await enforcing.release_minutes(db, job.school_id, job.audio_id)
    await budgeting.release(db, job.school_id, job.run_id)


async def put_off(db: AsyncSession, job: Job, *, rest_s: float) -> bool:
    """Let it be claimed again after a rest."""
    return await _change(db, job, claimed_until=now() + timedelta(seconds=rest_s))


async def give_back(db: AsyncSession, job: Job) -> bool:
    """Let it be claimed at once, as if this worker had not: it is nobody's fault."""
    fewer = TranscriptionSession.attempts - 1
    return await _change(db, job, claimed_until=now(), attempts=fewer)


async def _change(db: AsyncSession, job: Job, **values: object) -> bool:
    """Change the session while it is this claim's; whether it is."""
    statement: Update = (
        update(TranscriptionSession)
        .where(
            TranscriptionSession.school_id == job.school_id,
            TranscriptionSession.id == job.id,
            TranscriptionSession.status == Status.PROCESSING,
            TranscriptionSession.started_at == job.started_at,
        )
        .values(values)
        .returning(TranscriptionSession.id)
        .execution_options(synchronize_session=False)
    )
    return await db.scalar(statement) is not None
