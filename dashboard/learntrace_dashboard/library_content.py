"""The library's content: searching it, and the way to an own item."""

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.client_library import Search
from learntrace_dashboard.contract_library import CONTENT_TYPES, DIFFICULTIES, ContentItem
from learntrace_dashboard.library_item import show_for_whom
from learntrace_dashboard.library_scenarios import choose
from learntrace_dashboard.library_words import difficulty, follow, for_whom, leading, word
from learntrace_dashboard.look import data_until, desk, empty, fetch
from learntrace_dashboard.older import read_pages, show_older
from learntrace_dashboard.recording_new import language_name
from learntrace_dashboard.table import Cell, Column, Row, table

LONGEST_TITLE = 200


def show() -> None:
    """Draw the tab."""
    at_desk = desk()
    texts = at_desk.texts
    show_for_whom()
    if st.button(texts("content.new"), icon=":material/add:"):
        navigation.go(navigation.CONTENT_FORM, at_desk.query(**for_whom()))
    search = _search()
    data_until(fetch(reads.content, search, None).at)
    pages = read_pages("content", reads.content, search)
    if pages is None:
        return
    found = [one for page in pages for one in page.items]
    if not found:
        kind = "content.none" if search == Search() else "library.nothing"
        empty(texts(kind), texts(f"{kind}_help"))
        return
    opened = table(
        texts("content.table"),
        (
            Column(texts("library.column_title"), wide=True),
            Column(texts("content.type")),
            Column(texts("library.difficulty")),
            Column(texts("library.language")),
            Column(texts("content.column_about"), wide=True),
            Column(texts("content.favourite")),
        ),
        [_row(one) for one in found],
        key="content",
    )
    show_older("content", search, pages)
    follow(opened)


def _search() -> Search:
    """What is typed and chosen above the list."""
    texts = desk().texts
    facets = fetch(reads.facets).value
    first = st.columns([2, 1, 1])
    with first[0]:
        title = st.text_input(
            texts("content.search"), max_chars=LONGEST_TITLE, key="lt-content-title"
        ).strip()
    with first[1]:
        kind = choose(
            "content.type", CONTENT_TYPES, lambda one: word(texts, "content", f"type_{one}")
        )
    with first[2]:
        level = choose(
            "library.difficulty", DIFFICULTIES, lambda one: word(texts, "difficulty", one)
        )
    second = st.columns(3)
    with second[0]:
        language = choose(
            "library.language", facets.languages, lambda one: language_name(texts, one)
        )
    with second[1]:
        topic = choose("content.topic", facets.topics, str)
    with second[2]:
        tag = choose("content.tag", facets.tags, str)
    favourite = st.toggle(texts("content.only_favourites"), key="lt-content-favourite")
    return Search(title or None, kind, language, level, topic, tag, favourite)


def _row(one: ContentItem) -> Row:
    texts = desk().texts
    about = ", ".join([*one.topics, *one.tags])
    mark = texts("content.is_favourite") if one.favourite else ""
    return (
        leading("content", one.id, one.title, texts("content.by", name=one.owner_name)),
        Cell(word(texts, "content", f"type_{one.content_type}")),
        difficulty(one.difficulty),
        Cell(language_name(texts, one.language)),
        Cell(about or texts("common.none"), tone="muted"),
        Cell("", chip=mark, sort="0") if mark else Cell(texts("common.none"), sort="1"),
    )
