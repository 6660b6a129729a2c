"""Where a session's time went: active, idle, away. The one definition all features share.

Times are whole microseconds of the client's clock, so that sums are exact. Of a gap between two
activities, what lies between a pause or a loss of focus and the return is *away*; of the rest, up
to the threshold is *active* and what exceeds it *idle*.
"""

from collections.abc import Sequence
from typing import NamedTuple

from learntrace.events.types import Behaviour, MappedEvent
from learntrace.features.types import FeatureSettings

SECOND = 1_000_000
"""In microseconds."""

_PRESENCE = frozenset(
    {
        Behaviour.HEARTBEAT,
        Behaviour.PAUSE,
        Behaviour.RESUME,
        Behaviour.FOCUS_LOST,
        Behaviour.FOCUS_GAINED,
    }
)


def is_activity(event: MappedEvent) -> bool:
    """Whether the pupil did something: all but heartbeats, pauses and changes of focus."""
    return not event.behaviours or not _PRESENCE.issuperset(event.behaviours)


class Clock:
    """The client's clock made to run forwards only, for events in the order of their sequence.

    A step back counts 0, and so does catching up with where the clock had been. A step back by
    more than `tolerance_us` is a clock that was set anew: it goes on from there.
    """

    def __init__(self, tolerance_us: int) -> None:
        self._tolerance_us = tolerance_us
        self._furthest_us = 0
        self._passed_us = 0

    def read(self, at_us: int) -> int:
        """Microseconds passed up to this event; the first event reads 0."""
        ahead_us = at_us - self._furthest_us
        if ahead_us >= 0:
            self._passed_us += ahead_us
            self._furthest_us = at_us
        elif ahead_us < -self._tolerance_us:
            self._furthest_us = at_us
        return self._passed_us


class Gap(NamedTuple):
    """The time from one activity to the next, microseconds; `silent` where nobody was there."""

    active_us: int
    idle_us: int
    lost_us: int
    silent: bool


_NO_GAP = Gap(0, 0, 0, silent=False)


class Timeline:
    """Reads a session's known events in canonical order; `at_us` is a `Clock`'s reading.

    `bouts_us` holds the lengths of the uninterrupted stretches of at least two activities.
    """

    def __init__(self, settings: FeatureSettings) -> None:
        self._threshold_us = round(settings.idle_threshold_s * SECOND)
        self._silence_us = round(settings.silence_s * SECOND)
        self.active_us = 0
        self.bouts_us: list[int] = []
        self._last_us: int | None = None
        self._seen_us = 0
        self._is_lost = self._is_paused = self._paused_first = False
        self._lost_us = self._paused_us = 0
        self._interrupted = False
        self._bout_us = 0
        self._bout_events = 0

    def presence(self, at_us: int, behaviours: Sequence[Behaviour]) -> None:
        """A heartbeat, a pause or a change of focus."""
        self._account(at_us)
        if Behaviour.PAUSE in behaviours:
            self._paused_first = self._paused_first or not self._is_lost
            self._is_paused = self._interrupted = True
        if Behaviour.FOCUS_LOST in behaviours:
            self._is_lost = self._interrupted = True
        if Behaviour.RESUME in behaviours:
            self._is_paused = self._paused_first = False
        if Behaviour.FOCUS_GAINED in behaviours:
            self._is_lost = False

    def activity(self, at_us: int) -> Gap:
        """Something done; returns the gap before it. Whoever acts is back, told so or not."""
        self._account(at_us)
        gap = self._gap(at_us)
        if self._interrupted or gap.idle_us:
            self._end_bout()
        else:
            self._bout_us += gap.active_us
        self._bout_events += 1
        self.active_us += gap.active_us
        self._last_us = at_us
        self._is_lost = self._is_paused = self._paused_first = self._interrupted = False
        self._lost_us = self._paused_us = 0
        return gap

    def finish(self) -> Gap:
        """What is known of the time after the last activity: away at most, never active."""
        self._end_bout()
        if self._last_us is None:
            return _NO_GAP
        silent = self._seen_us - self._last_us >= self._silence_us
        return Gap(0, 0, self._lost_us, silent)

    @property
    def last_bout_runs_on(self) -> bool:
        """Whether nothing ended the last stretch but the end of what was seen."""
        return self._bout_events > 1 and not self._interrupted

    def _account(self, at_us: int) -> None:
        """Books the time since the last event, if it was spent away.

        A pause within lost focus is lost time; lost focus within a pause is a pause.
        """
        passed_us = at_us - self._seen_us
        if self._is_lost and not self._paused_first:
            self._lost_us += passed_us
        elif self._is_paused:
            self._paused_us += passed_us
        self._seen_us = at_us

    def _gap(self, at_us: int) -> Gap:
        if self._last_us is None:
            return _NO_GAP
        whole_us = at_us - self._last_us
        present_us = whole_us - self._lost_us - self._paused_us
        active_us = min(present_us, self._threshold_us)
        return Gap(
            active_us,
            present_us - active_us,
            self._lost_us,
            silent=whole_us >= self._silence_us,
        )

    def _end_bout(self) -> None:
        if self._bout_events > 1:
            self.bouts_us.append(self._bout_us)
        self._bout_us = self._bout_events = 0
