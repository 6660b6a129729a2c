"""Choosing a class and a student; the choice stands in the address, so it can be shared."""

from collections.abc import Sequence

import streamlit as st

from learntrace_dashboard import reads
from learntrace_dashboard.contract import SchoolClass, Student
from learntrace_dashboard.look import HIDDEN, cut_note, desk, empty, fetch
from learntrace_dashboard.rows import name_order

_CLASS = "lt_class"
_CLASS_BOX = "lt_class_box"


def own_classes(*, sandbox: bool = False) -> list[SchoolClass]:
    """The person's classes, or those of test players; without any the page ends, saying so."""
    texts = desk().texts
    read = fetch(reads.classes)
    cut_note(read, "list.classes")
    found = [one for one in read.value if one.sandbox is sandbox]
    if not found:
        if sandbox:
            empty(texts("test.none"), texts("test.none_help"), read.at)
        else:
            empty(texts("class.none"), texts("class.none_help"), read.at)
        st.stop()
    return found


def choose_class(classes: Sequence[SchoolClass], *, preferred: str | None = None) -> SchoolClass:
    """Draw the choice of one of `classes` (not empty) and return the one chosen.

    Taken from `preferred`, else the address, else the class chosen before, else the first.
    """
    ordered = sorted(classes, key=lambda one: name_order(one.name))
    names = {one.id: one for one in ordered}
    wanted = [preferred, st.query_params.get("class"), st.session_state.get(_CLASS)]
    chosen = next((one for one in wanted if one in names), ordered[0].id)
    st.session_state[_CLASS] = chosen
    st.session_state[_CLASS_BOX] = chosen
    texts = desk().texts
    st.selectbox(
        texts("class.choose"),
        list(names),
        key=_CLASS_BOX,
        format_func=lambda one: (
            f"{names[one].name} · {texts.count('students', names[one].student_count)}"
        ),
        on_change=_class_changed,
    )
    return names[str(chosen)]


def choose_student(students: Sequence[Student], chosen: str | None) -> None:
    """Draw the choice of a student; a new choice changes the address and runs the page again."""
    names = {one.id: one.display_name for one in students}
    texts = desk().texts
    ordered = sorted(names, key=lambda one: name_order(names[one]))
    # A key for each choice: the box follows the address, and there is nothing left to clear.
    key = f"lt_student_box_{chosen if chosen in names else ''}"
    st.selectbox(
        texts("student.choose"),
        ordered,
        index=ordered.index(chosen) if chosen in names else None,
        key=key,
        placeholder=texts("student.choose_prompt"),
        format_func=lambda one: names[one],
        on_change=_student_changed,
        args=(key,),
    )


def _class_changed() -> None:
    chosen = st.session_state[_CLASS_BOX]
    st.session_state[_CLASS] = chosen
    _show({"class": chosen})


def _student_changed(key: str) -> None:
    chosen = st.session_state[key]
    _show({"student": chosen} if chosen else {})


def _show(query: dict[str, str]) -> None:
    """Change what the address says of whom, and nothing of what is shown of them or hidden."""
    stay = ("area", "part", "tab", "scenario", "content", HIDDEN)
    kept = {name: st.query_params[name] for name in stay if name in st.query_params}
    st.query_params.from_dict(query | kept)
