"""What became of a lesson that is completed."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.contract import Student
from learntrace_dashboard.contract_tutoring import Lesson, Run, Told, told_of
from learntrace_dashboard.look import desk, figures, part
from learntrace_dashboard.recording_new import language_name
from learntrace_dashboard.table import Cell, Column, table
from learntrace_dashboard.tutoring_content import show_mastery
from learntrace_dashboard.tutoring_marks import answers_in_words, head, in_turn, kind_of
from learntrace_dashboard.tutoring_scenario import aims_of


def show(student: Student, lesson: Lesson, at: datetime) -> None:
    """Draw it."""
    at_desk = desk()
    texts = at_desk.texts
    kind = kind_of(lesson.session_type)
    about = [kind] if lesson.title else []
    about += [
        language_name(texts, lesson.language),
        texts("over.when", when=at_desk.formats.moment(lesson.ended_at, at_desk.now)),
    ]
    head(student, lesson.title or kind, about, at)
    run = _run_of(student, lesson) if lesson.session_type == "scenario" else None
    values = [
        (texts("over.length"), at_desk.formats.duration(lesson.duration_seconds)),
        (texts("over.answers"), answers_in_words(lesson.items_correct, lesson.items_incorrect)),
    ]
    if run is not None and run.outcome is not None:
        values[:0] = [
            (
                texts("over.phases"),
                texts("over.of", done=run.phases_completed, all=run.total_phases),
            ),
            (texts("over.words"), at_desk.formats.count(run.outcome.vocabulary_mastered)),
            (texts("over.objectives"), at_desk.formats.count(run.outcome.objectives_completed)),
        ]
    figures(values)
    _mastery(student, lesson)
    st.caption(texts("lessons.note"))
    _note(lesson)
    _words_due(student)
    if run is not None:
        _phases(run)
    if lesson.answers:
        _answers(lesson.answers)


def _run_of(student: Student, lesson: Lesson) -> Run | None:
    if lesson.source_id is None:
        return None
    found = part("run", reads.runs_through, lesson.source_id, student.id)
    return next((one for one in found.items if one.id == lesson.id), None) if found else None


def _mastery(student: Student, lesson: Lesson) -> None:
    """What the student knows by now of the content item that was studied, while it is there."""
    if lesson.session_type != "content_study" or lesson.source_id is None:
        return
    item = part("item", reads.content_item_if_there, lesson.source_id)
    studies = part("studies", reads.studies, item.id, student.id) if item else None
    if item and studies:
        show_mastery(item, studies)


def _note(lesson: Lesson) -> None:
    at_desk = desk()
    if lesson.note is None:
        return
    st.subheader(at_desk.texts("conversation.note"), anchor=False)
    if at_desk.names_hidden:
        st.caption(at_desk.texts("notes.hidden"))
    else:
        st.text(lesson.note)


def _words_due(student: Student) -> None:
    at_desk = desk()
    texts = at_desk.texts
    due = part("due", reads.due_cards, student.id)
    if not due:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(texts.count("review.due", len(due)), width="content")
        if st.button(texts("review.open"), icon=":material/style:"):
            query = at_desk.query(student=student.id, review="yes")
            navigation.go(navigation.TUTORING, query)


def _phases(run: Run) -> None:
    texts = desk().texts
    st.subheader(texts("over.phases_table"), anchor=False)
    table(
        texts("over.phases_table"),
        (
            Column(texts("tutoring.phase")),
            Column(texts("over.column_state")),
            Column(texts("over.column_met"), wide=True),
        ),
        [
            (
                Cell(phase.title),
                Cell(
                    "",
                    chip=texts("over.done" if phase.completed else "over.not_done"),
                    tone="good" if phase.completed else "muted",
                ),
                Cell(
                    ", ".join(
                        item
                        for aim, items in aims_of(phase).items()
                        for item in items
                        if item in phase.met.get(aim, ())
                    )
                    or texts("common.none")
                ),
            )
            for phase in run.phases
        ],
        key=f"phases-{run.id}",
        sortable=False,
    )


def _answers(answers: Sequence[Told]) -> None:
    texts = desk().texts
    st.subheader(texts("over.answers_table"), anchor=False)
    table(
        texts("over.answers_table"),
        (Column(texts("over.column_item"), wide=True), Column(texts("over.column_answers"))),
        [
            (Cell(item), Cell(in_turn(told_of(item, answers))))
            for item in dict.fromkeys(one.item for one in answers)
        ],
        key="answers",
    )
