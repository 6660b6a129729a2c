"""A new recording: whom it is about, in which language; its audio comes on its own page."""

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.changes import change
from learntrace_dashboard.choosers import choose_class
from learntrace_dashboard.contract import Student
from learntrace_dashboard.contract_recordings import Recording
from learntrace_dashboard.look import cut_note, desk, fetch, part
from learntrace_dashboard.rows import name_order
from learntrace_dashboard.texts import Texts

AUDIO = "audio"
LONGEST_TITLE = 255
LANGUAGES = ("en", "ar", "de", "es", "fr", "it", "nl", "pl", "pt", "tr", "uk")
NO_ENGINE = "none"
"""Stands for the transcript that somebody uploads, in any language."""


def show() -> None:
    """Draw the form; a recording that was made is opened."""
    at_desk = desk()
    texts = at_desk.texts
    engines = part("engines", reads.engines)
    if engines is None:
        return
    written = {one for engine in engines.providers for one in engine.languages}
    if not written:
        st.info(texts("recording.no_engine"), icon=":material/info:")
    languages = [*sorted(written), *(one for one in LANGUAGES if one not in written)]
    student = _student()
    if student is not None:
        hint_at_consent(student.id)
    with st.form("lt-new-recording"):
        today = at_desk.rows.day(at_desk.now.astimezone(at_desk.formats.zone).date())
        title = st.text_input(
            texts("recording.name"),
            value=texts("recording.name_value", day=today),
            max_chars=LONGEST_TITLE,
            help=texts("recording.name_help"),
        )
        language = st.selectbox(
            texts("recording.language"),
            languages,
            format_func=lambda one: (
                language_name(texts, one)
                if one in written
                else texts("recording.not_written", language=language_name(texts, one))
            ),
        )
        asked = st.form_submit_button(texts("recording.make"), type="primary")
    if not asked:
        return
    if not title.strip():
        st.warning(texts("recording.no_title"), icon=":material/info:")
        return
    made: list[Recording] = []
    told = {"title": title.strip(), "language": language}
    told |= {"student_id": student.id} if student else {}
    told |= {} if language in written else {"stt_provider": NO_ENGINE}
    if change(lambda: made.append(at_desk.client.new_recording(told))):
        navigation.go(navigation.RECORDING, at_desk.query(recording=made[0].id))


def hint_at_consent(student_id: str) -> None:
    """Says so where consent to audio is missing, before anybody records for nothing."""
    consents = part("consent", reads.consents, student_id, None)
    if consents is None:
        return
    given = {one.kind: one.state for one in consents.consents}
    if given.get(AUDIO) != "verified":
        st.warning(desk().texts("recording.no_consent"), icon=":material/lock:")


def language_name(texts: Texts, code: str) -> str:
    """English for en; a code without a name stays as it is."""
    key = f"language.{code.partition('-')[0]}"
    return texts(key) if texts.has(key) else code


def _student() -> Student | None:
    texts = desk().texts
    classes = [one for one in fetch(reads.classes).value if not one.sandbox]
    if not classes:
        return None
    left, right = st.columns(2)
    with left:
        chosen = choose_class(classes)
    students = fetch(reads.students, chosen.id)
    names = {one.id: one for one in students.value}
    ordered = sorted(names, key=lambda one: name_order(names[one].display_name))
    wanted = st.query_params.get("student")
    with right:
        one = st.selectbox(
            texts("recording.student"),
            [None, *ordered],
            index=ordered.index(wanted) + 1 if wanted in ordered else 0,
            format_func=lambda one: (
                names[one].display_name if one else texts("recordings.nobody").capitalize()
            ),
            help=texts("recording.student_help"),
            key=f"lt-recording-student-{chosen.id}",
        )
        cut_note(students, "list.students")
    return names[one] if one else None
