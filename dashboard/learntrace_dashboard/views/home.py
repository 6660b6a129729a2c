"""Where everybody arrives: leads to the page in the address or to one's first page."""

import streamlit as st

from learntrace_dashboard import navigation
from learntrace_dashboard.look import desk


def page() -> None:
    """Go on to another page, taking along what the address says."""
    asked_for = st.query_params.to_dict()
    if "session" in asked_for:
        navigation.go(navigation.SESSION, asked_for)
    if "student" in asked_for:
        navigation.go(navigation.STUDENT, asked_for)
    navigation.go(navigation.home_of(desk().user), asked_for)
