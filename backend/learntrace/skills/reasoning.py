"""Why an assessment says what it says: plain sentences, each with the evidence it rests on.

Deterministic: the same evidence, the same words. The checks of `reasoning_checks` hold for every
text; docs/skills.md#reasoning says what is told when.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Final

from learntrace.skills import reasoning_words as words
from learntrace.skills.evidence_map import MASTERY
from learntrace.skills.labels import missing_words
from learntrace.skills.types import Estimate, Label, Missing, Observation, Skill, Source

MAX_STRENGTHS: Final = 2
MAX_NEXT_STEPS: Final = 2
MIN_BEFORE: Final = 2
"""How often the same has to have been seen before it counts as usual for the student."""
CLEARLY_ABOVE: Final = 1.0
"""Trait SD above what is usual for the student."""
RECENT: Final = timedelta(days=90)
"""Before the newest evidence on the skill; what is older is no strength of today."""
FIRM_TOPIC: Final = 0.75
"""A topic whose mastery may be higher than this is none to work on next."""
MIN_ANSWERS: Final = 5


class Kind(StrEnum):
    """What a sentence is for, in the order in which they are told."""

    STRENGTH = "strength"
    NEXT_STEP = "next_step"
    TOPIC = "topic"
    CONFLICT = "conflict"
    MISSING = "missing"
    UNCERTAINTY = "uncertainty"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `cites` are evidence ids, sorted, and at least one where it has a number."""

    text: str
    cites: tuple[str, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Topic:
    """What is known of a student's mastery of one topic of a game: 0..1 with its 90 % interval.

    `name` is the mapping's display name.
    """

    evidence_id: str
    name: str
    value: float
    low: float
    high: float
    answers: int
    last_at: datetime


def explain(
    estimates: Sequence[Estimate],
    observations: Mapping[Skill, Sequence[Observation]],
    topics: Sequence[Topic] = (),
) -> tuple[Sentence, ...]:
    """Strengths, next steps, what is missing and how sure all this is.

    `observations` are those the estimates were made from, in any order; what did not count is
    not told. The last sentence always says how uncertain it is.
    """
    counted = {one.skill: _counted(one, observations.get(one.skill, ())) for one in estimates}
    known = sorted(
        (topic for topic in topics if topic.answers >= MIN_ANSWERS),
        key=lambda topic: (topic.value, topic.evidence_id),
    )
    if not known and not any(counted.values()):
        return (Sentence(words.NOTHING, (), Kind.UNCERTAINTY),)
    strengths = _strengths(estimates, counted)
    return (
        *(sentence for _, sentence in strengths),
        *_next_steps(estimates, counted, known, told={skill for skill, _ in strengths}),
        *_topics(known),
        *_conflicts(estimates, counted),
        *_missing(estimates, counted),
        _rests_on(counted, known),
        Sentence(words.UNCERTAIN, (), Kind.UNCERTAINTY),
    )


def _counted(estimate: Estimate, observations: Iterable[Observation]) -> list[Observation]:
    """Those that counted, oldest first."""
    ids = {evidence_id for evidence_id, _ in estimate.evidence}
    return sorted(
        (one for one in observations if one.evidence_id in ids),
        key=lambda one: (one.at, one.evidence_id),
    )


def _above_own_usual(observations: Sequence[Observation]) -> tuple[float, str, list[str]] | None:
    """The newest observation furthest above what was usual for the student in the same.

    How far, trait SD; what was seen and when; the ids of it and of those before. `None` where
    nothing is clearly above, or too little was seen before to know what is usual. Mastery is one
    standing value for each game, so there is nothing that it was before.
    """
    by_kind: dict[tuple[Source, str], list[Observation]] = defaultdict(list)
    for one in observations:
        by_kind[one.source, one.kind].append(one)
    found = []
    for same in by_kind.values():
        *before, newest = same
        sittings = {one.occasion for one in before}
        stale = newest.at < observations[-1].at - RECENT
        if newest.kind == MASTERY or len(sittings) < MIN_BEFORE or stale:
            continue
        above = newest.x - median(one.x for one in before)
        if above >= CLEARLY_ABOVE:
            found.append((above, newest, before))
    if not found:
        return None
    above, newest, before = max(found, key=lambda one: (one[0], one[1].evidence_id))
    told = f"on {_date(newest.at)} the pupil {newest.words}"
    return above, told, [one.evidence_id for one in (*before, newest)]


def _strengths(
    estimates: Sequence[Estimate], counted: Mapping[Skill, Sequence[Observation]]
) -> list[tuple[Skill, Sentence]]:
    found = []
    for estimate in _assessed(estimates):
        above = _above_own_usual(counted[estimate.skill])
        if above is not None and not estimate.conflict:
            found.append((estimate.skill, above))
    found.sort(key=lambda one: (-one[1][0], one[0]))
    return [
        (
            skill,
            Sentence(
                words.STRENGTH.format(doing=words.DOING[skill], seen=seen),
                tuple(sorted(cites)),
                Kind.STRENGTH,
            ),
        )
        for skill, (_, seen, cites) in found[:MAX_STRENGTHS]
    ]


def _next_steps(
    estimates: Sequence[Estimate],
    counted: Mapping[Skill, Sequence[Observation]],
    topics: Sequence[Topic],
    *,
    told: set[Skill],
) -> list[Sentence]:
    """At most one of a skill and one of a topic; a skill that is a strength comes last.

    Cites the weakest of what was last seen of each kind.
    """
    found = []
    assessed = [one for one in _assessed(estimates) if one.theta is not None]
    ordered = sorted(assessed, key=lambda one: (one.skill in told, one.theta or 0.0, one.skill))
    if ordered:
        skill = ordered[0].skill
        latest = {(one.source, one.kind): one for one in counted[skill]}
        weakest = min(latest.values(), key=lambda one: (one.x, one.evidence_id))
        text = words.NEXT_STEP.format(doing=words.DOING[skill], action=words.NEXT_STEPS[skill])
        found.append(Sentence(text, (weakest.evidence_id,), Kind.NEXT_STEP))
    unsure = [topic for topic in topics if topic.high < FIRM_TOPIC]
    if unsure:
        text = words.NEXT_TOPIC.format(name=unsure[0].name)
        found.append(Sentence(text, (unsure[0].evidence_id,), Kind.NEXT_STEP))
    if not found:
        seen = {one.evidence_id: one.source for known in counted.values() for one in known}
        cites = tuple(sorted(seen)) or (topics[0].evidence_id,)
        sources = set(seen.values())
        only = sources.pop() if len(sources) == 1 else Source.GAME_PLAY
        text = words.NEXT_MORE_OF.get(only, words.NEXT_SEE_MORE)
        found.append(Sentence(text, cites, Kind.NEXT_STEP))
    return found[:MAX_NEXT_STEPS]


def _topics(topics: Sequence[Topic]) -> list[Sentence]:
    """The topic known least and the one known most."""
    shown = [topics[0], topics[-1]] if len(topics) > 1 else topics
    return [
        Sentence(
            words.TOPIC.format(
                name=topic.name,
                value=round(100 * topic.value),
                low=round(100 * topic.low),
                high=round(100 * topic.high),
            ),
            (topic.evidence_id,),
            Kind.TOPIC,
        )
        for topic in shown
    ]


def _conflicts(
    estimates: Sequence[Estimate], counted: Mapping[Skill, Sequence[Observation]]
) -> list[Sentence]:
    return [
        Sentence(
            words.NOT_AGREED.format(
                doing=words.DOING[one.skill], sources=_sources(counted[one.skill])
            ),
            _ids(counted[one.skill]),
            Kind.CONFLICT,
        )
        for one in estimates
        if one.conflict and counted[one.skill]
    ]


def _missing(
    estimates: Sequence[Estimate], counted: Mapping[Skill, Sequence[Observation]]
) -> list[Sentence]:
    """Of skills on which something was seen, but too little: the first two things that help."""
    return [
        Sentence(
            words.NEEDED.format(doing=words.DOING[one.skill], missing=_listed(one.missing[:2])),
            _ids(counted[one.skill]),
            Kind.MISSING,
        )
        for one in estimates
        if one.label is Label.INSUFFICIENT and one.missing and counted[one.skill]
    ]


def _rests_on(counted: Mapping[Skill, Sequence[Observation]], topics: Sequence[Topic]) -> Sentence:
    seen = {one.evidence_id: one for found in counted.values() for one in found}
    dates = {topic.evidence_id: topic.last_at.date() for topic in topics}
    dates |= {evidence_id: one.at.date() for evidence_id, one in seen.items()}
    text = words.RESTS_ON.format(
        things=_count(len(dates), "thing", "things"),
        days=_count(len(set(dates.values())), "day", "days"),
        sources=_sources(seen.values()) if seen else words.SEEN_IN[Source.GAME_PLAY],
    )
    return Sentence(text, tuple(sorted(dates)), Kind.UNCERTAINTY)


def _assessed(estimates: Sequence[Estimate]) -> list[Estimate]:
    return [one for one in estimates if one.label is not Label.INSUFFICIENT]


def _ids(observations: Iterable[Observation]) -> tuple[str, ...]:
    return tuple(sorted({one.evidence_id for one in observations}))


def _sources(observations: Iterable[Observation]) -> str:
    found = {one.source for one in observations}
    return _joined([words.SEEN_IN[source] for source in Source if source in found])


def _listed(missing: Sequence[Missing]) -> str:
    return _joined([missing_words(one) for one in missing])


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _count(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _date(at: datetime) -> str:
    return f"{at.day} {words.MONTHS[at.month - 1]}"
