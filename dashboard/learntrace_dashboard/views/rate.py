"""Rate: one skill for a whole class on one grid."""

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.changes import show_said
from learntrace_dashboard.choosers import choose_class, own_classes
from learntrace_dashboard.contract import Student
from learntrace_dashboard.contract_skills import RubricOfSkill
from learntrace_dashboard.look import (
    cut_note,
    data_until,
    desk,
    empty,
    fetch,
    for_roles_of,
    heading,
    label_text,
)
from learntrace_dashboard.rating import choose_level, save, show_levels
from learntrace_dashboard.rows import name_order


@for_roles_of(navigation.RATE)
def page() -> None:
    """Draw the page."""
    at_desk = desk()
    texts = at_desk.texts
    heading(texts("rate.title"), texts("rate.intro"))
    classes = own_classes()
    rubric = fetch(reads.rubric).value
    by_skill = {one.skill: one for one in rubric.skills}
    left, middle, right = st.columns([5, 3, 2.6])
    with left:
        chosen = choose_class(classes)
    with middle:
        skill = st.selectbox(
            texts("rate.skill"),
            list(by_skill),
            format_func=lambda one: by_skill[one].name,
            key="lt_rate_skill",
        )
    with right:
        today = at_desk.now.astimezone(at_desk.formats.zone).date()
        seen_on = st.date_input(texts("rate.on"), today, max_value=today, key="lt_rate_on")
    students = fetch(reads.students, chosen.id)
    data_until(students.at)
    show_said()
    cut_note(students, "list.students")
    if not students.value:
        empty(texts("class.no_students"), texts("class.no_students_help"))
        return
    show_levels(by_skill[skill])
    _grid(students.value, by_skill[skill], seen_on, f"{chosen.id}-{skill}")


def _grid(students: Sequence[Student], rubric: RubricOfSkill, seen_on: date, key: str) -> None:
    texts = desk().texts
    with st.form(f"lt-rate-{key}", clear_on_submit=True):
        with st.container(key="lt-grid", gap=None):
            levels: Mapping[str, int | None] = {
                one.id: choose_level(label_text(one.display_name), rubric, key=f"{key}-{one.id}")
                for one in sorted(students, key=lambda one: name_order(one.display_name))
            }
        asked = st.form_submit_button(texts("rate.save"), type="primary")
    if asked:
        save(
            [
                {
                    "student_id": student_id,
                    "skill": rubric.skill,
                    "level": level,
                    "observed_on": seen_on.isoformat(),
                }
                for student_id, level in levels.items()
                if level is not None
            ]
        )
