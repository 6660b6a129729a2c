"""What is read from a roster's files, and what is said of those that cannot be read."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from learntrace.roster.importing.oneroster import read_oneroster
from learntrace.roster.importing.plain import read_plain
from learntrace.roster.importing.types import Day, Span

from .exports import HEADERS, plain, school

ZURICH = ZoneInfo("Europe/Zurich")
TODAY = date(2026, 10, 1)
PLACE = ("class-1", "pupil-1-1")


def read(export, **options):
    problems = []
    files = export if isinstance(export, dict) else export.files()
    settings = {"school_name": "Hill School", "day": Day(TODAY, ZURICH)} | options
    roster = read_oneroster(files, problems, **settings)
    return roster, [str(one) for one in problems]


def read_good(export, **options):
    roster, problems = read(export, **options)
    assert problems == []
    return roster


def read_line(*lines):
    problems = []
    return read_plain("list.csv", plain(*lines), problems), [str(one) for one in problems]


def test_a_school_is_read():
    roster = read_good(school())
    assert {one.name for one in roster.classes.values()} == {"Class 1", "Class 2"}
    assert len(roster.students) == len(roster.enrolments) == 20
    assert roster.students["pupil-1-1"].name == "Given Pupil-1-1"
    assert roster.teachings.keys() == {("class-1", "teacher-1"), ("class-2", "teacher-2")}
    assert roster.teachers["teacher-1"].username == "teacher-1@school.example"
    assert roster.enrolments[PLACE] == Span()


def test_parents_and_who_is_in_no_class_are_not_read():
    export = school()
    export.user("mother", "parent")
    export.user("idle", "student")
    roster = read_good(export)
    assert not {"mother", "idle"} & (roster.students.keys() | roster.teachers.keys())


@pytest.mark.parametrize("role", ["administrator", "proctor", "ext:coach"])
def test_other_roles_in_a_class_give_nobody_anything(role):
    export = school()
    export.user("head", "principal")
    export.enrol("head", 1, role)
    roster = read_good(export)
    assert "head" not in roster.teachers


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_plain_file_is_read_however_it_was_saved(delimiter, bom, newline):
    lines = [
        ["external_id", "Class", "given_name", "family_name", "remark"],
        ["7", "5a", "Ána", "de la Cruz", '"two\nlines, and; more"'],
        [],
        ["8", "5b", "", " Mono  nym ", ""],
    ]
    text = newline.join(delimiter.join(cells) for cells in lines)
    problems = []
    roster = read_plain("list.csv", bom + text.encode(), problems)
    assert problems == []
    assert roster.students["7"].name == "Ána de la Cruz"
    assert roster.students["8"].name == "Mono nym"
    assert roster.enrolments.keys() == {("5a", "7"), ("5b", "8")}
    assert roster.teachers is None


def test_a_long_name_is_cut():
    roster, problems = read_line(f"5a,{'a' * 150},{'b' * 150},7")
    assert problems == []
    assert len(roster.students["7"].name) == 200


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",Given,Family,7", "Give the class a name"),
        ("5a,,,7", "Give the pupil a name"),
        ("5a,Gi\x00ven,Family,7", "Give the pupil a name"),
        ("5a,Given,Family,", "Give each pupil an external_id"),
        ("5a,Given,Family", "3 cells, but the first line names 4"),
        ("5a,Given,Family,7,8", "5 cells, but the first line names 4"),
        ('5a,"Given,Family,7', "cannot be read as CSV"),
        ('5a,"Gi"ven,Family,7', "cannot be read as CSV"),
        ("5a,Other,Family,6", "The same external_id as in line 2, but another name"),
    ],
)
def test_a_line_that_cannot_be_used_is_told_without_a_name(line, said):
    _, problems = read_line('5a,"Fi\nrst",Family,6', line)
    (problem,) = problems
    assert re.match(r"list\.csv, line 4(, column \d+)?: ", problem)
    assert said in problem
    assert not any(name in problem for name in ("Given", "Other", "Family"))


def test_every_problem_is_told():
    _, problems = read_line(",Given,Family,1", "5a,Given,Family,2", "5a,,,3")
    assert [one.partition(":")[0] for one in problems] == ["list.csv, line 2", "list.csv, line 4"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: The first line must name the columns"),
        (b"class,given_name\n", "missing: family_name, external_id"),
        (b"class,class,given_name,family_name,external_id\n", "Columns named twice: class"),
        (
            plain("5a,Given,Family,1") + b"\n5a,M\xfcller,Family,2",
            "line 3, column 5: This is not UTF-8",
        ),
        (plain(), "There is no pupil in it"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(content, said):
    problems = []
    read_plain("list.csv", content, problems)
    (problem,) = problems
    assert said in str(problem)


@pytest.mark.parametrize("status", ["tobedeleted", "inactive", "ToBeDeleted"])
@pytest.mark.parametrize(
    ("file", "row"),
    [
        ("classes.csv", {"sourcedId": "class-1"}),
        ("users.csv", {"sourcedId": "pupil-1-1"}),
        ("roles.csv", {"userSourcedId": "pupil-1-1"}),
        ("enrollments.csv", {"userSourcedId": "pupil-1-1"}),
    ],
)
def test_what_is_to_be_deleted_is_over(status, file, row):
    export = school()
    export.of(file, **row)["status"] = status
    roster = read_good(export)
    assert PLACE not in roster.enrolments
    assert "pupil-1-1" not in roster.students


@pytest.mark.parametrize(
    ("begin", "end", "span"),
    [
        ("", "", Span()),
        ("2026-10-01", "", Span(datetime(2026, 9, 30, 22, tzinfo=UTC), None)),
        ("2026-11-01", "", Span(datetime(2026, 10, 31, 23, tzinfo=UTC), None)),
        ("", "2026-10-02T00:00:00Z", Span(None, datetime(2026, 10, 1, 22, tzinfo=UTC))),
        ("", "2026-10-01", None),
        ("2025-08-01", "2026-07-31", None),
    ],
)
def test_an_enrolment_begins_with_its_first_day_and_ends_before_its_last(begin, end, span):
    export = school()
    export.of("enrollments.csv", userSourcedId="pupil-1-1").update(beginDate=begin, endDate=end)
    assert read_good(export).enrolments.get(PLACE) == span


def test_an_enrolment_without_days_lasts_as_long_as_the_terms_of_its_class():
    export = school()
    for term, start, end in (
        ("autumn", "2026-08-15", "2027-02-01"),
        ("spring", "2027-02-01", "2027-07-15"),
        ("past", "2026-02-01", "2026-07-15"),
    ):
        export.add("academicSessions.csv", sourcedId=term, startDate=start, endDate=end)
    export.of("classes.csv", sourcedId="class-1")["termSourcedIds"] = "autumn,spring"
    export.of("classes.csv", sourcedId="class-2")["termSourcedIds"] = "past"
    roster = read_good(export)
    assert roster.enrolments[PLACE].begins_at == datetime(2026, 8, 14, 22, tzinfo=UTC)
    assert roster.enrolments[PLACE].ends_at == datetime(2027, 7, 14, 22, tzinfo=UTC)
    assert roster.classes.keys() == {"class-1"}


def test_of_several_enrolments_in_a_class_the_present_one_counts():
    export = school()
    export.of("enrollments.csv", userSourcedId="pupil-1-1").update(endDate="2026-11-01")
    export.enrol("pupil-1-1", 1, "student", sourcedId="later", beginDate="2027-01-01")
    export.enrol("pupil-1-1", 1, "student", sourcedId="before", endDate="2026-01-01")
    ends_at = datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert read_good(export).enrolments[PLACE] == Span(None, ends_at)


def test_only_one_school_of_a_district_is_read():
    export = school()
    export.add("orgs.csv", sourcedId="org-2", name="Lake School", type="school")
    export.school_class(9, school="org-2")
    export.user("far", "student", school="org-2")
    export.enrol("far", 9, "student", schoolSourcedId="org-2")
    assert "far" not in read_good(export).students
    assert read_good(export, org="org-2").students.keys() == {"far"}
    for options in ({"school_name": "New name"}, {"org": "org-3"}):
        _, problems = read(export, **options)
        (problem,) = problems
        assert "Schools: org-1 (Hill School), org-2 (Lake School)." in problem
        assert "--org" in problem


def test_the_preferred_name_is_taken():
    export = school()
    export.of("users.csv", sourcedId="pupil-1-1").update(
        preferredGivenName="Pref", preferredFamilyName="Erred"
    )
    assert read_good(export).students["pupil-1-1"].name == "Pref Erred"


def test_a_student_by_role_teaches_nobody():
    export = school()
    export.enrol("pupil-1-1", 2, "teacher")
    _, problems = read(export)
    (problem,) = problems
    assert problem.startswith("enrollments.csv, line 24: The user of this line is to teach")


def test_a_teacher_who_may_not_sign_in_teaches_nobody():
    export = school()
    export.of("users.csv", sourcedId="teacher-1")["enabledUser"] = "false"
    export.of("users.csv", sourcedId="pupil-1-1")["enabledUser"] = "false"
    roster = read_good(export)
    assert roster.teachers.keys() == {"teacher-2"}
    assert "pupil-1-1" in roster.students


def test_version_1_1_tells_roles_with_the_users():
    export = school()
    files = export.files()
    del files["roles.csv"]
    files["manifest.csv"] = b"propertyName,value\noneroster.version,1.1\nfile.users,bulk\n"
    files["users.csv"] = (
        b"sourcedId,givenName,familyName,role,username\n"
        b"pupil-1-1,A,B,student,\nteacher-1,C,D,teacher,c.d\n"
    )
    files["enrollments.csv"] = (
        b"classSourcedId,userSourcedId,role\nclass-1,pupil-1-1,student\nclass-1,teacher-1,teacher\n"
    )
    roster = read_good(files)
    assert roster.teachers["teacher-1"].username == "c.d"
    files["enrollments.csv"] += b"class-1,pupil-1-1,teacher\n"
    _, problems = read(files)
    assert "is no teacher by role" in problems[0]


@pytest.mark.parametrize("name", ["classes.csv", "users.csv", "enrollments.csv"])
def test_a_file_that_is_needed_is_missed(name):
    files = school().files()
    del files[name]
    files.pop("manifest.csv")
    _, problems = read(files)
    assert f"{name}: This file is needed, and is not there." in problems


@pytest.mark.parametrize(
    ("named", "value", "said"),
    [
        ("oneroster.version", "1.0", "manifest.csv, line 3: Another version of OneRoster"),
        ("file.users", "delta", "users.csv holds changes only. Export everything (bulk)."),
    ],
)
def test_the_manifest_is_believed(named, value, said):
    export = school()
    export.manifest[named] = value
    _, problems = read(export)
    assert any(said in one for one in problems)


def test_a_file_that_the_manifest_says_is_absent_is_not_read():
    export = school()
    export.manifest["file.academicSessions"] = "absent"
    export.add("academicSessions.csv", sourcedId="x", startDate="?", endDate="?")
    read_good(export)


def test_a_file_that_the_manifest_promises_is_missed():
    files = school().files()
    del files["roles.csv"]
    _, problems = read(files)
    assert problems == [
        "manifest.csv, line 8: roles.csv is said to be part of this, and is not there."
    ]


def test_an_export_without_classes_is_no_export():
    files = {name.lower(): f"{header}\n".encode() for name, header in HEADERS.items()}
    _, problems = read(files)
    assert problems == ["classes.csv: There is no class in it."]


@pytest.mark.parametrize(
    ("file", "row", "cells", "said"),
    [
        ("classes.csv", {"sourcedId": "class-1"}, {"title": " "}, "line 2: Give the class a title"),
        ("classes.csv", {"sourcedId": "class-2"}, {"sourcedId": "class-1"}, "line 3: A line above"),
        ("users.csv", {"sourcedId": "pupil-1-1"}, {"sourcedId": ""}, "line 3: A sourcedId has"),
        (
            "users.csv",
            {"sourcedId": "pupil-1-1"},
            {"givenName": "", "familyName": ""},
            "line 3: Give the user a givenName",
        ),
        (
            "enrollments.csv",
            {"userSourcedId": "pupil-1-1"},
            {"userSourcedId": "nobody"},
            "line 3: The user of this line is not in users.csv",
        ),
        (
            "enrollments.csv",
            {"userSourcedId": "pupil-1-1"},
            {"classSourcedId": "none"},
            "line 3: The class of this line is not in classes.csv",
        ),
        ("enrollments.csv", {"userSourcedId": "pupil-1-1"}, {"role": "pupil"}, "line 3: The role"),
        (
            "enrollments.csv",
            {"userSourcedId": "pupil-1-1"},
            {"endDate": "31.8.2026"},
            "line 3: endDate is a day like 2026-08-31",
        ),
        (
            "enrollments.csv",
            {"userSourcedId": "pupil-1-1"},
            {"status": "gone"},
            "line 3: The status is",
        ),
    ],
)
def test_what_is_wrong_at_a_line_is_told(file, row, cells, said):
    export = school()
    export.of(file, **row).update(cells)
    _, problems = read(export)
    assert any(one.startswith(f"{file}, {said}") for one in problems)
    assert not any(word in one for one in problems for word in ("pupil-1", "Pupil-1", "nobody"))


def test_another_schools_lines_are_nobodys_trouble():
    export = school()
    export.school_class(9, school="org-2")
    export.enrol("unknown", 9, "pupil", endDate="?")
    export.enrol("unknown", 10, "student", schoolSourcedId="org-2")
    read_good(export)


def test_a_school_without_a_class_in_the_files_is_told():
    export = school()
    export.add("orgs.csv", sourcedId="org-2", name="Lake School", type="school")
    _, problems = read(export, org="org-2")
    assert problems == ["classes.csv: There is no class of this school in it."]


def test_what_is_no_more_may_refer_to_anything():
    export = school()
    export.add("academicSessions.csv", sourcedId="spring", startDate="2026-02-01", endDate="")
    export.of("classes.csv", sourcedId="class-1").update(
        status="tobedeleted", termSourcedIds="gone", title=""
    )
    export.of("enrollments.csv", userSourcedId="pupil-2-1").update(
        status="tobedeleted", userSourcedId="gone", role="?", endDate="?"
    )
    assert read_good(export).classes.keys() == {"class-2"}


def test_a_term_that_is_no_more_still_has_its_days():
    export = school()
    export.add(
        "academicSessions.csv",
        sourcedId="past",
        status="tobedeleted",
        startDate="2026-02-01",
        endDate="2026-07-15",
    )
    export.of("classes.csv", sourcedId="class-1")["termSourcedIds"] = "past"
    assert read_good(export).classes.keys() == {"class-2"}
