"""What a school keeps of recordings."""

import streamlit as st

from learntrace_dashboard import reads
from learntrace_dashboard.changes import change, say
from learntrace_dashboard.contract_plan import UNLIMITED
from learntrace_dashboard.contract_recordings import RecordingsRetention
from learntrace_dashboard.look import data_until, desk, fetch, part
from learntrace_dashboard.table import Cell, Column, table

_FAILURES = "lt_keeping_failures"


def show() -> None:
    """Draw the tab."""
    read = fetch(reads.keep_audio)
    data_until(read.at)
    _audio(read.value.keep_audio)
    _days()


def _audio(known: bool) -> None:
    at_desk = desk()
    texts = at_desk.texts
    st.subheader(texts("keeping.title"), anchor=False)
    st.markdown(texts("keeping.help"))
    # A key for each answer of the API and each failure: nothing moved before is kept.
    key = f"lt-keep-audio-{known}-{st.session_state.get(_FAILURES, 0)}"
    told = st.toggle(texts("keeping.switch"), value=known, key=key)
    if told == known:
        return
    if change(lambda: at_desk.client.put_keep_audio(keep_audio=told)):
        say(texts("keeping.on" if told else "keeping.off"))
        st.rerun()
    st.session_state[_FAILURES] = st.session_state.get(_FAILURES, 0) + 1


def _days() -> None:
    """Nothing goes by the plan's days before an administrator has seen and agreed to what would."""
    at_desk = desk()
    texts = at_desk.texts
    st.subheader(texts("keeping.days"), anchor=False)
    kept = part("recordings-retention", reads.recordings_retention)
    if kept is None:
        return
    if kept.days == UNLIMITED:
        st.markdown(texts("plan.keeps"))
        return
    put = at_desk.client.put_recordings_retention
    st.markdown(texts("keeping.agreed" if kept.confirmed else "keeping.open", days=kept.days))
    _what_goes(kept)
    if kept.confirmed:
        asked = st.button(texts("keeping.withdraw"), icon=":material/undo:")
        if asked and change(lambda: put(None)):
            say(texts("keeping.withdrawn"))
            st.rerun()
        return
    sure = st.checkbox(texts("keeping.sure", days=kept.days), key=f"lt-sure-days-{kept.days}")
    asked = st.button(texts("keeping.agree"), type="primary", disabled=not sure)
    if asked and change(lambda: put(kept.days)):
        say(texts("keeping.agreed_now"))
        st.rerun()


def _what_goes(kept: RecordingsRetention) -> None:
    at_desk = desk()
    texts, rows = at_desk.texts, at_desk.rows
    gone = {kind: number for kind, number in kept.counts.items() if number}
    if kept.before is None or not gone:
        st.caption(texts("retention.nothing"))
        return
    st.markdown(texts("keeping.before", day=f"{rows.day(kept.before)} {kept.before.year}"))
    table(
        texts("keeping.table"),
        (
            Column(texts("record.column_kind"), wide=True),
            Column(texts("record.column_count"), align="right"),
        ),
        [(Cell(kind.replace("_", " ").capitalize()), rows.number(n)) for kind, n in gone.items()],
        key="recordings-retention",
    )
