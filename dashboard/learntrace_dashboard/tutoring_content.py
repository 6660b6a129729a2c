"""A content item with a student: the text, its words and questions, and how they were answered."""

import html
from datetime import datetime
from functools import partial

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.changes import change
from learntrace_dashboard.contract import Student
from learntrace_dashboard.contract_library import ContentItem, Material
from learntrace_dashboard.contract_tutoring import Lesson, Studies
from learntrace_dashboard.look import desk, escape, fetch
from learntrace_dashboard.recording_new import language_name
from learntrace_dashboard.tutoring_marks import (
    answers_in_words,
    ask_to_complete,
    head,
    kind_of,
    offer_to_take_away,
    show_mark,
)


def show(student: Student, content_id: str) -> None:
    """Draw it: the study that goes on, or what is to be known before one begins."""
    at_desk = desk()
    texts = at_desk.texts
    read = fetch(reads.studies, content_id, student.id)
    studies = read.value
    item = fetch(reads.content_item, content_id).value
    going = next((one for one in studies.items if one.ended_at is None), None)
    if going is not None:
        work(student, item, fetch(reads.lesson, going.id), studies)
        return
    _head(student, item, read.at)
    _text(item)
    if item.to_learn:
        words = sum(len(one.vocabulary) for one in item.materials)
        questions = sum(len(one.questions) for one in item.materials)
        counts = (texts.count("aims.vocabulary", words), texts.count("aims.questions", questions))
        st.caption(texts("tutoring.content_has", what=", ".join(counts)))
    show_mastery(item, studies)
    label = texts("tutoring.again" if studies.items else "tutoring.begin_study")
    asked = st.button(label, type="primary", icon=":material/play_arrow:")
    if asked and change(lambda: at_desk.client.study(content_id, student.id)):
        st.rerun()


def _head(student: Student, item: ContentItem, at: datetime) -> None:
    about = [kind_of("content_study"), language_name(desk().texts, item.language)]
    head(student, item.title, about, at)


def show_mastery(item: ContentItem, studies: Studies) -> None:
    """How many of its words and questions were right at last, or why nobody can say."""
    texts, count = desk().texts, len(item.to_learn)
    if studies.mastery is None or not count:
        st.markdown(texts("mastery.nothing"))
    elif not any(one.items_correct + one.items_incorrect for one in studies.items):
        st.markdown(texts("mastery.unanswered"))
    else:
        st.markdown(texts("mastery.right", right=round(studies.mastery * count), all=count))


def _text(item: ContentItem) -> None:
    texts = desk().texts
    if item.source_url and item.source_url.startswith("http"):
        st.link_button(texts("content.source"), item.source_url, icon=":material/open_in_new:")
    if item.text.strip():
        st.html(f'<div class="lt-text">{html.escape(item.text)}</div>')


def work(student: Student, item: ContentItem, read: reads.Read[Lesson], studies: Studies) -> None:
    """A study that goes on; `studies` are all of this item."""
    at_desk = desk()
    texts, lesson = at_desk.texts, read.value
    _head(student, item, read.at)
    _text(item)
    open_ones = item.to_learn - {one.item for one in lesson.answers}
    show_mastery(item, studies)
    if item.to_learn:
        count = len(item.to_learn)
        asked = texts("tutoring.asked_of", done=count - len(open_ones), all=count)
        st.markdown(f"**{asked}**")
        shown = st.toggle(texts("tutoring.show_answers"), value=True, key=f"lt-answers-{lesson.id}")
        st.caption(texts("tutoring.marks_help"))
        tell = partial(at_desk.client.change_lesson, lesson.id)
        for number, material in enumerate(item.materials):
            _material(material, lesson, shown, tell, f"{lesson.id}-{number}")
    left = texts.count("tutoring.items_left", len(open_ones)) if open_ones else None
    answers = answers_in_words(lesson.items_correct, lesson.items_incorrect)
    sent = ask_to_complete(texts("tutoring.complete_study"), answers, left, key=lesson.id)
    if sent and change(lambda: at_desk.client.complete_lesson(lesson.id, {})):
        navigation.go(navigation.TUTORING, at_desk.query(session=lesson.id))
    offer_to_take_away(student, lesson.id, lambda: at_desk.client.take_lesson_away(lesson.id))


def _material(
    material: Material, lesson: Lesson, shown: bool, tell: partial[Lesson], key: str
) -> None:
    rows = [(word.term, word.meaning) for word in material.vocabulary]
    rows += [(asked.question, asked.answer) for asked in material.questions]
    st.subheader(escape(material.title), anchor=False)
    for number, (item, answer) in enumerate(rows):
        left, right = st.columns([3, 2], vertical_alignment="center")
        with left:
            hidden = f"**{escape(item)}**"
            st.markdown(f"{hidden}  \n{escape(answer)}" if shown else hidden)
        with right:
            show_mark(item, lesson.answers, tell, key=f"lt-mark-{key}-{number}")
