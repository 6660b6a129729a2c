"""What a roster changes, in words."""

from tests.roster.exports import school


def told(report):
    return [(one.kind, one.action, one.words) for one in report.told]


async def test_what_is_new_is_told_by_name(imported):
    report = await imported(school(classes=1, students=1), dry_run=True)
    assert told(report) == [
        ("class", "added", "Class 1 is new"),
        ("student", "added", "Given Pupil-1-1 is new"),
        ("teacher", "added", "Given Teacher-1 is new"),
        ("enrolment", "added", "Given Pupil-1-1 in Class 1"),
        ("teaching", "added", "Given Teacher-1 teaches Class 1"),
    ]
    assert told(await imported(school(classes=1, students=1))) == told(report)
    assert told(await imported(school(classes=1, students=1))) == []


async def test_what_ends_comes_first_and_what_is_new_last(imported):
    await imported(school())
    export = school()
    export.remove("enrollments.csv", userSourcedId="pupil-1-1")
    export.remove("enrollments.csv", userSourcedId="teacher-2")
    export.of("classes.csv", sourcedId="class-1")["title"] = "5a"
    export.of("users.csv", sourcedId="pupil-1-2")["familyName"] = "Newname"
    row = export.of("enrollments.csv", userSourcedId="pupil-1-3")
    row.update(beginDate="2020-08-17", endDate="2999-07-10")
    export.user("pupil-3-1", "student")
    export.enrol("pupil-3-1", 1, "student", beginDate="2998-08-17", endDate="2999-07-10")
    report = await imported(export, force=True)
    assert told(report) == [
        ("student", "ended", "Given Pupil-1-1 is in no class any more"),
        (
            "teacher",
            "ended",
            "Given Teacher-2 teaches no class of the roster any more, and can sign in no more",
        ),
        ("enrolment", "ended", "Given Pupil-1-1 in 5a, no more"),
        ("teaching", "ended", "Given Teacher-2 teaches Class 2, no more"),
        ("class", "changed", "5a was called Class 1"),
        ("student", "changed", "Given Newname was called Given Pupil-1-2"),
        ("enrolment", "changed", "Given Pupil-1-3 in 5a until 2999-07-09"),
        ("student", "added", "Given Pupil-3-1 is new"),
        ("enrolment", "added", "Given Pupil-3-1 in 5a from 2998-08-17 until 2999-07-09"),
    ]
    back = await imported(school())
    assert ("student", "added", "Given Pupil-1-1 is back") in told(back)
    assert ("teacher", "added", "Given Teacher-2 is back") in told(back)


async def test_a_class_that_is_over_is_told(imported):
    await imported(school())
    report = await imported(school(classes=1), force=True)
    assert told(report)[0] == ("class", "ended", "Class 2 is over")


async def test_at_most_200_are_told(imported):
    report = await imported(school(classes=10, students=20), dry_run=True)
    assert len(report.told) == 200


async def test_new_people_are_named(imported, world):
    dry = await imported(school(), dry_run=True)
    report = await imported(school())
    assert dry.new_people == report.new_people
    stored = await world.rows("select id, username, display_name from users order by username")
    assert [(one.user_id, one.username, one.display_name) for one in report.new_people] == [
        tuple(row) for row in stored
    ]
    assert (await imported(school())).new_people == []
