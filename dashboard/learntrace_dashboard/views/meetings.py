"""Meetings: all of them, noting a new one, and who is coached."""

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.changes import change, form_key, renew_form, say, show_said
from learntrace_dashboard.contract_meetings import Coached, Meeting, MeetingLine, name_of
from learntrace_dashboard.look import (
    cut_note,
    data_until,
    desk,
    empty,
    escape,
    fetch,
    for_roles_of,
    heading,
)
from learntrace_dashboard.older import read_pages, show_older
from learntrace_dashboard.table import Cell, Column, Row, table

LONGEST_NOTES = 10_000
LONGEST_MIN = 1440
SHOWN = 90


@for_roles_of(navigation.MEETINGS)
def page() -> None:
    """Draw the page."""
    at_desk = desk()
    texts = at_desk.texts
    heading(texts("meetings.title"), texts("meetings.intro"))
    read = fetch(reads.clients)
    data_until(read.at)
    show_said()
    if st.button(texts("coached.title"), icon=":material/groups_2:"):
        navigation.go(navigation.COACHED, at_desk.query())
    cut_note(read, "list.clients")
    if not read.value:
        empty(texts("meetings.nobody"), texts("meetings.nobody_help"))
        return
    client_id = st.query_params.get("client")
    with st.expander(texts("meeting.new"), icon=":material/add:"):
        _new(read.value, client_id)
    if client_id is not None:
        _only(read.value, client_id)
    pages = read_pages("meetings", reads.meetings, client_id)
    if pages is None:
        return
    found = [one for page in pages for one in page.items]
    if not found:
        empty(texts("meetings.none"), texts("meetings.none_help"))
        return
    opened = table(
        texts("meetings.table"),
        (
            Column(texts("meetings.column_day")),
            Column(texts("meetings.column_with")),
            Column(texts("meetings.column_length"), align="right"),
            Column(texts("meetings.column_notes"), wide=True),
            Column(texts("meetings.column_recording")),
            Column(texts("meetings.by")),
        ),
        [_row(one) for one in found],
        key="meetings",
    )
    show_older("meetings", client_id, pages)
    if opened:
        navigation.go(navigation.MEETING, at_desk.query(meeting=opened))


def _only(known: Sequence[Coached], client_id: str) -> None:
    at_desk = desk()
    texts = at_desk.texts
    names = {one.id: name_of(one, texts) for one in known}
    with st.container(horizontal=True, vertical_alignment="center"):
        name = escape(names.get(client_id, texts("common.unknown")))
        st.markdown(texts("meetings.only", name=name), width="content")
        if st.button(texts("meetings.all"), type="tertiary"):
            navigation.go(navigation.MEETINGS, at_desk.query())


def _row(one: MeetingLine) -> Row:
    at_desk = desk()
    texts = at_desk.texts
    query = urlencode(at_desk.query(meeting=one.id))
    notes = texts("common.none") if at_desk.names_hidden or not one.notes else one.notes
    linked = one.transcription_session
    known = linked is not None and texts.has(f"recorded.{linked.status}")
    minutes = None if one.duration_min is None else one.duration_min * 60
    return (
        Cell(
            at_desk.rows.day(one.session_date),
            sort=one.session_date.isoformat(),
            link=one.id,
            href=f"{navigation.MEETING.address}?{query}",
        ),
        Cell(name_of(one.client, texts)),
        at_desk.rows.duration(minutes),
        Cell(notes if len(notes) <= SHOWN else f"{notes[: SHOWN - 1]}…", tone="muted"),
        Cell(texts(f"recorded.{linked.status}") if linked and known else texts("common.none")),
        Cell(one.coach.name, tone="muted"),
    )


def _new(known: Sequence[Coached], client_id: str | None) -> None:
    at_desk = desk()
    texts = at_desk.texts
    names = {one.id: name_of(one, texts) for one in known if not one.is_anonymized}
    ordered = list(names)
    today = at_desk.now.astimezone(at_desk.formats.zone).date()
    with st.form(form_key("meeting")):
        left, middle, right = st.columns([3, 2, 2])
        with left:
            who = st.selectbox(
                texts("meeting.who"),
                ordered,
                index=ordered.index(client_id) if client_id in ordered else None,
                format_func=lambda one: names[one],
                placeholder=texts("coached.which_prompt"),
            )
        with middle:
            day = st.date_input(texts("meeting.day"), today)
        with right:
            minutes = st.number_input(texts("meeting.minutes"), 0, LONGEST_MIN, 0, step=5)
        notes = st.text_area(
            texts("meeting.notes"), max_chars=LONGEST_NOTES, help=texts("meeting.notes_help")
        )
        asked = st.form_submit_button(texts("meeting.make"), type="primary")
    if not asked:
        return
    if who is None:
        st.warning(texts("coached.which_prompt"), icon=":material/info:")
        return
    told = {"client_id": who, "session_date": day.isoformat(), "notes": notes.strip()}
    made: list[Meeting] = []
    new = at_desk.client.new_meeting
    if change(lambda: made.append(new(told | {"duration_min": minutes or None}))):
        renew_form("meeting")
        say(texts("meeting.made"))
        navigation.go(navigation.MEETING, at_desk.query(meeting=made[0].id))
