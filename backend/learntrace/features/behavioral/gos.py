"""Goes at tasks: when each starts, what is done in it, and how it ends.

- A start opens a go. A start of a task that is open already starts it over: the same go.
- Doing something at a named task that is not open opens a go without a start. After a completion
  only an attempt, a retry or a failure does so: a late `success` is the end of what was done.
- An event that names no task belongs to the go opened last.
- A completion of a task that is not open is a completed go of no known length.
- An abandonment of a task that is not open means nothing.
- Goes at different tasks may overlap.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from learntrace.events.types import Behaviour, MappedEvent
from learntrace.features.behavioral.timeline import SECOND
from learntrace.features.types import Outcome, TaskInstance

UNNAMED = "unnamed"
"""The task of starts and completions that name none."""

_REOPENS = frozenset({Behaviour.ATTEMPT, Behaviour.RETRY, Behaviour.FAILURE})
_OPENS = frozenset({*_REOPENS, Behaviour.SUCCESS, Behaviour.HINT_REQUEST, Behaviour.CHOICE})
_VERDICTS = frozenset({Behaviour.SUCCESS, Behaviour.FAILURE})


@dataclass(slots=True)
class Go:
    """A go while it is being read; `active_us` at its start, then, once it ended, its length."""

    index: int
    task: str
    started: bool
    started_at: datetime
    active_us: int
    ended_at: datetime | None = None
    outcome: Outcome = Outcome.OPEN
    attempts: int = 0
    verdicts: int = 0
    failures: int = 0

    def count(self, behaviours: tuple[Behaviour, ...]) -> None:
        self.attempts += Behaviour.ATTEMPT in behaviours
        self.failures += Behaviour.FAILURE in behaviours
        self.verdicts += not _VERDICTS.isdisjoint(behaviours)

    def instance(self) -> TaskInstance:
        """Games that tell of no attempts tell of their outcomes, one an attempt."""
        return TaskInstance(
            task=self.task,
            started_at=self.started_at,
            ended_at=self.ended_at,
            outcome=self.outcome,
            attempts=self.attempts or self.verdicts,
            failures=self.failures,
            active_time_s=self.active_us / SECOND,
            started=self.started,
        )


@dataclass(slots=True)
class Gos:
    """All goes of a session, in the order in which they were opened."""

    all: list[Go] = field(default_factory=list)
    _open: dict[str, Go] = field(default_factory=dict)
    _completed: set[str] = field(default_factory=set)

    @property
    def any_open(self) -> bool:
        return bool(self._open)

    def task_of(self, event: MappedEvent) -> str:
        """The task an event belongs to: its own, else the one opened last."""
        return event.task or next(reversed(self._open), UNNAMED)

    def enter(self, event: MappedEvent, task: str, active_us: int) -> Go | None:
        """The go that the event belongs to, opened by it where it does that."""
        go = self._open.get(task)
        if Behaviour.TASK_START in event.behaviours:
            if go is None:
                go = self._begin(event, task, active_us, started=True)
        elif go is None and self._is_opened_by(event, task):
            go = self._begin(event, task, active_us, started=False)
        return go

    def leave(self, event: MappedEvent, go: Go, active_us: int) -> None:
        """Ends the go where the event says so; of both, completion wins."""
        if Behaviour.TASK_COMPLETE in event.behaviours:
            self._end(go, Outcome.COMPLETED, event.event.timestamp, active_us)
            self._completed.add(go.task)
        elif Behaviour.TASK_ABANDON in event.behaviours:
            self._end(go, Outcome.ABANDONED, event.event.timestamp, active_us)

    def end_all(self, outcome: Outcome, at: datetime, active_us: int) -> None:
        for go in list(self._open.values()):
            self._end(go, outcome, at, active_us)

    def instances(self, active_us: int) -> Iterator[TaskInstance]:
        """`active_us` is the session's so far, for goes that are still open."""
        for go in self._open.values():
            go.active_us = active_us - go.active_us
        return (go.instance() for go in self.all)

    def _is_opened_by(self, event: MappedEvent, task: str) -> bool:
        if Behaviour.TASK_COMPLETE in event.behaviours:
            return True
        openers = _REOPENS if task in self._completed else _OPENS
        return event.task is not None and not openers.isdisjoint(event.behaviours)

    def _begin(self, event: MappedEvent, task: str, active_us: int, *, started: bool) -> Go:
        go = Go(len(self.all), task, started, event.event.timestamp, active_us)
        self.all.append(go)
        self._open[task] = go
        self._completed.discard(task)
        return go

    def _end(self, go: Go, outcome: Outcome, at: datetime, active_us: int) -> None:
        go.outcome = outcome
        go.ended_at = at
        go.active_us = active_us - go.active_us
        del self._open[go.task]
