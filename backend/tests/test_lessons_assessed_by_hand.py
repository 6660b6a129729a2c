"""Every number of an assessment from lessons, counted again in what was answered.

Made-up pupils who come back to their errors the more the more resilient they are; their sessions
are stored, assessed as the worker does it, read over the API, and worked out once more from the
answers alone, as docs/skills.md has it.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import sqrt
from random import Random
from statistics import NormalDist, correlation
from uuid import UUID, uuid4

import httpx
import pytest

from learntrace.assessment import populations
from learntrace.skills import due
from learntrace.skills.knowledge import Answer, ItemTable, mastery, replay

from .recomputing import Used, fuse_by_hand
from .skills.lessons import infer_all
from .world import World, add_signed_in, add_student, bearer, insert, now

PUPILS, LESSONS, ITEMS = 24, 7, 12
PHI, SIGMA = 1.25 * 0.45, 1.25 * 0.8
"""Of learning sessions, widened."""
SKILLS = {"lesson_mastery": "problem_solving", "persistence_after_errors": "resilience"}
WEIGHTS = {"lesson_mastery": 0.25, "persistence_after_errors": 0.5}
NORMAL = NormalDist()

Lesson = Sequence[tuple[str, bool]]
"""Each item answered, in order, and whether that was right."""


def made_up(chance: Random, skill: float) -> Lesson:
    """Every other item goes wrong at first; some of these are tried again at the end."""
    first = [(f"item {number}", number % 2 == 0) for number in range(ITEMS)]
    returns = NORMAL.cdf(skill + chance.gauss(0, 0.7))
    later = [
        (item, chance.random() < 0.6)
        for item, right in first
        if not right and chance.random() < returns
    ]
    return [*first, *later]


def answers(lesson: Lesson, at: datetime) -> list[Answer]:
    return [Answer(at, item, "fractions", right) for item, right in lesson]


def values(lesson: Lesson, at: datetime) -> dict[str, float]:
    wrong = [place for place, (_, right) in enumerate(lesson) if not right]
    returned = [
        place for place in wrong if lesson[place][0] in {item for item, _ in lesson[place + 1 :]}
    ]
    table = ItemTable(version=0, intercept=0.0)
    known = mastery(replay(answers(lesson, at), table), table, "fractions", at=at)
    assert known is not None
    return {"lesson_mastery": known.value, "persistence_after_errors": len(returned) / len(wrong)}


@pytest.fixture
async def lessons(world: World) -> dict[UUID, dict[UUID, dict[str, float]]]:
    """What each lesson comes to, by pupil, the least resilient first."""
    chance = Random(11)
    told: dict[UUID, dict[UUID, dict[str, float]]] = defaultdict(dict)
    async with world.database.transaction() as db:
        for number in range(PUPILS):
            pupil, skill = uuid4(), NORMAL.inv_cdf((number + 0.5) / PUPILS)
            await add_student(db, world.school_id, pupil, f"Pupil {number}", f"LESSON{number}")
            for week in range(LESSONS):
                lesson, made = made_up(chance, skill), uuid4()
                at = now() - timedelta(weeks=week)
                right = sum(one for _, one in lesson)
                stored = [[item, "fractions", one, at.isoformat()] for item, one in lesson]
                await insert(
                    db,
                    "learning_sessions",
                    school_id=world.school_id,
                    id=made,
                    student_id=pupil,
                    session_type="content_study",
                    language="en",
                    items_studied=ITEMS,
                    items_correct=right,
                    items_incorrect=len(lesson) - right,
                    answers=json.dumps(stored),
                    started_at=at - timedelta(minutes=20),
                    ended_at=at,
                )
                told[pupil][made] = values(lesson, at)
        await due.mark(db, world.school_id, told.keys())
    await infer_all(world.database)
    assert await populations.refit(world.database) == 1
    await infer_all(world.database)
    return told


async def test_every_number_is_counted_again_in_what_was_answered(
    api: httpx.AsyncClient, world: World, lessons: Mapping[UUID, Mapping[UUID, dict[str, float]]]
) -> None:
    async with world.database.transaction() as db:
        _, token = await add_signed_in(db, "head", "school_admin", world.school_id)
    everybody: dict[str, list[float]] = defaultdict(list)
    for of_pupil in lessons.values():
        for found in of_pupil.values():
            for kind, value in found.items():
                everybody[kind].append(value)
    scores = []
    for pupil, own in lessons.items():
        answer = await api.get(f"/api/v1/assessments/{pupil}", headers=bearer(token))
        made = answer.json()
        lines = {one["evidence_id"]: one for one in made["evidence"]}
        assert lines.keys() == {f"{one}:{kind}" for one in own for kind in SKILLS}
        for lesson, found in own.items():
            for kind, value in found.items():
                line = lines[f"{lesson}:{kind}"]
                assert line["value"] == pytest.approx(value)
                assert line["learning_session_id"] == str(lesson)
                assert line["skills"] == [SKILLS[kind]]
        at = datetime.fromisoformat(made["assessed_at"])
        for skill in made["skills"]:
            used = []
            for use in skill["evidence"]:
                line = lines[use["evidence_id"]]
                weight = WEIGHTS[line["kind"]]
                x = spoken_for(line["value"], everybody[line["kind"]], weight)
                assert use["x"] == pytest.approx(x)
                seen_at = datetime.fromisoformat(line["observed_at"])
                used.append(Used(x, weight, line["learning_session_id"], seen_at))
            assert len(used) == LESSONS * (skill["skill"] in SKILLS.values())
            if used:
                by_hand = fuse_by_hand(used, at=at, phi=PHI, sigma=SIGMA)
                assert skill["prior_weight"] == pytest.approx(by_hand.prior)
                told = (skill["score"], skill["low"], skill["high"])
                if skill["score"] is not None:
                    assert told == pytest.approx((by_hand.score, by_hand.low, by_hand.high))
        [resilience] = [one for one in made["skills"] if one["skill"] == "resilience"]
        scores.append(resilience["score"])
    # Who was made up as more resilient is mostly estimated so: the pupils stand in that order.
    ranks = [sorted(scores).index(score) for score in scores]
    assert correlation(range(PUPILS), ranks) > 0.6


def spoken_for(value: float, everybody: Sequence[float], weight: float) -> float:
    """What a value speaks for beside all pupils', trait SD."""
    # Shares of single answers come to the same number by another way: alike to a millionth.
    below = sum(one < value - 1e-6 for one in everybody)
    up_to = sum(one <= value + 1e-6 for one in everybody)
    rank = (below + up_to) / 2 / len(everybody)
    z = max(-2.0, min(2.0, NORMAL.inv_cdf(rank)))
    return z * sqrt(1 + PHI**2 + SIGMA**2 / weight)
