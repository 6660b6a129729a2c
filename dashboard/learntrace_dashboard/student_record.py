"""The part of a student's page about the record itself: consents, a copy of all, erasing it."""

import streamlit as st

from learntrace_dashboard import amendments, navigation, reads
from learntrace_dashboard.changes import change, form_key, renew_form, say
from learntrace_dashboard.contract import Student
from learntrace_dashboard.contract_privacy import ConsentChange, Consents
from learntrace_dashboard.look import desk, label_text, part
from learntrace_dashboard.older import read_pages, show_older
from learntrace_dashboard.privacy_consent import KINDS, LONGEST_NOTE, STATES
from learntrace_dashboard.rows import timestamp
from learntrace_dashboard.table import Cell, Column, Row, table
from learntrace_dashboard.tabs import PART

_RECEIPT = "lt_erased"


def show(student: Student) -> None:
    """Draw it: consents for teachers, all for the school's administrators."""
    at_desk = desk()
    if at_desk.names_hidden:
        st.caption(at_desk.texts("record.hidden"))
        return
    _consents(student)
    amendments.show(student)
    if at_desk.user.role in navigation.SCHOOL_ADMINS:
        _log(student)
        _copy(student)
        _erase(student)


def show_receipt() -> None:
    """What was erased just now, once the student's page is gone."""
    at_desk = desk()
    receipt = st.session_state.pop(_RECEIPT, None)
    if receipt is None:
        return
    texts = at_desk.texts
    when = at_desk.formats.moment(receipt.erased_at, at_desk.now)
    st.success(texts("record.erased", when=when, id=receipt.receipt_id), icon=":material/check:")
    table(
        texts("record.receipt"),
        (
            Column(texts("record.column_kind"), wide=True),
            Column(texts("record.column_count"), align="right"),
        ),
        [(Cell(_kind(kind)), at_desk.rows.number(n)) for kind, n in receipt.counts.items() if n],
        key="receipt",
    )


def _kind(kind: str) -> str:
    return kind.replace("_", " ").capitalize()


def _consents(student: Student) -> None:
    texts = desk().texts
    st.subheader(texts("record.consents"), anchor=False)
    pages = read_pages("consents", reads.consents, student.id)
    if pages is None:
        return
    _standing(pages[0])
    if desk().user.role in navigation.SCHOOL_ADMINS:
        _new_consent(student)
    said = [one for page in pages for one in page.history]
    if not said:
        st.caption(texts("record.nothing_said"))
        return
    table(
        texts("record.history"),
        (
            Column(texts("why.column_when")),
            Column(texts("consent.column_kind")),
            Column(texts("record.column_change")),
            Column(texts("record.column_note"), wide=True),
            Column(texts("rate.column_who")),
        ),
        [_said(one) for one in said],
        key=f"consents-{student.id}",
    )
    show_older("consents", student.id, pages)


def _standing(consents: Consents) -> None:
    at_desk = desk()
    texts = at_desk.texts
    table(
        texts("record.consents"),
        (
            Column(texts("consent.column_kind")),
            Column(texts("consent.new_state")),
            Column(texts("consent.column_required")),
            Column(texts("record.column_since")),
        ),
        [
            (
                Cell(texts(f"consent.{one.kind}")),
                Cell(texts(f"consent.{one.state}")),
                Cell(texts("common.yes" if one.required else "common.no")),
                Cell(
                    at_desk.formats.moment(one.changed_at, at_desk.now)
                    if one.changed_at
                    else texts("common.none")
                ),
            )
            for one in consents.consents
        ],
        key="consents-now",
        sortable=False,
    )


def _said(one: ConsentChange) -> Row:
    at_desk = desk()
    texts = at_desk.texts
    before, after = texts(f"consent.{one.from_state}"), texts(f"consent.{one.to_state}")
    return (
        Cell(at_desk.formats.moment(one.changed_at, at_desk.now), sort=timestamp(one.changed_at)),
        Cell(texts(f"consent.{one.kind}")),
        Cell(texts("record.change", before=before, after=after)),
        Cell(one.note or ""),
        Cell(one.changed_by.name if one.changed_by else texts("record.on_server")),
    )


def _new_consent(student: Student) -> None:
    at_desk = desk()
    texts = at_desk.texts
    with (
        st.expander(texts("record.new_consent"), icon=":material/edit_note:"),
        st.form(form_key("consent", student.id)),
    ):
        kind = st.selectbox(
            texts("consent.kind"), KINDS, format_func=lambda one: texts(f"consent.{one}")
        )
        state = st.radio(
            texts("consent.new_state"),
            STATES,
            index=None,
            format_func=lambda one: texts(f"consent.{one}"),
            captions=[texts(f"consent.{one}_help") for one in STATES],
        )
        note = st.text_input(
            texts("consent.note"), max_chars=LONGEST_NOTE, placeholder=texts("consent.note_like")
        )
        asked = st.form_submit_button(texts("record.save_consent"), type="primary")
        if asked and state is None:
            st.warning(texts("record.choose"), icon=":material/info:")
        elif asked:
            put = at_desk.client.put_consents
            if change(lambda: put([student.id], kind, str(state), note.strip() or None)):
                renew_form("consent")
                say(texts.count("consent.saved", 1))
                st.rerun()


def _log(student: Student) -> None:
    at_desk = desk()
    texts = at_desk.texts
    if st.button(texts("record.log"), icon=":material/history:"):
        query = {"student": student.id, PART: texts("tab.access")}
        navigation.go(navigation.PRIVACY, at_desk.query(**query))


def _copy(student: Student) -> None:
    """Everything as one archive: put together when asked for, there until the next click."""
    texts = desk().texts
    st.subheader(texts("record.copy"), anchor=False)
    st.markdown(texts("record.copy_help"))
    if st.button(texts("record.make_copy"), icon=":material/folder_zip:"):
        archive = part("copy", reads.export, student.id)
        if archive is not None:
            st.download_button(
                texts("record.download"),
                archive,
                file_name=f"learntrace-record-{student.id[:8]}.zip",
                mime="application/zip",
                icon=":material/download:",
                on_click="ignore",
                type="primary",
            )


def _erase(student: Student) -> None:
    """Erase for good, once the name was typed letter for letter."""
    at_desk = desk()
    texts = at_desk.texts
    st.subheader(texts("record.erase"), anchor=False)
    with st.expander(texts("record.erase_open"), icon=":material/delete_forever:"):
        st.markdown(texts("record.erase_help"))
        with st.form(form_key("erase", student.id)):
            typed = st.text_input(label_text(texts("record.erase_name", name=student.display_name)))
            asked = st.form_submit_button(texts("record.erase_button"), type="primary")
        if asked and typed.strip() != student.display_name:
            st.warning(texts("record.erase_other"), icon=":material/info:")
            return
        if asked and change(lambda: _erased(student.id, typed.strip())):
            navigation.go(navigation.STUDENT, at_desk.query())


def _erased(student_id: str, name: str) -> None:
    try:
        st.session_state[_RECEIPT] = desk().client.erase(student_id, name)
    finally:  # an answer that did not arrive may have been a yes
        reads.forget_all()
