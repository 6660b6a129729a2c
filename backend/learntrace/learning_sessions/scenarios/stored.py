"""What stands in the JSON columns of scenarios. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from learntrace.learning_sessions.scenarios.types import Aim, Phase, Word


def phases_of(stored: Sequence[Mapping[str, Any]]) -> list[Phase]:
    """The phases of a scenario, in order."""
    return [
        Phase(
            key=one["key"],
            title=one["title"],
            vocabulary=[Word(word["term"], word["meaning"]) for word in one["vocabulary"]],
            phrases=one["phrases"],
            objectives=one["objectives"],
            success_criteria=one["success_criteria"],
        )
        for one in stored
    ]


def met_in(stored: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, dict[Aim, list[str]]]:
    """What was met: phase -> aim -> what."""
    return {
        phase: {Aim(aim): list(found) for aim, found in by_aim.items()}
        for phase, by_aim in stored.items()
    }


def met_more(
    stored: Mapping[str, Mapping[str, Sequence[str]]],
    phase: str,
    more: Mapping[Aim, Sequence[str]],
) -> dict[str, Any]:
    """A new mapping in which this is met as well; each thing stands in it once, in order."""
    known = stored.get(phase, {})
    added = {
        aim.value: sorted({*known.get(aim, ()), *found}) for aim, found in more.items() if found
    }
    return {**stored, phase: {**known, **added}}


def met_less(
    stored: Mapping[str, Mapping[str, Sequence[str]]],
    phase: str,
    unmet: Mapping[Aim, Sequence[str]],
) -> dict[str, Any]:
    """A new mapping in which this is not met."""
    known = stored.get(phase, {})
    left = {aim: [one for one in met if one not in unmet[Aim(aim)]] for aim, met in known.items()}
    return {**stored, phase: left}
