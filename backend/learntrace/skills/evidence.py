"""From play, talk, lessons, knowledge and ratings to observations of skills."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from learntrace.features.behavioral import social, tasks
from learntrace.features.catalogue import CATALOGUE
from learntrace.features.linguistic.catalogue import TALK_CATALOGUE
from learntrace.features.types import Measure, Value
from learntrace.skills.evidence_map import (
    LINKS,
    MASTERY,
    TIMED,
    WHEEL_SPINNING_WORDS,
    WORDS,
    Link,
)
from learntrace.skills.fusion import MODEL
from learntrace.skills.lessons import LESSON_LINKS, LESSON_WORDS, TYPE_WEIGHTS
from learntrace.skills.population import Population
from learntrace.skills.rubric import LEVELS, RUBRIC, SCORE_OF_LEVEL
from learntrace.skills.talk_map import TALK_LINKS, TALK_WORDS
from learntrace.skills.types import Estimate, Label, Lack, Missing, Observation, Skill, Source

Observations = Mapping[Skill, Sequence[Observation]]
SchoolWeights = Mapping[tuple[str, Skill], float]

DEFAULT_WEIGHTS: Final[SchoolWeights] = {(link.feature, link.skill): link.weight for link in LINKS}

_WANTED: Final = {
    "task_completion_rate": (Lack.CLOSED_TASKS, tasks.MIN_CLOSED_TASKS),
    "retry_rate": (Lack.FAILURES, tasks.MIN_FAILURES),
    "recovery_rate": (Lack.FAILED_TASKS, tasks.MIN_FAILURES),
    "wheel_spinning": (Lack.OPPORTUNITIES, tasks.MIN_OPPORTUNITIES),
    "collaboration_rate": (Lack.COLLABORATION_CHANCES, social.MIN_OPPORTUNITIES),
    "leadership_rate": (Lack.LEADERSHIP_CHANCES, social.MIN_OPPORTUNITIES),
}
"""What each feature has to have seen in one session before it has a value."""

SKILLS_SEEN_IN_PLAY: Final = frozenset(link.skill for link in LINKS if link.weight > 0)


def observations_of_play(
    measures: Mapping[str, Measure],
    population: Population,
    *,
    game_session_id: str,
    at: datetime,
    extra_time: bool = False,
    weights: SchoolWeights = DEFAULT_WEIGHTS,
) -> dict[Skill, list[Observation]]:
    """What one game session says on each skill; a skill it says nothing on is left out.

    `measures`: the session's features by name; `population`: of the same game and school; `at`:
    the session's end. `weights`, 0..1 by feature and skill, replaces the default where it has an
    entry. `extra_time`: the student has extra time or assistive tools, which removes what depends
    on time. Nothing where a feature has no value or the population is too small for it.
    """
    return _observations(
        [
            (link, weights.get((link.feature, link.skill), link.weight))
            for link in LINKS
            if not (extra_time and link.feature in TIMED)
        ],
        _values(measures),
        population,
        source=Source.GAME_PLAY,
        about=game_session_id,
        occasion=game_session_id,
        at=at,
    )


def observations_of_mastery(
    value: float,
    population: Population,
    *,
    game_id: str,
    game_session_id: str,
    at: datetime,
    weights: SchoolWeights = DEFAULT_WEIGHTS,
) -> dict[Skill, list[Observation]]:
    """What a student's knowledge in a game says on skills.

    `value`: the mean over the game's topics that the student has answered in, 0..1; `population`:
    of the same game, with the same mean of each student under `mastery`. It shares the occasion of
    the last session with answers in it, so it adds no sitting of its own.
    """
    return _observations(
        [(link, weights.get((link.feature, link.skill), link.weight)) for link in LINKS],
        {MASTERY: value},
        population,
        source=Source.GAME_PLAY,
        about=game_id,
        occasion=game_session_id,
        at=at,
    )


def observations_of_talk(
    measures: Mapping[str, Measure],
    population: Population,
    *,
    transcription_session_id: str,
    at: datetime,
    confidence: float | None,
) -> dict[Skill, list[Observation]]:
    """What one checked transcript says on each skill; a skill it says nothing on is left out.

    `measures`: the features of talk by name; `population`: of talk in the same language in the
    same school. `confidence`, 0..1, is how surely the student's words were heard: an observation
    weighs so much less; `None`, where nobody says, takes nothing away.
    """
    heard = 1.0 if confidence is None else confidence
    return _observations(
        [(link, link.weight * heard) for link in TALK_LINKS],
        _values(measures),
        population,
        source=Source.TRANSCRIPTS,
        about=transcription_session_id,
        occasion=transcription_session_id,
        at=at,
    )


def observations_of_lesson(
    measures: Mapping[str, float],
    population: Population,
    *,
    learning_session_id: str,
    session_type: str,
    at: datetime,
) -> dict[Skill, list[Observation]]:
    """What one completed learning session says on each skill; what it says nothing on is left out.

    `measures`: see `lessons.measures_of`; `population`: of sessions of the same type in the same
    school. Nothing of a type that weighs nothing.
    """
    return _observations(
        [(link, link.weight * TYPE_WEIGHTS[session_type]) for link in LESSON_LINKS],
        measures,
        population,
        source=Source.LEARNING_SESSIONS,
        about=learning_session_id,
        occasion=learning_session_id,
        at=at,
    )


def observation_of_rating(
    level: int, *, skill: Skill, rating_id: str, rater_id: str, at: datetime
) -> Observation:
    """A teacher's rating, level 1..4 of the rubric. One teacher's day is one occasion."""
    return Observation(
        evidence_id=f"rating:{rating_id}",
        source=Source.TEACHER_RATINGS,
        x=SCORE_OF_LEVEL[level] * MODEL.spread(Source.TEACHER_RATINGS),
        at=at,
        occasion=f"{rater_id}:{at.date().isoformat()}",
        kind="rating",
        value=level,
        unit=f"level of {len(LEVELS)}",
        words=f"as a teacher saw it: {RUBRIC[skill].levels[level - 1]}",
    )


def missing(
    estimate: Estimate, last_session: Mapping[str, Measure] | None, population: Population | None
) -> tuple[Missing, ...]:
    """What an insufficient estimate lacks, the most helpful first; else nothing.

    Says what the student's `last_session` was short of, then how many players are too few to
    compare with, then what the estimate itself counts. A skill that play cannot show lacks ratings.
    """
    if estimate.label is not Label.INSUFFICIENT:
        return ()
    if estimate.skill not in SKILLS_SEEN_IN_PLAY:
        return tuple(_by_rating(one) for one in estimate.missing if one.what is not Lack.OCCASIONS)
    links = [link for link in LINKS if link.skill is estimate.skill and link.weight > 0]
    found = [] if last_session is None else _short_of(links, last_session)
    if population is not None:
        valued = [one.feature for one in links if _has_value(last_session, one.feature)]
        wanted = max((population.students_wanted(feature) for feature in valued), default=0)
        found += [Missing(Lack.PLAYERS, wanted)] if wanted else []
    return (*found, *estimate.missing)


def _short_of(links: Sequence[Link], measures: Mapping[str, Measure]) -> list[Missing]:
    found = []
    for link in links:
        measure = measures.get(link.feature)
        if measure is None or measure.value is not None or link.feature not in _WANTED:
            continue
        what, least = _WANTED[link.feature]
        if measure.evidence > 0:
            found.append(Missing(what, max(1, least - int(measure.evidence))))
    return found


def _has_value(measures: Mapping[str, Measure] | None, feature: str) -> bool:
    measure = None if measures is None else measures.get(feature)
    return measure is not None and measure.value is not None


def _by_rating(one: Missing) -> Missing:
    return Missing(Lack.RATINGS, one.count) if one.what is not Lack.DAYS else one


def _values(measures: Mapping[str, Measure]) -> dict[str, Value]:
    return {name: one.value for name, one in measures.items() if one.value is not None}


def _observations(
    weighed: Iterable[tuple[Link, float]],
    values: Mapping[str, Value],
    population: Population,
    *,
    source: Source,
    about: str,
    occasion: str,
    at: datetime,
) -> dict[Skill, list[Observation]]:
    """One for each link that weighs something, has a value and can be compared."""
    found: dict[Skill, list[Observation]] = defaultdict(list)
    for link, weight in weighed:
        value = values.get(link.feature)
        if weight <= 0 or value is None:
            continue
        score = population.normal_score(link.feature, float(value))
        if score is None:
            continue
        unit = _unit(link.feature)
        found[link.skill].append(
            Observation(
                evidence_id=f"{about}:{link.feature}",
                source=source,
                x=link.direction * score * MODEL.spread(source, weight),
                at=at,
                occasion=occasion,
                weight=weight,
                kind=link.feature,
                value=value,
                unit=unit,
                words=_words(link.feature, value, unit),
            )
        )
    return dict(found)


def _unit(feature: str) -> str:
    if feature == MASTERY or feature in LESSON_WORDS:
        return "share"
    return (CATALOGUE.get(feature) or TALK_CATALOGUE[feature]).unit


def _words(feature: str, value: Value, unit: str) -> str:
    if isinstance(value, bool):
        return WHEEL_SPINNING_WORDS[value]
    shown = {"share": f"{round(100 * value)} %", "s": f"{round(value)} s"}
    clause = (WORDS | TALK_WORDS | LESSON_WORDS)[feature]
    return clause.format(shown.get(unit, f"{round(value)} {unit}"))
