"""A school's own system says who is there: what an import adds, changes, ends and leaves alone."""

import asyncio
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text

from learntrace.kit.errors import InvalidError, NotFoundError, TooLargeError
from learntrace.roster import repository as roster
from learntrace.roster.importing import files as roster_files
from learntrace.roster.importing.service import EndsTooMuchError, UnusableRosterError
from tests.world import bearer, now

from .exports import plain, school
from .stored import OPEN, TABLES, counts, everything, open_enrolments, student_row


async def test_a_school_is_brought_in(imported, world):
    report = await imported(school())
    assert counts(report) == {
        "classes": (2, 0, 0, 0),
        "students": (20, 0, 0, 0),
        "teachers": (2, 0, 0, 0),
        "enrolments": (20, 0, 0, 0),
        "teachings": (2, 0, 0, 0),
    }
    rows = await world.rows(f"select * from enrolments where from_roster and {OPEN}")
    assert len(rows) == 20
    codes = await world.rows("select pupil_code from students where source_id is not null")
    assert len({one.pupil_code for one in codes}) == 20


async def test_the_same_again_changes_nothing(imported, world):
    await imported(school())
    before = await everything(world)
    report = await imported(school())
    assert all(of[:3] == (0, 0, 0) for of in counts(report).values())
    assert report.students.unchanged == report.enrolments.unchanged == 20
    assert await everything(world) == before


async def test_a_dry_run_says_the_same_and_stores_nothing(imported, world):
    before = await everything(world)
    dry = await imported(school(), dry_run=True)
    assert await everything(world) == before
    assert await imported(school()) == dry


async def test_who_is_renamed_stays_the_same(imported, world):
    await imported(school())
    before = await student_row(world, "pupil-1-1")
    export = school()
    export.of("users.csv", sourcedId="pupil-1-1")["familyName"] = "Newname"
    export.of("classes.csv", sourcedId="class-1")["title"] = "Class 1 b"
    export.of("users.csv", sourcedId="teacher-1").update(familyName="Wed", username="other")
    report = await imported(export)
    assert counts(report)["students"] == (0, 1, 0, 19)
    assert counts(report)["classes"] == (0, 1, 0, 1)
    assert counts(report)["teachers"] == (0, 1, 0, 1)
    after = await student_row(world, "pupil-1-1")
    assert after.display_name == "Given Newname"
    assert (after.id, after.pupil_code) == (before.id, before.pupil_code)
    assert await world.one("select username from users where display_name = 'Given Wed'") == (
        "teacher-1@school.example"
    )


async def test_who_is_missing_ends_and_is_back_as_the_same(imported, world):
    await imported(school())
    before = await student_row(world, "pupil-1-1")
    smaller = school()
    smaller.remove("enrollments.csv", userSourcedId="pupil-1-1")
    smaller.remove("roles.csv", userSourcedId="pupil-1-1")
    smaller.remove("users.csv", sourcedId="pupil-1-1")
    report = await imported(smaller)
    assert counts(report)["students"] == (0, 0, 1, 19)
    assert counts(report)["enrolments"] == (0, 0, 1, 19)
    assert (await student_row(world, "pupil-1-1")).left_at is not None
    assert await open_enrolments(world, "pupil-1-1") == 0
    again = await imported(smaller)
    assert counts(again)["students"] == (0, 0, 0, 19)
    assert counts(again)["enrolments"] == (0, 0, 0, 19)

    report = await imported(school())
    assert counts(report)["students"] == (1, 0, 0, 19)
    assert counts(report)["enrolments"] == (1, 0, 0, 19)
    after = await student_row(world, "pupil-1-1")
    assert (after.id, after.pupil_code, after.left_at) == (before.id, before.pupil_code, None)
    assert await open_enrolments(world, "pupil-1-1") == 1


async def test_a_class_that_is_missing_ends_and_is_never_deleted(imported, world):
    await imported(school())
    smaller = school(classes=1)
    report = await imported(smaller, force=True)
    assert counts(report) == {
        "classes": (0, 0, 1, 1),
        "students": (0, 0, 10, 10),
        "teachers": (0, 0, 1, 1),
        "enrolments": (0, 0, 10, 10),
        "teachings": (0, 0, 1, 1),
    }
    assert await world.one("select count(*) from students where source_id is not null") == 20
    assert await world.one("select count(*) from classes where ended_at is not null") == 1
    report = await imported(school())
    assert counts(report)["classes"] == (1, 0, 0, 1)
    assert await world.one("select count(*) from classes where ended_at is not null") == 0


async def test_ending_more_than_a_tenth_is_refused(imported, world):
    await imported(school())
    before = await everything(world)
    export = school()
    for place in (1, 2):
        export.remove("enrollments.csv", userSourcedId=f"pupil-1-{place}")
    await imported(export, dry_run=True)
    export.remove("enrollments.csv", userSourcedId="pupil-1-3")
    for dry_run in (True, False):
        with pytest.raises(EndsTooMuchError) as refused:
            await imported(export, dry_run=dry_run)
        said = refused.value.detail
        assert "end 3 of the 20 enrolments that are open now, more than 10 %" in said
        assert "pupil" not in said.lower()
        assert counts(refused.value.report)["enrolments"] == (0, 0, 3, 17)
    assert await everything(world) == before
    await imported(export, force=True)
    assert await world.one(f"select count(*) from enrolments where from_roster and {OPEN}") == 17


async def test_ending_a_teachers_class_counts_by_itself(imported):
    await imported(school())
    export = school()
    export.remove("enrollments.csv", userSourcedId="teacher-1")
    with pytest.raises(EndsTooMuchError, match="1 of the 2 teachings that are open now"):
        await imported(export)


async def test_moving_everybody_into_the_future_ends_everybody_now(imported):
    await imported(school())
    export = school()
    for one in export.rows["enrollments.csv"]:
        one["beginDate"] = "2999-01-01"
    with pytest.raises(EndsTooMuchError, match="20 of the 20 enrolments"):
        await imported(export)


async def test_what_has_run_out_is_not_counted_as_ended(imported, world):
    await imported(school())
    yesterday = now() - timedelta(days=1)
    async with world.database.transaction() as db:
        for table in ("enrolments", "teachings"):
            statement = f"update {table} set ended_at = :at where from_roster"
            await db.execute(text(statement), {"at": yesterday})
    export = school()
    for one in export.rows["enrollments.csv"]:
        one["endDate"] = yesterday.date().isoformat()
    report = await imported(export)
    assert counts(report)["enrolments"] == (0, 0, 0, 0)
    assert counts(report)["students"] == (0, 0, 20, 0)
    asked = "select distinct ended_at from enrolments where from_roster"
    assert [one.ended_at for one in await world.rows(asked)] == [yesterday]


async def test_an_enrolment_keeps_its_days(imported, world):
    export = school()
    row = export.of("enrollments.csv", userSourcedId="pupil-1-1")
    row.update(beginDate="2020-08-17", endDate="2999-07-10")
    await imported(export)
    query = "select e.* from enrolments e join students s on s.id = student_id where source_id = :s"
    (stored,) = await world.rows(query, s="pupil-1-1")
    assert stored.started_at == datetime(2020, 8, 16, 22, tzinfo=UTC)
    assert stored.ended_at == datetime(2999, 7, 9, 22, tzinfo=UTC)
    assert counts(await imported(export))["enrolments"] == (0, 0, 0, 20)
    row["endDate"] = ""
    assert counts(await imported(export))["enrolments"] == (0, 1, 0, 19)
    (stored,) = await world.rows(query, s="pupil-1-1")
    assert stored.ended_at is None


async def test_what_was_added_by_hand_stays(imported, world):
    await imported(school())
    ada, hand_made = world.students[0], world.class_id
    pupil = await student_row(world, "pupil-1-1")
    query = "select id from classes where source_id = 'class-1'"
    class_1 = await world.one(query)
    async with world.database.transaction() as db:
        place = {"school_id": world.school_id}
        await roster.enrol(db, class_id=class_1, student_ids=[ada], **place)
        await roster.enrol(db, class_id=hand_made, student_ids=[pupil.id], **place)
    export = school()
    export.remove("enrollments.csv", userSourcedId="pupil-1-1")
    await imported(export)
    rows = await world.rows(f"select * from enrolments where not from_roster and {OPEN}")
    assert len(rows) == 5  # Ada, Ben and Cleo in 5a, Ada in class 1, the pupil in 5a
    assert (await world.rows("select * from classes where id = :id", id=hand_made))[0].name == "5a"


async def test_the_sandbox_and_other_schools_are_untouched(imported, world):
    async with world.database.transaction() as db:
        for school_id in (world.sandbox_id, world.other_school_id):
            await roster.create_students(db, school_id=school_id, display_names=["Someone"])
    before = await everything(world)
    await imported(school())
    export = school()
    export.of("users.csv", sourcedId="pupil-1-1")["familyName"] = "Newname"
    await imported(export)
    after = await everything(world)
    for table in TABLES:
        others = [one for one in after[table] if one.school_id != world.school_id]
        assert others == [one for one in before[table] if one.school_id != world.school_id]
    with pytest.raises(NotFoundError):
        await imported(school(), school_id=world.sandbox_id)


async def test_two_schools_may_use_the_same_source_ids(imported, world):
    await imported(school())
    export = school()
    for one in export.rows["users.csv"]:
        one["username"] = one["username"] and f"lake-{one['username']}"
    report = await imported(export, school_id=world.other_school_id)
    assert report.students.added == 20


async def test_one_unusable_line_and_nothing_is_stored(imported, world):
    before = await everything(world)
    export = school()
    export.of("users.csv", sourcedId="pupil-2-2").update(givenName="", familyName="")
    export.of("enrollments.csv", userSourcedId="pupil-1-1")["role"] = "pupil"
    with pytest.raises(UnusableRosterError) as refused:
        await imported(export)
    assert refused.value.detail == "Nothing was stored: the files have 2 problems."
    assert [(one.file, one.line) for one in refused.value.problems] == [
        ("enrollments.csv", 3),
        ("users.csv", 15),
    ]
    assert await everything(world) == before


async def test_two_imports_at_once_take_turns(imported, world):
    reports = await asyncio.gather(*(imported(school()) for _ in range(3)))
    assert sorted(one.students.added for one in reports) == [0, 0, 20]
    assert sorted(one.teachers.added for one in reports) == [0, 0, 2]
    assert await world.one("select count(*) from students where source_id is not null") == 20


async def test_a_plain_file_is_repeatable_and_leaves_teachers_alone(imported, world):
    await imported(school(classes=1))
    lines = [f"Class 1,Given,Pupil-1-{n},pupil-1-{n}" for n in range(1, 11)]
    report = await imported({"list.csv": plain(*lines)}, force=True)
    assert counts(report)["students"] == (0, 0, 0, 10)
    assert counts(report)["teachings"] == counts(report)["teachers"] == (0, 0, 0, 0)
    assert await world.one(f"select count(*) from teachings where {OPEN}") == 1
    report = await imported({"list.csv": plain(*lines)})
    assert counts(report)["enrolments"] == (0, 0, 0, 10)


async def test_the_player_tokens_of_who_leaves_end(api, imported, world):
    await imported(school())
    row = (await world.rows("select code from classes where source_id = 'class-1'"))[0]
    tokens = {}
    for source_id in ("pupil-1-1", "pupil-1-2"):
        pupil = await student_row(world, source_id)
        codes = {"class_code": row.code, "pupil_code": pupil.pupil_code}
        body = {"game_id": str(world.game_id), **codes}
        joined = await api.post("/api/v1/players/join", json=body)
        assert joined.status_code == 201
        tokens[source_id] = joined.json()["player_token"]
    export = school()
    export.remove("enrollments.csv", userSourcedId="pupil-1-1")
    await imported(export)
    for source_id, expected in (("pupil-1-1", 401), ("pupil-1-2", 404)):
        path = "/api/v1/telemetry/status/00000000-0000-4000-8000-000000000000"
        answer = await api.get(path, headers=bearer(tokens[source_id]))
        assert answer.status_code == expected
    assert (
        await api.post(
            "/api/v1/players/join",
            json=body | {"pupil_code": (await student_row(world, "pupil-1-1")).pupil_code},
        )
    ).status_code == 404


async def test_folders_archives_and_files_are_opened(imported, tmp_path):
    export = school()
    assert (await imported(export.archive(tmp_path / "export.zip"))).students.added == 20
    assert (await imported(export.folder(tmp_path / "export"))).students.unchanged == 20
    single = tmp_path / "List.CSV"
    single.write_bytes(plain("5b,Given,Family,1"))
    assert (await imported(single, force=True)).students.added == 1


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "There is no CSV file in it"),
        (["notes.txt"], "There is no CSV file in it"),
        (["5a.csv", "5b.csv"], "several CSV files and none of OneRoster's"),
        (["a/users.csv", "b/Users.csv"], "Two files in it have the same name"),
    ],
)
async def test_an_archive_without_a_roster_is_told(imported, tmp_path, names, said):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    with pytest.raises(InvalidError, match=said):
        await imported(path)


async def test_an_archive_that_is_broken_or_too_large_is_told(imported, tmp_path, monkeypatch):
    path = school().archive(tmp_path / "export.zip")
    content = bytearray(path.read_bytes())
    place = content.index(b"Class 1")
    content[place : place + 5] = b"XXXXX"
    broken = tmp_path / "broken.zip"
    broken.write_bytes(content)
    with pytest.raises(InvalidError, match="damaged"):
        await imported(broken)
    monkeypatch.setattr(roster_files, "MOST_BYTES", 1000)
    with pytest.raises(TooLargeError, match="at most"):
        await imported(path)


async def test_a_large_school_takes_no_more_statements_than_a_small_one(imported, world):
    sent = []
    engine = world.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
    counts_sent = []
    for classes in (1, 20):
        for export in (school(classes=classes), school(classes=classes, students=9)):
            sent.clear()
            await imported(export, force=True)
            counts_sent.append(len(sent))
    assert counts_sent[2:] <= counts_sent[:2]
    assert max(counts_sent) <= 40
