"""Working with one student: a scenario, a content item, a review of words, a conversation."""

import streamlit as st

from learntrace_dashboard import (
    navigation,
    reads,
    tutoring_content,
    tutoring_over,
    tutoring_review,
    tutoring_scenario,
    tutoring_talk,
)
from learntrace_dashboard.choosers import choose_class, choose_student, own_classes
from learntrace_dashboard.contract import Student
from learntrace_dashboard.contract_tutoring import Lesson
from learntrace_dashboard.look import cut_note, data_until, desk, fetch, for_roles_of, heading


@for_roles_of(navigation.TUTORING)
def page() -> None:
    """Draw the page: the lesson in the address, or the student and what to work on."""
    query = st.query_params
    if "session" in query:
        read = fetch(reads.lesson, query["session"])
        lesson = read.value
        student = fetch(reads.student, lesson.student_id).value
        if lesson.ended_at is None:
            _go_on(student, read)
        else:
            tutoring_over.show(student, lesson, read.at)
        return
    if "student" not in query:
        _nobody()
        return
    student = fetch(reads.student, query["student"]).value
    if "scenario" in query:
        tutoring_scenario.show(student, query["scenario"])
    elif "content" in query:
        tutoring_content.show(student, query["content"])
    elif "review" in query:
        tutoring_review.show(student)
    elif "conversation" in query:
        tutoring_talk.show(student)
    else:
        navigation.go(navigation.STUDENT, desk().query(student=student.id, tab="lessons"))


def _go_on(student: Student, read: reads.Read[Lesson]) -> None:
    """Where what it is about is gone, a note can be taken and the lesson completed."""
    lesson, item = read.value, None
    if lesson.session_type == "content_study" and lesson.source_id is not None:
        item = fetch(reads.content_item_if_there, lesson.source_id).value
    if item is not None:
        studies = fetch(reads.studies, item.id, student.id).value
        tutoring_content.work(student, item, read, studies)
    elif lesson.session_type == tutoring_review.REVIEW:
        tutoring_review.show(student, lesson)
    else:
        tutoring_talk.work(student, lesson)


def _nobody() -> None:
    """The choice of a student; what is to be worked on stays in the address."""
    texts, query = desk().texts, st.query_params
    title = texts("nav.tutoring")
    if "scenario" in query:
        title = fetch(reads.scenario, query["scenario"]).value.title
    elif "content" in query:
        title = fetch(reads.content_item, query["content"]).value.title
    heading(title, texts("tutoring.start"))
    left, right = st.columns(2)
    with left:
        chosen = choose_class(own_classes())
    students = fetch(reads.students, chosen.id)
    with right:
        choose_student(students.value, None)
        cut_note(students, "list.students")
    data_until(students.at)
