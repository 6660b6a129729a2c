"""A class in the lesson: what the open sessions say of each student at this moment."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from learntrace.classroom.now import MOST_EVENTS, events_of_each
from learntrace.events.mapping import default_mapping
from learntrace.events.stored import map_newest
from tests.world import now


@pytest.fixture
def pupils(read, day):
    """Each student of the class as `who` sees him or her now, by name."""

    async def seen(who="teacher", class_id=None):
        answer = await read(who, f"/classes/{class_id or day.world.class_id}/now")
        assert answer.status_code == 200, answer.text
        return {one["display_name"]: one for one in answer.json()["pupils"]}

    return seen


@pytest.fixture
def plays_now(day, database):
    """Let a student do these things, one a minute, the last of them `ago` before now."""

    async def play(student_id, *event_types, ago=timedelta(seconds=20), **more):
        at = now() - ago - timedelta(minutes=len(event_types) - 1)
        async with database.transaction() as db:
            return await day.plays(
                db, student_id, at=at, state="open", event_types=event_types, **more
            )

    return play


async def test_who_only_joined_has_not_started(pupils, day):
    found = await pupils()
    assert list(found) == ["Ada", "Ben", "Cleo"]
    assert found["Ben"] == {
        "student_id": str(day.ben),
        "display_name": "Ben",
        "joined": True,
        "last_event_at": None,
        "game": None,
        "task": None,
        "failures_in_task": 0,
        "stuck_skills": [],
        "state": "not_started",
    }
    assert found["Cleo"]["joined"] is False


@pytest.mark.parametrize(
    "ended", ["expires_at = now() - interval '1 second'", "revoked_at = now()"]
)
async def test_token_that_ended_is_no_joining(pupils, day, database, ended):
    async with database.transaction() as db:
        await db.execute(text(f"update player_tokens set {ended}"))
    assert (await pupils())["Ben"]["joined"] is False


async def test_who_plays_is_seen_with_game_and_task(pupils, day, plays_now):
    await plays_now(day.ben, "task_start", "failure", "choice")
    ben = (await pupils())["Ben"]
    assert ben["state"] == "playing"
    assert ben["game"] == {"id": str(day.world.game_id), "name": "Waves"}
    assert ben["task"] == {"key": "level_1", "title": "level_1"}
    assert ben["failures_in_task"] == 1
    assert ben["last_event_at"] is not None


@pytest.mark.parametrize(
    ("done", "failures", "state"),
    [
        (["task_start", "failure", "failure"], 2, "playing"),
        (["task_start", "failure", "failure", "failure"], 3, "stuck"),
        (["failure", "failure", "failure", "choice"], 3, "stuck"),
        (["task_start", "failure", "failure", "failure", "success"], 0, "playing"),
        (["task_start", "failure", "failure", "failure", "task_complete"], 0, "playing"),
        (["task_start", "failure", "failure", "failure", "success", "failure"], 1, "playing"),
        (["task_start", "failure", "failure", "failure", "task_abandon", "task_start"], 0,
         "playing"),
        (["failure", "failure", "failure", "heartbeat"], 3, "stuck"),
        (["surprise"], 0, "playing"),
    ],
)  # fmt: skip
async def test_stuck_is_three_failures_in_the_task_without_success(
    pupils, day, plays_now, done, failures, state
):
    await plays_now(day.ben, *done)
    ben = (await pupils())["Ben"]
    assert (ben["failures_in_task"], ben["state"]) == (failures, state)


@pytest.mark.parametrize(("tries", "stuck"), [(9, []), (10, ["add"])])
async def test_skill_tried_ten_times_in_vain_is_told(pupils, day, plays_now, tries, stuck):
    wrong = '{"skill": "add", "item": "2 + 3", "correct": false}'
    await plays_now(day.ben, *["choice"] * tries, data=wrong)
    ben = (await pupils())["Ben"]
    assert (ben["stuck_skills"], ben["state"]) == (stuck, "playing")


async def test_nobody_is_at_a_task_that_is_finished(pupils, day, plays_now):
    await plays_now(day.ben, "task_start", "task_complete")
    assert (await pupils())["Ben"]["task"] is None


async def test_two_silent_minutes_are_quiet_and_heartbeats_are_silence(pupils, day, plays_now):
    await plays_now(day.ada, "task_start", "choice", ago=timedelta(seconds=130))
    await plays_now(day.ben, "task_start", "choice", "heartbeat", "heartbeat")
    found = await pupils()
    assert found["Ada"]["state"] == "quiet"
    assert found["Ben"]["state"] == "quiet"


async def test_stuck_goes_before_quiet(pupils, day, plays_now):
    await plays_now(day.ben, "failure", "failure", "failure", ago=timedelta(minutes=5))
    assert (await pupils())["Ben"]["state"] == "stuck"


async def test_session_without_anything_for_half_an_hour_is_over(pupils, day, plays_now):
    await plays_now(day.ben, "task_start", ago=timedelta(minutes=31))
    assert (await pupils())["Ben"]["state"] == "not_started"


async def test_of_two_open_sessions_the_newer_counts(pupils, day, plays_now):
    await plays_now(day.ben, "failure", "failure", "failure", ago=timedelta(minutes=9))
    await plays_now(day.ben, "task_start", game_id=day.world.other_game_id)
    ben = (await pupils())["Ben"]
    assert (ben["game"]["name"], ben["state"]) == ("Tiles", "playing")


async def test_long_session_is_read_from_its_end(pupils, day, plays_now):
    await plays_now(day.ben, *["failure"] * 3, *["choice"] * 250, "success", "failure")
    assert (await pupils())["Ben"]["failures_in_task"] == 1


@pytest.mark.parametrize(
    ("sessions", "each"), [(0, 200), (30, 200), (50, 200), (100, 100), (1000, 10), (20_000, 1)]
)
def test_large_class_is_read_from_fewer_events_of_each(sessions, each):
    assert events_of_each(sessions) == each
    assert sessions > MOST_EVENTS or sessions * each <= MOST_EVENTS


async def test_newest_events_of_each_session_are_mapped_and_keep_no_payload(
    day, plays_now, database
):
    of_ada = await plays_now(day.ada, "task_start", "failure", "success")
    of_ben = await plays_now(day.ben, "choice")
    mappings = dict.fromkeys((of_ada, of_ben, day.tess), default_mapping())
    async with database.transaction() as db:
        newest = await map_newest(db, day.world.school_id, mappings, most=2)
    names = {key: {one.event.event_type for one in found} for key, found in newest.items()}
    assert names == {of_ada: {"failure", "success"}, of_ben: {"choice"}}
    assert all(one.mapped and one.event.data == {} for found in newest.values() for one in found)


async def test_developer_sees_own_games_in_the_sandbox_only(pupils, day, plays_now):
    sandbox = {"school_id": day.world.sandbox_id}
    await plays_now(day.tess, "task_start", **sandbox)
    await plays_now(day.tess, "choice", ago=timedelta(0), game_id=day.world.other_game_id,
                    **sandbox)  # fmt: skip
    seen = await pupils("developer", day.world.test_class_id)
    assert seen["Tess"]["game"]["name"] == "Waves"
    seen = await pupils("tester", day.world.test_class_id)
    assert seen["Tess"]["game"]["name"] == "Tiles"
