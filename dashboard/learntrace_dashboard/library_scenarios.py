"""The library's scenarios, the easiest first."""

from collections.abc import Callable, Iterable

import streamlit as st

from learntrace_dashboard import reads
from learntrace_dashboard.contract_library import DIFFICULTIES, Scenario
from learntrace_dashboard.library_item import show_for_whom
from learntrace_dashboard.library_words import category, difficulty, follow, leading, word
from learntrace_dashboard.look import cut_note, data_until, desk, empty, fetch
from learntrace_dashboard.recording_new import language_name
from learntrace_dashboard.table import Cell, Column, Row, table


def show() -> None:
    """Draw the tab."""
    texts = desk().texts
    show_for_whom()
    read = fetch(reads.scenarios)
    data_until(read.at)
    known = read.value
    if not known:
        empty(texts("scenario.none"), texts("scenario.none_help"))
        return
    found = _chosen(known)
    if not found:
        empty(texts("library.nothing"), texts("library.nothing_help"))
        return
    follow(
        table(
            texts("scenario.table"),
            (
                Column(texts("library.column_title"), wide=True),
                Column(texts("scenario.category")),
                Column(texts("library.difficulty")),
                Column(texts("library.language")),
                Column(texts("scenario.column_parts"), align="right"),
                Column(texts("scenario.column_words"), align="right"),
            ),
            [_row(one) for one in found],
            key="scenarios",
        )
    )
    cut_note(read, "list.scenario")


def _chosen(known: Iterable[Scenario]) -> list[Scenario]:
    """Those that fit what is chosen above the list."""
    texts = desk().texts
    known = list(known)
    left, middle, right = st.columns(3)
    with left:
        categories = sorted({one.category for one in known})
        about = choose("scenario.category", categories, category)
    with middle:
        there = {one.difficulty for one in known}
        levels = [one for one in DIFFICULTIES if one in there]
        level = choose("library.difficulty", levels, lambda one: word(texts, "difficulty", one))
    with right:
        languages = sorted({one.language for one in known})
        language = choose("library.language", languages, lambda one: language_name(texts, one))
    return [
        one
        for one in known
        if about in (None, one.category)
        and level in (None, one.difficulty)
        and language in (None, one.language)
    ]


def choose(label: str, options: Iterable[str], name: Callable[[str], str]) -> str | None:
    """Draw the choice of one of `options`, or of any; `label` is a key of the catalogue."""
    texts = desk().texts
    return st.selectbox(
        texts(label),
        [None, *options],
        format_func=lambda one: texts("library.any") if one is None else name(one),
        key=f"lt-choose-{label}",
    )


def _row(one: Scenario) -> Row:
    at_desk = desk()
    words = {word.term for phase in one.phases for word in phase.vocabulary}
    return (
        leading("scenario", one.id, one.title, one.description),
        Cell(category(one.category)),
        difficulty(one.difficulty),
        Cell(language_name(at_desk.texts, one.language)),
        at_desk.rows.number(len(one.phases)),
        at_desk.rows.number(len(words)),
    )
