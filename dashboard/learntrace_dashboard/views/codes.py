"""Codes sheet: a card for each student of a class, to print and cut out."""

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.cards import cards_html, cards_page, codes_csv
from learntrace_dashboard.choosers import choose_class, own_classes
from learntrace_dashboard.contract import ClassCodes
from learntrace_dashboard.look import (
    css,
    data_until,
    desk,
    empty,
    escape,
    fetch,
    for_roles_of,
    heading,
    print_button,
)


@for_roles_of(navigation.CODES)
def page() -> None:
    """Draw the page."""
    at_desk = desk()
    texts = at_desk.texts
    with st.container(key="lt-no-print-top"):
        heading(texts("codes.title"), texts("codes.intro"))
        if at_desk.names_hidden:
            empty(texts("hide.codes"), texts("hide.codes_help"), at_desk.now)
            return
        chosen = choose_class(own_classes())
        codes = fetch(reads.class_codes, chosen.id)
        data_until(codes.at)
    if not codes.value.students:
        empty(texts("codes.empty"), texts("codes.empty_help"))
        return
    _downloads(codes.value)
    st.subheader(texts("codes.sheet", name=escape(codes.value.class_name)), anchor=False)
    st.html(f"<style>{css('cards')}</style>{cards_html(codes.value, texts)}")


def _downloads(codes: ClassCodes) -> None:
    texts = desk().texts
    with st.container(horizontal=True, key="lt-no-print-buttons"):
        print_button(texts("codes.print"))
        st.download_button(
            texts("codes.download_html"),
            cards_page(codes, texts, css("cards")),
            file_name="learntrace-codes.html",
            mime="text/html",
            icon=":material/description:",
            on_click="ignore",
        )
        st.download_button(
            texts("codes.download_csv"),
            codes_csv(codes, texts),
            file_name="learntrace-codes.csv",
            mime="text/csv",
            icon=":material/table:",
            on_click="ignore",
        )
