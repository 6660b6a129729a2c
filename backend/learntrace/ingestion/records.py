"""What ingestion holds of one student: the batches that the student's own game sent."""

from typing import Final

from sqlalchemy import ColumnElement, String, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY

from learntrace.ingestion.models import TelemetryBatch
from learntrace.kit.held import Held, Subject, ages_by_time


def _of(subject: Subject) -> ColumnElement[bool]:
    """The batches that were sent with a player token of theirs."""
    owners = literal([f"student:{one}" for one in subject.ids], ARRAY(String))
    return (TelemetryBatch.school_id == subject.tenant_id) & (TelemetryBatch.owner == any_(owners))


HELD: Final = (
    Held(
        name="telemetry_batches",
        says="How each batch that the student's own game sent was answered.",
        model=TelemetryBatch,
        of=_of,
        told=(
            TelemetryBatch.batch_id,
            TelemetryBatch.client_version,
            TelemetryBatch.received_at,
            TelemetryBatch.attempts,
            TelemetryBatch.received_count,
            TelemetryBatch.accepted,
            TelemetryBatch.duplicates,
            TelemetryBatch.rejected,
        ),
        order=(TelemetryBatch.received_at, TelemetryBatch.batch_id),
        aging=ages_by_time(TelemetryBatch.school_id, TelemetryBatch.received_at),
    ),
)
