"""One student: what was played, what that says, why, how it went on, what people add."""

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from learntrace_dashboard import (
    charts,
    navigation,
    reads,
    statements,
    student_growth,
    student_lessons,
    student_people,
    student_reasons,
    student_record,
    student_skills,
    student_timeline,
)
from learntrace_dashboard.changes import show_said
from learntrace_dashboard.choosers import choose_class, choose_student
from learntrace_dashboard.contract import GameSessionLine, SchoolClass, Student
from learntrace_dashboard.look import (
    cut_note,
    data_until,
    desk,
    empty,
    escape,
    fetch,
    figures,
    for_roles_of,
    heading,
    in_sandbox,
    part,
)
from learntrace_dashboard.rows import total
from learntrace_dashboard.table import Column, table

RECENT_DAYS = 14
CHART_DAYS = 28
TABS = ("play", "skills", "why", "growth", "people", "lessons", "timeline")
RECORD = "record"


@for_roles_of(navigation.STUDENT)
def page() -> None:
    """Draw the page: the student in the address, or a choice of one."""
    at_desk = desk()
    texts = at_desk.texts
    student_id = st.query_params.get("student")
    classes = fetch(reads.classes)
    if student_id is None:
        heading(texts("student.title"))
        cut_note(classes, "list.classes")
        student_record.show_receipt()
        _choose(classes.value, None)
        empty(texts("student.start"), texts("student.start_help"), classes.at)
        return
    student = fetch(reads.student, student_id).value
    sandbox = in_sandbox(student, classes.value)
    names = ", ".join(one.name for one in student.classes)
    heading(
        student.display_name,
        texts("student.in_classes", classes=names) if names else texts("student.no_class"),
        sandbox=sandbox,
    )
    sessions = fetch(reads.game_sessions, student_id)
    data_until(sessions.at)
    _choose([one for one in classes.value if one.sandbox is sandbox], student)
    if at_desk.user.role not in navigation.STAFF:
        _play(student, sessions)
        return
    show_said()
    _tabs(student, sessions, sandbox=sandbox)


def _tabs(
    student: Student, sessions: reads.Read[tuple[GameSessionLine, ...]], *, sandbox: bool
) -> None:
    """Everything about a student, in parts."""
    texts = desk().texts
    stated = () if sandbox else statements.of(student.id)
    statements.show(stated, statements.PERSON)
    assessed = part("assessment", reads.assessment, student.id)
    titles = {one: texts(f"tab.{one}") for one in (*TABS, *(() if sandbox else (RECORD,)))}
    wanted = titles.get(st.query_params.get("tab", ""))
    tabs = st.tabs(list(titles.values()), default=wanted, on_change="rerun")
    play, skills, why, growth, people, lessons, timeline, *record = tabs
    with play:
        statements.show(stated, statements.PLAY)
        _play(student, sessions)
    with skills:
        statements.show(stated, statements.ASSESSMENT)
        student_skills.show(student, assessed, stated)
    with why:
        statements.show(stated, statements.ASSESSMENT, statements.RATING)
        student_reasons.show(student, assessed)
    with growth:
        statements.show(stated, statements.ASSESSMENT)
        student_growth.show(student)
    with people:
        statements.show(stated, statements.RATING, statements.NOTE)
        student_people.show(student)
    if lessons.open:
        with lessons:
            student_lessons.show(student)
    with timeline:
        of_all = (statements.PLAY, statements.ASSESSMENT, statements.RATING, statements.NOTE)
        statements.show(stated, *of_all)
        student_timeline.show(student)
    for tab in record:
        if tab.open:
            with tab:
                student_record.show(student)


def _play(student: Student, sessions: reads.Read[tuple[GameSessionLine, ...]]) -> None:
    """What was played and when."""
    texts = desk().texts
    if not sessions.value:
        empty(texts("student.empty", name=student.display_name), texts("student.empty_help"))
        return
    cut_note(sessions, "list.sessions")
    _figures(student, sessions.value)
    _days(sessions.value)
    _sessions(student, sessions.value)


def _choose(classes: Sequence[SchoolClass], student: Student | None) -> None:
    """The choice of another student, among real classes or among test players, never both."""
    real = [one for one in classes if not one.sandbox] or list(classes)
    if not real:
        return
    left, right = st.columns(2)
    own = {one.id for one in student.classes} if student else set()
    with left:
        chosen = choose_class(real, preferred=next((c.id for c in real if c.id in own), None))
    students = fetch(reads.students, chosen.id)
    with right:
        choose_student(students.value, student.id if student else None)
        cut_note(students, "list.students")


def _figures(student: Student, lines: Sequence[GameSessionLine]) -> None:
    at_desk = desk()
    texts, formats = at_desk.texts, at_desk.formats
    first = at_desk.now - timedelta(days=RECENT_DAYS)
    recent = [line for line in lines if line.started_at >= first]
    values = (
        ("student.metric_last", formats.moment(student.last_event_at, at_desk.now)),
        ("student.metric_recent", formats.count(len(recent))),
        ("student.metric_active", formats.duration(total(one.active_time_s for one in recent))),
        (
            "student.metric_completed",
            formats.count(total(one.tasks_completed for one in recent)),
        ),
        ("student.metric_sessions", formats.count(max(student.game_session_count, len(lines)))),
    )
    figures([(texts(label, days=RECENT_DAYS), value) for label, value in values])


def _days(lines: Sequence[GameSessionLine]) -> None:
    at_desk = desk()
    texts = at_desk.texts
    st.subheader(texts("student.chart", days=CHART_DAYS), anchor=False)
    points = at_desk.rows.play_points(lines, CHART_DAYS)
    if not points:
        st.caption(texts("student.chart_empty", days=CHART_DAYS))
        return
    st.caption(texts("student.chart_note"))
    today = at_desk.now.astimezone(at_desk.formats.zone).date()
    chart = charts.play_days(points, texts, today, CHART_DAYS)
    st.altair_chart(chart, width="stretch", theme=None)


def _sessions(student: Student, lines: Sequence[GameSessionLine]) -> None:
    at_desk = desk()
    texts = at_desk.texts
    name = student.display_name
    st.subheader(texts("student.table", name=escape(name)), anchor=False)
    st.caption(texts("student.table_hint"))
    opened = table(
        texts("student.table", name=name),
        (
            Column(texts("student.column_when")),
            Column(texts("student.column_game"), wide=True),
            Column(texts("student.column_active"), align="right"),
            Column(texts("student.column_completed"), align="right"),
            Column(texts("student.column_failures"), align="right"),
            Column(texts("student.column_events"), align="right"),
            Column(texts("student.column_state")),
        ),
        at_desk.rows.game_sessions(lines),
        key=f"sessions-{student.id}",
    )
    if opened:
        navigation.go(navigation.SESSION, at_desk.query(session=opened))
