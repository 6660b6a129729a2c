"""The overview of one class: figures, table, chart. Used for real classes and test players."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from learntrace_dashboard import charts, navigation, reads
from learntrace_dashboard.attention import show_attention
from learntrace_dashboard.choosers import choose_class
from learntrace_dashboard.contract import ClassOverview, SchoolClass
from learntrace_dashboard.look import data_until, desk, empty, escape, fetch, figures
from learntrace_dashboard.rows import by_name, total
from learntrace_dashboard.table import Column, table
from learntrace_dashboard.texts import Texts

PERIODS_DAYS = (7, 14, 28)
DEFAULT_DAYS = 14
# Imported play may be years old; the API counts no further back.
ALL_DAYS = 3650


def show_overview(classes: Sequence[SchoolClass]) -> None:
    """Choose one of `classes` (not empty) and a period, and show what the students did."""
    at_desk = desk()
    texts = at_desk.texts
    left, right = st.columns([5, 4], vertical_alignment="bottom")
    with left:
        chosen = choose_class(classes)
    test = at_desk.test_area
    with right:
        days = st.segmented_control(
            texts("class.period"),
            (*PERIODS_DAYS, ALL_DAYS) if test else PERIODS_DAYS,
            default=ALL_DAYS if test else DEFAULT_DAYS,
            format_func=partial(_period, texts),
            required=True,
            key="lt_test_days" if test else "lt_days",
        )
    read = fetch(reads.class_overview, chosen.id, int(days))
    data_until(read.value.data_until or read.at)
    if not read.value.students:
        empty(texts("class.no_students"), texts("class.no_students_help"))
        return
    _figures(read.value)
    if not any(student.game_session_count for student in read.value.students):
        help_text = texts("test.no_play_help" if test else "class.no_play_help")
        none = (
            texts("class.no_play_ever") if days == ALL_DAYS else texts("class.no_play", days=days)
        )
        empty(none, help_text)
        _students(read.value)
        return
    if not test:
        show_attention(chosen)
    _students(read.value)
    _chart(read.value)


def _period(texts: Texts, days: int) -> str:
    return texts("common.all_time") if days == ALL_DAYS else texts("common.last_days", days=days)


def _figures(overview: ClassOverview) -> None:
    texts, formats = desk().texts, desk().formats
    students = overview.students
    played = [one for one in students if one.game_session_count]
    values = (
        (
            "class.metric_played",
            texts("class.metric_played_value", played=len(played), total=len(students)),
        ),
        ("class.metric_sessions", formats.count(sum(one.game_session_count for one in students))),
        ("class.metric_active", formats.duration(total(one.active_time_s for one in played))),
        (
            "class.metric_open",
            formats.count(sum(desk().rows.is_playing(one) for one in students)),
        ),
    )
    figures([(texts(label), value) for label, value in values])


def _students(overview: ClassOverview) -> None:
    texts = desk().texts
    name = overview.school_class.name
    st.subheader(texts("class.table", name=escape(name)), anchor=False)
    st.caption(texts("class.table_hint"))
    opened = table(
        texts("class.table", name=name),
        (
            Column(texts("class.column_name")),
            Column(texts("class.column_last")),
            Column(texts("class.column_sessions"), align="right"),
            Column(texts("class.column_active"), align="right"),
            Column(texts("class.column_completed"), align="right"),
            Column(texts("class.column_failures"), align="right"),
        ),
        desk().rows.overview(overview.students),
        key=f"students-{overview.school_class.id}-{overview.days}",
    )
    if opened:
        navigation.go(navigation.STUDENT, desk().query(student=opened))
    waiting = sum(one.game_session_count - one.assessed_count for one in overview.students)
    if waiting > 0:
        st.caption(texts.count("class.waiting", waiting))
    st.caption(texts("class.failures_note"))


def _chart(overview: ClassOverview) -> None:
    texts, formats = desk().texts, desk().formats
    if not any(student.active_time_s for student in overview.students):
        return
    bars = [
        {
            "name": student.display_name,
            "minutes": (student.active_time_s or 0) / 60,
            "active": formats.duration(student.active_time_s),
        }
        for student in by_name(overview.students)
    ]
    st.subheader(
        texts("class.chart_ever")
        if overview.days == ALL_DAYS
        else texts("class.chart", days=overview.days),
        anchor=False,
    )
    st.caption(texts("class.chart_note"))
    st.altair_chart(charts.active_minutes(bars, texts), width="stretch", theme=None)
