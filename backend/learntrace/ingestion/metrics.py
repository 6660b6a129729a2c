"""What Prometheus reads of ingestion; names and labels of the spec, label values bounded."""

from collections import Counter as Tally
from collections.abc import Sequence
from functools import cache

from prometheus_client import Counter, Gauge, Histogram

from learntrace.ingestion.content import IncomingEvent

PROCESSED = Counter(
    "telemetry_events_processed_total",
    "Events answered, by type and what became of them.",
    ["event_type", "status"],
)
PROCESSING_SECONDS = Histogram(
    "telemetry_event_processing_seconds", "From a whole body to its answer, a request."
)
BATCH_SIZE = Histogram(
    "telemetry_batch_size",
    "Events in a request.",
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000),
)
DUPLICATES = Counter("telemetry_duplicates_total", "Events that were stored before.")
REJECTED = Counter("telemetry_rejected_total", "Events refused, by code.", ["code"])
QUEUE_DEPTH = Gauge(
    "telemetry_queue_depth", "Events that wait to be written.", multiprocess_mode="livesum"
)
COMMIT_SECONDS = Histogram(
    "telemetry_commit_seconds",
    "Storing one group, COMMIT included.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)

# A game's names are its own; past this many, a process counts the rest as one.
MOST_TYPES = 100
_types: set[str] = set()


def type_label(event_type: str) -> str:
    """The label for `event_type`: itself for the first hundred of a process, then `other`."""
    if event_type in _types:
        return event_type
    if len(_types) < MOST_TYPES:
        _types.add(event_type)
        return event_type
    return "other"


@cache
def _processed(label: str, status: str) -> Counter:
    return PROCESSED.labels(label, status)


def count_events(events: Sequence[IncomingEvent], status: str) -> None:
    """Count `events`, by type, as `status`."""
    for event_type, count in Tally([event.event_type for event in events]).items():
        _processed(type_label(event_type), status).inc(count)
