"""All that an assessment rests on, and the observations in it."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from learntrace.features.types import Measure
from learntrace.skills import evidence
from learntrace.skills.answers import GameAnswers
from learntrace.skills.evidence_map import EVIDENCE_VERSION, LINKS
from learntrace.skills.fusion import FUSION_VERSION
from learntrace.skills.knowledge import ItemTable, Learner
from learntrace.skills.population import Population
from learntrace.skills.ratings import StoredRating
from learntrace.skills.states import mean_mastery
from learntrace.skills.types import Observation, Skill
from learntrace.skills.weights import Weights

ASSESSMENT_VERSION: Final = 3
"""Raised with every change outside fusion and evidence that can change an assessment."""

ESTIMATOR: Final = f"{FUSION_VERSION}.{ASSESSMENT_VERSION}"
MODEL: Final = f"{ESTIMATOR}.{EVIDENCE_VERSION}"
"""What assesses now; whoever was last assessed by another is assessed anew."""

NOON: Final = time(12, tzinfo=UTC)
_LINKED: Final = sorted({link.feature for link in LINKS})


@dataclass(frozen=True, slots=True)
class Played:
    """One assessed game session; `at` is its end."""

    game_session_id: UUID
    game_id: UUID
    at: datetime
    measures: Mapping[str, Measure]


@dataclass(frozen=True, slots=True)
class Talked:
    """One checked transcript; `at` is when its recording was made known, `versions` those of its
    features. `confidence`: how surely the student's words were heard, `None` where nobody says.
    """

    transcription_session_id: UUID
    language: str
    at: datetime
    versions: str
    measures: Mapping[str, Measure]
    confidence: float | None
    population: Population


@dataclass(frozen=True, slots=True)
class Learned:
    """One completed learning session; `at` is its end, `measures` are `lessons.measures_of` it."""

    learning_session_id: UUID
    session_type: str
    at: datetime
    measures: Mapping[str, float]
    population: Population


@dataclass(frozen=True, slots=True)
class Game:
    """What one tenant's game is read with; `names` are its skills' for people."""

    mapping_version: int
    names: Mapping[str, str]
    population: Population
    table: ItemTable


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is known of a student. `played` stands newest first; `games` holds every game."""

    extra_time: bool
    played: Sequence[Played]
    answers: Sequence[GameAnswers]
    ratings: Sequence[StoredRating]
    games: Mapping[UUID, Game]
    weights: Weights
    talked: Sequence[Talked] = ()
    learned: Sequence[Learned] = ()

    @property
    def last_played(self) -> Played | None:
        return self.played[0] if self.played else None

    def versions(self) -> dict[str, Any]:
        """What this is assessed with; those of games by the game's id, of talk by its language,
        of lessons by their type.
        """
        games = sorted(self.games.items())
        talk = {
            one.language: {"features": one.versions, "population": one.population.version}
            for one in self.talked
        }
        lessons = {one.session_type: one.population.version for one in self.learned}
        told = ({"talk": talk} if talk else {}) | ({"lessons": lessons} if lessons else {})
        return told | {
            "model": ESTIMATOR,
            "evidence": EVIDENCE_VERSION,
            "weights": self.weights.version,
            "mapping": {str(key): game.mapping_version for key, game in games},
            "population": {str(key): game.population.version for key, game in games},
            "item_table": {str(key): game.table.version for key, game in games},
        }

    def observe(self, learners: Mapping[UUID, Learner]) -> dict[Skill, list[Observation]]:
        """Every observation by skill; `learners` are the student's states by game."""
        observed: dict[Skill, list[Observation]] = defaultdict(list)
        found: list[Mapping[Skill, Sequence[Observation]]] = [
            evidence.observations_of_play(
                one.measures,
                self.games[one.game_id].population,
                game_session_id=str(one.game_session_id),
                at=one.at,
                extra_time=self.extra_time,
            )
            for one in self.played
        ]
        found += [
            evidence.observations_of_talk(
                one.measures,
                one.population,
                transcription_session_id=str(one.transcription_session_id),
                at=one.at,
                confidence=one.confidence,
            )
            for one in self.talked
        ]
        found += [
            evidence.observations_of_lesson(
                one.measures,
                one.population,
                learning_session_id=str(one.learning_session_id),
                session_type=one.session_type,
                at=one.at,
            )
            for one in self.learned
        ]
        found += [self._of_mastery(one, learners[one.game_id]) for one in self.answers]
        found += [{one.skill: [_of_rating(one)]} for one in self.ratings]
        for by_skill in found:
            for skill, observations in by_skill.items():
                observed[skill].extend(observations)
        return dict(observed)

    def _of_mastery(
        self, given: GameAnswers, learner: Learner
    ) -> Mapping[Skill, Sequence[Observation]]:
        game = self.games[given.game_id]
        value = mean_mastery(learner, game.table)
        if value is None:
            return {}
        last = given.answers[-1]
        return evidence.observations_of_mastery(
            value,
            game.population,
            game_id=str(given.game_id),
            game_session_id=str(given.last_session_ids[last.skill]),
            at=last.at,
        )

    def basis(self, observed: Mapping[Skill, Sequence[Observation]]) -> str:
        """A digest of all this as far as an assessment can depend on it; not of the time."""
        last = self.last_played
        known = {
            "versions": self.versions(),
            "observed": {
                skill: sorted([one.evidence_id, one.x, one.weight, one.words] for one in found)
                for skill, found in observed.items()
            },
            "answers": sorted([str(one.game_id), one.digest] for one in self.answers),
            "last": last and [[one, _plain(last.measures.get(one))] for one in _LINKED],
        }
        return sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def _of_rating(rating: StoredRating) -> Observation:
    return evidence.observation_of_rating(
        rating.level,
        skill=rating.skill,
        rating_id=str(rating.id),
        rater_id=str(rating.rater_id),
        at=datetime.combine(rating.observed_on, NOON),
    )


def _plain(measure: Measure | None) -> list[Any] | None:
    return None if measure is None else [measure.value, measure.evidence]
