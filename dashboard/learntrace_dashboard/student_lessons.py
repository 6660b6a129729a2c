"""The part of a student's page about lessons: what is to do, what was done, words for review."""

from urllib.parse import urlencode

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.contract import Student
from learntrace_dashboard.contract_tutoring import Assignment, LessonLine, RunLine
from learntrace_dashboard.library_words import by_due, due, to_part, today
from learntrace_dashboard.look import desk, empty, escape, part
from learntrace_dashboard.older import read_pages, show_older
from learntrace_dashboard.rows import timestamp
from learntrace_dashboard.table import Cell, Column, Row, table
from learntrace_dashboard.tutoring_marks import KINDS, answers_in_words, kind_of


def show(student: Student) -> None:
    """Draw it."""
    texts = desk().texts
    st.caption(texts("lessons.note"))
    _begin(student)
    _to_do(student)
    _lessons(student)
    _runs(student)


def _work_on(student: Student, **what: str) -> dict[str, str]:
    return desk().query(student=student.id, **what)


def _begin(student: Student) -> None:
    texts = desk().texts
    cards = part("due", reads.due_cards, student.id)
    if cards:
        st.markdown(texts.count("review.due", len(cards)))
    with st.container(horizontal=True):
        if cards and st.button(texts("review.open"), icon=":material/style:", type="primary"):
            navigation.go(navigation.TUTORING, _work_on(student, review="yes"))
        if st.button(texts("lessons.talk"), icon=":material/forum:"):
            navigation.go(navigation.TUTORING, _work_on(student, conversation="yes"))
        if st.button(texts("lessons.choose"), icon=":material/menu_book:"):
            navigation.go(navigation.LESSONS, to_part("scenarios", student=student.id))


def _to_do(student: Student) -> None:
    texts = desk().texts
    st.subheader(texts("lessons.to_do"), anchor=False)
    found = part("to-do", reads.to_do, student.id)
    if found is None:
        return
    if not found:
        st.caption(texts("lessons.nothing_to_do"))
        return
    opened = table(
        texts("lessons.to_do_table", name=student.display_name),
        (
            Column(texts("lessons.column_what"), wide=True),
            Column(texts("lessons.column_kind")),
            Column(texts("lessons.column_assigned")),
            Column(texts("lessons.column_due")),
        ),
        [_task(one, student) for one in by_due(found)],
        key=f"to-do-{student.id}",
    )
    if opened:
        kind, _, source = opened.partition("=")
        navigation.go(navigation.TUTORING, _work_on(student, **{kind: source}))


def _task(one: Assignment, student: Student) -> Row:
    at_desk = desk()
    kind = kind_of(KINDS.get(one.kind, one.kind))
    source = one.source_id or "yes"
    query = urlencode(_work_on(student, **{one.kind: source}))
    return (
        Cell(
            one.title or kind,
            link=f"{one.kind}={source}",
            href=f"{navigation.TUTORING.address}?{query}",
        ),
        Cell(kind),
        Cell(at_desk.formats.moment(one.assigned_at, at_desk.now), sort=timestamp(one.assigned_at)),
        due(one.due_on, overdue=one.is_overdue(today())),
    )


def _lessons(student: Student) -> None:
    at_desk = desk()
    texts = at_desk.texts
    pages = read_pages("lessons", reads.lessons, student.id)
    if pages is None:
        return
    name = student.display_name
    st.subheader(texts("lessons.table", name=escape(name)), anchor=False)
    lines = [one for page in pages for one in page.items]
    if not lines:
        empty(texts("lessons.none"), texts("lessons.none_help", name=name))
        return
    opened = table(
        texts("lessons.table", name=name),
        (
            Column(texts("lessons.column_when")),
            Column(texts("lessons.column_kind")),
            Column(texts("lessons.column_what"), wide=True),
            Column(texts("lessons.column_length"), align="right"),
            Column(texts("lessons.column_answers")),
        ),
        [_lesson(one) for one in lines],
        key=f"lessons-{student.id}",
    )
    show_older("lessons", student.id, pages)
    if opened:
        navigation.go(navigation.TUTORING, at_desk.query(session=opened))


def _lesson(one: LessonLine) -> Row:
    at_desk = desk()
    texts = at_desk.texts
    goes_on = one.ended_at is None
    query = urlencode(at_desk.query(session=one.id))
    return (
        Cell(
            at_desk.formats.moment(one.started_at, at_desk.now),
            sort=timestamp(one.started_at),
            link=one.id,
            href=f"{navigation.TUTORING.address}?{query}",
        ),
        Cell(kind_of(one.session_type)),
        Cell(one.title or texts("common.none")),
        Cell(texts("lessons.goes_on"), sort=-1)
        if goes_on
        else at_desk.rows.duration(one.duration_seconds),
        Cell(answers_in_words(one.items_correct, one.items_incorrect), tone="muted"),
    )


def _runs(student: Student) -> None:
    at_desk = desk()
    texts = at_desk.texts
    pages = read_pages("runs", reads.runs, student.id)
    runs = [one for page in pages or () for one in page.items]
    if pages is None or not runs:
        return
    name = student.display_name
    st.subheader(texts("lessons.runs", name=escape(name)), anchor=False)
    opened = table(
        texts("lessons.runs", name=name),
        (
            Column(texts("lessons.column_begun")),
            Column(texts("lessons.column_what"), wide=True),
            Column(texts("over.phases")),
            Column(texts("over.words"), align="right"),
            Column(texts("over.objectives"), align="right"),
        ),
        [_run(one, student) for one in runs],
        key=f"runs-{student.id}",
    )
    show_older("runs", student.id, pages)
    if opened:
        kind, _, value = opened.partition("=")
        to = (
            at_desk.query(session=value) if kind == "session" else _work_on(student, scenario=value)
        )
        navigation.go(navigation.TUTORING, to)


def _run(one: RunLine, student: Student) -> Row:
    """A way that goes on leads to where the student stopped, another to what became of it."""
    at_desk = desk()
    texts = at_desk.texts
    goes_on = one.ended_at is None
    to = _work_on(student, scenario=one.scenario_id) if goes_on else at_desk.query(session=one.id)
    outcome = one.outcome
    phases = "lessons.so_far" if goes_on else "over.of"
    return (
        Cell(
            at_desk.formats.moment(one.started_at, at_desk.now),
            sort=timestamp(one.started_at),
            link=f"scenario={one.scenario_id}" if goes_on else f"session={one.id}",
            href=f"{navigation.TUTORING.address}?{urlencode(to)}",
        ),
        Cell(one.title),
        Cell(texts(phases, done=one.phases_completed, all=one.total_phases)),
        at_desk.rows.number(outcome.vocabulary_mastered if outcome else None),
        at_desk.rows.number(outcome.objectives_completed if outcome else None),
    )
