"""Test players: the same overview for the sandbox, kept apart from every real class."""

import streamlit as st

from learntrace_dashboard import navigation
from learntrace_dashboard.choosers import own_classes
from learntrace_dashboard.look import desk, enter_test_area, for_roles_of, heading
from learntrace_dashboard.overview import show_overview


@for_roles_of(navigation.TEST_PLAYERS)
def page() -> None:
    """Draw the page."""
    enter_test_area()
    texts = desk().texts
    heading(texts("test.title"), sandbox=True)
    st.info(texts("common.sandbox_note"), icon=":material/science:")
    show_overview(own_classes(sandbox=True))
