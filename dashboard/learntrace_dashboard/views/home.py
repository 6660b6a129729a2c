"""Where everybody arrives: leads to the page in the address or the first one of the menu."""

import streamlit as st

from learntrace_dashboard import navigation
from learntrace_dashboard.look import desk

asked_for = {name: st.query_params[name] for name in st.query_params}
if "session" in asked_for:
    navigation.go(navigation.SESSION, **asked_for)
if "student" in asked_for:
    navigation.go(navigation.STUDENT, **asked_for)
navigation.go(navigation.home_of(desk().user), **asked_for)
