"""What the student's talk shows in one recording, or why that cannot be told."""

import streamlit as st

from learntrace_dashboard import reads
from learntrace_dashboard.contract_recordings import Recording
from learntrace_dashboard.look import desk, empty, part
from learntrace_dashboard.table import Column, table


def show(recording: Recording) -> None:
    """Draw the figures."""
    at_desk = desk()
    texts = at_desk.texts
    st.markdown(texts("talk.note"))
    st.info(texts("talk.trust"), icon=":material/info:")
    talk = part("talk", reads.talk, recording.id)
    if talk is None:
        return
    if not talk.features:
        empty(texts("talk.none"), texts("talk.none_help"))
        return
    table(
        texts("talk.table"),
        (
            Column(texts("session.column_feature"), wide=True),
            Column(texts("session.column_value"), wide=True),
            Column(texts("session.column_range")),
            Column(texts("session.column_meaning"), wide=True),
        ),
        at_desk.rows.features(talk.features),
        key=f"talk-{recording.id}",
        sortable=False,
    )
