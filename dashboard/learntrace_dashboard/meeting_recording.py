"""The recording that belongs to a meeting: opening it, or choosing one."""

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.changes import change, say
from learntrace_dashboard.contract_meetings import Meeting
from learntrace_dashboard.look import desk, escape, part
from learntrace_dashboard.views.recordings import title_of


def show(meeting: Meeting) -> None:
    """Draw it; a recording is about the same student as the meeting, or both are about none."""
    at_desk = desk()
    texts = at_desk.texts
    st.subheader(texts("meeting.recording"), anchor=False)
    linked = meeting.transcription_session
    if linked is None:
        _choose(meeting)
        return
    known = f"recorded.{linked.status}"
    state = texts(known) if texts.has(known) else linked.status
    title = "" if at_desk.names_hidden else f"**{escape(linked.title)}** · "
    st.markdown(f"{title}{state} · {texts.count('meeting.lines', linked.segments_count)}")
    with st.container(horizontal=True):
        opened = st.button(texts("meeting.open_recording"), icon=":material/mic:")
        unlink = st.button(texts("meeting.unlink"), type="tertiary")
    if opened:
        navigation.go(navigation.RECORDING, at_desk.query(recording=linked.id))
    nothing = {"transcription_session_id": None}
    if unlink and change(lambda: at_desk.client.change_meeting(meeting.id, nothing)):
        say(texts("meeting.unlinked"))
        st.rerun()


def _choose(meeting: Meeting) -> None:
    at_desk = desk()
    texts = at_desk.texts
    st.caption(texts("meeting.no_recording"))
    if meeting.client.is_anonymized:
        return
    student_id = meeting.client.student_id
    page = part("recordings", reads.recordings, student_id, None)
    if page is None:
        return
    titles = {one.id: title_of(one) for one in page.items if one.student_id == student_id}
    if titles:
        chosen = st.selectbox(
            texts("meeting.which_recording"),
            list(titles),
            index=None,
            format_func=lambda one: titles[one],
            placeholder=texts("meeting.recording_prompt"),
            key=f"lt-link-{meeting.id}",
        )
        asked = st.button(texts("meeting.link"), disabled=chosen is None)
        told = {"transcription_session_id": chosen}
        if asked and change(lambda: at_desk.client.change_meeting(meeting.id, told)):
            say(texts("meeting.linked"))
            st.rerun()
    if st.button(texts("meeting.make_recording"), icon=":material/add:"):
        whom = {"student": student_id} if student_id else {}
        navigation.go(navigation.RECORDINGS, at_desk.query(**whom))
