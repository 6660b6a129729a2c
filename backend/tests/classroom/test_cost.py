"""What reading costs: a fixed number of statements, and indexes where there is much to read."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, text

from learntrace.events.reading import read_page
from tests.world import add_student, insert, now

from .conftest import NOON

STATEMENTS = {
    "/classes": 3,
    "/classes/{class_id}/overview": 6,
    "/classes/{class_id}/now": 9,
    "/classes/{class_id}/attention": 9,
    "/classes/{class_id}/codes": 3,
    "/classes/{class_id}/skills": 4,
    "/classes/{class_id}/consents": 5,
    "/students": 4,
    "/students/{student_id}": 4,
    "/students/{student_id}/sessions": 5,
    "/students/{student_id}/progress": 3,
    "/students/{student_id}/timeline": 11,
    "/students/{student_id}/ratings": 4,
    "/students/{student_id}/notes": 4,
    "/students/{student_id}/consents": 6,
    "/assessments/{student_id}/history": 3,
    "/game-sessions/{session_id}": 7,
    "/game-sessions/{session_id}/events": 6,
    "/plan/current-usage": 5,
}


@pytest.fixture
def statements(app):
    """The statements that the application sends, one by one."""
    sent = []
    engine = app.state.database.engine.sync_engine

    @event.listens_for(engine, "before_cursor_execute")
    def note(connection, cursor, statement, parameters, context, executemany):
        # Asked again every so often, whether anybody reads or not.
        if "allowed_origins" not in statement:
            sent.append(statement)

    return sent


def _asks_who(statement):
    """Whether it finds out who reads, and narrows the transaction to what they see."""
    return "access_tokens" in statement or "set_config" in statement


async def test_statements_do_not_grow_with_what_is_read(read, day, database, statements):
    ids = {"class_id": day.world.class_id, "student_id": day.ada, "session_id": day.live}
    counts = []
    for more in (0, 12):
        async with database.transaction() as db:
            for n in range(more):
                made = await day.plays(db, day.ada, at=NOON + timedelta(days=n))
                await day.is_assessed(db, made)
                pupil = uuid4()
                await add_student(db, day.world.school_id, pupil, f"Pupil {n}", f"MORE{n}")
                await day.enrolled(db, day.world.school_id, day.world.class_id, pupil)
                await day.plays(db, pupil, at=now() - timedelta(days=n))
        counts.append({})
        for path in STATEMENTS:
            statements.clear()
            assert (await read("teacher", path.format(**ids))).status_code == 200
            counts[-1][path] = len([one for one in statements if not _asks_who(one)])
    assert counts[0] == counts[1]
    assert all(counts[0][path] <= most for path, most in STATEMENTS.items()), counts[0]


@pytest.mark.parametrize("who", ["teacher", "developer"])
async def test_mapping_of_data_health_is_read_once(read, day, database, statements, who):
    async with database.transaction() as db:
        await insert(
            db,
            "game_mappings",
            game_id=day.world.game_id,
            version=1,
            mapping='{"events": {"LEVEL_UP": {"behaviours": ["choice"]}}}',
            created_at=now(),
        )
    path = f"/games/{day.world.game_id}/event-types"
    answers, readings = [], []
    for _ in range(2):
        statements.clear()
        answers.append((await read(who, path)).json())
        readings.append(len([one for one in statements if "game_mappings.mapping" in one]))
    assert readings == [1, 0]
    assert answers[0] == answers[1]
    assert answers[0]["mapping_version"] == 1


async def test_page_far_into_a_long_session_is_read_by_index(read, day, database):
    async with database.transaction() as db:
        await db.execute(
            text(
                """
                insert into events (school_id, event_id, game_session_id, student_id, game_id,
                    timestamp, received_at, corrected_at, content_hash, event_type, game_version,
                    data)
                select :school, gen_random_uuid(), :session, :student, :game, t, t, t, 0, 'tick',
                    '1', '{}'
                from generate_series(0, 99999) n,
                    lateral (select cast(:at as timestamptz) + n * interval '10 ms' as t) times
                """
            ),
            {
                "school": day.world.school_id,
                "session": day.live,
                "student": day.ada,
                "game": day.world.game_id,
                "at": NOON,
            },
        )
    async with database.engine.connect() as connection:
        autocommit = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await autocommit.execute(text("vacuum analyze events"))
    plan = await _plan_of_page(database, day)
    assert "Index Scan using events_session_idx" in plan
    assert "Seq Scan" not in plan
    blocks = sum(int(n) for n in re.findall(r"shared (?:hit|read)=(\d+)", plan))
    assert blocks < 500, plan

    path = f"/game-sessions/{day.live}/events"
    first = (await read("teacher", path, limit=1000)).json()
    second = (await read("teacher", path, limit=1000, cursor=first["next_cursor"])).json()
    times = [datetime.fromisoformat(one["timestamp"]) for one in first["items"] + second["items"]]
    assert len({one["event_id"] for one in first["items"] + second["items"]}) == 2000
    assert times == sorted(times)


async def _plan_of_page(database, day) -> str:
    """How PostgreSQL reads the page after 90,000 events."""
    sent = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute", retval=True)
    def explain(connection, cursor, statement, parameters, context, executemany):
        if statement.startswith("SELECT events"):
            sent.append((statement, parameters))
        return statement, parameters

    async with database.transaction() as db:
        at = NOON + timedelta(seconds=900)
        found = await read_page(
            db,
            school_id=day.world.school_id,
            game_session_id=day.live,
            after=(at, day.live),
            limit=201,
        )
        assert len(found) == 201
        statement, parameters = sent[0]
        connection = await db.connection()
        plan = await connection.exec_driver_sql(
            "explain (analyze, buffers) " + statement, parameters
        )
        return "\n".join(row[0] for row in plan)
