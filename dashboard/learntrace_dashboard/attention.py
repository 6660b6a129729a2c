"""Who may need attention in a class: stuck work, and who was not seen. Never a ranking."""

from urllib.parse import urlencode

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.contract import SchoolClass
from learntrace_dashboard.contract_lesson import Attention
from learntrace_dashboard.look import desk, fetch
from learntrace_dashboard.rows import name_order, timestamp
from learntrace_dashboard.table import Cell, Column, Row, table


def show_attention(chosen: SchoolClass) -> None:
    """Both groups of one class."""
    at_desk = desk()
    texts = at_desk.texts
    found = fetch(reads.class_attention, chosen.id).value
    st.subheader(texts("attention.title"), anchor=False)
    st.caption(texts("attention.note", days=found.days))
    if found.stuck:
        opened = table(
            texts("attention.table"),
            (
                Column(texts("class.column_name")),
                Column(texts("attention.column_why"), wide=True),
                Column(texts("attention.column_where")),
            ),
            _stuck(found),
            key=f"stuck-{chosen.id}",
            sortable=False,
        )
        if opened:
            place = navigation.SESSION if opened.startswith("session=") else navigation.STUDENT
            name, _, value = opened.partition("=")
            navigation.go(place, at_desk.query(**{name: value}))
    else:
        st.success(texts("attention.nobody"), icon=":material/check:")
    if found.not_seen:
        _not_seen(found, chosen)


def _stuck(found: Attention) -> list[Row]:
    texts = desk().texts
    return [
        (
            _to("student", pupil.student_id, pupil.display_name),
            Cell(reason.words),
            _to("session", reason.game_session_id, texts("attention.open")),
        )
        for pupil in sorted(found.stuck, key=lambda one: name_order(one.display_name))
        for reason in pupil.reasons
    ]


def _to(place: str, value: str, text: str) -> Cell:
    """A cell that leads to the page of a student or a play session."""
    query = urlencode(desk().query(**{place: value}))
    return Cell(text, link=f"{place}={value}", href=f"{place}?{query}")


def _not_seen(found: Attention, chosen: SchoolClass) -> None:
    at_desk = desk()
    texts = at_desk.texts
    number = len(found.not_seen)
    key = f"attention.unseen.{'one' if number == 1 else 'other'}"
    with st.expander(texts(key, count=number, days=found.days), icon=":material/event_busy:"):
        opened = table(
            texts("attention.unseen_table", days=found.days),
            (Column(texts("class.column_name")), Column(texts("attention.column_last"))),
            [
                (
                    _to("student", one.student_id, one.display_name),
                    Cell(
                        at_desk.formats.moment(one.last_played_at, at_desk.now),
                        sort=timestamp(one.last_played_at),
                    ),
                )
                for one in sorted(found.not_seen, key=lambda one: name_order(one.display_name))
            ],
            key=f"unseen-{chosen.id}",
        )
        if opened:
            navigation.go(navigation.STUDENT, at_desk.query(student=opened.partition("=")[2]))
