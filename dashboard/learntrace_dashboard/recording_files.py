"""The transcript as a file, having it written anew, and deleting the recording."""

import streamlit as st

from learntrace_dashboard import navigation
from learntrace_dashboard.changes import change, say, sure_of
from learntrace_dashboard.contract_recordings import Recording
from learntrace_dashboard.look import desk, empty

KINDS = ("txt", "vtt", "srt", "xlsx", "json")
_FILE = "lt_transcript_file"


def show(recording: Recording) -> None:
    """Draw the tab."""
    texts = desk().texts
    if desk().names_hidden:
        empty(texts("transcript.hidden"), texts("transcript.hidden_help"))
        return
    _files(recording)
    if recording.has_audio:
        _rewrite(recording)
    show_delete(recording)


def _files(recording: Recording) -> None:
    """A file is asked for before it is offered, so that a refusal can be said in words."""
    at_desk = desk()
    texts = at_desk.texts
    st.markdown(texts("files.help"))
    kind = st.selectbox(
        texts("files.kind"),
        KINDS,
        format_func=lambda one: texts(f"files.{one}"),
        key="lt_file_kind",
    )
    asked = st.button(texts("files.get"), icon=":material/description:")
    if asked:
        made: list[bytes] = []
        if change(lambda: made.append(at_desk.client.file_of(recording.id, kind))):
            st.session_state[_FILE] = (recording.id, kind, made[0])
    whose, found, content = st.session_state.get(_FILE, (None, None, b""))
    if (whose, found) == (recording.id, kind):
        name = f"learntrace-recording.{kind}"
        st.download_button(
            texts("files.save", name=name),
            content,
            file_name=name,
            icon=":material/download:",
            on_click="ignore",
        )


def _rewrite(recording: Recording) -> None:
    at_desk = desk()
    texts = at_desk.texts
    asked = sure_of("files.rewrite", recording.id, icon=":material/replay:")
    if asked and change(lambda: at_desk.client.start(recording.id)):
        say(texts("recording.started"))
        st.rerun()


def show_delete(recording: Recording) -> None:
    """Deleting it, after a tick."""
    at_desk = desk()
    texts = at_desk.texts
    if recording.status == "processing":
        return
    asked = sure_of("recording.delete", recording.id, icon=":material/delete:")
    if asked and change(lambda: at_desk.client.delete_recording(recording.id)):
        say(texts("recording.deleted"))
        navigation.go(navigation.RECORDINGS, at_desk.query())
