"""Row-level security: what comes back where the application forgets whose rows it wants."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import event, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import ProgrammingError

from learntrace import migrating
from learntrace.accounts.callers import Person, Role
from learntrace.accounts.narrowing import NarrowedDatabase, narrow
from learntrace.accounts.tenants import (
    every_tenant,
    tenant,
    tenants_of_person,
    tenants_of_school,
)
from learntrace.kit.db import Database
from learntrace.kit.errors import NotFoundError
from learntrace.roster import reading as roster
from learntrace.roster.choice import Which
from learntrace.roster.models import SchoolClass, Student
from learntrace.roster.visibility import Sight, require_student
from learntrace.transcription_sessions.upload_addresses import UploadAddress, sign
from tests.test_routes import operations

SEES_ALL = Sight(
    tenants=every_tenant(),
    classes=sa.select(SchoolClass.school_id, SchoolClass.id),
    students=sa.select(Student.school_id, Student.id),
    act=None,
)
OF_SCHOOLS = sorted(
    name for name, table in migrating.METADATA.tables.items() if "school_id" in table.columns
)
UNGUARDED = text(
    """
    select c.relname from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'school_id' and not a.attisdropped
    where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
      and not (c.relrowsecurity and exists (
          select from pg_policy p where p.polrelid = c.oid
            and pg_get_expr(p.polqual, p.polrelid) like '%school_id IN%seen_school_ids()%'))
    """
)
MAY_READ = text("select has_column_privilege('learntrace_reader', :name, 'school_id', 'select')")
AS_READER = text("set local role learntrace_reader")
# They read before anybody is known, read or write what no reader may, or are about the whole of one
# student whom a narrowed read has found.
AS_OWNER = {
    *("/api/v1/auth/login", "/api/v1/auth/refresh", "/api/v1/auth/logout"),
    *("/api/v1/auth/password", "/api/v1/users", "/api/v1/users/{user_id}"),
    *("/api/v1/users/{user_id}/password-reset", "/api/v1/write-keys"),
    "/api/v1/roster/import",
    *("/api/v1/write-keys/{key_id}/rotate", "/api/v1/write-keys/{key_id}/revoke"),
    *("/api/v1/players/join", "/api/v1/players/renew"),
    "/api/v1/telemetry/session/{session_id}/close",
    *("/api/v1/students/{student_id}/export", "/api/v1/students/{student_id}/erasure"),
    "/api/v1/schools/retention/preview",  # counts of kinds that no reader sees
}
TOMORROW = datetime.now(UTC) + timedelta(days=1)
# Whose they are is asked for in the query.
OF_ONE_STUDENT = {
    ("get", "/api/v1/content/{content_id}/history"),
    ("get", "/api/v1/review-cards"),
    ("get", "/api/v1/scenarios/progress"),
    ("get", "/api/v1/scenarios/{scenario_id}/progress"),
    ("delete", "/api/v1/scenarios/{scenario_id}/progress"),
}


@pytest.fixture
def settings(settings):
    """One connection for all requests, so that each gets the one before's."""
    return settings.model_copy(update={"database_pool_size": 1})


def person(day, name, role, school_id):
    return Person(day.users[name], name, name, role, school_id, uuid4())


def value(column):
    """Something that a column takes, new each time where it may have to be."""
    kind = column.type
    if isinstance(kind, postgresql.JSON):
        return "{}"
    if isinstance(kind, postgresql.ARRAY):
        return []
    made = {
        UUID: uuid4(),
        str: uuid4().hex[: getattr(kind, "length", None) or 32],
        bytes: uuid4().bytes,
        datetime: datetime.now(UTC),
        date: date(2026, 3, 2),
        bool: True,
        int: 1,
        float: 0.5,
    }
    return made[kind.python_type]


@pytest.fixture
async def two_schools(day, database):
    """A row of Hill and of Lake in every table of a school, whatever it should refer to."""
    schools = (day.world.school_id, day.world.other_school_id)
    constraints = text(
        "select conrelid::regclass::text, conname from pg_constraint "
        "where contype in ('f', 'c') and connamespace = 'public'::regnamespace"
    )
    async with database.transaction() as db:
        for table, name in (await db.execute(constraints)).all():
            await db.execute(text(f"alter table {table} drop constraint {name}"))
        for name in OF_SCHOOLS:
            table = sa.table(name, *(sa.column(c.name) for c in migrating.METADATA.tables[name].c))
            for school_id in schools:
                columns = migrating.METADATA.tables[name].c
                row = {c.name: value(c) for c in columns if c.computed is None}
                marks = ", ".join(f":{column}" for column in row)
                await db.execute(
                    text(f"insert into {table.name} ({', '.join(row)}) values ({marks})"),
                    row | {"school_id": school_id},
                )
    return schools


async def schools_in(db, name):
    return set((await db.execute(text(f"select distinct school_id from {name}"))).scalars())


async def test_every_table_of_a_school_is_guarded(database):
    """A new table with `school_id` takes a policy in its migration; see 0007."""
    async with database.transaction() as db:
        assert (await db.execute(UNGUARDED)).scalars().all() == []
        await db.execute(text("create table forgotten (school_id uuid)"))
        await db.execute(text("alter table forgotten enable row level security"))
        assert (await db.execute(UNGUARDED)).scalars().all() == ["forgotten"]


async def test_a_read_without_any_filter_finds_nothing_of_another_school(
    day, two_schools, database
):
    hill, lake = two_schools
    own = {hill, day.world.sandbox_id}
    for name in OF_SCHOOLS:
        async with database.transaction() as db:
            assert {hill, lake} <= await schools_in(db, name), name
            may_read = await db.scalar(MAY_READ, {"name": name})
            await narrow(db, tenants_of_school(hill))
            if may_read:
                found = await schools_in(db, name)
                assert hill in found, name
                assert found <= own, name
            else:
                with pytest.raises(ProgrammingError, match="permission denied"):
                    await schools_in(db, name)


async def test_reused_connection_with_nothing_set_reads_nothing(two_schools, database_url):
    one = Database.connect(database_url, pool_size=1)
    who = text("select current_user, current_setting('learntrace.school_ids', true)")
    async with one.transaction() as db:
        owner = (await db.execute(who)).one()[0]
        await narrow(db, every_tenant())
        assert (await db.execute(who)).one()[0] == "learntrace_reader"
        assert len(await schools_in(db, "students")) > 1
    async with one.transaction() as db:
        assert (await db.execute(who)).one() == (owner, "")
        readable = [n for n in OF_SCHOOLS if await db.scalar(MAY_READ, {"name": n})]
        await db.execute(AS_READER)
        for name in readable:
            assert await schools_in(db, name) == set(), name
        assert (await db.execute(text("select id from schools"))).all() == []
    await one.dispose()
    fresh = Database.connect(database_url, pool_size=1)  # nothing was ever set
    async with fresh.transaction() as db:
        await db.execute(AS_READER)
        assert await schools_in(db, "students") == set()
    await fresh.dispose()


@pytest.mark.parametrize(
    ("name", "role", "school", "students", "classes"),
    [
        ("teacher", Role.TEACHER, "school_id", "Ada Ben Cleo Tess", "5a|5b|Test players"),
        ("school_admin", Role.SCHOOL_ADMIN, "school_id", "Ada Ben Cleo Tess", "5a|5b|Test players"),
        ("lake_teacher", Role.TEACHER, "other_school_id", "Finn", "Lake"),
        ("developer", Role.GAME_DEVELOPER, None, "Tess", "Test players"),
        ("system_admin", Role.SYSTEM_ADMIN, None, "Ada Ben Cleo Finn Tess", None),
    ],
)
async def test_without_the_gate_a_person_sees_own_tenants_alone(
    day, database, name, role, school, students, classes
):
    school_id = school and getattr(day.world, school)
    tenants = tenants_of_person(person(day, name, role, school_id))
    async with database.transaction() as db:
        await narrow(db, tenants)
        found = []
        for sandbox in (False, True):
            page, _ = await roster.list_students(
                db, SEES_ALL, sandbox=sandbox, school_ids=None, after=None, limit=100
            )
            found += page
        seen = await roster.list_classes(db, SEES_ALL, with_ended=True, after=None, limit=100)
    assert sorted(one.display_name for one in found) == students.split()
    if classes is not None:
        assert [one.name for one in seen] == classes.split("|")


async def test_developer_of_a_game_that_nobody_uses_sees_no_school(day, database):
    async with database.transaction() as db:
        await db.execute(
            text("delete from school_games where game_id = :id"), {"id": day.world.other_game_id}
        )
        tiles = person(day, "tiles_developer", Role.GAME_DEVELOPER, None)
        await narrow(db, tenants_of_person(tiles))
        assert await schools_in(db, "students") == set()


async def test_without_the_gate_a_pupils_game_sees_its_own_tenant_alone(day, database):
    async with database.transaction() as db:
        await narrow(db, tenant(day.world.school_id))
        for student_id in (day.tess, day.world.foreign_student):
            with pytest.raises(NotFoundError):
                await require_student(db, SEES_ALL, student_id, Which())
        assert (await require_student(db, SEES_ALL, day.ada, Which())).display_name == "Ada"


async def test_a_second_narrowing_only_takes_away(day, database):
    async with database.transaction() as db:
        await narrow(db, tenants_of_school(day.world.school_id))
        await narrow(db, every_tenant())
        found = await schools_in(db, "students")
        assert found == {day.world.school_id, day.world.sandbox_id}
        await narrow(db, tenant(day.world.other_school_id))
        assert await schools_in(db, "students") == set()


async def test_narrowed_database_narrows_each_transaction(day, database):
    narrowed = NarrowedDatabase(database, tenant(day.world.other_school_id))
    for _ in range(2):
        async with narrowed.transaction() as db:
            assert await schools_in(db, "students") == {day.world.other_school_id}


async def test_the_weights_of_a_school_are_read_for_its_sandbox(day, database):
    trust = {"school_id": day.world.school_id, "by": day.users["school_admin"]}
    async with database.transaction() as db:
        await db.execute(
            text("insert into fusion_weights values (:school_id, 1, '{}', :by, now())"), trust
        )
        await narrow(db, tenant(day.world.sandbox_id))
        assert await schools_in(db, "fusion_weights") == {day.world.school_id}
    async with database.transaction() as db:
        await narrow(db, tenant(day.world.other_school_id))
        assert await schools_in(db, "fusion_weights") == set()


class Watched:
    """The statements of an engine that were sent before their transaction was narrowed."""

    def __init__(self, engine):
        self.early: list[str] = []
        self.narrowed_count = 0
        self._is_narrowed: dict[int, bool] = {}
        event.listen(engine, "begin", self._begin)
        event.listen(engine, "before_cursor_execute", self._note)

    def _begin(self, connection):
        self._is_narrowed[id(connection)] = False

    def _note(self, connection, cursor, statement, parameters, context, executemany):
        if "set_config" in statement:
            self._is_narrowed[id(connection)] = True
            self.narrowed_count += 1
        elif not self._is_narrowed.get(id(connection)) and _reads_of_a_school(statement):
            self.early.append(statement)


def _reads_of_a_school(statement):
    asks_who = "from access_tokens t" in statement or "from player_tokens w" in statement
    return not asks_who and bool(set(re.findall(r"\w+", statement)) & {"schools", *OF_SCHOOLS})


async def test_every_route_of_people_and_pupils_reads_as_the_reader(app, api, day):
    watched = Watched(app.state.database.engine.sync_engine)
    ids = {
        "class_id": day.world.class_id,
        "student_id": day.ada,
        "game_session_id": day.live,
        "session_id": day.live,
        "game_id": day.world.game_id,
        "skill": "empathy",
        "token": sign(app.state.upload_key, UploadAddress(day.world.school_id, uuid4(), TOMORROW)),
    }
    bodies = {
        "/api/v1/infer-batch": {"student_ids": [str(day.ada), str(day.tess)]},
        "/api/v1/students/{student_id}/notes": {"text": "Helped."},
        "/api/v1/students/{student_id}/extra-time": {"extra_time": True},
        "/api/v1/fusion/weights": {"weights": []},
        "/api/v1/students/{student_id}/amendments": {
            "about": "note",
            "text": "It was Ben.",
            "asked_by": "mother",
        },
        "/api/v1/plan/validate-action": {"action": "ingest_events"},
        "/api/v1/plan/budget": {"budget_micro": 5},
        "/api/v1/schools/recordings-retention": {"confirmed_days": None},
        "/api/v1/schools/retention": {"play_days": 400, "left_days": None},
        "/api/v1/ratings": {
            "ratings": [{"student_id": str(day.ada), "skill": "empathy", "level": 2}]
        },
        "/api/v1/clients": {"student_id": str(day.ada)},
        "/api/v1/games/{game_id}/mapping": {"events": {"UP": {"behaviours": ["choice"]}}},
        "/api/v1/games/{game_id}/mapping-choice": {"version": None},
    }
    failed, early, never = [], set(), []
    for method, path in operations(app):
        if not path.startswith("/api/v1") or path in AS_OWNER:
            continue
        before, answers = watched.narrowed_count, set()
        concrete = path
        for part in path.split("/"):
            if part.startswith("{"):
                concrete = concrete.replace(part, str(ids.get(part[1:-1], uuid4())))
        for who in ("teacher", "school_admin", "system_admin", "developer", "ada", "write_key"):
            answer = await api.request(
                method,
                concrete,
                params={"student_id": str(day.ada)} if (method, path) in OF_ONE_STUDENT else None,
                json=bodies.get(path),
                headers=day.headers(who),
            )
            answers.add(answer.status_code)
            if watched.early:
                early.add((method, path, who, watched.early[0]))
                watched.early.clear()
        if 500 in answers:
            failed.append((method, path))
        if watched.narrowed_count == before and path not in {
            *("/api/v1/telemetry/events", "/api/v1/telemetry/batch", "/api/v1/telemetry/validate"),
        }:
            never.append((method, path))
        if method == "get":
            assert answers & {200, 404, 409}, (path, answers)
        if path in bodies and method != "get":
            assert answers & {200, 201}, (path, answers)
    assert not failed
    assert not early
    assert not never
