"""Whose work is stuck, and who was not seen: from what is stored, by name, never by ability."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from learntrace.classroom.attention import sittings_of_each
from tests.world import insert, now


def task(name, outcome, failures=0):
    return {
        "task": name,
        "started_at": now().isoformat(),
        "ended_at": now().isoformat(),
        "outcome": outcome,
        "attempts": failures + 1,
        "failures": failures,
        "active_time_s": 30.0,
        "started": True,
    }


@pytest.fixture
def played(day, database):
    """An assessed session some days ago, with these tasks."""

    async def play(student_id, *tasks, days_ago=1.0, wheel_spinning=None, **more):
        at = now() - timedelta(days=days_ago)
        reason = "too_few_opportunities" if wheel_spinning is None else None
        measure = {"value": wheel_spinning, "reason": reason, "cut_off": False, "evidence": 0}
        async with database.transaction() as db:
            made = await day.plays(db, student_id, at=at, **more)
            await day.is_assessed(db, made)
            await db.execute(
                text(
                    "update session_features set tasks = :tasks, features = features || :measure"
                    " where game_session_id = :id"
                ),
                {
                    "id": made,
                    "tasks": json.dumps(tasks),
                    "measure": json.dumps({"wheel_spinning": measure}),
                },
            )
        return made

    return play


@pytest.fixture
def attention(read, day):
    async def seen():
        answer = await read("teacher", f"/classes/{day.world.class_id}/attention")
        assert answer.status_code == 200, answer.text
        return answer.json()

    return seen


async def codes(attention):
    stuck = (await attention())["stuck"]
    return {one["display_name"]: [each["code"] for each in one["reasons"]] for one in stuck}


async def test_who_did_not_play_for_a_week_is_a_group_of_its_own(attention, day, played):
    await played(day.ben, task("level_1", "completed"))
    answer = await attention()
    assert [one["display_name"] for one in answer["not_seen"]] == ["Ada", "Cleo"]
    ada, cleo = answer["not_seen"]
    assert ada["last_played_at"] == "2026-03-02T12:02:00Z"
    assert cleo["last_played_at"] is None
    assert answer["stuck"] == []
    assert answer["days"] == 7


async def test_repeated_failure_names_the_task_and_opens_the_session(attention, day, played):
    made = await played(day.ben, task("level_3", "abandoned", 4), task("level_1", "completed"))
    (ben,) = (await attention())["stuck"]
    assert ben["display_name"] == "Ben"
    assert ben["reasons"] == [
        {
            "code": "repeated_failure",
            "words": "Failed 4 times at “level_3” and has not finished it since.",
            "game_session_id": str(made),
            "game": "Waves",
            "task": {"key": "level_3", "title": "level_3"},
        }
    ]


async def test_what_was_finished_since_is_no_trouble(attention, day, played):
    await played(day.ben, task("level_3", "ended", 5), days_ago=3)
    await played(day.ben, task("level_3", "completed", 1), days_ago=2)
    await played(day.ada, task("level_4", "abandoned", 3), task("level_4", "completed"))
    assert await codes(attention) == {}


async def test_wheel_spinning_counts_until_a_newer_session_says_otherwise(attention, day, played):
    await played(day.ada, wheel_spinning=True, days_ago=3)
    await played(day.ben, wheel_spinning=True, days_ago=3)
    await played(day.ada, wheel_spinning=None, days_ago=2)
    await played(day.ben, wheel_spinning=False, days_ago=2)
    assert await codes(attention) == {"Ada": ["wheel_spinning"]}


@pytest.fixture
def practised(day, played, database):
    """A session some days ago in which a student gave these answers: skill, right or wrong."""

    async def play(student_id, *answers, spins, **more):
        made = await played(student_id, wheel_spinning=spins, **more)
        async with database.transaction() as db:
            await insert(
                db,
                "session_answers",
                school_id=day.world.school_id,
                game_session_id=made,
                student_id=student_id,
                game_id=day.world.game_id,
                event_count=len(answers),
                answers=json.dumps([[now().isoformat(), "item", *one] for one in answers]),
                answer_count=len(answers),
            )

    return play


def told(skills):
    return (
        f"Has practised {skills} in Waves at least 10 times "
        "without being right three times in a row."
    )


@pytest.mark.parametrize(
    ("answers", "skills"),
    [
        ([("adding", n % 3 > 0) for n in range(10)] + [("sums", True)] * 10, "“adding”"),
        ([(skill, False) for skill in ("sums", "adding")] * 10, "“adding” and “sums”"),
        ([("adding", False)] * 1001, "a skill"),
        ([], "a skill"),
    ],
)
async def test_wheel_spinning_names_the_skill_where_the_answers_show_it(
    attention, day, practised, answers, skills
):
    await practised(day.ben, *answers, spins=True)
    [ben] = (await attention())["stuck"]
    assert [one["words"] for one in ben["reasons"]] == [told(skills)]


async def test_practice_of_another_skill_does_not_settle_this_one(attention, day, practised):
    await practised(day.ben, *[("fractions", False)] * 15, spins=True, days_ago=2)
    await practised(day.ben, *[("decimals", True)] * 10, spins=False, days_ago=1)
    [ben] = (await attention())["stuck"]
    assert [one["words"] for one in ben["reasons"]] == [told("“fractions”")]


async def test_practice_of_the_same_skill_settles_it(attention, day, practised):
    both = [("fractions", False), ("decimals", False)] * 10
    await practised(day.ben, *both, spins=True, days_ago=3)
    await practised(day.ben, *[("fractions", True)] * 10, spins=False, days_ago=2)
    await practised(day.ben, *[("decimals", True)] * 9, spins=None, days_ago=1)
    [ben] = (await attention())["stuck"]
    assert [one["words"] for one in ben["reasons"]] == [told("“decimals”")]


async def test_stopping_after_failures_counts_for_the_newest_session(attention, day, played):
    await played(day.ada, task("level_2", "ended", 2), days_ago=2)
    await played(day.ben, task("level_2", "ended", 2), days_ago=2)
    await played(day.ben, task("level_5", "completed"), days_ago=1)
    assert await codes(attention) == {"Ada": ["stopped_early"]}


async def test_one_failure_before_the_bell_is_no_trouble(attention, day, played):
    await played(day.ada, task("level_2", "ended", 1))
    assert await codes(attention) == {}


async def test_play_of_a_week_ago_and_unassessed_play_say_nothing(attention, day, played, database):
    await played(day.ada, task("level_2", "ended", 6), days_ago=8)
    async with database.transaction() as db:
        await day.plays(db, day.ben, at=now() - timedelta(days=1))
    assert await codes(attention) == {}


async def test_three_reasons_are_enough(attention, day, played):
    await played(day.ben, *[task(f"level_{n}", "abandoned", 3) for n in range(5)])
    assert await codes(attention) == {"Ben": ["repeated_failure"] * 3}


async def test_only_the_newest_sessions_and_their_last_tasks_are_read(attention, day, played):
    await played(day.ada, task("level_2", "abandoned", 6), days_ago=6)
    await played(day.ben, task("level_2", "abandoned", 6), days_ago=6)
    for number in range(20):
        await played(day.ada, task("level_3", "completed"), days_ago=5 - number / 10)
    await played(
        day.world.students[2],
        task("level_4", "abandoned", 6),
        *[task("level_5", "completed")] * 50,
    )
    assert await codes(attention) == {"Ben": ["repeated_failure"]}


@pytest.mark.parametrize(("students", "each"), [(0, 20), (30, 20), (300, 20), (1000, 6)])
def test_large_class_is_read_from_fewer_sessions_of_each(students, each):
    assert sittings_of_each(students) == each
