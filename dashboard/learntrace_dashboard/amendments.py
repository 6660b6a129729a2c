"""Wishes to have a student's record changed: noting one, reading them, deciding."""

from collections.abc import Sequence

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.changes import change, form_key, renew_form, say
from learntrace_dashboard.contract import Student
from learntrace_dashboard.contract_keeping import Amendment
from learntrace_dashboard.look import cut_note, data_until, desk, empty, escape, fetch, part

ABOUT = ("game_play", "assessment", "rating", "note", "person")
LONGEST_TEXT = 2000
LONGEST_ASKED_BY = 200
OPEN = "open"


def show_open() -> None:
    """The tab of the school's administrators: what waits for a decision."""
    at_desk = desk()
    texts = at_desk.texts
    read = fetch(reads.open_amendments)
    data_until(read.at)
    if at_desk.names_hidden:
        st.caption(texts("amend.hidden"))
        return
    st.markdown(texts("amend.help"))
    if not read.value:
        empty(texts("amend.none"), texts("amend.none_help"))
    for one in read.value:
        _one(one, name=one.display_name)
    cut_note(read, "list.amendments")


def show(student: Student) -> None:
    """The part of a student's record: all wishes, and a form for a new one."""
    texts = desk().texts
    st.subheader(texts("amend.title"), anchor=False)
    st.caption(texts("amend.about_help"))
    found = part("amendments", reads.amendments, student.id)
    if found is None:
        return
    _list(found)
    _new(student)


def _list(amendments: Sequence[Amendment]) -> None:
    if not amendments:
        st.caption(desk().texts("amend.none_here"))
    for one in amendments:
        _one(one)


def _one(one: Amendment, name: str | None = None) -> None:
    at_desk = desk()
    texts, formats, now = at_desk.texts, at_desk.formats, at_desk.now
    with st.container(border=True):
        if name is not None and st.button(
            name, key=f"lt-amend-who-{one.id}", type="tertiary", icon=":material/person:"
        ):
            navigation.go(navigation.STUDENT, at_desk.query(student=one.student_id, tab="record"))
        st.markdown(
            texts(
                "amend.about", about=texts(f"amend.{one.about}"), state=texts(f"amend.{one.state}")
            )
        )
        st.text(one.text)
        when = formats.moment(one.created_at, now)
        by = texts("amend.by", asked_by=one.asked_by, noted_by=one.noted_by.name, when=when)
        st.caption(escape(by))
        if one.decision is not None:
            st.text(texts("amend.decided", words=one.decision.words))
            when = formats.moment(one.decision.at, now)
            st.caption(escape(texts("notes.by", author=one.decision.by.name, when=when)))
        if one.statement:
            st.text(texts("amend.statement_is", words=one.statement))
        if one.state == OPEN and at_desk.user.role in navigation.SCHOOL_ADMINS:
            _decide(one)


def _decide(one: Amendment) -> None:
    at_desk = desk()
    texts = at_desk.texts
    with st.expander(texts("amend.decide"), icon=":material/gavel:"):
        with st.form(form_key("decide", one.id)):
            accepted = st.radio(
                texts("amend.decision"),
                (True, False),
                index=None,
                format_func=lambda yes: texts("amend.accept" if yes else "amend.refuse"),
                captions=[texts("amend.accept_help"), texts("amend.refuse_help")],
            )
            words = st.text_area(texts("amend.words"), max_chars=LONGEST_TEXT).strip()
            statement = st.text_area(
                texts("amend.statement"), max_chars=LONGEST_TEXT, help=texts("amend.statement_help")
            ).strip()
            asked = st.form_submit_button(texts("amend.save"), type="primary")
        decision = {"accepted": accepted, "words": words, "statement": statement or None}
        if asked and (accepted is None or not words):
            st.warning(texts("amend.incomplete"), icon=":material/info:")
        elif asked and change(
            lambda: at_desk.client.decide_amendment(one.student_id, one.id, decision)
        ):
            say(texts("amend.saved"))
            st.rerun()


def _new(student: Student) -> None:
    at_desk = desk()
    texts = at_desk.texts
    with st.expander(texts("amend.new"), icon=":material/edit_note:"):
        with st.form(form_key("amend", student.id)):
            about = st.selectbox(
                texts("amend.what"), ABOUT, format_func=lambda one: texts(f"amend.{one}")
            )
            text = st.text_area(texts("amend.text"), max_chars=LONGEST_TEXT).strip()
            asked_by = st.text_input(
                texts("amend.asked_by"),
                max_chars=LONGEST_ASKED_BY,
                placeholder=texts("amend.asked_by_like"),
            ).strip()
            asked = st.form_submit_button(texts("amend.note_it"))
        wish = {"about": about, "text": text, "asked_by": asked_by}
        if asked and not (text and asked_by):
            st.warning(texts("amend.empty"), icon=":material/info:")
        elif asked and change(lambda: at_desk.client.note_amendment(student.id, wish)):
            renew_form("amend")
            say(texts("amend.noted"))
            st.rerun()
