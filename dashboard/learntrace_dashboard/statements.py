"""What somebody said of a part of a record that was not changed: it goes with that part.

34 CFR 99.21(c)(2). It is free text, so while names are hidden it is only said that there is one.
"""

from collections.abc import Sequence

import streamlit as st

from learntrace_dashboard import reads
from learntrace_dashboard.contract_keeping import Amendment
from learntrace_dashboard.look import desk, escape, fetch
from learntrace_dashboard.texts import Texts

PERSON, PLAY, ASSESSMENT, RATING, NOTE = "person", "game_play", "assessment", "rating", "note"
_IN_FILES = (PERSON, PLAY, ASSESSMENT, RATING)


def of(student_id: str) -> tuple[Amendment, ...]:
    """The refused requests about a student that have a statement; a failure ends the page."""
    at_desk = desk()
    found = fetch(reads.amendments, student_id).value
    return with_statement(found, at_desk.texts, hidden=at_desk.names_hidden)


def with_statement(
    found: Sequence[Amendment], texts: Texts, *, hidden: bool
) -> tuple[Amendment, ...]:
    """The requests that have a statement; `hidden`: without its words."""
    stated = tuple(one for one in found if one.statement)
    if not hidden:
        return stated
    return tuple(one.model_copy(update={"statement": texts("statement.hidden")}) for one in stated)


def show(stated: Sequence[Amendment], *about: str) -> None:
    """Each statement about these parts, where they are shown."""
    texts = desk().texts
    for one in stated:
        if one.about not in about:
            continue
        name = texts(f"amend.{one.about}")
        words = texts("statement.line", about=name, words=escape(one.statement or ""))
        st.info(words, icon=":material/format_quote:")


def for_files(stated: Sequence[Amendment]) -> tuple[Amendment, ...]:
    """Those about what stands in files of estimates: notes do not."""
    return tuple(one for one in stated if one.about in _IN_FILES)
