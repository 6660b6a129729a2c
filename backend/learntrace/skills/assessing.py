"""From all that is known of a student to an assessment. Reads and stores nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from learntrace.skills import evidence
from learntrace.skills.fusion import fuse
from learntrace.skills.grounds import Grounds
from learntrace.skills.knowledge import Learner, Mastery, mastery, replay
from learntrace.skills.labels import missing_words
from learntrace.skills.reasoning import Topic, explain
from learntrace.skills.types import Estimate, Observation, Skill, Source

_LINKED_BY: Final[Mapping[Source, str]] = {
    Source.TRANSCRIPTS: "transcription_session_id",
    Source.LEARNING_SESSIONS: "learning_session_id",
}


@dataclass(frozen=True, slots=True)
class Assessed:
    """`basis`: see `Grounds.basis`; `learners` by game; `body` as it is stored."""

    basis: str
    body: Mapping[str, Any]
    learners: Mapping[UUID, Learner]


@dataclass(frozen=True, slots=True)
class _Known:
    """What a student knows of one skill of a game, and where it was last answered.

    `is_listed`: the game's mapping names the skill.
    """

    game_id: UUID
    skill: str
    name: str
    is_listed: bool
    mastery: Mastery
    game_session_id: UUID

    @property
    def evidence_id(self) -> str:
        return f"{self.game_id}:skill:{self.skill}"


def assess(grounds: Grounds, *, now: datetime) -> Assessed:
    """The assessment at `now`; `now` moves what ages, never the basis."""
    learners = {
        one.game_id: replay(one.answers, grounds.games[one.game_id].table)
        for one in grounds.answers
    }
    observed = grounds.observe(learners)
    estimates = [_estimate(skill, observed.get(skill, ()), grounds, now) for skill in Skill]
    known = list(_known(grounds, learners, now))
    sentences = explain(estimates, observed, [_topic(one) for one in known])
    body = {
        "versions": grounds.versions(),
        "skills": [_skill(one) for one in estimates],
        "uses": {one.skill: _uses(one, observed.get(one.skill, ())) for one in estimates},
        "knowledge": [_knowledge(one) for one in known],
        "reasoning": [
            {"text": one.text, "cites": list(one.cites), "kind": one.kind} for one in sentences
        ],
        "evidence": [*_evidence(estimates, observed), *map(_knowledge_evidence, known)],
    }
    return Assessed(grounds.basis(observed), body, learners)


def without_grounds(now: datetime) -> list[dict[str, Any]]:
    """The skills of a student of whom nothing is known."""
    estimates = [fuse(skill, (), now=now) for skill in Skill]
    return [_skill(replace(one, missing=evidence.missing(one, None, None))) for one in estimates]


def _estimate(
    skill: Skill, observed: Sequence[Observation], grounds: Grounds, now: datetime
) -> Estimate:
    found = fuse(skill, observed, now=now, trust=grounds.weights.trust)
    last = grounds.last_played
    missing = evidence.missing(
        found,
        None if last is None else last.measures,
        None if last is None else grounds.games[last.game_id].population,
    )
    return replace(found, missing=missing)


def _known(grounds: Grounds, learners: Mapping[UUID, Learner], now: datetime) -> Iterator[_Known]:
    for given in grounds.answers:
        game = grounds.games[given.game_id]
        for skill, game_session_id in sorted(given.last_session_ids.items()):
            found = mastery(learners[given.game_id], game.table, skill, at=now)
            if found is not None:
                is_listed, name = skill in game.names, game.names.get(skill, skill)
                yield _Known(given.game_id, skill, name, is_listed, found, game_session_id)


def _topic(known: _Known) -> Topic:
    found = known.mastery
    return Topic(
        known.evidence_id,
        known.name,
        found.value,
        found.low,
        found.high,
        found.answers,
        found.last_at,
    )


def _skill(estimate: Estimate) -> dict[str, Any]:
    return {
        "skill": estimate.skill,
        "score": estimate.score,
        "low": estimate.low,
        "high": estimate.high,
        "label": estimate.label,
        "conflict": estimate.conflict,
        "prior_weight": estimate.prior_weight,
        "missing": [
            {"what": one.what, "count": one.count, "words": missing_words(one)}
            for one in estimate.missing
        ],
    }


def _uses(estimate: Estimate, observed: Sequence[Observation]) -> list[dict[str, Any]]:
    """Each observation that counted: what it speaks for, trait SD, and its share."""
    x = {one.evidence_id: one.x for one in observed}
    return [
        {"evidence_id": evidence_id, "weight": weight, "x": x[evidence_id]}
        for evidence_id, weight in estimate.evidence
    ]


def _knowledge(known: _Known) -> dict[str, Any]:
    found = known.mastery
    return {
        "game_id": str(known.game_id),
        "skill": known.skill,
        "name": known.name,
        "listed": known.is_listed,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "answers": found.answers,
        "last_at": found.last_at.isoformat(),
    }


def _evidence(
    estimates: Sequence[Estimate], observed: Mapping[Skill, Sequence[Observation]]
) -> list[dict[str, Any]]:
    """One line for each thing seen that counted, whichever skills it counted for; newest first."""
    skills: dict[str, list[Skill]] = {}
    for estimate in estimates:
        for evidence_id, _ in estimate.evidence:
            skills.setdefault(evidence_id, []).append(estimate.skill)
    seen = {one.evidence_id: one for found in observed.values() for one in found}
    lines = [_line(seen[evidence_id], of_skills) for evidence_id, of_skills in skills.items()]
    return sorted(lines, key=lambda one: (one["observed_at"], one["evidence_id"]), reverse=True)


def _line(seen: Observation, skills: Sequence[Skill]) -> dict[str, Any]:
    rated = seen.source is Source.TEACHER_RATINGS
    line = {
        "evidence_id": seen.evidence_id,
        "source": seen.source,
        "kind": seen.kind,
        "value": seen.value,
        "unit": seen.unit,
        "words": seen.words,
        "observed_at": seen.at.isoformat(),
        "game_session_id": seen.occasion if seen.source is Source.GAME_PLAY else None,
        "rating_id": seen.evidence_id.partition(":")[2] if rated else None,
        "skills": list(skills),
    }
    link = _LINKED_BY.get(seen.source)
    return line if link is None else line | {link: seen.occasion}


def _knowledge_evidence(known: _Known) -> dict[str, Any]:
    found = known.mastery
    answers = "1 answer" if found.answers == 1 else f"{found.answers} answers"
    return {
        "evidence_id": known.evidence_id,
        "source": Source.GAME_PLAY,
        "kind": "knowledge",
        "value": found.value,
        "unit": "share",
        "words": f"gave {answers} on {known.name}",
        "observed_at": found.last_at.isoformat(),
        "game_session_id": str(known.game_session_id),
        "rating_id": None,
        "skills": [known.skill],
    }
