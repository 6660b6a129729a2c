"""One content item: its text and materials, marking, assigning, changing and deleting it."""

import html

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.changes import change, say, show_said, sure_of
from learntrace_dashboard.contract_library import ContentItem, Material
from learntrace_dashboard.library_item import opened, show_ways_on
from learntrace_dashboard.library_words import for_whom, in_brief, to_part, word
from learntrace_dashboard.look import data_until, desk, empty, escape, for_roles_of, heading
from learntrace_dashboard.table import Cell, Column, table


@for_roles_of(navigation.CONTENT)
def page() -> None:
    """Draw the page: the content item in the address, or the way to one."""
    texts = desk().texts
    read = opened("content", reads.content_item)
    one = read.value
    heading(one.title)
    about = [
        word(texts, "content", f"type_{one.content_type}"),
        in_brief(texts, one),
        *one.topics,
        *one.tags,
    ]
    by = texts("content.by", name=one.owner_name)
    st.caption(escape(" · ".join([*about, by])))
    data_until(read.at)
    show_said()
    _buttons(one)
    _text(one)
    for at, material in enumerate(one.materials):
        _material(at, material)
    if may_change(one):
        _delete(one)


def may_change(one: ContentItem) -> bool:
    """Whether it is the person's own, or the person administers the school."""
    user = desk().user
    return one.owner_id == user.id or user.role in navigation.SCHOOL_ADMINS


def _buttons(one: ContentItem) -> None:
    at_desk = desk()
    texts = at_desk.texts
    with st.container(horizontal=True):
        show_ways_on("content", one.id)
        marked = one.favourite
        asked = st.button(
            texts("content.unmark" if marked else "content.mark"),
            icon=":material/star:" if marked else ":material/star_border:",
        )
        if may_change(one) and st.button(texts("content.change"), icon=":material/edit:"):
            navigation.go(navigation.CONTENT_FORM, at_desk.query(content=one.id, **for_whom()))
        if one.source_url and one.source_url.startswith("http"):
            st.link_button(texts("content.source"), one.source_url, icon=":material/open_in_new:")
    if asked and change(lambda: at_desk.client.set_favourite(one.id, not marked)):
        say(texts("content.unmarked" if marked else "content.marked"))
        st.rerun()


def _text(one: ContentItem) -> None:
    texts = desk().texts
    if one.text.strip():
        st.html(f'<div class="lt-text">{html.escape(one.text)}</div>')
    elif not one.materials:
        empty(texts("content.bare"), texts("content.bare_help"))


def _material(at: int, one: Material) -> None:
    texts = desk().texts
    st.subheader(escape(one.title), anchor=False)
    if one.vocabulary:
        table(
            texts("content.words_of", title=one.title),
            (Column(texts("library.word")), Column(texts("library.meaning"), wide=True)),
            [(Cell(each.term), Cell(each.meaning)) for each in one.vocabulary],
            key=f"words-{at}",
            sortable=False,
        )
    if one.questions:
        table(
            texts("content.questions_of", title=one.title),
            (Column(texts("content.question"), wide=True), Column(texts("content.answer"))),
            [(Cell(each.question), Cell(each.answer)) for each in one.questions],
            key=f"questions-{at}",
            sortable=False,
        )


def _delete(one: ContentItem) -> None:
    at_desk = desk()
    texts = at_desk.texts
    asked = sure_of("content.delete", one.id, icon=":material/delete:")
    if asked and change(lambda: at_desk.client.delete_content(one.id)):
        say(texts("content.deleted"))
        navigation.go(navigation.LESSONS, to_part("content", **for_whom()))
