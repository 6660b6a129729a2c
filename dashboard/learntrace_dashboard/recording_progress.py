"""How far a transcription is, asked every two seconds until it has ended."""

import streamlit as st

from learntrace_dashboard import reads
from learntrace_dashboard.changes import change, say
from learntrace_dashboard.contract_recordings import Progress
from learntrace_dashboard.look import Desk, desk
from learntrace_dashboard.renewing import renew

EVERY_S = 2


@st.fragment(run_every=EVERY_S)
def show(at_desk: Desk, recording_id: str) -> None:
    """The part that runs alone; the whole page is drawn anew when it is over."""
    read = renew(at_desk, "recording.away", reads.recording_progress, recording_id)
    if read is None:
        return
    if read.value.status != "processing":
        st.rerun()
    st.progress(read.value.progress_percentage, text=_words(read.value))
    st.caption(at_desk.texts("recording.writing_help"))


def stop(recording_id: str) -> None:
    """The button that stops it."""
    at_desk = desk()
    asked = st.button(at_desk.texts("recording.stop"), icon=":material/stop_circle:")
    if asked and change(lambda: at_desk.client.cancel_recording(recording_id)):
        say(at_desk.texts("recording.stopped"))
        st.rerun()


def _words(progress: Progress) -> str:
    at_desk = desk()
    texts, formats = at_desk.texts, at_desk.formats
    if progress.started_at is None:
        return texts("recording.waiting")
    said = [texts("recording.writing", percent=progress.progress_percentage)]
    if progress.duration_processed is not None and progress.duration_total is not None:
        done = formats.duration(progress.duration_processed)
        total = formats.duration(progress.duration_total)
        said.append(texts("recording.writing_of", done=done, total=total))
    if progress.estimated_completion is not None:
        left = max(0.0, (progress.estimated_completion - at_desk.now).total_seconds())
        said.append(texts("recording.writing_left", left=formats.duration(left)))
    return ", ".join(said)
