"""Every read goes by an index: what it costs does not follow how much others have stored."""

import json
from itertools import product

import pytest
from sqlalchemy import event, text

from learntrace.assessment import repository
from learntrace.kit.db import Database

from .conftest import SchoolDay
from .test_cost import STATEMENTS

# Codes let a pupil in, what teachers write is theirs, a plan the school's: no developer reads it.
NOT_FOR = (
    ("developer", "/classes/{class_id}/codes"),
    ("developer", "/students/{student_id}/ratings"),
    ("developer", "/students/{student_id}/notes"),
    ("developer", "/students/{student_id}/consents"),
    ("developer", "/classes/{class_id}/consents"),
    ("developer", "/plan/current-usage"),
)
LARGE = (
    *("students", "enrolments", "game_sessions", "session_features", "events"),
    *("ratings", "notes", "session_answers", "assessments"),
)
# 20 schools, each with a class of 1,000 who played twice each and were twice rated, noted and
# assessed; and Ada played 10,000 times, and was rated, noted and assessed 5,000 times.
SCHOOLS = """
    insert into schools (id, name, timezone, language, created_at)
    select gen_random_uuid(), 'School ' || n, 'UTC', 'en', now() from generate_series(1, 20) n
"""
CLASSES = """
    insert into classes (school_id, id, name, code, created_at)
    select id, gen_random_uuid(), 'All', left(id::text, 12), now() from schools
    where name like 'School %'
"""
PUPILS = """
    insert into students (school_id, id, display_name, pupil_code, created_at)
    select c.school_id, gen_random_uuid(), 'Pupil ' || n, 'MANY' || n, now()
    from classes c cross join generate_series(1, 1000) n
    where c.name = 'All' or c.id in (:class_id, :test_class_id)
"""
ENROLMENTS = """
    insert into enrolments (school_id, class_id, student_id, started_at)
    select c.school_id, c.id, s.id, now() from classes c join students s using (school_id)
    where s.pupil_code like 'MANY%' and (c.name = 'All' or c.id in (:class_id, :test_class_id))
"""
PLAY = """
    insert into game_sessions (school_id, id, student_id, game_id, state, started_at, ended_at,
        last_received_at, event_count)
    select s.school_id, gen_random_uuid(), s.id, :game, 'closed', at, at, at, 1
    from students s cross join generate_series(1, case when s.id = :ada then 10000 else 2 end) n,
        lateral (select now() - n * interval '1 hour' as at) times
"""
ASSESSED = """
    insert into session_features
    select (jsonb_populate_record(made, jsonb_build_object(
        'school_id', g.school_id, 'game_session_id', g.id))).*
    from game_sessions g cross join session_features made
    where made.game_session_id = :live and g.id <> :live
"""
EVENTS = """
    insert into events (school_id, event_id, game_session_id, student_id, game_id, timestamp,
        received_at, corrected_at, content_hash, event_type, game_version, data)
    select g.school_id, gen_random_uuid(), g.id, g.student_id, g.game_id, at, at, at, 0, 'tick',
        '1', '{}'
    from game_sessions g cross join generate_series(1, case when g.id = :live then 5000 else 1 end)
        n, lateral (select g.started_at + n * interval '1 s' as at) times
"""

TIMES = """
    students s cross join generate_series(1, case when s.id = :ada then 5000 else 2 end) n,
        lateral (select now() - n * interval '1 hour' as at) times
"""
RATINGS = f"""
    insert into ratings (school_id, id, student_id, rater_id, skill, level, observed_on, created_at)
    select s.school_id, gen_random_uuid(), s.id, :teacher, 'empathy', 1 + n % 4, at, at from {TIMES}
"""
NOTES = f"""
    insert into notes (school_id, id, student_id, author_id, text, created_at)
    select s.school_id, gen_random_uuid(), s.id, :teacher, 'Helped.', at from {TIMES}
"""
ASSESSMENTS = f"""
    insert into assessments (school_id, student_id, id, assessed_at, model, basis, body)
    select s.school_id, s.id, gen_random_uuid(), at, '1', '', :body from {TIMES}
"""
BODY = {
    "versions": {"model": "1", "evidence": 1, "weights": 1}
    | {"mapping": {}, "population": {}, "item_table": {}},
    "skills": [],
    "knowledge": [],
    "reasoning": [],
    "evidence": [],
}
ANSWERS = """
    insert into session_answers (school_id, game_session_id, student_id, game_id, event_count,
        answers, answer_count)
    select school_id, id, student_id, game_id, 1, '[]', 0 from game_sessions
"""


@pytest.fixture
async def crowd(day: SchoolDay, database: Database) -> SchoolDay:
    """The school day of a large class, among many schools full of pupils."""
    keys = {
        "ada": day.ada,
        "class_id": day.world.class_id,
        "test_class_id": day.world.test_class_id,
        "game": day.world.game_id,
        "live": day.live,
        "teacher": day.users["teacher"],
        "body": json.dumps(BODY),
    }
    crowded = (
        *(SCHOOLS, CLASSES, PUPILS, ENROLMENTS, PLAY, ASSESSED, EVENTS),
        *(RATINGS, NOTES, ASSESSMENTS, ANSWERS),
    )
    async with database.transaction() as db:
        for statement in crowded:
            used = {name: key for name, key in keys.items() if f":{name}" in statement}
            await db.execute(text(statement), used)
    async with database.engine.connect() as connection:
        autocommit = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await autocommit.execute(text("vacuum analyze"))
    return day


async def test_no_large_table_is_read_through(read, app, crowd, database):
    live = {"class_id": crowd.world.class_id, "student_id": crowd.ada, "session_id": crowd.live}
    sandboxed = {
        "class_id": crowd.world.test_class_id,
        "student_id": crowd.tess,
        "session_id": crowd.sandboxed,
    }
    sent = []

    @event.listens_for(app.state.database.engine.sync_engine, "before_cursor_execute")
    def note(connection, cursor, statement, parameters, context, executemany):
        sent.append((statement, parameters))

    seen = (("teacher", live), ("school_admin", live), ("developer", sandboxed))
    for (who, ids), path in product(seen, STATEMENTS):
        sent.clear()
        answer = await read(who, path.format(**ids))
        assert answer.status_code == 200 or (who, path) in NOT_FOR, answer.text
        if next_cursor := answer.json().get("next_cursor"):
            assert (await read(who, path.format(**ids), cursor=next_cursor)).status_code == 200
        async with database.transaction() as db:
            connection = await db.connection()
            for statement, parameters in sent:
                if "access_tokens" in statement:  # another request begins, as the owner
                    await connection.exec_driver_sql("set local role none")
                if "set_config" in statement:  # from here on as who reads
                    await connection.exec_driver_sql(statement, parameters)
                elif statement.lstrip().upper().startswith("SELECT"):
                    rows = await connection.exec_driver_sql("explain " + statement, parameters)
                    plan = "\n".join(row[0] for row in rows)
                    through = [name for name in LARGE if f"Seq Scan on {name}" in plan]
                    assert not through, f"{path}\n{statement}\n{plan}"


async def test_what_was_observed_of_each_game_is_read_from_the_index_alone(crowd, database):
    async with database.transaction() as db:
        rows = await db.execute(text(f"explain {repository._OBSERVED_GAMES}"))
        plan = "\n".join(rows.scalars())
    assert "Index Only Scan using session_features_game_idx" in plan, plan
