"""A whole file into a sink: read, send, tally, close its sessions."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from learntrace.interchange.batches import Batch, in_batches
from learntrace.interchange.readers import BadLine, ReadEvent, read_events
from learntrace.interchange.sink import ClosedSession, IngestAnswer, Sink
from learntrace.interchange.sources import Source

UNREADABLE = "unreadable_line"


@dataclass(frozen=True, slots=True)
class Example:
    """One rejected line, to show: its number in the file and why."""

    line: int
    code: str
    detail: str


@dataclass(slots=True)
class ImportReport:
    """What has happened so far; true at every moment, also when the import is interrupted.

    `sessions` maps each game session named by a sent event to its student, as in the file.
    """

    example_limit: int = 5
    lines_read: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected_by_code: Counter[str] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)
    sessions: dict[str, str] = field(default_factory=dict)
    closed: list[ClosedSession] = field(default_factory=list)
    not_stored: list[str] = field(default_factory=list)
    """Sessions that could not be closed, because nothing of them is stored."""

    @property
    def rejected(self) -> int:
        return self.rejected_by_code.total()

    def take_bad_line(self, bad: BadLine) -> None:
        self._reject(bad.line, UNREADABLE, bad.detail)

    def take_answer(self, batch: Batch, answer: IngestAnswer) -> None:
        self.accepted += answer.accepted
        self.duplicates += answer.duplicates
        for rejection in answer.rejected:
            self._reject(batch.events[rejection.index].line, rejection.code, rejection.detail)
        for event in batch.events:
            if event.session_id is not None:
                self.sessions.setdefault(event.session_id, event.student_id or "")

    def _reject(self, line: int, code: str, detail: str) -> None:
        self.rejected_by_code[code] += 1
        if sum(example.code == code for example in self.examples) < self.example_limit:
            self.examples.append(Example(line, code, detail))


async def import_events(
    source: Source,
    sink: Sink,
    report: ImportReport,
    *,
    keep_open: bool = False,
    on_progress: Callable[[], None] = lambda: None,
) -> None:
    """Sends every event of the source and then closes the sessions it belongs to.

    Fills `report` as it goes and calls `on_progress` after every batch and every close. Raises
    UnreadableFileError and ImportStoppedError with the report true up to then. Holds one batch
    and the ids of the sessions in memory, whatever the file's size.
    """
    for batch in in_batches(_readable(source, report)):
        report.take_answer(batch, await sink.send(batch))
        on_progress()
    if keep_open:
        return
    for session_id in report.sessions:
        closed = await sink.close(session_id)
        if closed is None:
            report.not_stored.append(session_id)
        else:
            report.closed.append(closed)
        on_progress()


def _readable(source: Source, report: ImportReport) -> Iterator[ReadEvent]:
    for reading in read_events(source):
        report.lines_read += 1
        if isinstance(reading, BadLine):
            report.take_bad_line(reading)
        else:
            yield reading
