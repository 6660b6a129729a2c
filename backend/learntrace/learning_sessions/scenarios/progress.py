"""How far a student is in a scenario. Pure.

`Met` is what was met in one phase: aim -> the words, phrases, objectives and criteria.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from learntrace.learning_sessions.scenarios.types import Aim, Phase

Met = Mapping[Aim, Collection[str]]

CRITERIA_WANTED: Final = 0.7
WANTED: Final = 0.6
WEIGHTS: Final[Mapping[Aim, float]] = {
    Aim.VOCABULARY: 0.3,
    Aim.PHRASES: 0.3,
    Aim.OBJECTIVES: 0.4,
}
_ROUNDING: Final = 1e-9
"""0.3 + 0.3 is less than 0.6 by as much, and seven of ten is not to fail by it either."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a whole scenario: `success_rate` 0..1, `completion_score` 0..100."""

    phases_completed: int
    total_phases: int
    vocabulary_mastered: int
    objectives_completed: int
    success_rate: float
    completion_score: float


def score(phase: Phase, met: Met) -> float:
    """How far the phase is, 0..1.

    With success criteria it is the share of them that were met; else the weighted shares of what
    the phase has of vocabulary, phrases and objectives, where what it has not weighs nothing.
    """
    aims = phase.aims()
    shares = {aim: _share(wanted, met.get(aim, ())) for aim, wanted in aims.items() if wanted}
    if Aim.SUCCESS_CRITERIA in shares:
        return shares[Aim.SUCCESS_CRITERIA]
    whole = sum(WEIGHTS[aim] for aim in shares)
    return min(1.0, sum(WEIGHTS[aim] * share for aim, share in shares.items()) / whole)


def is_completed(phase: Phase, met: Met) -> bool:
    """Whether enough was met: 0.7 of the success criteria, or without any a score of 0.6."""
    wanted = CRITERIA_WANTED if phase.success_criteria else WANTED
    return score(phase, met) >= wanted - _ROUNDING


def outcome(phases: Sequence[Phase], met: Mapping[str, Met]) -> Outcome:
    """What became of a scenario; `met` by the phases' keys.

    Mastered vocabulary and completed objectives are those met in any phase, each counted once.
    """
    done = [is_completed(phase, met.get(phase.key, {})) for phase in phases]
    scores = [score(phase, met.get(phase.key, {})) for phase in phases]
    return Outcome(
        phases_completed=sum(done),
        total_phases=len(phases),
        vocabulary_mastered=_count(phases, met, Aim.VOCABULARY),
        objectives_completed=_count(phases, met, Aim.OBJECTIVES),
        success_rate=sum(done) / len(phases),
        completion_score=round(100 * sum(scores) / len(phases), 1),
    )


def _share(wanted: Collection[str], met: Collection[str]) -> float:
    return len({*wanted} & {*met}) / len({*wanted})


def _count(phases: Sequence[Phase], met: Mapping[str, Met], aim: Aim) -> int:
    found = [
        one
        for phase in phases
        for one in phase.aims()[aim] & {*met.get(phase.key, {}).get(aim, ())}
    ]
    return len({*found})
