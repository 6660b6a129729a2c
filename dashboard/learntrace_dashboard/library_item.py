"""What the pages of one scenario and one content item share: which one, with whom, what to do."""

from typing import TypeVar

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.library_words import for_whom, to_part
from learntrace_dashboard.look import desk, empty, escape, fetch, heading, part
from learntrace_dashboard.tutoring_marks import back_to_lessons

Item = TypeVar("Item")
PARTS = {"scenario": "scenarios", "content": "content"}
"""The tab of the library in which each kind stands."""


def opened(kind: str, read: reads.Reader[[str], Item]) -> reads.Read[Item]:
    """The one in the address, under the way back; without any the page ends with the way to one.

    `kind` is one of `PARTS`.
    """
    at_desk = desk()
    texts = at_desk.texts
    if st.button(texts(f"{kind}.back"), icon=":material/arrow_back:", type="tertiary"):
        navigation.go(navigation.LESSONS, to_part(PARTS[kind], **for_whom()))
    source_id = st.query_params.get(kind)
    if source_id is None:
        heading(texts(f"nav.{kind}"))
        empty(texts(f"{kind}.start"), texts(f"{kind}.start_help"), at_desk.now)
        st.stop()
    return fetch(read, source_id)


def show_ways_on(kind: str, source_id: str) -> None:
    """The buttons to assign it, and to work through it with a student."""
    at_desk = desk()
    texts, whom = at_desk.texts, for_whom()
    if st.button(texts("library.assign"), type="primary", icon=":material/send:"):
        navigation.go(navigation.LESSONS, to_part("assign", **{kind: source_id}))
    label = texts("tutoring.work")
    if whom:
        student = fetch(reads.student, whom["student"]).value
        label = texts("tutoring.work_with", name=student.display_name)
    if st.button(label, icon=":material/school:"):
        navigation.go(navigation.TUTORING, at_desk.query(**{kind: source_id}, **whom))


def show_for_whom() -> None:
    """For which student somebody looks for something here, where the address says so."""
    whom = for_whom()
    student = part("whom", reads.student, whom["student"]) if whom else None
    if student is not None:
        back_to_lessons(student)
        texts = desk().texts
        st.caption(texts("library.for_student", name=escape(student.display_name)))
