"""A review of words with a student: the cards that are due, one at a time."""

import html
from functools import partial

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.changes import change
from learntrace_dashboard.contract import Student
from learntrace_dashboard.contract_tutoring import Card, LessonLine
from learntrace_dashboard.look import cut_note, desk, empty, fetch
from learntrace_dashboard.recording_new import language_name
from learntrace_dashboard.tutoring_marks import (
    answers_in_words,
    ask_to_complete,
    head,
    offer_to_take_away,
)

RECALLS = ("again", "hard", "good", "easy")
REVIEW = "vocabulary_review"
_TURNED = "lt_turned"


def show(student: Student, lesson: LessonLine | None = None) -> None:
    """Draw it: this review or else the one that goes on, or what there is to review."""
    texts = desk().texts
    due = fetch(reads.due_cards_now, student.id)
    going = lesson or find_open(student, REVIEW)
    about = [] if going is None else [language_name(texts, going.language)]
    head(student, texts("tutored.vocabulary_review"), about, due.at)
    cut_note(due, "list.cards")
    if going is None:
        _before(student, due.value)
    else:
        _work(student, going, [one for one in due.value if one.language == going.language])


def find_open(student: Student, session_type: str) -> LessonLine | None:
    """The lesson of this type that goes on, the last begun of several."""
    found = fetch(reads.lessons_now, student.id, None, session_type).value
    return next((one for one in found.items if one.ended_at is None), None)


def _before(student: Student, due: tuple[Card, ...]) -> None:
    at_desk = desk()
    texts = at_desk.texts
    if not due:
        empty(texts("review.none", name=student.display_name), next_due(student))
        return
    st.markdown(texts.count("review.due", len(due)))
    languages = sorted({one.language for one in due})
    language = languages[0]
    if len(languages) > 1:
        language = st.selectbox(
            texts("tutoring.language"),
            languages,
            format_func=lambda one: language_name(texts, one),
        )
    told = {"student_id": student.id, "session_type": REVIEW, "language": language}
    asked = st.button(texts("review.begin"), type="primary", icon=":material/play_arrow:")
    if asked and change(lambda: at_desk.client.begin_lesson(told)):
        st.rerun()


def next_due(student: Student) -> str:
    """When the next word is due, or how words come to be reviewed."""
    at_desk = desk()
    cards = fetch(reads.next_cards, student.id).value
    if not cards:
        return at_desk.texts("review.how")
    when = at_desk.formats.moment(cards[0].due_at, at_desk.now)
    return at_desk.texts("review.next", when=when)


def _work(student: Student, lesson: LessonLine, due: list[Card]) -> None:
    at_desk = desk()
    texts = at_desk.texts
    left = None
    if due:
        st.markdown(f"**{texts.count('review.left', len(due))}**")
        _card(due[0], lesson)
        left = texts.count("review.words_left", len(due))
    else:
        empty(texts("review.over"), next_due(student))
    answers = answers_in_words(lesson.items_correct, lesson.items_incorrect)
    asked = ask_to_complete(texts("review.complete"), answers, left, key=lesson.id)
    if asked and change(lambda: at_desk.client.complete_lesson(lesson.id, {})):
        navigation.go(navigation.TUTORING, at_desk.query(session=lesson.id))
    offer_to_take_away(student, lesson.id, lambda: at_desk.client.take_lesson_away(lesson.id))


def _card(card: Card, lesson: LessonLine) -> None:
    """The word; once somebody asked for it, what it means and how well it was remembered."""
    at_desk = desk()
    texts = at_desk.texts
    # The same word may come again: it is turned for one answer only.
    this_time = f"{card.id}-{lesson.items_correct + lesson.items_incorrect}"
    turned = st.session_state.get(_TURNED) == this_time
    back = f"<p>{html.escape(card.back)}</p>" if turned else ""
    front = f"<strong>{html.escape(card.front)}</strong>"
    st.html(f'<div class="lt-word" lang="{html.escape(card.language)}">{front}{back}</div>')
    if not turned:
        st.caption(texts("review.ask"))
        st.button(texts("review.turn"), type="primary", on_click=_turn, args=(this_time,))
        return
    st.caption(texts("review.how_well"))
    with st.container(horizontal=True):
        for recall in RECALLS:
            label, meant = texts(f"recall.{recall}"), texts(f"recalled.{recall}")
            answer = partial(at_desk.client.answer_card, card.id, recall, lesson.id)
            asked = st.button(label, key=f"lt-{recall}-{this_time}", help=meant)
            if asked and change(answer):
                st.rerun()


def _turn(this_time: str) -> None:
    st.session_state[_TURNED] = this_time
