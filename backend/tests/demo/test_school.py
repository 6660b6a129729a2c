"""The demo school: complete, the same each time, and never half there."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import text

from learntrace.app import create_app, finished
from learntrace.demo import demo_file
from learntrace.demo.demo_file import Demo, DemoFileError, refresh_demo_file
from learntrace.demo.history import LEFT_OPEN, past_sessions, play
from learntrace.demo.lessons import SCENARIO_S, STUDY_S
from learntrace.demo.making import DEFAULT_SEED, Made, NotEmptyError, make_demo
from learntrace.demo.names import pupil_names
from learntrace.features.extract import EXTRACTOR_VERSION
from learntrace.kit.config import Settings
from learntrace.kit.db import Database

from ..world import World, bearer, drop_database

UNTIL = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
KEYS = [
    *("api_url", "dashboard_url", "metrics_url", "school_id", "game_id", "write_key"),
    *("sandbox_key", "class_code", "students", "users"),
]


@dataclass
class Place:
    """A database and a data folder of their own."""

    database: Database
    settings: Settings

    @property
    def demo(self) -> Demo:
        found = demo_file.read_demo(self.settings)
        assert found is not None
        return found

    @property
    def unfinished(self) -> Path:
        return self.settings.data_dir / demo_file.UNFINISHED

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        async with self.database.transaction() as db:
            return [tuple(row) for row in await db.execute(text(query))]

    async def make(self, **changes: object) -> Made:
        return await make_demo(self.database, self.settings.model_copy(update=changes))


@pytest.fixture
def place(database: Database, database_url: str, tmp_path: Path) -> Place:
    return Place(database, Settings(database_url=database_url, data_dir=tmp_path / "data"))


@pytest.fixture(scope="module")
async def made(
    server: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Place]:
    """A finished demo, only to be read."""
    name = f"demo_{uuid.uuid4().hex}"
    connection = await asyncpg.connect(server)
    await connection.execute(f"create database {name} template {template} strategy file_copy")
    url = f"{server.rpartition('/')[0]}/{name}"
    database = Database.connect(url)
    place = Place(database, Settings(database_url=url, data_dir=tmp_path_factory.mktemp("demo")))
    assert await place.make() is Made.ANEW
    yield place
    await database.dispose()
    await drop_database(connection, name)
    await connection.close()


@pytest.fixture(scope="module")
async def demo_api(made: Place) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(made.settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(finished(app))
        async with httpx.AsyncClient(transport=transport, base_url="http://demo/api/v1") as client:
            yield client


async def sign_in(api: httpx.AsyncClient, demo: Demo, username: str) -> dict[str, str]:
    password = next(one["password"] for one in demo["users"] if one["username"] == username)
    answer = await api.post("/auth/login", json={"username": username, "password": password})
    assert answer.status_code == 200, answer.text
    return bearer(answer.json()["access_token"])


def test_the_file_is_for_its_owner_and_as_agreed(made: Place) -> None:
    path = demo_file.demo_path(made.settings)
    assert path.stat().st_mode & 0o777 == 0o600
    found = json.loads(path.read_text())
    assert list(found) == KEYS
    assert found["api_url"] == "http://127.0.0.1:8000"
    assert found["metrics_url"] == "http://127.0.0.1:9000/metrics"
    assert found["dashboard_url"] == "http://127.0.0.1:8501"
    assert [list(one) for one in found["students"]] == [["id", "name", "pupil_code"]] * 24
    assert {one["role"] for one in found["users"]} == {
        *("system_admin", "school_admin", "teacher", "game_developer")
    }
    assert [path.name for path in made.settings.data_dir.iterdir()] == ["demo.json"]


async def test_everybody_can_sign_in(made: Place, demo_api: httpx.AsyncClient) -> None:
    assert len({one["password"] for one in made.demo["users"]}) == len(made.demo["users"]) == 5
    for user in made.demo["users"]:
        signed_in = await sign_in(demo_api, made.demo, user["username"])
        person = (await demo_api.get("/auth/me", headers=signed_in)).json()
        assert person["role"] == user["role"]


async def test_a_teacher_finds_a_class_and_the_test_players(
    made: Place, demo_api: httpx.AsyncClient
) -> None:
    first = await sign_in(demo_api, made.demo, "teacher")
    classes = (await demo_api.get("/classes", headers=first)).json()["items"]
    seen = [(one["name"], one["sandbox"], one["student_count"]) for one in classes]
    assert seen == [("5b", False, 24), ("Test players", True, 0)]
    second = await sign_in(demo_api, made.demo, "teacher2")
    classes = (await demo_api.get("/classes", headers=second)).json()["items"]
    assert [(one["name"], one["student_count"]) for one in classes] == [("6a", 24)]


async def test_a_teacher_finds_lessons_in_both_languages(
    made: Place, demo_api: httpx.AsyncClient
) -> None:
    first = await sign_in(demo_api, made.demo, "teacher")
    for kind in ("scenarios", "content"):
        items = (await demo_api.get(f"/{kind}", headers=first)).json()["items"]
        assert {one["language"] for one in items} == {"en", "de"}
        assert len({one["id"] for one in items}) == len(items) >= 4


async def test_a_teacher_finds_what_the_class_has_to_do_and_what_is_done(
    made: Place, demo_api: httpx.AsyncClient
) -> None:
    first = await sign_in(demo_api, made.demo, "teacher")
    own = (await demo_api.get("/classes", headers=first)).json()["items"][0]["id"]
    path = f"/classes/{own}/assignments"
    tasks = (await demo_api.get(path, headers=first)).json()["items"]
    found = [
        (one["kind"], sum(part["done_at"] is not None for part in one["students"])) for one in tasks
    ]
    assert found == [("review", 0), ("scenario", 9), ("content", 1), ("content", 4)]
    assert [len(one["students"]) for one in tasks] == [4, 24, 3, 4]
    began = "session_type, extract(epoch from ended_at - started_at)"
    done = await made.rows(f"select {began} from learning_sessions where ended_at is not null")
    assert Counter(kind for kind, _ in done) == {"scenario": 9, "content_study": 5}
    shortest = {"scenario": SCENARIO_S[0], "content_study": STUDY_S[0]}
    assert all(lasted >= shortest[kind] for kind, lasted in done)
    apart = "select count(*) from learning_sessions s join scenario_runs r using (id, started_at)"
    assert await made.rows(apart) == [(9,)]


async def test_codes_let_a_pupil_play_and_keys_let_a_server_write(
    made: Place, demo_api: httpx.AsyncClient
) -> None:
    demo = made.demo
    pupil = demo["students"][3]
    typed = {"class_code": demo["class_code"], "pupil_code": pupil["pupil_code"]}
    joined = await demo_api.post("/players/join", json={"game_id": demo["game_id"], **typed})
    assert joined.json()["student_id"] == pupil["id"]
    assert joined.json()["display_name"] == pupil["name"]
    for key, student_id in ((demo["write_key"], pupil["id"]), (demo["sandbox_key"], str(uuid4()))):
        event = {
            "event_id": str(uuid4()),
            "student_id": student_id,
            "session_id": str(uuid4()),
            "event_type": "begin",
            "timestamp": datetime.now(UTC).isoformat(),
            "data": {},
        }
        body = {"batch_id": str(uuid4()), "client_version": "1", "events": [event]}
        answer = await demo_api.post("/telemetry/validate", json=body, headers=bearer(key))
        assert answer.json()["accepted"] == 1, answer.text


async def test_two_weeks_of_play_are_stored_and_compared(made: Place) -> None:
    assert await made.rows("select count(*) from rejections") == [(0,)]
    states = dict(await made.rows("select state, count(*) from game_sessions group by 1"))
    assert states["closed"] > 100
    assert states.get("open", 0) <= LEFT_OPEN
    assert await made.rows(
        "select distinct assessed_event_count = event_count, assessed_basis from game_sessions "
        "where state = 'closed'"
    ) == [(True, f"{EXTRACTOR_VERSION}.1.1")]
    ((first, last, events),) = await made.rows(
        "select min(timestamp), max(timestamp), count(*) from events"
    )
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    assert isinstance(events, int)
    assert first > datetime.now(UTC) - timedelta(days=15)
    assert last < datetime.now(UTC)
    assert 15_000 < events < 45_000
    ((measured,),) = await made.rows(
        "select count(*) from session_features "
        "where features -> 'time_efficiency' ->> 'value' is not null"
    )
    assert isinstance(measured, int)
    assert measured > 50


async def test_names_follow_from_the_seed(made: Place) -> None:
    names = pupil_names(DEFAULT_SEED, 48)
    assert [one["name"] for one in made.demo["students"]] == names[:24]
    stored = await made.rows("select display_name from students")
    assert sorted(stored) == sorted((name,) for name in names)


async def test_a_second_time_only_the_addresses_change(made: Place) -> None:
    before = made.demo
    assert await made.make(api_port=8123, api_host="0.0.0.0") is Made.WAS_THERE
    assert made.demo == {**before, "api_url": "http://127.0.0.1:8123"}
    assert await made.make() is Made.WAS_THERE
    assert made.demo == before


def test_play_is_the_same_whoever_plays_it() -> None:
    ours, others = ([uuid4() for _ in range(48)] for _ in range(2))
    first, second = (play(3, UNTIL, students) for students in (ours, others))
    translated = dict(zip(map(str, ours), map(str, others), strict=True))
    assert [one | {"student_id": translated[one["student_id"]]} for one in first] == second
    assert first != play(4, UNTIL, ours)
    assert {one["student_id"] for one in first} <= set(map(str, ours))


def test_a_few_sessions_of_the_last_half_hour_go_on() -> None:
    since = UNTIL - timedelta(minutes=30)
    ids = sorted(uuid4() for _ in range(5))
    minutes = (90, 31, 30, 20, 10)
    events = [
        {"session_id": str(one), "timestamp": (UNTIL - timedelta(minutes=before)).isoformat()}
        for one, before in zip(ids, minutes, strict=True)
    ]
    assert past_sessions(events, since=since) == ids[:3]
    assert past_sessions(events[:2], since=since) == ids[:2]


async def test_a_full_database_is_left_alone(place: Place, world: World) -> None:
    with pytest.raises(NotEmptyError, match="not empty"):
        await place.make()
    assert not place.settings.data_dir.exists()
    assert await place.rows("select count(*) from schools") == [(3,)]


async def test_a_demo_whose_file_is_gone_is_said_to_be_one(place: Place, world: World) -> None:
    async with place.database.transaction() as db:
        await db.execute(text("update schools set name = 'Demo School' where sandbox_of is null"))
    with pytest.raises(NotEmptyError, match="passwords cannot be read back"):
        await place.make()


async def test_files_of_a_deleted_demo_are_replaced(place: Place, made: Place) -> None:
    stale = made.demo
    demo_file.write_finished(place.settings, stale)
    demo_file.write_unfinished(place.settings, stale, seed=1, until=UNTIL, student_ids=[])
    assert await place.make() is Made.ANEW
    assert place.demo["school_id"] != stale["school_id"]
    assert not place.unfinished.exists()


async def test_a_killed_demo_is_completed_by_the_next(place: Place) -> None:
    environment = os.environ | {
        "DATABASE_URL": str(place.settings.database_url),
        "DATA_DIR": str(place.settings.data_dir),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "learntrace.cli", "demo", "--seed", "5"],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while await place.rows("select 1 from events limit 1") == []:
            assert process.poll() is None
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    unfinished = demo_file.read_unfinished(place.settings)
    assert unfinished is not None, "killed before it had ended"
    assert place.unfinished.stat().st_mode & 0o777 == 0o600
    assert demo_file.read_demo(place.settings) is None

    assert await place.make() is Made.COMPLETED
    assert place.demo == unfinished["demo"]
    assert not place.unfinished.exists()
    students = [UUID(one) for one in unfinished["student_ids"]]
    expected = play(5, datetime.fromisoformat(unfinished["until"]), students)
    stored = await place.rows("select event_id::text from events")
    assert sorted(stored) == sorted((one["event_id"],) for one in expected)
    assert await place.rows(
        "select count(*) from game_sessions where state = 'closed' and assessed_basis is null"
    ) == [(0,)]
    assert await place.rows("select count(*) from schools") == [(2,)]


async def test_a_file_that_cannot_be_written_leaves_the_database_empty(place: Place) -> None:
    place.settings.data_dir.write_text("a file where the folder should be")
    with pytest.raises(DemoFileError, match="cannot be"):
        await place.make()
    assert await place.rows("select count(*) from schools") == [(0,)]


def test_refreshing_keeps_the_secrets_and_the_mode(made: Place, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, api_port=9999)
    assert not refresh_demo_file(settings)
    demo_file.write_finished(settings, made.demo)
    path = demo_file.demo_path(settings)
    path.chmod(0o644)
    assert refresh_demo_file(settings)
    assert json.loads(path.read_text()) == {**made.demo, "api_url": "http://127.0.0.1:9999"}
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"school_id": 3}', '{"school_id": "x"}'])
def test_a_broken_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "demo.json").write_text(content)
    with pytest.raises(DemoFileError, match=r"demo\.json is not as the demo wrote it"):
        refresh_demo_file(Settings(data_dir=tmp_path))
