"""An assessment from play, worked out once more from the events that a reader can open.

What turns one session's events into features and answers is the backend's own code, tested by
itself; how values are compared, weighed and fused stands here again, as docs/skills.md has it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from statistics import NormalDist
from uuid import UUID

from learntrace.events.mapping import (
    WAVE_COMBINATOR,
    map_events,
    packaged_mapping,
    parse_mapping,
)
from learntrace.events.types import Event, MappedEvent
from learntrace.features.extract import extract, settings_of
from learntrace.features.reference import Times
from learntrace.features.types import SessionFeatures
from learntrace.skills.answers import answers_in
from learntrace.skills.evidence_map import LINKS, MASTERY
from learntrace.skills.items import of_shared_skills
from learntrace.skills.knowledge import Answer, ItemTable, fit, mastery, replay

MAPPING = parse_mapping(packaged_mapping(WAVE_COMBINATOR))
PHI, SIGMA, DRIFT_PER_DAY = 1.25 * 0.55, 1.25 * 0.9, 0.3 / 365
"""Of game play, widened."""
ENOUGH_STUDENTS = 20
MOST_UNUSUAL = 2.0
NORMAL = NormalDist()

Values = Mapping[str, Sequence[tuple[UUID, float]]]
"""By kind of evidence, whose each value is, and the value."""


@dataclass(frozen=True)
class Seen:
    """One piece of evidence of play, and what it speaks for: `x` by skill, trait SD."""

    kind: str
    value: float
    x: Mapping[str, float]


@dataclass(frozen=True)
class Used:
    """What an estimate makes of one piece; `weight` is the link's own."""

    x: float
    weight: float
    sitting: str
    observed_at: datetime


@dataclass(frozen=True)
class Fused:
    """An estimate by hand: each piece's share, in the order given, and the prior's."""

    shares: Sequence[float]
    prior: float
    score: float
    low: float
    high: float


@dataclass(frozen=True)
class Recomputed:
    """What all students' events say: features by session, answers by student, the item table."""

    features: Mapping[UUID, SessionFeatures]
    answers: Mapping[UUID, Sequence[Answer]]
    table: ItemTable
    values: Values

    def seen(self, game_id: UUID, student_id: UUID, sessions: Sequence[UUID]) -> dict[str, Seen]:
        """The evidence that there has to be of one student, by its id."""
        found = {}
        for kind in {link.feature for link in LINKS}:
            for whose in [game_id] if kind == MASTERY else sessions:
                value = (
                    _mastery(self.answers[student_id], self.table)
                    if kind == MASTERY
                    else _value(self.features[whose], kind)
                )
                x = {} if value is None else self._x(kind, value)
                if x and value is not None:
                    found[f"{whose}:{kind}"] = Seen(kind, value, x)
        return found

    def _x(self, kind: str, value: float) -> dict[str, float]:
        """What a value speaks for, beside everybody's; empty where that cannot be told."""
        all_values = sorted(one for _, one in self.values[kind])
        students = {student_id for student_id, _ in self.values[kind]}
        if len(students) < ENOUGH_STUDENTS or all_values[0] == all_values[-1]:
            return {}
        below = sum(one < value for one in all_values)
        up_to = sum(one <= value for one in all_values)
        rank = (below + up_to) / 2 / len(all_values)
        z = max(-MOST_UNUSUAL, min(MOST_UNUSUAL, NORMAL.inv_cdf(min(max(rank, 1e-9), 1 - 1e-9))))
        return {
            link.skill: link.direction * z * sqrt(1 + PHI**2 + SIGMA**2 / link.weight)
            for link in LINKS
            if link.feature == kind and link.weight > 0
        }


def recompute(students: Mapping[UUID, Mapping[UUID, Sequence[Event]]]) -> Recomputed:
    """`students`: the events of each student by session."""
    mapped: dict[UUID, tuple[MappedEvent, ...]] = {
        game_session_id: map_events(MAPPING, events)
        for sessions in students.values()
        for game_session_id, events in sessions.items()
    }
    settings = settings_of(MAPPING)
    times = Times()
    for events in mapped.values():
        first = extract(events, None, settings, session_closed=True)
        times.add(first.completions, first.answers)
    reference = times.reference(1)
    features = {
        game_session_id: extract(events, reference, settings, session_closed=True)
        for game_session_id, events in mapped.items()
    }
    answers = {
        student_id: _answers_of({one: mapped[one] for one in sessions})
        for student_id, sessions in students.items()
    }
    learners = [given for _, given in sorted(answers.items()) if given]
    table = fit(of_shared_skills(learners), version=1)

    values: dict[str, list[tuple[UUID, float]]] = defaultdict(list)
    for student_id, sessions in students.items():
        known = _mastery(answers[student_id], table)
        if known is not None:
            values[MASTERY].append((student_id, known))
        for game_session_id in sessions:
            for kind in {link.feature for link in LINKS} - {MASTERY}:
                value = _value(features[game_session_id], kind)
                if value is not None:
                    values[kind].append((student_id, value))
    return Recomputed(features, answers, table, values)


def fuse_by_hand(
    used: Sequence[Used], *, at: datetime, phi: float = PHI, sigma: float = SIGMA
) -> Fused:
    """Of one source alone, of play unless said, at least one piece; sittings share one's weight."""
    in_sitting: dict[str, float] = defaultdict(float)
    for one in used:
        in_sitting[one.sitting] += one.weight
    weights = [
        one.weight
        / max(1.0, in_sitting[one.sitting])
        / (sigma**2 + DRIFT_PER_DAY * max(0.0, (at - one.observed_at).total_seconds()) / 86_400)
        for one in used
    ]
    precision = 1 / (phi**2 + 1 / sum(weights))
    variance = 1 / (1 + precision)
    shares = [variance * precision * weight / sum(weights) for weight in weights]
    theta = sum(share * one.x for share, one in zip(shares, used, strict=True))
    half = 1.645 * sqrt(variance)
    score, low, high = (NORMAL.cdf(one) for one in (theta, theta - half, theta + half))
    return Fused(shares, variance, score, low, high)


def _value(features: SessionFeatures, kind: str) -> float | None:
    value = features.features[kind].value
    return None if value is None else float(value)


def _mastery(answers: Sequence[Answer], table: ItemTable) -> float | None:
    """The mean over the topics answered in, each as of its last answer."""
    learner = replay(answers, table)
    last_at = {answer.skill: answer.at for answer in answers}
    known = [mastery(learner, table, skill, at=at) for skill, at in last_at.items()]
    values = [one.value for one in known if one is not None]
    return sum(values) / len(values) if values else None


def _answers_of(sessions: Mapping[UUID, Sequence[MappedEvent]]) -> list[Answer]:
    """One student's answers in the order in which they were given."""
    found = [(answers_in(events, MAPPING), one) for one, events in sessions.items()]
    in_order = sorted(
        (given for given in found if given[0]),
        key=lambda given: (min(one.at for one in given[0]), given[1]),
    )
    return sorted((one for given, _ in in_order for one in given), key=lambda one: one.at)
