"""One scenario: its parts with words, phrases and aims."""

from collections.abc import Sequence

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.contract_library import Phase
from learntrace_dashboard.library_words import category, done_when, in_brief, to_part
from learntrace_dashboard.look import (
    data_until,
    desk,
    empty,
    escape,
    fetch,
    for_roles_of,
    heading,
)
from learntrace_dashboard.table import Cell, Column, table


@for_roles_of(navigation.SCENARIO)
def page() -> None:
    """Draw the page: the scenario in the address, or the way to one."""
    at_desk = desk()
    texts = at_desk.texts
    _back()
    scenario_id = st.query_params.get("scenario")
    if scenario_id is None:
        heading(texts("nav.scenario"))
        empty(texts("scenario.start"), texts("scenario.start_help"), at_desk.now)
        return
    read = fetch(reads.scenario, scenario_id)
    one = read.value
    heading(one.title, one.description)
    st.caption(escape(f"{category(one.category)} · {in_brief(texts, one)}"))
    data_until(read.at)
    with st.container(horizontal=True):
        if st.button(texts("library.assign"), type="primary", icon=":material/send:"):
            navigation.go(navigation.LESSONS, to_part("assign", scenario=one.id))
        if st.button(texts("tutoring.work"), icon=":material/school:"):
            navigation.go(navigation.TUTORING, at_desk.query(scenario=one.id))
    for at, phase in enumerate(one.phases, 1):
        _phase(at, phase)


def _back() -> None:
    label = desk().texts("scenario.back")
    if st.button(label, icon=":material/arrow_back:", type="tertiary"):
        navigation.go(navigation.LESSONS, to_part("scenarios"))


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
