"""A conversation with a student: begun, and completed with a short note."""

import streamlit as st

from learntrace_dashboard import navigation
from learntrace_dashboard.changes import change
from learntrace_dashboard.contract import Student
from learntrace_dashboard.contract_tutoring import LessonLine
from learntrace_dashboard.look import desk
from learntrace_dashboard.recording_new import LANGUAGES, language_name
from learntrace_dashboard.tutoring_marks import head, kind_of, offer_to_take_away
from learntrace_dashboard.tutoring_review import find_open

CONVERSATION = "conversation"
LONGEST_NOTE = 2000


def show(student: Student) -> None:
    """Draw it: the conversation that goes on, or the way to begin one."""
    at_desk = desk()
    texts = at_desk.texts
    going = find_open(student, CONVERSATION)
    if going is not None:
        work(student, going)
        return
    head(student, kind_of(CONVERSATION), [], at_desk.now)
    st.markdown(texts("conversation.help"))
    language = st.selectbox(
        texts("tutoring.language"),
        LANGUAGES,
        index=LANGUAGES.index("en"),
        format_func=lambda one: language_name(texts, one),
    )
    told = {"student_id": student.id, "session_type": CONVERSATION, "language": language}
    asked = st.button(texts("conversation.begin"), type="primary", icon=":material/play_arrow:")
    if asked and change(lambda: at_desk.client.begin_lesson(told)):
        st.rerun()


def work(student: Student, lesson: LessonLine) -> None:
    """A lesson of which only a note is taken here: it goes on until somebody completes it."""
    at_desk = desk()
    texts = at_desk.texts
    kind = kind_of(lesson.session_type)
    since = texts("conversation.since", when=at_desk.formats.moment(lesson.started_at, at_desk.now))
    about = [kind] if lesson.title else []
    about += [language_name(texts, lesson.language), since]
    head(student, lesson.title or kind, about, at_desk.now)
    note = None
    with st.form(f"lt-talk-{lesson.id}", border=False):
        if at_desk.names_hidden:
            st.caption(texts("notes.hidden"))
        else:
            note = st.text_area(
                texts("conversation.note"),
                lesson.note or "",
                max_chars=LONGEST_NOTE,
                help=texts("meeting.notes_help"),
            )
        st.caption(texts("conversation.complete_help"))
        asked = st.form_submit_button(texts("conversation.complete"), type="primary")
    told = {"metadata_update": {"note": note.strip()}} if note is not None else {}
    if asked and change(lambda: at_desk.client.complete_lesson(lesson.id, told)):
        navigation.go(navigation.TUTORING, at_desk.query(session=lesson.id))
    offer_to_take_away(student, lesson.id, lambda: at_desk.client.take_lesson_away(lesson.id))
