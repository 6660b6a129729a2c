"""The part of a student's page that shows skills and knowledge, and offers them as files."""

from collections.abc import Mapping, Sequence

import streamlit as st

from learntrace_dashboard import reads
from learntrace_dashboard.contract import Student
from learntrace_dashboard.contract_keeping import Amendment
from learntrace_dashboard.contract_skills import Assessment
from learntrace_dashboard.downloads import offer
from learntrace_dashboard.estimates import LEAST_CLASS, class_bands
from learntrace_dashboard.look import desk, empty, escape, not_validated, part
from learntrace_dashboard.paper import student_pdf
from learntrace_dashboard.sheets import student_csv
from learntrace_dashboard.skill_tables import show_knowledge, show_skills
from learntrace_dashboard.statements import for_files


def show(student: Student, assessment: Assessment | None, stated: Sequence[Amendment]) -> None:
    """Draw it; the files bear what is `stated` about the record."""
    at_desk = desk()
    texts = at_desk.texts
    name = student.display_name
    if assessment is None:
        empty(texts("skills.unassessed", name=name), texts("skills.unassessed_help"))
        return
    not_validated()
    st.subheader(texts("skills.table", name=escape(name)), anchor=False)
    bands = _bands(student)
    title = texts("skills.table", name=name)
    show_skills(title, assessment.skills, key=f"skills-{student.id}", bands=bands)
    st.subheader(texts("skills.know_table", name=escape(name)), anchor=False)
    if assessment.knowledge:
        st.caption(texts("skills.know_note"))
        title = texts("skills.know_table", name=name)
        show_knowledge(title, assessment.knowledge, key=f"knowledge-{student.id}")
    else:
        empty(texts("skills.know_none"), texts("skills.know_none_help"))
    until = assessment.data_until or assessment.assessed_at
    said = for_files(stated)
    offer(
        "student",
        lambda: student_csv(name, assessment.skills, assessment.knowledge, texts, said),
        lambda: student_pdf(name, assessment, texts, at_desk.formats, until, said),
    )


def _bands(student: Student) -> Mapping[str, tuple[float, float]]:
    """Where the middle half of the class lies, if somebody asks for it and it is large enough."""
    at_desk = desk()
    texts = at_desk.texts
    if not student.classes:
        return {}
    if not st.toggle(texts("skills.compare"), key="lt_compare"):
        return {}
    class_id = student.classes[0].id
    found = part("class-skills", reads.class_skills, class_id)
    bands = class_bands(found.students) if found else {}
    if found and not bands:
        st.caption(texts("skills.compare_few", count=LEAST_CLASS))
    elif bands:
        st.caption(texts("skills.compare_note"))
    return bands
