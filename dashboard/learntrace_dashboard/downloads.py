"""The buttons under which a page's files are had; a file is made when it is asked for."""

from collections.abc import Callable

import streamlit as st

from learntrace_dashboard.look import desk


def offer(name: str, csv: Callable[[], str], pdf: Callable[[], bytes]) -> None:
    """A table and a page to print, as learntrace-NAME.csv and .pdf."""
    texts = desk().texts
    with st.container(horizontal=True, key=f"lt-no-print-{name}"):
        st.download_button(
            texts("skills.download_pdf"),
            pdf,
            file_name=f"learntrace-{name}.pdf",
            mime="application/pdf",
            icon=":material/picture_as_pdf:",
            on_click="ignore",
        )
        st.download_button(
            texts("skills.download_csv"),
            csv,
            file_name=f"learntrace-{name}.csv",
            mime="text/csv",
            icon=":material/table:",
            on_click="ignore",
        )
