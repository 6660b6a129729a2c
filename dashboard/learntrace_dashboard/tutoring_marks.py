"""What pages of work with a student share: their head, marks for answers, the way to the end."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from learntrace_dashboard import navigation
from learntrace_dashboard.changes import change, change_by_callback, say, show_said, sure_of
from learntrace_dashboard.contract import Student
from learntrace_dashboard.contract_tutoring import Told, told_of
from learntrace_dashboard.look import data_until, desk, heading

KINDS = {"scenario": "scenario", "content": "content_study", "review": "vocabulary_review"}
"""The type of the lesson in which something assigned is done, by its kind."""
Tell = Callable[[Mapping[str, Any]], object]


def head(student: Student, title: str, about: Sequence[str], at: datetime) -> None:
    """The way back, the title, with whom and as what, and how fresh it is."""
    at_desk = desk()
    texts = at_desk.texts
    back_to_lessons(student)
    who = texts("tutoring.with", name=student.display_name)
    heading(title, " · ".join([who, *about]), sandbox=at_desk.test_area)
    data_until(at)
    show_said()


def back_to_lessons(student: Student) -> None:
    """The way to the student's tab *Lessons*."""
    at_desk = desk()
    label = at_desk.texts("tutoring.back", name=student.display_name)
    if st.button(label, icon=":material/arrow_back:", type="tertiary"):
        navigation.go(navigation.STUDENT, at_desk.query(student=student.id, tab="lessons"))


def kind_of(session_type: str) -> str:
    """Scenario, study, review or conversation in words; a new type is shown as it is."""
    texts = desk().texts
    key = f"tutored.{session_type}"
    return texts(key) if texts.has(key) else session_type


def answers_in_words(right: int, wrong: int) -> str:
    """4 of 6 right, or that nothing was answered."""
    texts = desk().texts
    if not right + wrong:
        return texts("tutoring.nothing_answered")
    return texts("tutoring.right_of", right=right, all=right + wrong)


def show_mark(
    item: str, answers: Sequence[Told], tell: Tell, *, key: str, is_marked: bool = True
) -> None:
    """Right or wrong for one item. Another choice is another answer; none takes the last back.

    Without `is_marked` the last answer is told, but not chosen, so that it cannot be taken back.
    """
    texts = desk().texts
    told = told_of(item, answers)
    st.session_state[key] = told[-1] if told and is_marked else None
    st.segmented_control(
        texts("tutoring.answer_to", item=item),
        (True, False),
        format_func=lambda right: texts("tutoring.right" if right else "tutoring.wrong"),
        key=key,
        label_visibility="collapsed",
        on_change=_mark,
        args=(item, tell, key),
    )
    if told and not is_marked:
        st.caption(texts("tutoring.so_far", answers=in_turn(told)))
    elif len(told) > 1:
        st.caption(in_turn(told))


def in_turn(told: Sequence[bool]) -> str:
    """Wrong, then right."""
    texts = desk().texts
    words = [texts("tutoring.was_right" if right else "tutoring.was_wrong") for right in told]
    return texts("tutoring.then").join(words)


def _mark(item: str, tell: Tell, key: str) -> None:
    right = st.session_state[key]
    if right is None:
        change_by_callback(lambda: tell({"taken_back": [item]}))
    else:
        change_by_callback(lambda: tell({"answers": [{"item": item, "correct": right}]}))


def offer_to_take_away(student: Student, about: str, take: Callable[[], None]) -> None:
    """The way out of what was begun by mistake, which is named `about`; it asks once more."""
    at_desk = desk()
    if sure_of("tutoring.mistake", about, icon=":material/undo:") and change(take):
        say(at_desk.texts("tutoring.taken_away"))
        navigation.go(navigation.STUDENT, at_desk.query(student=student.id, tab="lessons"))


def ask_to_complete(label: str, answers: str, left: str | None, *, key: str) -> bool:
    """The button that ends it, under how it was answered so far.

    `left` says what is not done yet, which somebody has to confirm.
    """
    texts = desk().texts
    st.divider()
    st.caption(texts("tutoring.complete_help", answers=answers))
    sure = left is None or st.checkbox(left, key=f"lt-sure-{key}")
    return st.button(label, type="primary", disabled=not sure, key=f"lt-complete-{key}")
