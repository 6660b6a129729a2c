"""Writing a content item: a new one, or changing an own one."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd
import streamlit as st

from learntrace_dashboard import library_writing, navigation, reads
from learntrace_dashboard.changes import change, form_key, renew_form, say
from learntrace_dashboard.contract_library import CONTENT_TYPES, DIFFICULTIES, ContentItem
from learntrace_dashboard.library_words import for_whom, to_part, word
from learntrace_dashboard.library_writing import (
    LONGEST_BACK,
    LONGEST_TEXT,
    LONGEST_TITLE,
    QUESTION,
    WORD,
    Line,
)
from learntrace_dashboard.look import data_until, desk, escape, fetch, for_roles_of, heading
from learntrace_dashboard.recording_new import LANGUAGES, language_name
from learntrace_dashboard.views.content import may_change

LONGEST_SOURCE = 1000
LONGEST_WORDS = 1300
EMPTY_LINES = 4
_FORM = "content-form"


@for_roles_of(navigation.CONTENT_FORM)
def page() -> None:
    """Draw the page: changing the item in the address, or a new one."""
    at_desk = desk()
    texts = at_desk.texts
    content_id = st.query_params.get("content")
    known = None if content_id is None else fetch(reads.content_item, content_id).value
    _back(known)
    heading(texts("content.form_new") if known is None else texts("content.form_change"))
    data_until(at_desk.now)
    if known is not None and not may_change(known):
        st.warning(texts("content.not_own"), icon=":material/lock:")
        return
    with st.form(form_key(_FORM, content_id or "new")):
        told = _what(known)
        lines = _lines(known)
        asked = st.form_submit_button(texts("content.save"), type="primary")
    if asked:
        told["materials"] = library_writing.materials(lines, texts("content.unnamed"))
        _save(known, told, lines)


def _back(known: ContentItem | None) -> None:
    at_desk = desk()
    label = at_desk.texts("content.leave")
    if st.button(label, icon=":material/arrow_back:", type="tertiary"):
        if known is None:
            navigation.go(navigation.LESSONS, to_part("content", **for_whom()))
        navigation.go(navigation.CONTENT, at_desk.query(content=known.id, **for_whom()))


def _what(known: ContentItem | None) -> dict[str, Any]:
    """The fields but for the materials, and what they say."""
    texts = desk().texts
    title = st.text_input(
        texts("content.title"), known.title if known else "", max_chars=LONGEST_TITLE
    )
    left, middle, right = st.columns(3)
    with left:
        kind = st.selectbox(
            texts("content.type"),
            CONTENT_TYPES,
            index=_at(CONTENT_TYPES, known.content_type if known else None),
            format_func=lambda one: word(texts, "content", f"type_{one}"),
        )
    languages = list(dict.fromkeys([*([known.language] if known else []), *LANGUAGES]))
    with middle:
        language = st.selectbox(
            texts("library.language"),
            languages,
            format_func=lambda one: language_name(texts, one),
        )
    with right:
        difficulty = st.selectbox(
            texts("library.difficulty"),
            DIFFICULTIES,
            index=_at(DIFFICULTIES, known.difficulty if known else None),
            format_func=lambda one: word(texts, "difficulty", one),
        )
    told: dict[str, Any] = {"title": title.strip(), "content_type": kind}
    told |= {"language": language, "difficulty": difficulty}
    if known is None:
        source = st.text_input(
            texts("content.source_url"), max_chars=LONGEST_SOURCE, help=texts("content.source_help")
        )
        told["source_url"] = source.strip() or None
    text = st.text_area(
        texts("content.text"), known.text if known else "", max_chars=LONGEST_TEXT, height=220
    )
    told["text"] = text
    for column, name in zip(st.columns(2), ("topics", "tags"), strict=True):
        with column:
            typed = st.text_input(
                texts(f"content.{name}"),
                ", ".join(getattr(known, name)) if known else "",
                max_chars=LONGEST_WORDS,
            )
        told[name] = library_writing.words(typed)
    return told


def _at(options: Sequence[str], one: str | None) -> int:
    return options.index(one) if one in options else 0


def _lines(known: ContentItem | None) -> list[Line]:
    """The table of words and questions, and what it says."""
    texts = desk().texts
    st.markdown(f"**{texts('content.materials')}**")
    st.caption(texts("content.materials_help"))
    alike = library_writing.called_alike(known) if known else []
    if alike:
        titles = ", ".join(f"“{escape(one)}”" for one in alike)
        st.warning(texts("content.alike", titles=titles), icon=":material/info:")
    written = library_writing.lines_of(known) if known else []
    rows = [asdict(one) for one in written or [Line("", WORD, "", "")] * EMPTY_LINES]
    table = st.data_editor(
        pd.DataFrame(rows, columns=library_writing.COLUMNS, dtype=object),
        num_rows="dynamic",
        placeholder="",
        hide_index=True,
        column_config={
            "part": st.column_config.TextColumn(
                texts("content.column_part"), max_chars=LONGEST_TITLE
            ),
            "kind": st.column_config.SelectboxColumn(
                texts("content.column_kind"),
                options=[WORD, QUESTION],
                default=WORD,
                format_func=lambda one: texts(f"content.kind_{one}"),
            ),
            "front": st.column_config.TextColumn(
                texts("content.column_front"), max_chars=LONGEST_TITLE
            ),
            "back": st.column_config.TextColumn(
                texts("content.column_back"), max_chars=LONGEST_BACK
            ),
        },
        key=form_key(_FORM, known.id if known else "new", "materials"),
    )
    return library_writing.as_lines({name: table[name].tolist() for name in table.columns})


def _save(known: ContentItem | None, told: dict[str, Any], lines: Sequence[Line]) -> None:
    at_desk = desk()
    texts = at_desk.texts
    wrong = library_writing.problems(texts, told, lines)
    if wrong:
        listed = "\n".join(f"- {one}" for one in wrong)
        st.warning(f"{texts('content.wrong')}\n\n{listed}", icon=":material/info:")
        return
    saved: list[ContentItem] = []

    def send() -> None:
        if known is None:
            saved.append(at_desk.client.save_content(told))
        else:
            saved.append(at_desk.client.change_content(known.id, told))

    if change(send):
        renew_form(_FORM)
        say(texts("content.saved"))
        navigation.go(navigation.CONTENT, at_desk.query(content=saved[0].id, **for_whom()))
