"""Test players: the same overview for the sandbox, kept apart from every real class."""

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.look import (
    cut_note,
    desk,
    empty,
    enter_test_area,
    fetch,
    for_roles_of,
    heading,
)
from learntrace_dashboard.overview import show_overview


@for_roles_of(navigation.TEST_PLAYERS)
def page() -> None:
    """Draw the page."""
    enter_test_area()
    at_desk = desk()
    texts = at_desk.texts
    heading(texts("test.title"), sandbox=True)
    st.info(texts("common.sandbox_note"), icon=":material/science:")
    read = fetch(lambda: reads.classes(at_desk.caller, at_desk.client))
    cut_note(read, "list.classes")
    classes = [one for one in read.value if one.sandbox]
    if classes:
        show_overview(classes)
    else:
        empty(texts("test.none"), texts("test.none_help"), read.at)
