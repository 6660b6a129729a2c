"""How long a school keeps what, over HTTP."""

from typing import Any

from fastapi import APIRouter

from learntrace.accounts.auth import (
    OwnTransactions,
    PersonAlone,
    PersonAuth,
    administered_school,
)
from learntrace.kit.clock import now
from learntrace.kit.db import RequestDb
from learntrace.privacy import retention
from learntrace.privacy.retention import NO_POLICY, Retention
from learntrace.student_records import forgetting, recordings
from learntrace.student_records.schemas_retention import (
    LeftDays,
    PlayDays,
    PreviewOut,
    RecordingsIn,
    RecordingsOut,
    RetentionIn,
    RetentionOut,
)

_REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, or one that is not valid now."},
    403: {"description": "A game's credential, or not in this role."},
}

router = APIRouter(tags=["retention"], responses=_REFUSED)


@router.get("/schools/retention")
async def read_retention(person: PersonAuth, db: RequestDb) -> RetentionOut:
    """How long your school keeps play, students who left, and the audit log."""
    return RetentionOut.of(await retention.in_force(db, administered_school(person)))


@router.put(
    "/schools/retention",
    responses={409: {"description": "Somebody else changed it at the same time."}},
)
async def put_retention(told: RetentionIn, person: PersonAuth, db: RequestDb) -> RetentionOut:
    """Have your school keep things for so many days: what is older goes, for good, within a day.

    Play that is older than `play_days` is taken no more, from now on. Look first at
    `GET /schools/retention/preview`. The sandbox follows.
    """
    school_id = administered_school(person)
    audit_days = told.audit_days
    if "audit_days" not in told.model_fields_set:
        audit_days = (await retention.in_force(db, school_id)).audit_days
    kept = await retention.put(
        db,
        school_id,
        play_days=told.play_days,
        left_days=told.left_days,
        audit_days=audit_days,
        user_id=person.user_id,
    )
    return RetentionOut.of(kept)


@router.get("/schools/retention/preview")
async def preview_retention(
    person: PersonAlone,
    database: OwnTransactions,
    play_days: PlayDays = None,
    left_days: LeftDays = None,
) -> PreviewOut:
    """What would go now if your school kept things for so many days; what is left out is kept.

    Removes nothing. The sandbox's records are counted, too.
    """
    school_id = administered_school(person)
    retention.require_allowed(play_days=play_days, left_days=left_days)
    kept = Retention(NO_POLICY, play_days, left_days, None, None)
    async with database.transaction() as db:
        bounds = await forgetting.limits(db, school_id, kept, at=now())
        return PreviewOut.of(await forgetting.preview(db, school_id, bounds))


@router.get("/schools/recordings-retention")
async def read_recordings_retention(person: PersonAuth, db: RequestDb) -> RecordingsOut:
    """How long your school's plan keeps recordings and transcripts, and what would go now.

    Removes nothing. The sandbox's are counted, too.
    """
    return RecordingsOut.of(await recordings.kept(db, administered_school(person)))


@router.put(
    "/schools/recordings-retention",
    responses={409: {"description": "The plan has other days, or somebody else changed this."}},
)
async def put_recordings_retention(
    told: RecordingsIn, person: PersonAuth, db: RequestDb
) -> RecordingsOut:
    """Let recordings and transcripts go after your plan's days, for good; or keep them all.

    Those days are named, so that nothing goes that nobody looked at: should the plan have others
    one day, nothing goes until they are confirmed. Look first with `GET`. The sandbox follows.
    """
    school_id = administered_school(person)
    kept = await recordings.confirm(db, school_id, days=told.confirmed_days, user_id=person.user_id)
    return RecordingsOut.of(kept)
