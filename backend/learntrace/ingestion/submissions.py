"""What a group of requests brings to the database, and what became of each event."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from learntrace.accounts.callers import GameCaller
from learntrace.ingestion.content import IncomingEvent
from learntrace.ingestion.verdicts import Code, Rejected

Key = tuple[UUID, UUID]  # school_id and an id within the school


def columns(keys: Sequence[Key]) -> tuple[list[UUID], list[UUID]]:
    return [school_id for school_id, _ in keys], [own_id for _, own_id in keys]


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
        verdicts = [*self.invalid, *(rejected for _, rejected in self.refused)]
        return sorted(verdicts, key=lambda rejected: rejected.index)

    def reset(self) -> None:
        """Forget a try that was rolled back."""
        self.stored.clear()
        self.repeated.clear()
        self.refused.clear()
        self.revoked = False


@dataclass(slots=True)
class Candidate:
    """An event on its way, with the submission that answers for it."""

    submission: Submission
    event: IncomingEvent

    @property
    def key(self) -> Key:
        return (self.submission.caller.school_id, self.event.event_id)

    @property
    def session_key(self) -> Key:
        return (self.submission.caller.school_id, self.event.game_session_id)

    def refuse(self, code: Code, detail: str | None = None) -> None:
        verdict = Rejected(self.event.index, self.event.event_id, code, detail or code.sentence)
        self.submission.refused.append((self.event, verdict))
