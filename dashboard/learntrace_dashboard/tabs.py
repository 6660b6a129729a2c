"""Tabs of which only the open one is drawn, so that no other asks the API for anything."""

from collections.abc import Callable, Mapping

import streamlit as st

from learntrace_dashboard.look import desk

PART = "part"
"""In the address; not the student page's `tab`, which Streamlit would clear on the way there."""


def lazy_tabs(parts: Mapping[str, Callable[[], None]]) -> None:
    """A tab named `tab.PART` for each part; the address says which one is open."""
    titles = [desk().texts(f"tab.{one}") for one in parts]
    tabs = st.tabs(titles, key=PART, bind="query-params")
    for tab, draw in zip(tabs, parts.values(), strict=True):
        if tab.open:
            with tab:
                draw()
