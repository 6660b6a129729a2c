"""One reading of a session, on which every behavioural feature rests."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from learntrace.events.openings import without_openings
from learntrace.events.types import Behaviour, MappedEvent
from learntrace.features.behavioral.gos import Gos
from learntrace.features.behavioral.timeline import SECOND, Clock, Gap, Timeline, is_activity
from learntrace.features.types import FeatureSettings, Outcome, TaskInstance

_MICROSECOND = timedelta(microseconds=1)


class Step(NamedTuple):
    """A known event in its place: `go` is its task instance's index, `active_us` the session's
    active time up to here. Outcomes within a task's opening are left out already.
    """

    behaviours: tuple[Behaviour, ...]
    task: str
    go: int | None
    skill: str | None
    item: str | None
    correct: bool | None
    opportunity: str | None
    active_us: int


@dataclass(frozen=True, slots=True)
class Play:
    """A session as the features read it; times in microseconds.

    `in_tasks` sums the gaps that lie inside open tasks. `last_bout_cut_off`: the last stretch of
    activity was still going on when the session, or what is known of it, ended.
    """

    steps: tuple[Step, ...]
    tasks: tuple[TaskInstance, ...]
    event_count: int
    unmapped_count: int
    active_us: int
    wall_us: int
    in_tasks: Gap
    bouts_us: tuple[int, ...]
    last_bout_cut_off: bool


@dataclass(slots=True)
class _Reader:
    settings: FeatureSettings
    clock: Clock
    timeline: Timeline
    gos: Gos = field(default_factory=Gos)
    steps: list[Step] = field(default_factory=list)
    origin: datetime | None = None
    last_activity: datetime | None = None
    first_us: int = 0
    last_us: int = 0
    active_us: int = 0
    idle_us: int = 0
    lost_us: int = 0

    def read(self, event: MappedEvent) -> None:
        timestamp = event.event.timestamp
        if self.origin is None:
            self.origin = self.last_activity = timestamp
        told_us = (timestamp - self.origin) // _MICROSECOND
        self.first_us = min(self.first_us, told_us)
        self.last_us = max(self.last_us, told_us)
        at_us = self.clock.read(told_us)
        if is_activity(event):
            self.spend(self.timeline.activity(at_us))
            self.last_activity = timestamp
        else:
            self.timeline.presence(at_us, event.behaviours)
        self.steps.append(self.step(event))

    def spend(self, gap: Gap) -> None:
        """Books a gap on the tasks it lies in; silence ends them where it began."""
        if gap.silent and self.last_activity is not None:
            before_us = self.timeline.active_us - gap.active_us
            self.gos.end_all(Outcome.TIMED_OUT, self.last_activity, before_us)
        if self.gos.any_open:
            self.active_us += gap.active_us
            self.idle_us += gap.idle_us
            self.lost_us += gap.lost_us

    def step(self, event: MappedEvent) -> Step:
        active_us = self.timeline.active_us
        task = self.gos.task_of(event)
        go = self.gos.enter(event, task, active_us)
        if go is not None:
            go.count(event.behaviours)
            self.gos.leave(event, go, active_us)
        return Step(
            event.behaviours,
            task,
            None if go is None else go.index,
            event.skill,
            event.item,
            event.correct,
            event.opportunity,
            active_us,
        )

    def finish(self, *, session_closed: bool) -> bool:
        """Ends what the session's end ends; says whether the last bout was cut off."""
        runs_on = self.timeline.last_bout_runs_on
        self.spend(self.timeline.finish())
        cut_off = runs_on and (self.gos.any_open or not session_closed)
        if session_closed and self.last_activity is not None:
            self.gos.end_all(Outcome.ENDED, self.last_activity, self.timeline.active_us)
        return cut_off


def read_play(
    events: Iterable[MappedEvent], settings: FeatureSettings, *, session_closed: bool
) -> Play:
    """Reads one session's events, in canonical order; a repeated id counts once.

    Events that the mapping does not know are counted and otherwise ignored. Tasks still open at
    the end have ended only when the session is closed.
    """
    clock = Clock(tolerance_us=round(settings.idle_threshold_s * SECOND))
    reader = _Reader(settings, clock, Timeline(settings))
    once: dict[UUID, MappedEvent] = {}
    for event in events:
        once.setdefault(event.event.event_id, event)
    for event in without_openings(once.values(), settings.opening_s):
        if event.mapped:
            reader.read(event)
    cut_off = reader.finish(session_closed=session_closed)
    return Play(
        steps=tuple(reader.steps),
        tasks=tuple(reader.gos.instances(reader.timeline.active_us)),
        event_count=len(once),
        unmapped_count=len(once) - len(reader.steps),
        active_us=reader.timeline.active_us,
        wall_us=reader.last_us - reader.first_us,
        in_tasks=Gap(reader.active_us, reader.idle_us, reader.lost_us, silent=False),
        bouts_us=tuple(reader.timeline.bouts_us),
        last_bout_cut_off=cut_off,
    )
