"""One scenario: its parts with words, phrases and aims."""

from collections.abc import Sequence

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.contract_library import Phase
from learntrace_dashboard.library_item import opened, show_ways_on
from learntrace_dashboard.library_words import category, done_when, in_brief
from learntrace_dashboard.look import data_until, desk, escape, for_roles_of, heading
from learntrace_dashboard.table import Cell, Column, table


@for_roles_of(navigation.SCENARIO)
def page() -> None:
    """Draw the page: the scenario in the address, or the way to one."""
    read = opened("scenario", reads.scenario)
    one = read.value
    heading(one.title, one.description)
    st.caption(escape(f"{category(one.category)} · {in_brief(desk().texts, one)}"))
    data_until(read.at)
    with st.container(horizontal=True):
        show_ways_on("scenario", one.id)
    for at, phase in enumerate(one.phases, 1):
        _phase(at, phase)


def _phase(at: int, phase: Phase) -> None:
    texts = desk().texts
    st.subheader(texts("scenario.part", at=at, title=escape(phase.title)), anchor=False)
    st.caption(done_when(phase))
    if phase.vocabulary:
        table(
            texts("scenario.words_of", title=phase.title),
            (Column(texts("library.word")), Column(texts("library.meaning"), wide=True)),
            [(Cell(word.term), Cell(word.meaning)) for word in phase.vocabulary],
            key=f"words-{phase.key}",
            sortable=False,
        )
    for name in ("phrases", "objectives", "success_criteria"):
        _list(texts(f"scenario.{name}"), getattr(phase, name))


def _list(title: str, lines: Sequence[str]) -> None:
    if lines:
        st.markdown("\n".join([f"**{title}**", "", *(f"- {escape(one)}" for one in lines)]))
