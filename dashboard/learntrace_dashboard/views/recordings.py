"""Recordings: all of them, and making a new one."""

from urllib.parse import urlencode

import streamlit as st

from learntrace_dashboard import navigation, reads, recording_new
from learntrace_dashboard.changes import show_said
from learntrace_dashboard.contract_recordings import Recording
from learntrace_dashboard.look import (
    data_until,
    desk,
    empty,
    escape,
    fetch,
    for_roles_of,
    heading,
)
from learntrace_dashboard.older import read_pages, show_older
from learntrace_dashboard.rows import timestamp
from learntrace_dashboard.table import Cell, Column, Row, Tone, table

TONES: dict[str, Tone] = {
    "uploading": "plain",
    "unwritten": "plain",
    "pending": "plain",
    "processing": "live",
    "completed": "plain",
    "checked": "good",
    "failed": "warn",
    "cancelled": "muted",
}


@for_roles_of(navigation.RECORDINGS)
def page() -> None:
    """Draw the page; the address may ask for the recordings of one student."""
    at_desk = desk()
    texts = at_desk.texts
    heading(texts("recordings.title"), texts("recordings.intro"))
    student_id = st.query_params.get("student")
    data_until(fetch(reads.recordings, student_id, None).at)
    show_said()
    with st.expander(texts("recording.new"), icon=":material/add:"):
        recording_new.show()
    if student_id is not None:
        _only(student_id)
    pages = read_pages("recordings", reads.recordings, student_id)
    if pages is None:
        return
    found = [one for page in pages for one in page.items]
    if not found:
        empty(texts("recordings.none"), texts("recordings.none_help"))
        return
    opened = table(
        texts("recordings.table"),
        (
            Column(texts("recordings.column_title"), wide=True),
            Column(texts("recordings.column_student")),
            Column(texts("recordings.column_made")),
            Column(texts("recordings.column_length"), align="right"),
            Column(texts("recordings.column_state")),
            Column(texts("recordings.column_next"), wide=True),
        ),
        [_row(one) for one in found],
        key="recordings",
    )
    show_older("recordings", student_id, pages)
    if opened:
        navigation.go(navigation.RECORDING, at_desk.query(recording=opened))


def _only(student_id: str) -> None:
    at_desk = desk()
    texts = at_desk.texts
    student = fetch(reads.student, student_id).value
    with st.container(horizontal=True, vertical_alignment="center"):
        name = escape(student.display_name)
        st.markdown(texts("recordings.only", name=name), width="content")
        if st.button(texts("recordings.all"), type="tertiary"):
            navigation.go(navigation.RECORDINGS, at_desk.query())


def title_of(recording: Recording) -> str:
    """The title; a neutral one while names are hidden, for people write names into titles."""
    at_desk = desk()
    if not at_desk.names_hidden:
        return recording.title
    when = at_desk.formats.moment(recording.created_at, at_desk.now)
    return at_desk.texts("recordings.neutral", when=when)


def _state(one: Recording) -> str:
    """What its line says of it, one of `TONES`."""
    if one.status == "completed" and one.checked_at:
        return "checked"
    if one.status == "uploading" and one.stt_provider == recording_new.NO_ENGINE:
        return "unwritten"
    return one.status if one.status in TONES else "processing"


def _row(one: Recording) -> Row:
    at_desk = desk()
    texts = at_desk.texts
    state = _state(one)
    query = urlencode(at_desk.query(recording=one.id))
    return (
        Cell(title_of(one), link=one.id, href=f"{navigation.RECORDING.address}?{query}"),
        Cell(
            one.student_name or texts("recordings.nobody"),
            tone="plain" if one.student_id else "muted",
        ),
        Cell(at_desk.formats.moment(one.created_at, at_desk.now), sort=timestamp(one.created_at)),
        at_desk.rows.duration(one.duration_seconds),
        Cell("", chip=texts(f"recorded.{state}"), tone=TONES[state], sort=state),
        Cell(texts(f"recorded.{state}_next"), tone="muted"),
    )
