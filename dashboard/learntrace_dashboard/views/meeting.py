"""One meeting: its notes, its recording, and what was seen."""

import streamlit as st

from learntrace_dashboard import meeting_recording, meeting_seen, navigation, reads
from learntrace_dashboard.changes import change, say, show_said, sure_of
from learntrace_dashboard.contract_meetings import Meeting, name_of
from learntrace_dashboard.look import data_until, desk, empty, fetch, for_roles_of, heading
from learntrace_dashboard.views.meetings import LONGEST_NOTES


@for_roles_of(navigation.MEETING)
def page() -> None:
    """Draw the page: the meeting in the address, or the way to one."""
    at_desk = desk()
    texts = at_desk.texts
    meeting_id = st.query_params.get("meeting")
    if meeting_id is None:
        heading(texts("meeting.title"))
        empty(texts("meeting.start"), texts("meeting.start_help"), at_desk.now)
        _back()
        return
    read = fetch(reads.meeting, meeting_id)
    one = read.value
    _back()
    heading(texts("meeting.with", name=name_of(one.client, texts)), _about(one))
    data_until(read.at)
    show_said()
    _notes(one)
    meeting_seen.show(one)
    meeting_recording.show(one)
    _delete(one)


def _back() -> None:
    at_desk = desk()
    label = at_desk.texts("meeting.back")
    if st.button(label, icon=":material/arrow_back:", type="tertiary"):
        navigation.go(navigation.MEETINGS, at_desk.query())


def _about(one: Meeting) -> str:
    at_desk = desk()
    told = {"day": at_desk.rows.day(one.session_date), "coach": one.coach.name}
    if one.duration_min is None:
        return at_desk.texts("meeting.about", **told)
    minutes = at_desk.formats.duration(one.duration_min * 60)
    return at_desk.texts("meeting.about_minutes", minutes=minutes, **told)


def _notes(one: Meeting) -> None:
    at_desk = desk()
    texts = at_desk.texts
    st.subheader(texts("meeting.notes"), anchor=False)
    if at_desk.names_hidden:
        st.caption(texts("meeting.notes_hidden"))
        return
    st.caption(texts("meeting.notes_help"))
    with st.form(f"lt-notes-{one.id}", border=False):
        notes = st.text_area(
            texts("meeting.notes"),
            one.notes,
            max_chars=LONGEST_NOTES,
            label_visibility="collapsed",
            height=160,
        )
        asked = st.form_submit_button(texts("meeting.save_notes"), type="primary")
    changed = {"notes": notes.strip()}
    if asked and change(lambda: at_desk.client.change_meeting(one.id, changed)):
        say(texts("meeting.notes_saved"))
        st.rerun()


def _delete(one: Meeting) -> None:
    at_desk = desk()
    texts = at_desk.texts
    asked = sure_of("meeting.delete", one.id, icon=":material/delete:")
    if asked and change(lambda: at_desk.client.delete_meeting(one.id)):
        say(texts("meeting.deleted"))
        navigation.go(navigation.MEETINGS, at_desk.query())
