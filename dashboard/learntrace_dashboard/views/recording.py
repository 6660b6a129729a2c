"""One recording: what to do next with it, and what was said."""

import streamlit as st

from learntrace_dashboard import (
    navigation,
    reads,
    recording_files,
    recording_progress,
    recording_sending,
    recording_talk,
    recording_transcript,
)
from learntrace_dashboard.changes import change, say, show_said
from learntrace_dashboard.contract_recordings import Recording
from learntrace_dashboard.look import data_until, desk, empty, escape, fetch, for_roles_of, heading
from learntrace_dashboard.recording_new import hint_at_consent, language_name
from learntrace_dashboard.tabs import lazy_tabs
from learntrace_dashboard.views.recordings import title_of


@for_roles_of(navigation.RECORDING)
def page() -> None:
    """Draw the page: the recording in the address, or the way to one."""
    at_desk = desk()
    texts = at_desk.texts
    recording_id = st.query_params.get("recording")
    if recording_id is None:
        heading(texts("recording.title"))
        empty(texts("recording.start"), texts("recording.start_help"), at_desk.now)
        _back()
        return
    read = fetch(reads.recording, recording_id)
    one = read.value
    _back()
    heading(title_of(one), _about(one))
    data_until(read.at)
    show_said()
    if one.status == "completed":
        lazy_tabs(
            {
                "transcript": lambda: recording_transcript.show(one),
                "talk": lambda: recording_talk.show(one),
                "files": lambda: recording_files.show(one),
            }
        )
        return
    _on_its_way(one)
    recording_files.show_delete(one)


def _back() -> None:
    at_desk = desk()
    label = at_desk.texts("recording.back")
    if st.button(label, icon=":material/arrow_back:", type="tertiary"):
        navigation.go(navigation.RECORDINGS, at_desk.query())


def _about(one: Recording) -> str:
    at_desk = desk()
    texts = at_desk.texts
    student = one.student_name or texts("recordings.nobody").capitalize()
    when = at_desk.formats.moment(one.created_at, at_desk.now)
    language = language_name(texts, one.language)
    return texts("recording.about", student=student, language=language, when=when)


def _on_its_way(one: Recording) -> None:
    """Whatever is to be done before there is a transcript."""
    at_desk = desk()
    texts = at_desk.texts
    if one.status == "processing":
        recording_progress.show(at_desk, one.id)
        recording_progress.stop(one.id)
        return
    if one.status == "pending":
        known = one.duration_seconds
        length = (
            texts("recording.pending_length", length=at_desk.formats.duration(known))
            if known
            else ""
        )
        st.info(texts("recording.pending", length=length), icon=":material/graphic_eq:")
        asked = st.button(texts("recording.write"), type="primary", icon=":material/edit_note:")
        if asked and change(lambda: at_desk.client.start(one.id)):
            say(texts("recording.started"))
            st.rerun()
        recording_sending.show_written(one.id)
        return
    if one.student_id is not None:
        hint_at_consent(one.student_id)
    if one.status == "failed":
        why = one.error_message or texts("recording.failed_why")
        st.error(f"**{texts('recording.failed')}**  \n{escape(why)}", icon=":material/error:")
        if one.has_audio:
            asked = st.button(texts("recording.again"), type="primary", icon=":material/replay:")
            if asked and change(lambda: at_desk.client.retry(one.id)):
                say(texts("recording.started"))
                st.rerun()
    elif one.status == "cancelled":
        st.info(texts("recording.cancelled"), icon=":material/info:")
    recording_sending.show(one)
