"""What is read: classes, students, sessions, features and events, as JSON."""

import base64
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from learntrace.features.catalogue import CATALOGUE
from tests.world import insert, now

from .conftest import NOON


async def test_class_says_who_is_in_it_and_when_it_played_last(read, day):
    items = (await read("school_admin", "/classes")).json()["items"]
    assert items[0] == {
        "id": str(day.world.class_id),
        "name": "5a",
        "sandbox": False,
        "ended": False,
        "student_count": 3,
        "last_event_at": "2026-03-02T12:02:00Z",
    }
    assert (items[1]["name"], items[1]["student_count"]) == ("5b", 0)
    assert items[1]["last_event_at"] is None
    assert (items[2]["name"], items[2]["sandbox"]) == ("Test players", True)


async def test_classes_that_are_over_are_listed_on_demand(read, day, database):
    async with database.transaction() as db:
        statement = text("update classes set ended_at = now() where id = :id")
        await db.execute(statement, {"id": day.other_class})

    async def listed(who, **query):
        items = (await read(who, "/classes", **query)).json()["items"]
        return [(one["name"], one["ended"]) for one in items]

    current = [("5a", False), ("Test players", False)]
    assert await listed("school_admin") == current
    assert await listed("school_admin", ended=False) == current
    assert await listed("school_admin", ended=True) == sorted([*current, ("5b", True)])
    assert ("5b", True) not in await listed("teacher", ended=True)


async def test_overview_sums_what_was_assessed_of_the_days(read, day, database):
    early = now() - timedelta(days=20)
    async with database.transaction() as db:
        recent = await day.plays(db, day.ada, at=now() - timedelta(days=3))
        await day.is_assessed(db, recent, active_time_s=61.5)
        await day.plays(db, day.ada, at=now() - timedelta(hours=2), state="open")
        running = await day.plays(db, day.ada, at=now() - timedelta(minutes=9), state="open")
        old = await day.plays(db, day.ada, at=early)
        await day.is_assessed(db, old, active_time_s=30)
        await day.plays(db, day.ben, at=now() - timedelta(days=1))
    path = f"/classes/{day.world.class_id}/overview"
    overview = (await read("teacher", path)).json()
    assert overview["class"] == {
        "id": str(day.world.class_id),
        "name": "5a",
        "sandbox": False,
    }
    assert overview["days"] == 14
    assert overview["data_until"].endswith("Z")
    ada, ben, cleo = overview["students"]
    assert ada["display_name"] == "Ada"
    assert (ada["game_session_count"], ada["assessed_count"]) == (3, 1)
    assert (ada["active_time_s"], ada["tasks_completed"], ada["failures"]) == (61.5, 4, 1)
    assert ada["open_game_session_id"] == str(running)
    assert (ben["game_session_count"], ben["assessed_count"]) == (1, 0)
    assert (ben["active_time_s"], ben["tasks_completed"], ben["failures"]) == (None, None, None)
    assert ben["open_game_session_id"] is None
    assert (cleo["game_session_count"], cleo["active_time_s"]) == (0, 0.0)
    assert cleo["last_event_at"] is None

    longer = (await read("teacher", path, days=30)).json()["students"][0]
    assert (longer["game_session_count"], longer["active_time_s"]) == (4, 91.5)


@pytest.mark.parametrize("days", [0, 3651, "x"])
async def test_overview_of_impossible_days_is_refused(read, day, days):
    answer = await read("teacher", f"/classes/{day.world.class_id}/overview", days=days)
    assert answer.status_code == 422
    assert "days" in answer.json()["detail"]


async def test_codes_are_printed_for_the_class(read, day):
    codes = (await read("teacher", f"/classes/{day.world.class_id}/codes")).json()
    assert (codes["class_name"], codes["class_code"]) == ("5a", "CLASS5")
    assert codes["class_id"] == str(day.world.class_id)
    assert [(one["display_name"], one["pupil_code"]) for one in codes["students"]] == [
        ("Ada", "PUPIL0"),
        ("Ben", "PUPIL1"),
        ("Cleo", "PUPIL2"),
    ]


async def test_student_shows_only_the_classes_in_sight(read, day, database):
    async with database.transaction() as db:
        await day.enrolled(db, day.world.school_id, day.other_class, day.ada)
    mine = (await read("teacher", f"/students/{day.ada}")).json()
    assert mine == {
        "id": str(day.ada),
        "display_name": "Ada",
        "classes": [{"id": str(day.world.class_id), "name": "5a"}],
        "extra_time": False,
        "game_session_count": 1,
        "last_event_at": "2026-03-02T12:02:00Z",
    }
    every = (await read("school_admin", f"/students/{day.ada}")).json()
    assert [one["name"] for one in every["classes"]] == ["5a", "5b"]


async def test_sessions_come_newest_first_with_what_is_known(read, day, database):
    async with database.transaction() as db:
        later = await day.plays(db, day.ada, at=NOON + timedelta(days=1), state="open")
    items = (await read("teacher", f"/students/{day.ada}/sessions")).json()["items"]
    assert items == [
        {
            "id": str(later),
            "game": {"id": str(day.world.game_id), "name": "Waves"},
            "state": "open",
            "started_at": "2026-03-03T12:00:00Z",
            "ended_at": "2026-03-03T12:02:00Z",
            "event_count": 3,
            "assessed": False,
            "active_time_s": None,
            "tasks_completed": None,
            "failures": None,
        },
        {
            "id": str(day.live),
            "game": {"id": str(day.world.game_id), "name": "Waves"},
            "state": "closed",
            "started_at": "2026-03-02T12:00:00Z",
            "ended_at": "2026-03-02T12:02:00Z",
            "event_count": 3,
            "assessed": True,
            "active_time_s": 90.5,
            "tasks_completed": 4,
            "failures": 1,
        },
    ]


async def test_session_shows_each_feature_or_why_there_is_none(read, day, database):
    mapping = '{"events": {}, "tasks": {"level_1": {"name": "Level 1", "sentence": "First."}}}'
    async with database.transaction() as db:
        await insert(
            db,
            "game_mappings",
            game_id=day.world.game_id,
            version=1,
            mapping=mapping,
            created_at=now(),
        )
    shown = (await read("teacher", f"/game-sessions/{day.live}")).json()
    assert shown["student"] == {"id": str(day.ada), "display_name": "Ada"}
    assert shown["game"] == {"id": str(day.world.game_id), "name": "Waves"}
    assert (shown["extractor_version"], shown["mapping_version"]) == (1, 3)
    assert shown["reference_version"] is None
    assert (shown["event_count"], shown["assessed_event_count"]) == (3, 2)
    assert list(shown["features"]) == list(CATALOGUE)
    known = shown["features"]["task_completion_rate"]
    assert (known["value"], known["reason"], known["reason_text"]) == (0.75, None, None)
    assert (known["unit"], known["minimum"], known["maximum"]) == ("share", 0, 1)
    unknown = shown["features"]["retry_rate"]
    assert (unknown["value"], unknown["reason"]) == (None, "no_failures")
    assert unknown["reason_text"] == CATALOGUE["retry_rate"].reason_text
    assert unknown["title"] == CATALOGUE["retry_rate"].title
    assert shown["tasks"] == [
        {
            "task": "level_1",
            "title": "Level 1",
            "started_at": "2026-03-02T12:00:00Z",
            "ended_at": None,
            "outcome": "open",
            "attempts": 2,
            "failures": 1,
            "active_time_s": 42.0,
        }
    ]


async def test_seconds_are_given_to_the_millisecond(read, day, database):
    async with database.transaction() as db:
        for days, active_time_s in ((1, 0.1), (2, 0.2)):
            recent = await day.plays(db, day.ada, at=now() - timedelta(days=days))
            await day.is_assessed(db, recent, active_time_s=active_time_s)
        await db.execute(
            text(
                "update session_features set active_time_s = 12.340000000000002,"
                " tasks = jsonb_set(tasks, '{0,active_time_s}', '7.0004999'),"
                " features = jsonb_set(features, '{wall_time_s,value}', '90.123456')"
                " where game_session_id = :id"
            ),
            {"id": day.live},
        )
    path = f"/classes/{day.world.class_id}/overview"
    assert (await read("teacher", path)).json()["students"][0]["active_time_s"] == 0.3
    lines = (await read("teacher", f"/students/{day.ada}/sessions")).json()["items"]
    assert [one["active_time_s"] for one in lines] == [0.1, 0.2, 12.34]
    shown = (await read("teacher", f"/game-sessions/{day.live}")).json()
    assert shown["tasks"][0]["active_time_s"] == 7.0
    assert shown["features"]["wall_time_s"]["value"] == 90.123


async def test_session_not_assessed_yet_has_no_features(read, day):
    shown = (await read("tester", f"/game-sessions/{day.sandboxed}")).json()
    assert shown["features"] is None
    assert shown["assessed_at"] is None
    assert shown["extractor_version"] is None
    assert shown["tasks"] == []


async def test_session_without_any_event_is_not_there(read, day, database):
    empty = uuid4()
    async with database.transaction() as db:
        await insert(
            db,
            "game_sessions",
            school_id=day.world.school_id,
            id=empty,
            student_id=day.ada,
            game_id=day.world.game_id,
            last_received_at=now(),
        )
    assert (await read("teacher", f"/game-sessions/{empty}")).status_code == 404
    sessions = (await read("teacher", f"/students/{day.ada}/sessions")).json()["items"]
    assert [one["id"] for one in sessions] == [str(day.live)]


async def test_events_are_read_through_the_mapping(read, day):
    items = (await read("teacher", f"/game-sessions/{day.live}/events")).json()["items"]
    started, unknown, _ = items
    UUID(started.pop("event_id"))
    assert started == {
        "event_type": "task_start",
        "behaviours": ["task_start"],
        "mapped": True,
        "task": "level_1",
        "task_title": "level_1",
        "skill": None,
        "item": None,
        "correct": None,
        "timestamp": "2026-03-02T12:00:00Z",
        "corrected_at": "2026-03-02T12:00:00Z",
        "received_at": "2026-03-02T12:00:05Z",
        "sequence": 0,
        "mission_id": "level_1",
        "game_version": "1.0.0",
        "data": {"level": 1},
    }
    assert (unknown["event_type"], unknown["mapped"], unknown["behaviours"]) == (
        "LEVEL_UP",
        False,
        [],
    )


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_opening_of_a_task_is_no_failed_try_on_any_page(read, day, database, limit):
    mapping = (
        '{"opening_s": 0.1, "tasks": {"level_1": {"name": "Level 1"}}, "events": {"failure": '
        '{"behaviours": ["failure"], "task": "mission_id", "correct": {"const": false}}}}'
    )
    async with database.transaction() as db:
        await insert(
            db,
            "game_mappings",
            game_id=day.world.game_id,
            version=1,
            mapping=mapping,
            created_at=now(),
        )
        kinds = ["task_start", "choice", "failure", "failure"]
        made = await day.plays(db, day.ada, event_types=kinds)
        for number, late_s in enumerate((0, 0.02, 0.05, 7)):
            await db.execute(
                text(
                    "update events set timestamp = :at "
                    "where game_session_id = :id and sequence = :number"
                ),
                {"at": NOON + timedelta(seconds=late_s), "id": made, "number": number},
            )
    items, cursor = [], {}
    while cursor is not None:
        path = f"/game-sessions/{made}/events"
        page = (await read("teacher", path, limit=limit, **cursor)).json()
        items += page["items"]
        cursor = page["next_cursor"] and {"cursor": page["next_cursor"]}
    assert [one["behaviours"] for one in items] == [["task_start"], ["choice"], [], ["failure"]]
    assert [one["mapped"] for one in items] == [True] * 4
    assert [one["correct"] for one in items[2:]] == [None, False]
    assert {one["task_title"] for one in items} == {"Level 1"}


async def test_payload_is_read_letter_for_letter(read, day, database):
    sent = '{"b":  1.50, "a": 3.0, "a": 12345678901234567890123, "tiny": 1e-7, "ü": "\\u00e9"}'
    async with database.transaction() as db:
        made = await day.plays(db, day.ada, event_types=["note"], data=sent)
    answer = await read("teacher", f"/game-sessions/{made}/events")
    assert answer.headers["content-type"] == "application/json"
    assert f'"data":{sent}' in answer.text


async def pages(read, who, path, **query):
    found, cursor = [], None
    while True:
        page = (await read(who, path, **query, **({"cursor": cursor} if cursor else {}))).json()
        found.append([one.get("id") or one.get("event_id") for one in page["items"]])
        cursor = page["next_cursor"]
        if cursor is None:
            return found


async def test_pages_hold_everything_once_in_order(read, day, database):
    async with database.transaction() as db:
        for _ in range(4):  # four at the same instant: the id decides
            await day.plays(db, day.ada, at=NOON)
        many = await day.plays(db, day.ada, event_types=["tick"] * 7)
        await db.execute(text("update events set timestamp = :at"), {"at": NOON})
    for who, address, limits in (
        ("system_admin", "/classes", (1, 3)),
        ("school_admin", "/students", (1, 2)),
        ("teacher", f"/students?class_id={day.world.class_id}", (1, 2)),
        ("teacher", f"/students/{day.ada}/sessions", (1, 4)),
        ("teacher", f"/game-sessions/{many}/events", (1, 5)),
    ):
        path, _, query = address.partition("?")
        extra = {"class_id": query.partition("=")[2]} if query else {}
        whole = (await pages(read, who, path, **extra))[0]
        assert len(whole) >= 3
        for limit in limits:
            found = await pages(read, who, path, limit=limit, **extra)
            assert all(len(page) == limit for page in found[:-1])
            assert [one for page in found for one in page] == whole


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "ü",
        "!!!!",
        "",
        "bnVsbA",
        "W10",
        "WyJ4Il0",
        "WyIyMDI2LTAzLTAyVDEyOjAwOjAwIiwgIjVjYjBlNTU0LTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMCJd",
        "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwgIjVjYjBlNTU0LTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMCJd",
        "W" * 1999,
        "Wy" * 3,
    ],
)
async def test_made_up_cursor_is_refused_in_words(read, day, cursor):
    answer = await read("teacher", f"/game-sessions/{day.live}/events", cursor=cursor)
    assert answer.status_code == 422
    assert "cursor" in answer.json()["detail"]


@pytest.mark.parametrize(
    "place",
    ['["\\u0000", "{id}", "{id}"]', '["\\ud800", "{id}", "{id}"]', '[1, "{id}", "{id}"]'],
)
async def test_cursor_with_text_that_no_database_takes_is_refused(read, place):
    cursor = base64.urlsafe_b64encode(place.replace("{id}", str(uuid4())).encode()).decode()
    assert (await read("teacher", "/students", cursor=cursor)).status_code == 422
    assert (await read("teacher", "/classes", cursor=cursor)).status_code == 422


@pytest.mark.parametrize("limit", [0, 101, "many"])
async def test_limit_out_of_range_is_refused(read, day, limit):
    for path in ("/classes", "/students", f"/students/{day.ada}/sessions"):
        assert (await read("teacher", path, limit=limit)).status_code == 422
    events = f"/game-sessions/{day.live}/events"
    assert (await read("teacher", events, limit=1000)).status_code == 200
    assert (await read("teacher", events, limit=1001)).status_code == 422
