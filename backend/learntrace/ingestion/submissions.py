"""What a group of requests brings to the database, and what became of each event."""

import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from learntrace.accounts.callers import GameCaller
from learntrace.ingestion.content import IncomingEvent
from learntrace.ingestion.verdicts import Code, Rejected

# A school's id and an id within the school, as numbers: hashing a UUID itself is slow.
Key = tuple[int, int]


def columns(ids: Collection[tuple[UUID, UUID]]) -> tuple[list[UUID], list[UUID]]:
    """School ids, and ids within the schools, each as a list."""
    return [school_id for school_id, _ in ids], [own_id for _, own_id in ids]


@dataclass(slots=True)
class Submission:
    """What one request brought: its good events and the verdicts on the broken ones.

    `batch_id` is `None` for a single event. `stored`, `repeated` and `refused` say what became
    of the good ones; `revoked` that the credential no longer stood, and then nothing was done.
    `data_bytes` is the memory that the events' `data` holds.
    """

    caller: GameCaller
    received_at: datetime
    received_count: int
    events: Sequence[IncomingEvent]
    invalid: Sequence[Rejected]
    batch_id: UUID | None = None
    client_version: str = ""
    stored: list[IncomingEvent] = field(default_factory=list)
    repeated: list[IncomingEvent] = field(default_factory=list)
    refused: list[tuple[IncomingEvent, Rejected]] = field(default_factory=list)
    revoked: bool = False
    data_bytes: int = field(init=False)

    def __post_init__(self) -> None:
        self.data_bytes = sum(sys.getsizeof(event.data_text) for event in self.events)

    @property
    def rejected(self) -> list[Rejected]:
        """All verdicts, in the order of the request."""
        if not (self.invalid or self.refused):
            return []
        verdicts = [*self.invalid, *(rejected for _, rejected in self.refused)]
        return sorted(verdicts, key=lambda rejected: rejected.index)

    @property
    def batch_key(self) -> Key | None:
        """The batch's key; `None` for a single event."""
        if self.batch_id is None:
            return None
        return (self.caller.school_id.int, self.batch_id.int)

    def refuse(self, event: IncomingEvent, code: Code, detail: str | None = None) -> None:
        verdict = Rejected(event.index, event.event_id, code, detail or code.sentence)
        self.refused.append((event, verdict))

    def reset(self) -> None:
        """Forget a try of which nothing was stored."""
        self.stored.clear()
        self.repeated.clear()
        self.refused.clear()
        self.revoked = False
