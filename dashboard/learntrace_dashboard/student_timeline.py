"""The part of a student's page that lists everything that happened, newest first."""

from urllib.parse import urlencode

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.contract import Student
from learntrace_dashboard.contract_skills import TimelineItem
from learntrace_dashboard.look import desk, empty, escape
from learntrace_dashboard.older import read_pages, show_older
from learntrace_dashboard.rows import timestamp
from learntrace_dashboard.table import Cell, Column, Row, table

LEADING = {
    "game_session": (navigation.SESSION, "session"),
    "talk": (navigation.RECORDING, "recording"),
    "learning_session": (navigation.TUTORING, "session"),
}
"""The page that a kind of item leads to, and the name of its id in the address."""


def show(student: Student) -> None:
    """Draw it."""
    texts = desk().texts
    pages = read_pages("timeline", reads.timeline, student.id)
    if pages is None:
        return
    items = [one for page in pages for one in page.items]
    if not items:
        empty(texts("timeline.none"), texts("timeline.none_help"))
        return
    name = student.display_name
    st.subheader(texts("timeline.table", name=escape(name)), anchor=False)
    st.caption(texts("timeline.note"))
    opened = table(
        texts("timeline.table", name=name),
        (
            Column(texts("timeline.column_when")),
            Column(texts("timeline.column_kind")),
            Column(texts("timeline.column_words"), wide=True),
        ),
        [_row(one) for one in items],
        key=f"timeline-{student.id}",
        sortable=False,
    )
    show_older("timeline", student.id, pages)
    if opened:
        kind, _, value = opened.partition("=")
        place, name = LEADING[kind]
        navigation.go(place, desk().query(**{name: value}))


def _row(one: TimelineItem) -> Row:
    """When, leading to where it happened; what; in words. No note with names hidden."""
    at_desk = desk()
    texts = at_desk.texts
    kind = f"kind.{one.kind}"
    when = at_desk.formats.moment(one.at, at_desk.now)
    link = href = None
    if one.kind in LEADING:
        place, name = LEADING[one.kind]
        link = f"{one.kind}={one.id}"
        href = f"{place.address}?{urlencode(at_desk.query(**{name: one.id}))}"
    hidden = one.kind == "note" and at_desk.names_hidden
    return (
        Cell(when, sort=timestamp(one.at), link=link, href=href),
        Cell(texts(kind) if texts.has(kind) else one.kind),
        Cell(texts("notes.hidden"), tone="muted") if hidden else Cell(one.words),
    )
