"""The access log: who read or changed which student's record, and what was done to staff."""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.client_keeping import Filters
from learntrace_dashboard.contract_keeping import AccessEntry
from learntrace_dashboard.look import data_until, desk, empty, escape, fetch, part
from learntrace_dashboard.older import read_pages, show_older
from learntrace_dashboard.rows import name_order, timestamp
from learntrace_dashboard.table import Cell, Column, Row, table

BY = ("pupil", "link", "program", "command")


def show() -> None:
    """Draw the tab; a student in the address narrows it to that one."""
    at_desk = desk()
    texts = at_desk.texts
    data_until(at_desk.now)
    st.markdown(texts("access.help"))
    filters = (*_who(), *_student(), *_days())
    pages = read_pages("access", reads.access_log, filters)
    if pages is None:
        return
    entries = [one for page in pages for one in page.items]
    if not entries:
        empty(texts("access.none"), texts("access.none_help"))
        return
    opened = table(
        texts("access.table"),
        (
            Column(texts("why.column_when")),
            Column(texts("rate.column_who")),
            Column(texts("access.column_did"), wide=True),
            Column(texts("access.column_students"), wide=True),
            Column(texts("classes.column_name")),
        ),
        [_row(one) for one in entries],
        key="access",
        sortable=False,
    )
    show_older("access", filters, pages)
    if opened:
        navigation.go(navigation.STUDENT, at_desk.query(student=opened))


def _who() -> Filters:
    texts = desk().texts
    people = part("access-people", reads.staff)
    names = {one.id: one.display_name for one in people or ()}
    chosen = st.selectbox(
        texts("access.who"),
        sorted(names, key=lambda one: name_order(names[one])),
        index=None,
        placeholder=texts("access.everybody"),
        format_func=lambda one: names[one],
        key="lt-access-who",
    )
    return (("person_id", chosen),) if chosen else ()


def _student() -> Filters:
    """The student in the address, or one who is chosen by class."""
    texts = desk().texts
    given = st.query_params.get("student")
    if given is not None:
        student = fetch(reads.student, given).value
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(texts("access.only", name=escape(student.display_name)))
            st.button(texts("access.all"), on_click=_forget_student, type="tertiary")
        return (("student_id", given),)
    left, right = st.columns(2)
    classes = {one.id: one.name for one in fetch(reads.classes).value if not one.sandbox}
    with left:
        of_class = st.selectbox(
            texts("access.class"),
            sorted(classes, key=lambda one: name_order(classes[one])),
            index=None,
            placeholder=texts("access.any_class"),
            format_func=lambda one: classes[one],
            key="lt-access-class",
        )
    if of_class is None:
        return ()
    students = fetch(reads.students, of_class).value
    names = {one.id: one.display_name for one in students}
    with right:
        chosen = st.selectbox(
            texts("student.choose"),
            sorted(names, key=lambda one: name_order(names[one])),
            index=None,
            placeholder=texts("access.any_student"),
            format_func=lambda one: names[one],
            key=f"lt-access-student-{of_class}",
        )
    return (("student_id", chosen),) if chosen else ()


def _forget_student() -> None:
    st.query_params.pop("student", None)


def _days() -> Filters:
    """From the beginning of one day at the school to the end of another."""
    at_desk = desk()
    texts = at_desk.texts
    today = at_desk.now.astimezone(at_desk.formats.zone).date()
    left, right = st.columns(2)
    with left:
        since = st.date_input(texts("access.since"), None, max_value=today, key="lt-access-since")
    with right:
        until = st.date_input(texts("access.until"), None, max_value=today, key="lt-access-until")
    found = []
    if since is not None:
        found.append(("since", since.isoformat()))
    if until is not None:
        found.append(("until", (until + timedelta(days=1)).isoformat()))
    return tuple(found)


def _row(one: AccessEntry) -> Row:
    at_desk = desk()
    texts = at_desk.texts
    only = one.students[0] if len(one.students) == one.student_count == 1 else None
    href = f"student?{urlencode(at_desk.query(student=only.student_id))}" if only else None
    who = texts(f"access.{one.by}") if one.by in BY else one.by
    return (
        Cell(at_desk.formats.moment(one.at, at_desk.now), sort=timestamp(one.at)),
        Cell(one.who.name if one.who else who),
        Cell(one.words),
        Cell(_students(one), link=only.student_id if only else None, href=href),
        Cell(one.school_class.name if one.school_class else ""),
    )


def _students(one: AccessEntry) -> str:
    """The names, how many more, and how many nothing names: the erased."""
    texts = desk().texts
    named: Sequence[str] = [each.display_name for each in one.students]
    more = one.student_count - one.erased_count - len(named)
    words = [", ".join(named)] if named else []
    words += [texts.count("access.more", more)] if more > 0 else []
    words += [texts.count("access.erased", one.erased_count)] if one.erased_count else []
    return "; ".join(words)
