"""Where imported events go: the API or the database, behind one small protocol."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from learntrace.interchange.batches import Batch


class ImportStoppedError(Exception):
    """The import cannot go on; the message says why and what to do, in plain words."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """One event that was not stored; `index` is its place in its batch, from 0."""

    index: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class IngestAnswer:
    """What became of a batch; the numbers add up to its events."""

    accepted: int
    duplicates: int
    rejected: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True)
class ClosedSession:
    """A game session that has been closed.

    `features` maps names to objects with `value` and, where that is null, a `reason`; None while
    they are still being computed.
    """

    session_id: str
    features: Mapping[str, Any] | None
    tasks_completed: int | None = None


class Sink(Protocol):
    """Takes batches and closes sessions; raises ImportStoppedError when it cannot go on."""

    async def send(self, batch: Batch) -> IngestAnswer:
        """Returns once the batch's good events are stored; repeating a batch is harmless."""

    async def close(self, session_id: str) -> ClosedSession | None:
        """None where nothing of that session is stored."""
