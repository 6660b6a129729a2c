"""Class skills: what is known of everybody in a class, and how surely. Never a ranking."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.choosers import choose_class, own_classes
from learntrace_dashboard.contract import SchoolClass
from learntrace_dashboard.contract_skills import StudentSkills
from learntrace_dashboard.downloads import offer
from learntrace_dashboard.look import (
    data_until,
    desk,
    empty,
    escape,
    fetch,
    for_roles_of,
    heading,
    not_validated,
)
from learntrace_dashboard.paper import class_pdf
from learntrace_dashboard.sheets import class_csv
from learntrace_dashboard.skill_tables import (
    by_name,
    show_knowledge_map,
    show_skill_map,
    show_skill_words,
    topics_of,
)


@for_roles_of(navigation.SKILLS)
def page() -> None:
    """Draw the page."""
    at_desk = desk()
    texts = at_desk.texts
    heading(texts("skills.title"), texts("skills.intro"))
    chosen = choose_class(own_classes())
    found = fetch(reads.class_skills, chosen.id).value
    data_until(found.data_until)
    if not found.students:
        empty(texts("class.no_students"), texts("class.no_students_help"))
        return
    if not any(one.skills or one.knowledge for one in found.students):
        empty(texts("skills.none"), texts("skills.none_help"))
        return
    social, knowledge = st.tabs([texts("skills.tab_social"), texts("skills.tab_knowledge")])
    with social:
        _social(chosen, found.students)
    with knowledge:
        _knowledge(chosen, found.students)
    _downloads(chosen, found.students, found.data_until)


def _social(chosen: SchoolClass, students: Sequence[StudentSkills]) -> None:
    at_desk = desk()
    texts = at_desk.texts
    not_validated()
    st.subheader(texts("skills.map", name=escape(chosen.name)), anchor=False)
    st.caption(texts("skills.map_note"))
    name = texts("skills.map", name=chosen.name)
    _open(show_skill_map(name, students, key=f"map-{chosen.id}"))
    with st.expander(texts("skills.words"), icon=":material/table:"):
        show_skill_words(texts("skills.words"), students, key=f"words-{chosen.id}")


def _knowledge(chosen: SchoolClass, students: Sequence[StudentSkills]) -> None:
    texts = desk().texts
    if not topics_of(students):
        empty(texts("skills.know_none"), texts("skills.know_none_help"))
        return
    st.subheader(texts("skills.know_map", name=escape(chosen.name)), anchor=False)
    st.caption(texts("skills.know_note"))
    name = texts("skills.know_map", name=chosen.name)
    _open(show_knowledge_map(name, students, key=f"knowledge-{chosen.id}"))


def _open(student_id: str | None) -> None:
    if student_id:
        navigation.go(navigation.STUDENT, desk().query(student=student_id, tab="skills"))


def _downloads(chosen: SchoolClass, students: Sequence[StudentSkills], until: datetime) -> None:
    at_desk = desk()
    ordered = by_name(students)
    offer(
        "class",
        lambda: class_csv(ordered, at_desk.texts),
        lambda: class_pdf(chosen.name, ordered, at_desk.texts, at_desk.formats, until),
    )
