"""The switch that says whether a student has extra time or assistive tools."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from learntrace_dashboard.changes import change, say
from learntrace_dashboard.contract import Student
from learntrace_dashboard.look import desk

_FAILURES = "lt_extra_failures"


def show_extra_time(student: Student) -> None:
    """The switch and what it does; nothing of it while names are hidden."""
    at_desk = desk()
    texts = at_desk.texts
    st.subheader(texts("extra.title"), anchor=False)
    if at_desk.names_hidden:
        st.caption(texts("extra.hidden"))
        return
    switch = st.empty()
    told = _draw(switch, student)
    st.caption(texts("extra.help"))
    if told == student.extra_time:
        return
    if change(lambda: at_desk.client.put_extra_time(student.id, told)):
        say(texts("extra.on" if told else "extra.off"))
        st.rerun()
    st.session_state[_FAILURES] = st.session_state.get(_FAILURES, 0) + 1
    _draw(switch, student)


def _draw(place: DeltaGenerator, student: Student) -> bool:
    """The switch, as the API knows it until somebody moves it; how it stands."""
    known = student.extra_time
    # A key for each answer of the API and each failure: nothing moved before is kept.
    key = f"lt-extra-{student.id}-{known}-{st.session_state.get(_FAILURES, 0)}"
    return place.toggle(desk().texts("extra.switch"), value=known, key=key)
