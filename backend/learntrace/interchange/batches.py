"""Events bundled as the ingestion endpoints take them, the same bundles for the same file."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID, uuid5

import learntrace
from learntrace.interchange.readers import ReadEvent

MAX_EVENTS = 1000
MAX_BYTES = 8 * 1024 * 1024
CLIENT_VERSION = f"learntrace-{learntrace.__version__}"[:20]
_ENVELOPE_BYTES = 200
_BATCH_IDS = UUID("b7e9c5a2-3a2f-5d53-8e8c-61c4a0f4d9d1")
"""The namespace of our batches' version 5 UUIDs; must never change, or repeats look new."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Up to 1,000 events; `batch_id` follows from their text alone, so a repeat has the same."""

    batch_id: UUID
    events: tuple[ReadEvent, ...]

    @classmethod
    def of(cls, events: Iterable[ReadEvent]) -> "Batch":
        events = tuple(events)
        digest = sha256()
        for event in events:
            digest.update(len(event.text).to_bytes(8, "big") + event.text)
        return cls(uuid5(_BATCH_IDS, digest.hexdigest()), events)

    def body(self) -> bytes:
        """The request body of POST /telemetry/batch.

        Without `sent_at`: a file says nothing of how the client's clock stood when it was sent.
        """
        head = json.dumps({"batch_id": str(self.batch_id), "client_version": CLIENT_VERSION})
        return b"".join(
            (
                head[:-1].encode(),
                b', "events": [',
                b",".join(event.text for event in self.events),
                b"]}",
            )
        )


def in_batches(events: Iterable[ReadEvent]) -> Iterator[Batch]:
    """Bundles in file order of at most 1,000 events and 8 MiB; a larger event goes alone."""
    waiting: list[ReadEvent] = []
    size = _ENVELOPE_BYTES
    for event in events:
        grown = size + len(event.text) + 1
        if waiting and (len(waiting) == MAX_EVENTS or grown > MAX_BYTES):
            yield Batch.of(waiting)
            waiting = []
            grown = _ENVELOPE_BYTES + len(event.text) + 1
        waiting.append(event)
        size = grown
    if waiting:
        yield Batch.of(waiting)
