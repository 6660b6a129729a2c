"""The school reads its log: over HTTP and on the command line."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event

from learntrace.kit.clock import now
from tests.world import add_student, insert

from .conftest import Ask, Entries, Run, SchoolDay

LOG = "/schools/audit"


@pytest.fixture
async def read(ask: Ask, day: SchoolDay, entries: Entries) -> None:
    """A teacher opened Ada and then the class, a colleague's pupils nobody; all in that order."""
    await ask("teacher", "GET", f"/students/{day.ada}")
    await ask("teacher", "GET", f"/classes/{day.world.class_id}/now")
    await ask("school_admin", "GET", f"/students/{day.ben}")
    assert len(await entries()) == 3


async def test_it_says_in_words_who_did_what_and_when(read: None, ask: Ask, day: SchoolDay) -> None:
    answer = (await ask("school_admin", "GET", LOG)).json()
    assert answer["next_cursor"] is None
    by_admin, of_class, of_ada = answer["items"]
    assert by_admin["at"] > of_class["at"] > of_ada["at"]
    ada, ben, cleo = (
        {"student_id": str(one), "display_name": name}
        for one, name in zip(day.world.students, ("Ada", "Ben", "Cleo"), strict=True)
    )
    teacher = {"id": str(day.users["teacher"]), "name": "teacher"}
    assert of_ada | {"id": "", "at": ""} == {
        "id": "",
        "at": "",
        "who": teacher,
        "by": "person",
        "action": "GET /students/{student_id}",
        "words": "opened the student's page",
        "about": None,
        "class": None,
        "students": [ada],
        "student_count": 1,
        "erased_count": 0,
    }
    assert of_class["who"] == teacher
    assert of_class["words"] == "watched the class during the lesson"
    assert of_class["class"] == {"id": str(day.world.class_id), "name": "5a"}
    assert of_class["students"] == [ada, ben, cleo]
    assert (of_class["student_count"], by_admin["students"]) == (3, [ben])


async def test_reading_the_log_is_an_entry_of_all_who_are_named(
    read: None, ask: Ask, day: SchoolDay, entries: Entries
) -> None:
    await ask("school_admin", "GET", LOG)
    [whole] = await entries()
    assert (whole.action, whole.students) == (f"GET {LOG}", set(day.world.students))
    cleo = day.world.students[2]
    of_cleo = await ask("school_admin", "GET", f"{LOG}?student_id={cleo}")
    assert [one["words"] for one in of_cleo.json()["items"]] == [
        "read the audit log",
        "watched the class during the lesson",
    ]
    for one in of_cleo.json()["items"]:
        assert [each["display_name"] for each in one["students"]] == ["Cleo"]
        assert one["student_count"] == 3
    [of_one] = await entries()
    assert of_one.students == {cleo}


async def test_it_is_read_by_student_person_and_time(read: None, ask: Ask, day: SchoolDay) -> None:
    async def words(**query: object) -> list[str]:
        answer = await ask("school_admin", "GET", LOG, **query)
        assert answer.status_code == 200, answer.text
        return [one["words"] for one in answer.json()["items"]]

    page, class_now = "opened the student's page", "watched the class during the lesson"
    assert await words(student_id=day.ada) == [class_now, page]
    assert await words(person_id=day.users["school_admin"], student_id=day.ben) == [page]
    assert await words(person_id=day.users["colleague"]) == []
    soon, before = now() + timedelta(hours=1), now() - timedelta(hours=1)
    assert await words(since=soon.isoformat()) == []
    assert await words(until=before.isoformat()) == []
    tomorrow = now().date() + timedelta(days=2)
    assert await words(since=tomorrow.isoformat()) == []
    yesterday = now().date() - timedelta(days=2)
    assert class_now in await words(since=yesterday.isoformat(), until=tomorrow.isoformat())


async def test_a_day_begins_as_it_does_at_the_school(ask: Ask, day: SchoolDay) -> None:
    """Zurich's 2 March begins at 23:00 UTC on the 1st."""
    own = {"school_id": day.world.school_id, "by": "person", "students": []}
    async with day.world.database.transaction() as db:
        for hour in (22, 23):
            at = now().replace(2026, 3, 1, hour, 30)
            await insert(db, "audit_entries", at=at, action=f"{hour} h", **own)
    answer = await ask("school_admin", "GET", LOG, since="2026-03-02", until="2026-03-03")
    assert [one["words"] for one in answer.json()["items"]] == ["23 h"]


async def test_pages_hold_every_entry_once(read: None, ask: Ask, day: SchoolDay) -> None:
    for _ in range(3):
        await ask("teacher", "GET", "/students")
    found, query = [], {}
    until = now().isoformat()
    while True:
        answer = await ask("school_admin", "GET", LOG, limit=2, until=until, **query)
        found += [one["id"] for one in answer.json()["items"]]
        if (cursor := answer.json()["next_cursor"]) is None:
            break
        query = {"cursor": cursor}
    assert len(found) == len(set(found)) == 6


async def test_of_many_students_five_are_named_and_the_erased_are_counted(
    ask: Ask, day: SchoolDay
) -> None:
    async with day.world.database.transaction() as db:
        for number in range(5):
            pupil = uuid4()
            await add_student(db, day.world.school_id, pupil, f"Pupil {number}", f"MORE{number}")
            await day.enrolled(db, day.world.school_id, day.world.class_id, pupil)
    await ask("teacher", "GET", f"/classes/{day.world.class_id}/overview")
    erasure = f"/students/{day.ada}/erasure"
    assert (await ask("school_admin", "POST", erasure, {"confirm": "Ada"})).status_code == 200
    answer = await ask("school_admin", "GET", LOG)
    asked, of_class = answer.json()["items"]
    assert (asked["words"], asked["students"]) == ("erased the student", [])
    assert (asked["student_count"], asked["erased_count"]) == (1, 1)
    names = [one["display_name"] for one in of_class["students"]]
    assert names == ["Ben", "Cleo", "Pupil 0", "Pupil 1", "Pupil 2"]
    assert (of_class["student_count"], of_class["erased_count"]) == (8, 1)
    gone = await ask("school_admin", "GET", f"{LOG}?student_id={day.ada}")
    assert gone.status_code == 404


async def test_the_sandboxs_log_is_apart(ask: Ask, day: SchoolDay) -> None:
    await ask("developer", "GET", f"/students/{day.tess}")
    assert (await ask("school_admin", "GET", LOG)).json()["items"] == []
    [entry] = (await ask("school_admin", "GET", f"{LOG}?sandbox=true")).json()["items"]
    assert entry["who"]["name"] == "developer"
    assert [one["display_name"] for one in entry["students"]] == ["Tess"]


@pytest.mark.parametrize(
    ("who", "query", "status"),
    [
        ("teacher", "", 403),
        ("system_admin", "", 403),
        ("developer", "", 403),
        ("ada", "", 403),
        ("nobody", "", 401),
        ("lake_admin", "?student_id={ada}", 404),
        ("school_admin", "?student_id={tess}", 404),
        ("school_admin", "?since=2026-03-02T08:00:00", 422),
        ("school_admin", "?cursor=x", 422),
    ],
)
async def test_it_is_for_the_schools_administrators(
    read: None, ask: Ask, day: SchoolDay, entries: Entries, who: str, query: str, status: int
) -> None:
    address = LOG + query.format(ada=day.ada, tess=day.tess)
    answer = await ask(who, "GET", address)
    assert answer.status_code == status, answer.text
    assert "Ada" not in answer.text
    assert await entries() == []


async def test_another_school_sees_nothing_of_it(read: None, ask: Ask) -> None:
    assert (await ask("lake_admin", "GET", LOG)).json()["items"] == []


async def test_statements_do_not_grow_with_the_page(
    read: None, ask: Ask, day: SchoolDay, app: object
) -> None:
    sent: list[str] = []
    engine = app.state.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
    counts = []
    for _ in range(2):
        sent.clear()
        await ask("school_admin", "GET", LOG, until=now().isoformat())
        counts.append(len(sent))
        for _ in range(5):
            await ask("teacher", "GET", f"/classes/{day.world.class_id}/overview")
    assert counts[0] == counts[1]


async def test_the_command_prints_it_and_is_an_entry(
    read: None, run: Run, day: SchoolDay, entries: Entries
) -> None:
    said = await run("audit", "list", "--school", "Hill School")
    lines = said.splitlines()
    assert len(lines) == 4
    assert "watched the class during the lesson" in lines[2]
    assert lines[2].endswith("Ada, Ben, Cleo")
    [entry] = await entries()
    assert (entry.by, entry.action) == ("command", "learntrace audit list")
    assert entry.students == set(day.world.students)


async def test_the_command_writes_a_table_of_one_student(
    read: None, run: Run, day: SchoolDay
) -> None:
    ada = ("--school", "Hill School", "--student", day.ada)
    rows = list(csv.DictReader(io.StringIO(await run("audit", "list", *ada, "--csv"))))
    assert [(row["WHO"], row["CLASS"], row["STUDENTS"], row["NAMED"]) for row in rows] == [
        ("teacher", "5a", "3", "Ada"),
        ("teacher", "", "1", "Ada"),
    ]
    later = await run("audit", "list", *ada, "--since", f"{now() + timedelta(days=2):%Y-%m-%d}")
    assert len(later.splitlines()) == 1
    said = await run("audit", "list", "--school", "Hill School", "--student", uuid4(), code=1)
    assert "This school has no such student." in said
