"""The part of a student's page that people write: ratings and notes."""

from collections.abc import Sequence

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.changes import change
from learntrace_dashboard.contract import Student
from learntrace_dashboard.contract_skills import Note, Rating, Rubric, RubricOfSkill
from learntrace_dashboard.estimates import Estimates
from learntrace_dashboard.extra_time import show_extra_time
from learntrace_dashboard.look import desk, escape, label_text, part
from learntrace_dashboard.older import read_pages, show_older
from learntrace_dashboard.rating import choose_level, save, show_levels
from learntrace_dashboard.table import Cell, Column, table

LONGEST_NOTE = 2000


def show(student: Student) -> None:
    """Draw it."""
    _ratings(student)
    _notes(student)
    show_extra_time(student)
    _talk(student)


def _talk(student: Student) -> None:
    """The ways to recordings of the student, and to a new one."""
    at_desk = desk()
    texts = at_desk.texts
    if at_desk.test_area:
        return
    st.subheader(texts("recordings.title"), anchor=False)
    label = label_text(texts("recordings.with", name=student.display_name))
    if st.button(label, icon=":material/mic:"):
        navigation.go(navigation.RECORDINGS, at_desk.query(student=student.id))


def _ratings(student: Student) -> None:
    at_desk = desk()
    texts = at_desk.texts
    name = student.display_name
    pages = read_pages("ratings", reads.ratings, student.id)
    rubric = part("rubric-people", reads.rubric)
    if pages is None or rubric is None:
        return
    given = [one for page in pages for one in page.items]
    st.subheader(texts("rate.of", name=escape(name)), anchor=False)
    if given:
        _given(student, given, rubric)
        show_older("ratings", student.id, pages)
        _take_back(student, given)
    else:
        st.caption(texts("rate.none"))
    with st.expander(texts("rate.new"), icon=":material/edit_note:"):
        _new_rating(student, {one.skill: one for one in rubric.skills})


def _given(student: Student, ratings: Sequence[Rating], rubric: Rubric) -> None:
    at_desk = desk()
    texts, words = at_desk.texts, Estimates(at_desk.texts)
    meant = {(one.skill, level.level): level.words for one in rubric.skills for level in one.levels}
    ordered = sorted(ratings, key=lambda one: (one.observed_on, one.created_at), reverse=True)
    table(
        texts("rate.of", name=student.display_name),
        (
            Column(texts("why.column_when")),
            Column(texts("rate.skill")),
            Column(texts("why.column_what"), wide=True),
            Column(texts("rate.column_who")),
        ),
        [
            (
                Cell(at_desk.rows.day(one.observed_on), sort=one.observed_on.isoformat()),
                Cell(words.skill(one.skill)),
                Cell(
                    texts("rate.level", level=one.level, words=meant[one.skill, one.level])
                    if (one.skill, one.level) in meant
                    else texts("rate.short", level=one.level)
                ),
                Cell(one.rater.name),
            )
            for one in ordered
        ],
        key=f"ratings-{student.id}",
    )


def _take_back(student: Student, given: Sequence[Rating]) -> None:
    at_desk = desk()
    texts, words = at_desk.texts, Estimates(at_desk.texts)
    names = {
        one.id: texts(
            "rate.one", skill=words.skill(one.skill), when=at_desk.rows.day(one.observed_on)
        )
        for one in given
        if one.rater.id == at_desk.user.id
    }
    if not names:
        return
    with st.expander(texts("rate.take_back"), icon=":material/undo:"):
        chosen = st.selectbox(
            texts("rate.which"), list(names), format_func=lambda one: names[one], key="lt_unrate"
        )
        asked = st.button(texts("rate.take_back_button"), icon=":material/undo:")
    if asked and change(lambda: at_desk.client.delete_rating(student.id, chosen)):
        st.rerun()


def _new_rating(student: Student, by_skill: dict[str, RubricOfSkill]) -> None:
    at_desk = desk()
    texts = at_desk.texts
    skill = st.selectbox(
        texts("rate.skill"),
        list(by_skill),
        format_func=lambda one: by_skill[one].name,
        key="lt_rate_one_skill",
    )
    show_levels(by_skill[skill])
    with st.form(f"lt-rate-one-{student.id}-{skill}", clear_on_submit=True):
        label = label_text(student.display_name)
        level = choose_level(label, by_skill[skill], key=f"one-{student.id}-{skill}")
        today = at_desk.now.astimezone(at_desk.formats.zone).date()
        seen_on = st.date_input(texts("rate.on"), today, max_value=today)
        asked = st.form_submit_button(texts("rate.save_one"), type="primary")
    if asked:
        rating = {"student_id": student.id, "skill": skill, "level": level}
        rating["observed_on"] = seen_on.isoformat()
        save([] if level is None else [rating])


def _notes(student: Student) -> None:
    at_desk = desk()
    texts = at_desk.texts
    st.subheader(texts("notes.title"), anchor=False)
    if at_desk.names_hidden:
        st.caption(texts("notes.hidden"))
        return
    st.caption(texts("notes.help"))
    pages = read_pages("notes", reads.notes, student.id)
    if pages is None:
        return
    written = [one for page in pages for one in page.items]
    for note in sorted(written, key=lambda one: one.created_at, reverse=True):
        _note(student, note)
    if not written:
        st.caption(texts("notes.none"))
    show_older("notes", student.id, pages)
    with st.form(f"lt-note-{student.id}", clear_on_submit=True):
        text = st.text_area(texts("notes.new"), max_chars=LONGEST_NOTE)
        asked = st.form_submit_button(texts("notes.save"))
    if asked and not text.strip():
        st.warning(texts("notes.empty"), icon=":material/info:")
    elif asked and change(lambda: at_desk.client.write_note(student.id, text.strip())):
        st.rerun()


def _note(student: Student, note: Note) -> None:
    at_desk = desk()
    when = at_desk.formats.moment(note.created_at, at_desk.now)
    with st.container(border=True):
        st.text(note.text)
        st.caption(escape(at_desk.texts("notes.by", author=note.author.name, when=when)))
        if note.author.id != at_desk.user.id:
            return
        asked = st.button(
            at_desk.texts("notes.delete", when=when),
            key=f"lt-unnote-{note.id}",
            type="tertiary",
            icon=":material/delete:",
        )
        if asked and change(lambda: at_desk.client.delete_note(student.id, note.id)):
            st.rerun()
