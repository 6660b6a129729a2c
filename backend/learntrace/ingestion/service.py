"""From a decoded body to what is answered: stored first, counted after the commit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.callers import GameCaller
from learntrace.ingestion import metrics
from learntrace.ingestion import statements as sql
from learntrace.ingestion.decoding import Batch
from learntrace.ingestion.submissions import Submission
from learntrace.ingestion.verdicts import Outcome
from learntrace.ingestion.writer import Writer
from learntrace.kit.errors import NotFoundError, UnauthorizedError

CREATED, OK, UNPROCESSABLE = 201, 200, 422


@dataclass(frozen=True, slots=True)
class Answer:
    """An ingest answer before it is written: its HTTP status and its members."""

    status: int
    content: dict[str, Any]

    @property
    def media_type(self) -> str:
        refused = self.status == UNPROCESSABLE
        return "application/problem+json" if refused else "application/json"

    def body(self) -> bytes:
        return msgspec.json.encode(self.content)


async def take(
    writer: Writer, caller: GameCaller, batch: Batch, received_at: datetime, *, rehearsal: bool
) -> Answer:
    """Store a body's good events and say what became of each.

    A `rehearsal` judges by the same rules in a transaction that is rolled back. Raises
    `UnauthorizedError` when the credential was revoked meanwhile, `UnavailableError` when
    nothing is known to be stored.
    """
    submission = Submission(
        caller=caller,
        received_at=received_at,
        received_count=batch.received_count,
        events=batch.events,
        invalid=batch.rejected,
        batch_id=batch.batch_id,
        client_version=batch.client_version,
    )
    if rehearsal:
        await writer.rehearse(submission)
    else:
        await writer.submit(submission)
    if submission.revoked:
        raise UnauthorizedError("This credential no longer stands. Join again or use another key.")
    if not rehearsal:
        _measure(submission)
    return _answer(submission, rehearsal=rehearsal)


def _answer(submission: Submission, *, rehearsal: bool) -> Answer:
    stored, repeated = len(submission.stored), len(submission.repeated)
    rejected = [sql.as_json(one) for one in submission.rejected]
    counts = {
        "received_count": submission.received_count,
        "accepted": stored,
        "duplicates": repeated,
        "rejected": rejected,
        "batch_id": submission.batch_id,
    }
    outcome = str(Outcome.of(submission.received_count, len(rejected)))
    message = f"{stored} stored, {repeated} already known, {len(rejected)} refused."
    if len(rejected) == submission.received_count:
        problem = {"type": "about:blank", "title": "No event was stored", "status": UNPROCESSABLE}
        detail = {"detail": "Every event was refused; `rejected` says why, event by event."}
        return Answer(UNPROCESSABLE, {**problem, **detail, **counts})
    if rehearsal:
        message = (
            f"Nothing was stored. Sent for real: {stored} would be stored, {repeated} are "
            f"already known, {len(rejected)} would be refused."
        )
        return Answer(OK, {"status": outcome, **counts, "message": message})
    status = CREATED if stored else OK
    return Answer(status, {"status": outcome, **counts, "message": message})


def _measure(submission: Submission) -> None:
    metrics.BATCH_SIZE.observe(submission.received_count)
    if submission.stored:
        metrics.count_events(submission.stored, "accepted")
    if submission.repeated:
        metrics.count_events(submission.repeated, "duplicate")
        metrics.DUPLICATES.inc(len(submission.repeated))
    if submission.refused:
        metrics.count_events([event for event, _ in submission.refused], "rejected")
    if submission.invalid:
        metrics.PROCESSED.labels("invalid", "rejected").inc(len(submission.invalid))
    for rejected in submission.rejected:
        metrics.REJECTED.labels(str(rejected.code)).inc()


async def batch_status(db: AsyncSession, caller: GameCaller, batch_id: UUID) -> dict[str, Any]:
    """The stored truth about one of the caller's batches. Raises `NotFoundError`."""
    keys = {"school_id": caller.school_id, "batch_id": batch_id, "owner": caller.batch_owner}
    row = (await db.execute(text(sql.FIND_BATCH), keys)).mappings().one_or_none()
    if row is None:
        raise NotFoundError("There is no such batch of yours.")
    outcome = Outcome.of(row["received_count"], len(row["rejected"]))
    return {**row, "status": outcome}
