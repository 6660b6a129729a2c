"""Which events only tell the state in which a task opens. The one definition of it. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from learntrace.events.types import Behaviour, MappedEvent

_OUTCOMES = frozenset({Behaviour.ATTEMPT, Behaviour.FAILURE, Behaviour.SUCCESS})


def without_openings(events: Iterable[MappedEvent], opening_s: float) -> Iterator[MappedEvent]:
    """The events in the same order, those of an opening without outcome and judgement.

    An attempt, failure or success less than `opening_s` after a start of its task, by the
    client's clock, is the game's announcement of how the task opens and no try. An event that
    names no task belongs to the one started last.
    """
    opening = timedelta(seconds=opening_s)
    started: dict[str | None, datetime] = {}
    last_started: str | None = None
    for one in events:
        at = one.event.timestamp
        if Behaviour.TASK_START in one.behaviours:
            last_started = one.task
            started[one.task] = at
        start = started.get(one.task or last_started)
        is_early = start is not None and timedelta(0) <= at - start < opening
        if is_early and not _OUTCOMES.isdisjoint(one.behaviours):
            told = tuple(behaviour for behaviour in one.behaviours if behaviour not in _OUTCOMES)
            yield replace(one, behaviours=told, correct=None)
        else:
            yield one
