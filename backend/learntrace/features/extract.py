"""From one session's mapped events to its features. Pure: the same events, the same answer."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from learntrace.events.mapping import GameMapping
from learntrace.events.types import MappedEvent
from learntrace.features.behavioral import focus, pacing, social, tasks
from learntrace.features.behavioral.play import Play, read_play
from learntrace.features.catalogue import CATALOGUE
from learntrace.features.reference import Reference
from learntrace.features.types import FeatureSettings, Measure, Outcome, SessionFeatures

EXTRACTOR_VERSION: Final = 3
"""Raised with every change that can change a value, or which events are answers; stored sessions
are then assessed again."""

_OF_PLAY: Final[tuple[Callable[[Play], Measure], ...]] = (
    tasks.task_completion_rate,
    tasks.retry_rate,
    tasks.retry_count,
    tasks.recovery_rate,
    focus.distraction_resistance,
    focus.focus_duration_s,
    social.collaboration_rate,
    social.collaboration_indicators,
    social.leadership_rate,
    social.leadership_indicators,
    tasks.wheel_spinning,
    tasks.help_per_failure,
    pacing.active_time_s,
    pacing.wall_time_s,
    pacing.event_count,
    pacing.unmapped_count,
)
_AGAINST_REFERENCE: Final[tuple[Callable[[Play, Reference | None], Measure], ...]] = (
    pacing.time_efficiency,
    pacing.rapid_guess_rate,
)


def settings_of(mapping: GameMapping) -> FeatureSettings:
    """The settings that a game's mapping asks for."""
    return FeatureSettings(idle_threshold_s=mapping.idle_threshold_s, opening_s=mapping.opening_s)


def extract(
    events: Sequence[MappedEvent],
    reference: Reference | None,
    settings: FeatureSettings,
    *,
    session_closed: bool,
) -> SessionFeatures:
    """Every feature of the catalogue, and the task instances and times behind them.

    `events` is one session in canonical order (`map_events`); repeated ids count once. Linear in
    their number. Without `reference` the features that compare are null.
    """
    play = read_play(events, settings, session_closed=session_closed)
    measures = {feature.__name__: feature(play) for feature in _OF_PLAY}
    for comparing in _AGAINST_REFERENCE:
        measures[comparing.__name__] = comparing(play, reference)
    return SessionFeatures(
        extractor_version=EXTRACTOR_VERSION,
        reference_version=None if reference is None else reference.version,
        features={name: measures[name] for name in CATALOGUE},
        tasks=play.tasks,
        completions=pacing.completions(play),
        answers=pacing.answer_times(play),
        behaviour_counts=Counter(one for step in play.steps for one in step.behaviours),
        tasks_completed=sum(task.outcome is Outcome.COMPLETED for task in play.tasks),
        failures=tasks.failure_count(play),
    )
