"""Who is coached: students, and other people by name."""

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.changes import change, form_key, renew_form, say, show_said
from learntrace_dashboard.choosers import choose_class
from learntrace_dashboard.contract_meetings import Coached, name_of
from learntrace_dashboard.look import (
    cut_note,
    data_until,
    desk,
    empty,
    escape,
    fetch,
    for_roles_of,
    heading,
    label_text,
)
from learntrace_dashboard.rows import name_order
from learntrace_dashboard.table import Cell, Column, Row, table

LONGEST_NAME = 200
STUDENT, OTHER = "student", "other"


@for_roles_of(navigation.COACHED)
def page() -> None:
    """Draw the page."""
    at_desk = desk()
    texts = at_desk.texts
    if st.button(texts("meeting.back"), icon=":material/arrow_back:", type="tertiary"):
        navigation.go(navigation.MEETINGS, at_desk.query())
    heading(texts("coached.title"), texts("coached.help"))
    read = fetch(reads.clients)
    data_until(read.at)
    show_said()
    cut_note(read, "list.clients")
    if read.value:
        opened = table(
            texts("coached.table"),
            (
                Column(texts("coached.column_name"), wide=True),
                Column(texts("coached.column_kind")),
                Column(texts("coached.column_coach")),
                Column(texts("coached.column_meetings")),
            ),
            [_row(one) for one in read.value],
            key="coached",
        )
        if opened:
            navigation.go(navigation.MEETINGS, at_desk.query(client=opened))
    else:
        empty(texts("coached.none"), texts("coached.none_help"))
    _add(read.value)
    _change([one for one in read.value if not one.is_anonymized])


def _row(one: Coached) -> Row:
    at_desk = desk()
    texts = at_desk.texts
    kind = "gone" if one.is_anonymized else STUDENT if one.student_id else OTHER
    query = urlencode(at_desk.query(client=one.id))
    return (
        Cell(name_of(one, texts)),
        Cell(texts(f"coached.{kind}")),
        Cell(one.coach.name, tone="muted"),
        Cell(texts("coached.meetings"), link=one.id, href=f"{navigation.MEETINGS.address}?{query}"),
    )


def _add(known: Sequence[Coached]) -> None:
    at_desk = desk()
    texts = at_desk.texts
    with st.expander(texts("coached.add"), icon=":material/person_add:"):
        classes = [one for one in fetch(reads.classes).value if not one.sandbox]
        kinds = [STUDENT, OTHER] if classes else [OTHER]
        kind = st.radio(
            texts("coached.kind"),
            kinds,
            format_func=lambda one: texts(f"coached.add_{one}"),
            horizontal=True,
            key="lt_coached_kind",
        )
        told: dict[str, str] = {}
        name = ""
        if kind == STUDENT:
            left, right = st.columns(2)
            with left:
                chosen = choose_class(classes)
            students = fetch(reads.students, chosen.id)
            there = {one.student_id for one in known}
            names = {one.id: one.display_name for one in students.value if one.id not in there}
            with right:
                student = st.selectbox(
                    texts("student.choose"),
                    sorted(names, key=lambda one: name_order(names[one])),
                    index=None,
                    format_func=lambda one: names[one],
                    placeholder=texts("student.choose_prompt"),
                    key=form_key("coached-student", chosen.id),
                )
                cut_note(students, "list.students")
            if student is not None:
                told, name = {"student_id": student}, names[student]
        else:
            name = st.text_input(
                texts("coached.name"), max_chars=LONGEST_NAME, key=form_key("coached-name")
            ).strip()
            told = {"name": name} if name else {}
        asked = st.button(texts("coached.add_button"), type="primary")
    if asked and not told:
        st.warning(texts("coached.empty"), icon=":material/info:")
    elif asked and change(lambda: at_desk.client.add_client(told)):
        renew_form("coached-student")
        renew_form("coached-name")
        say(texts("coached.added", name=escape(name)))
        st.rerun()


def _change(known: Sequence[Coached]) -> None:
    at_desk = desk()
    texts = at_desk.texts
    if not known:
        return
    by_id = {one.id: one for one in known}
    with st.expander(texts("coached.change"), icon=":material/edit:"):
        chosen = st.selectbox(
            texts("coached.which"),
            list(by_id),
            index=None,
            format_func=lambda one: by_id[one].name or "",
            placeholder=texts("coached.which_prompt"),
            key=form_key("coached-which"),
        )
        if chosen is None:
            return
        one = by_id[chosen]
        _rename(one)
        st.markdown(texts("coached.anonymize_help"))
        asked_for = texts("coached.anonymize_sure", name=name_of(one, texts))
        sure = st.checkbox(label_text(asked_for), key=f"lt-anon-{one.id}")
        gone = st.button(texts("coached.anonymize"), disabled=not sure)
        st.markdown(texts("coached.delete_help"))
        delete = st.button(texts("coached.delete"))
    if gone and change(lambda: at_desk.client.anonymize_client(one.id)):
        _done(texts("coached.anonymized"))
    if delete and change(lambda: at_desk.client.delete_client(one.id)):
        _done(texts("coached.deleted", name=escape(name_of(one, texts))))


def _rename(one: Coached) -> None:
    at_desk = desk()
    texts = at_desk.texts
    if one.student_id is not None or at_desk.names_hidden:
        st.caption(texts("coached.of_roster" if one.student_id else "record.hidden"))
        return
    name = st.text_input(
        texts("coached.name"), one.name or "", max_chars=LONGEST_NAME, key=f"lt-rename-{one.id}"
    ).strip()
    asked = st.button(texts("coached.rename"), disabled=not name or name == one.name)
    if asked and change(lambda: at_desk.client.rename_client(one.id, name)):
        _done(texts("coached.renamed"))


def _done(words: str) -> None:
    renew_form("coached-which")
    say(words)
    st.rerun()
