"""Features about staying with it. docs/features.md says what each means."""

from statistics import median

from learntrace.features.behavioral.play import Play
from learntrace.features.behavioral.timeline import SECOND
from learntrace.features.types import Measure, Reason

MIN_TIME_S = 60


def distraction_resistance(play: Play) -> Measure:
    """Active share of the time inside open tasks, 0 to 1.

    The rest is time with lost focus and idle time above the threshold; pauses do not count.
    """
    spent = play.in_tasks
    whole_us = spent.active_us + spent.idle_us + spent.lost_us
    if whole_us < MIN_TIME_S * SECOND:
        return Measure(None, Reason.TOO_LITTLE_TIME, evidence=whole_us / SECOND)
    return Measure(spent.active_us / whole_us, evidence=whole_us / SECOND)


def focus_duration_s(play: Play) -> Measure:
    """Median length of the uninterrupted stretches of activity, seconds.

    A stretch holds at least two activities; a gap above the threshold, a pause or lost focus
    ends it. `cut_off` when the last one was still going on.
    """
    if not play.bouts_us:
        return Measure(None, Reason.TOO_FEW_EVENTS)
    return Measure(
        median(play.bouts_us) / SECOND,
        cut_off=play.last_bout_cut_off,
        evidence=len(play.bouts_us),
    )
