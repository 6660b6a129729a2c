"""Features about working together and taking the lead. docs/features.md."""

from collections.abc import Iterable

from learntrace.events.types import Behaviour
from learntrace.features.behavioral.play import Play, Step
from learntrace.features.types import Measure, Reason

MIN_OPPORTUNITIES = 3

_TOGETHER = frozenset(
    {Behaviour.COLLABORATION_TAKEN, Behaviour.HELP_GIVEN, Behaviour.HELP_RECEIVED}
)
_LEADING = frozenset({Behaviour.LEADERSHIP_TAKEN})


def collaboration_rate(play: Play) -> Measure:
    """Share of distinct opportunities to work together that were taken, 0 to 1."""
    return _taken(play, Behaviour.COLLABORATION_OFFERED, Behaviour.COLLABORATION_TAKEN)


def leadership_rate(play: Play) -> Measure:
    """Share of distinct opportunities to take the lead that were taken, 0 to 1."""
    return _taken(play, Behaviour.LEADERSHIP_OFFERED, Behaviour.LEADERSHIP_TAKEN)


def collaboration_indicators(play: Play) -> Measure:
    """Number of times the pupil worked together, gave help or received it."""
    return _indicators(play, Behaviour.COLLABORATION_OFFERED, _TOGETHER)


def leadership_indicators(play: Play) -> Measure:
    """Number of times the pupil took the lead."""
    return _indicators(play, Behaviour.LEADERSHIP_OFFERED, _LEADING)


def _taken(play: Play, offered: Behaviour, taken: Behaviour) -> Measure:
    named, unnamed = _offers(play.steps, offered, taken)
    offers = len(named) + len(unnamed)
    if offers < MIN_OPPORTUNITIES:
        return Measure(None, Reason.NO_OPPORTUNITY, evidence=offers)
    return Measure((sum(named.values()) + sum(unnamed)) / offers, evidence=offers)


def _offers(
    steps: Iterable[Step], offered: Behaviour, taken: Behaviour
) -> tuple[dict[str, bool], list[bool]]:
    """Whether each offer was taken: by its id, and those without one, in order.

    Offering the same id again is no new opportunity. What is taken without an id was the oldest
    such offer still waiting; what was never offered answers nothing.
    """
    named: dict[str, bool] = {}
    unnamed: list[bool] = []
    answered = 0
    for step in steps:
        if offered in step.behaviours:
            if step.opportunity is None:
                unnamed.append(False)
            else:
                named.setdefault(step.opportunity, False)
        if taken in step.behaviours:
            if step.opportunity in named:
                named[step.opportunity] = True
            elif step.opportunity is None and answered < len(unnamed):
                unnamed[answered] = True
                answered += 1
    return named, unnamed


def _indicators(play: Play, offered: Behaviour, indicators: frozenset[Behaviour]) -> Measure:
    """The count; unknown in a game that shows neither offers nor indicators."""
    count = sum(not indicators.isdisjoint(step.behaviours) for step in play.steps)
    offers = sum(offered in step.behaviours for step in play.steps)
    if count == 0 and offers == 0:
        return Measure(None, Reason.NO_OPPORTUNITY)
    return Measure(count, evidence=offers)
