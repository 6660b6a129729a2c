"""Every number of an assessment from talk, counted again in what was said.

Made-up pupils who take more part in talk the better they share ideas; their transcripts are stored
and checked, assessed as the worker does it, read over the API, and worked out once more from the
words alone, as docs/talk.md and docs/skills.md have it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from random import Random
from statistics import NormalDist, correlation
from uuid import UUID, uuid4

import httpx
import pytest

from learntrace.assessment import populations
from learntrace.transcription_sessions.heard import Heard
from learntrace.transcription_sessions.states import Role

from .recomputing import Used, fuse_by_hand
from .skills.lessons import infer_all
from .transcription_sessions.given import add_talk
from .world import World, add_signed_in, add_student, bearer, now

PUPILS, TALKS = 24, 7
PHI, SIGMA = 1.25 * 0.8, 1.25 * 1.1
"""Of transcripts, widened."""
WEIGHT = 0.25
SKILLS = {
    "talk_ratio": ["communication"],
    "mean_turn_words": ["communication"],
    "question_rate": ["communication", "collaboration"],
}
NORMAL = NormalDist()


@dataclass(frozen=True)
class Said:
    """A made-up talk: words of each of the pupil's turns, words of the others, questions."""

    turns: Sequence[int]
    others: int
    questions: int

    @property
    def values(self) -> Mapping[str, float]:
        words = sum(self.turns)
        return {
            "talk_ratio": words / (words + self.others),
            "mean_turn_words": words / len(self.turns),
            "question_rate": self.questions / len(self.turns),
        }

    @property
    def heard(self) -> list[Heard]:
        """Each turn is one sentence, the first ones questions; the teacher speaks in between."""
        told, at_s = [], 0.0
        shares = [self.others // len(self.turns)] * len(self.turns)
        shares[0] += self.others % len(self.turns)
        for number, (words, others) in enumerate(zip(self.turns, shares, strict=True)):
            mark = "?" if number < self.questions else "."
            text = " ".join(f"word{number}" for number in range(words)) + mark
            told.append(Heard(at_s, at_s + words, text, role=Role.STUDENT))
            told.append(Heard(at_s + words, at_s + words + 1, "yes " * others, role=Role.TEACHER))
            at_s += words + 1
        return told


def made_up(chance: Random, skill: float) -> Said:
    share = skill + chance.gauss(0, 0.7)
    turns = [max(7, round(12 + 3 * share + chance.gauss(0, 2))) for _ in range(8)]
    others = max(8, round(150 - 25 * share + chance.gauss(0, 20)))
    asked = max(0, min(8, round(2 + share + chance.gauss(0, 1))))
    return Said(turns, others, asked)


@pytest.fixture
async def talks(world: World) -> dict[UUID, dict[UUID, Said]]:
    """By pupil, the least able to share ideas first, and by recording."""
    chance = Random(7)
    told: dict[UUID, dict[UUID, Said]] = {}
    async with world.database.transaction() as db:
        teacher, _ = await add_signed_in(db, "teacher", "teacher", world.school_id)
        for number in range(PUPILS):
            pupil, skill = uuid4(), NORMAL.inv_cdf((number + 0.5) / PUPILS)
            await add_student(db, world.school_id, pupil, f"Pupil {number}", f"TALKER{number}")
            told[pupil] = {}
            for week in range(TALKS):
                said, at = made_up(chance, skill), now() - timedelta(weeks=week)
                made = await add_talk(db, world.school_id, teacher, pupil, said.heard, at=at)
                told[pupil][made] = said
    await infer_all(world.database)
    assert await populations.refit(world.database) == 1
    await infer_all(world.database)
    return told


async def test_every_number_is_counted_again_in_what_was_said(
    api: httpx.AsyncClient, world: World, talks: dict[UUID, dict[UUID, Said]]
) -> None:
    async with world.database.transaction() as db:
        _, token = await add_signed_in(db, "head", "school_admin", world.school_id)
    everybody: dict[str, list[float]] = defaultdict(list)
    for of_pupil in talks.values():
        for said in of_pupil.values():
            for kind, value in said.values.items():
                everybody[kind].append(value)
    scores = []
    for pupil, own in talks.items():
        answer = await api.get(f"/api/v1/assessments/{pupil}", headers=bearer(token))
        made = answer.json()
        lines = {one["evidence_id"]: one for one in made["evidence"]}
        assert lines.keys() == {f"{one}:{kind}" for one in own for kind in SKILLS}
        for recording, said in own.items():
            for kind, value in said.values.items():
                line = lines[f"{recording}:{kind}"]
                assert line["value"] == pytest.approx(value)
                assert line["transcription_session_id"] == str(recording)
                assert sorted(line["skills"]) == sorted(SKILLS[kind])
        at = datetime.fromisoformat(made["assessed_at"])
        for skill in made["skills"]:
            used = []
            for use in skill["evidence"]:
                line = lines[use["evidence_id"]]
                x = spoken_for(line["value"], everybody[line["kind"]])
                assert use["x"] == pytest.approx(x)
                seen_at = datetime.fromisoformat(line["observed_at"])
                used.append(Used(x, WEIGHT, line["transcription_session_id"], seen_at))
            assert bool(used) == any(skill["skill"] in skills for skills in SKILLS.values())
            if used:
                by_hand = fuse_by_hand(used, at=at, phi=PHI, sigma=SIGMA)
                assert skill["prior_weight"] == pytest.approx(by_hand.prior)
                weights = [use["weight"] for use in skill["evidence"]]
                assert weights == pytest.approx(by_hand.shares)
                if skill["score"] is not None:
                    told = (skill["score"], skill["low"], skill["high"])
                    assert told == pytest.approx((by_hand.score, by_hand.low, by_hand.high))
        [shared] = [one for one in made["skills"] if one["skill"] == "communication"]
        assert shared["label"] == "little"
        scores.append(shared["score"])
    # Who was made up as sharing more ideas is mostly estimated so: the pupils stand in that order.
    ranks = [sorted(scores).index(score) for score in scores]
    assert correlation(range(PUPILS), ranks) > 0.6


def spoken_for(value: float, everybody: Sequence[float]) -> float:
    """What a value speaks for beside all pupils', trait SD."""
    below = sum(one < value for one in everybody)
    up_to = sum(one <= value for one in everybody)
    rank = (below + up_to) / 2 / len(everybody)
    z = max(-2.0, min(2.0, NORMAL.inv_cdf(rank)))
    return z * sqrt(1 + PHI**2 + SIGMA**2 / WEIGHT)
