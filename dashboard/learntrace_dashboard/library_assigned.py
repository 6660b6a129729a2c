"""What a class has to do and has done: who has done it, who not yet, and taking it back."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.changes import change, say
from learntrace_dashboard.choosers import choose_class, own_classes
from learntrace_dashboard.client_library import OfClass
from learntrace_dashboard.contract_library import Part, Task
from learntrace_dashboard.library_words import (
    by_due,
    due,
    follow,
    leading,
    named,
    names_of,
    to_part,
    today,
    word,
)
from learntrace_dashboard.look import cut_note, data_until, desk, empty, escape, fetch
from learntrace_dashboard.older import read_pages, show_older
from learntrace_dashboard.rows import timestamp
from learntrace_dashboard.table import Cell, Column, Row, table

OPEN, DONE = "open", "done"
NAMED = 3
REVIEW = "review"
TOGETHER = "together="
TASK = "task"
"""In the address: the assignment whose students are shown."""


def show() -> None:
    """Draw the tab."""
    texts = desk().texts
    chosen = choose_class(own_classes())
    which = st.segmented_control(
        texts("assigned.which"),
        (OPEN, DONE),
        default=OPEN,
        required=True,
        format_func=lambda one: texts(f"assigned.{one}"),
        key="lt-assigned-which",
    )
    of_class = OfClass(chosen.id, which == OPEN)
    data_until(fetch(reads.class_tasks, of_class, None).at)
    pages = read_pages("tasks", reads.class_tasks, of_class)
    if pages is None:
        return
    found = by_due([one for page in pages for one in page.items])
    if not found:
        empty(texts(f"assigned.none_{which}"), texts(f"assigned.none_{which}_help"))
        return
    students = fetch(reads.students, chosen.id)
    cut_note(students, "list.students")
    names = names_of(students.value)
    opened = table(
        texts(f"assigned.table_{which}", name=chosen.name),
        (
            Column(texts("assigned.column_title"), wide=True),
            Column(texts("assigned.column_due")),
            Column(texts("assigned.column_done")),
            Column(texts("assigned.column_not_yet"), wide=True),
        ),
        [_row(one, chosen.id, names) for one in found],
        key=f"tasks-{which}",
    )
    show_older("tasks", of_class, pages)
    follow(opened)
    if opened:
        st.query_params[TASK] = opened
    wanted = st.query_params.get(TASK)
    for one in found:
        if one.id == wanted:
            _who(one, names)


def _row(one: Task, class_id: str, names: Mapping[str, str]) -> Row:
    at_desk = desk()
    texts = at_desk.texts
    kind = word(texts, "assigned", f"kind_{one.kind}")
    query = urlencode(to_part("assigned", **{"class": class_id, TASK: one.id}))
    return (
        leading(one.kind, one.source_id, named(one), kind)
        if one.source_id and one.title
        else Cell(named(one), note=kind),
        due(one.due_on, overdue=one.is_overdue(today())),
        Cell(
            texts("assigned.of", done=len(one.done), all=len(one.students)),
            sort=len(one.done) / len(one.students),
            link=one.id,
            href=f"{navigation.LESSONS.address}?{query}",
            note=_for(one, class_id),
        ),
        Cell(_some_names(one.to_do, names), tone="muted"),
    )


def _for(one: Task, class_id: str) -> str:
    """For whom it was given."""
    texts = desk().texts
    if one.class_id is None:
        return texts("assigned.for_some")
    return texts("assigned.for_class" if one.class_id == class_id else "assigned.for_other")


def _some_names(parts: Sequence[Part], names: Mapping[str, str]) -> str:
    """Amina Haddad, Ben Oduya, Chiara Conti and 5 more."""
    texts = desk().texts
    told = _names(parts, names)
    if not told:
        return texts("common.none")
    if len(told) <= NAMED + 1:
        return ", ".join(told)
    return texts("assigned.more", names=", ".join(told[:NAMED]), count=len(told) - NAMED)


def _names(parts: Sequence[Part], names: Mapping[str, str]) -> list[str]:
    """In the order of the alphabet; somebody who joined just now has no name here yet."""
    there = {one.student_id for one in parts}
    unknown = [desk().texts("common.unknown")] * len(there - names.keys())
    return [name for student_id, name in names.items() if student_id in there] + unknown


def _who(one: Task, names: Mapping[str, str]) -> None:
    """Each of its students with how it stands, and taking it back."""
    at_desk = desk()
    texts = at_desk.texts
    st.subheader(texts("assigned.who", title=escape(named(one))), anchor=False)
    given = at_desk.formats.moment(one.assigned_at, at_desk.now)
    st.caption(texts("assigned.given", when=given))
    by_id = {part.student_id: part for part in one.students}
    known = [student_id for student_id in names if student_id in by_id]
    opened = table(
        texts("assigned.who", title=named(one)),
        (
            Column(texts("assigned.column_student"), wide=True),
            Column(texts("assigned.column_state")),
            Column(texts("assigned.column_when")),
            Column(texts("assigned.column_together")),
        ),
        [_student(one, by_id[student_id], names[student_id]) for student_id in known],
        key=f"who-{one.id}",
    )
    if opened and opened.startswith(TOGETHER):
        student_id = opened.removeprefix(TOGETHER)
        navigation.go(navigation.TUTORING, _work_on(one, student_id))
    if opened:
        navigation.go(navigation.STUDENT, at_desk.query(student=opened))
    if one.to_do:
        _take_back(one, names)


def _student(one: Task, part: Part, name: str) -> Row:
    at_desk = desk()
    texts = at_desk.texts
    if part.done_at is not None:
        state = Cell("", chip=texts("assigned.state_done"), tone="good", sort="2")
    elif one.is_overdue(today()):
        state = Cell("", chip=texts("assigned.state_overdue"), tone="warn", sort="0")
    else:
        state = Cell("", chip=texts("assigned.state_to_do"), sort="1")
    when = texts("common.none")
    if part.done_at is not None:
        when = at_desk.formats.moment(part.done_at, at_desk.now)
    return (
        at_desk.rows.student(part.student_id, name),
        state,
        Cell(when, sort=timestamp(part.done_at), tone="muted"),
        _together(one, part),
    )


def _together(one: Task, part: Part) -> Cell:
    """The way to doing it with the student now, where it is to be done and there."""
    texts = desk().texts
    is_there = one.title is not None or one.kind == REVIEW
    if part.done_at is not None or not is_there:
        return Cell(texts("common.none"), tone="muted")
    query = urlencode(_work_on(one, part.student_id))
    return Cell(
        texts("assigned.together"),
        link=f"{TOGETHER}{part.student_id}",
        href=f"{navigation.TUTORING.address}?{query}",
    )


def _work_on(one: Task, student_id: str) -> dict[str, str]:
    """The address of doing it with a student."""
    return desk().query(student=student_id, **{one.kind: one.source_id or "yes"})


def _take_back(one: Task, names: Mapping[str, str]) -> None:
    at_desk = desk()
    texts = at_desk.texts
    ids = {part.student_id: part.assignment_id for part in one.to_do}
    with st.expander(texts("assigned.take_back"), icon=":material/undo:"):
        st.caption(texts("assigned.take_back_help"))
        chosen = st.multiselect(
            texts("assigned.from_whom"),
            [student_id for student_id in names if student_id in ids],
            default=[student_id for student_id in names if student_id in ids],
            format_func=lambda student_id: names[student_id],
            placeholder=texts("assigned.from_whom_prompt"),
            key=f"lt-take-back-{one.id}",
        )
        sure = st.checkbox(
            texts.count("assigned.sure", len(chosen)), key=f"lt-take-back-sure-{one.id}"
        )
        asked = st.button(texts("assigned.take_back_button"), disabled=not (sure and chosen))
    taken: list[int] = []
    wanted = [ids[student_id] for student_id in chosen]
    if asked and change(lambda: taken.append(len(at_desk.client.withdraw(wanted).student_ids))):
        st.query_params.pop(TASK, None)
        say(texts.count("assigned.taken_back", taken[0]))
        st.rerun()
