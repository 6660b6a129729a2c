"""Consent: what the school requires, and noting what the parents of a class said."""

from collections.abc import Sequence

import streamlit as st

from learntrace_dashboard import reads
from learntrace_dashboard.changes import change, form_key, renew_form, say
from learntrace_dashboard.choosers import choose_class, own_classes
from learntrace_dashboard.contract_privacy import ConsentPolicy, StudentConsents
from learntrace_dashboard.look import data_until, desk, empty, escape, fetch
from learntrace_dashboard.rows import name_order
from learntrace_dashboard.table import Cell, Column, table

LONGEST_NOTE = 500
KINDS = ("play", "audio", "research")
STATES = ("verified", "revoked", "pending")
_COLUMNS = 3


def show() -> None:
    """Draw the tab."""
    policy = fetch(reads.consent_policy)
    data_until(policy.at)
    _standing(policy.value)
    _policy(policy.value)
    _class()


def _standing(policy: ConsentPolicy) -> None:
    """For how many students each kind stands how."""
    texts = desk().texts
    st.subheader(texts("consent.standing"), anchor=False)
    table(
        texts("consent.standing"),
        (
            Column(texts("consent.column_kind")),
            Column(texts("consent.column_required")),
            *(Column(texts(f"consent.{one}"), align="right") for one in STATES),
        ),
        [
            (
                Cell(texts(f"consent.{one.kind}")),
                Cell(texts("common.yes" if one.kind in policy.required else "common.no")),
                *(desk().rows.number(getattr(one, state)) for state in STATES),
            )
            for one in policy.students
        ],
        key="consent-standing",
        sortable=False,
    )


def _policy(policy: ConsentPolicy) -> None:
    """A tick for each kind; requiring play while somebody lacks it asks for one more."""
    at_desk = desk()
    texts = at_desk.texts
    lacking = {one.kind: one.pending + one.revoked for one in policy.students}.get("play", 0)
    with st.expander(texts("consent.policy"), icon=":material/rule:"):
        st.markdown(texts("consent.policy_help"))
        form = form_key("policy", *policy.required)
        with st.form(form):
            wanted = [
                one
                for one in KINDS
                if st.checkbox(
                    texts(f"consent.require_{one}"),
                    one in policy.required,
                    key=f"{form}-need-{one}",
                )
            ]
            sure = True
            if lacking and "play" not in policy.required:
                st.caption(texts.count("consent.lacking", lacking))
                sure = st.checkbox(texts("consent.sure"))
            asked = st.form_submit_button(texts("consent.save_policy"), type="primary")
        if asked and "play" in wanted and not sure:
            st.warning(texts("consent.not_sure"), icon=":material/info:")
        elif asked and change(lambda: at_desk.client.put_consent_policy(wanted)):
            say(texts("consent.policy_saved"))
            st.rerun()


def _class() -> None:
    """The students of one class with how each stands, to tick and to note the same of all."""
    at_desk = desk()
    texts = at_desk.texts
    st.subheader(texts("consent.class"), anchor=False)
    st.caption(texts("consent.class_help"))
    chosen = choose_class(own_classes())
    students = fetch(reads.class_consents, chosen.id).value.students
    if not students:
        empty(texts("class.no_students"), texts("class.no_students_help"))
        return
    kind = st.segmented_control(
        texts("consent.kind"),
        KINDS,
        default=KINDS[0],
        required=True,
        format_func=lambda one: texts(f"consent.{one}"),
        key="lt-consent-kind",
    )
    _note(chosen.id, kind, sorted(students, key=lambda one: name_order(one.display_name)))


def _note(class_id: str, kind: str, students: Sequence[StudentConsents]) -> None:
    at_desk = desk()
    texts = at_desk.texts
    form = form_key("consents", class_id, kind)
    boxes = {one.student_id: f"{form}-{one.student_id}" for one in students}
    with st.container(horizontal=True):
        for words, on in (("consent.all", True), ("consent.nobody", False)):
            st.button(texts(words), on_click=_tick, args=(tuple(boxes.values()), on))
    with st.form(form):
        columns = st.columns(_COLUMNS)
        ticked = []
        for at, one in enumerate(students):
            how = next(each.state for each in one.consents if each.kind == kind)
            label = texts(
                "consent.of", name=escape(one.display_name), state=texts(f"consent.{how}")
            )
            if columns[at * _COLUMNS // len(students)].checkbox(label, key=boxes[one.student_id]):
                ticked.append(one.student_id)
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
        asked = st.form_submit_button(texts("consent.save"), type="primary")
    if not asked:
        return
    if not ticked or state is None:
        st.warning(texts("consent.nothing"), icon=":material/info:")
        return
    put = at_desk.client.put_consents
    if change(lambda: put(ticked, kind, state, note.strip() or None)):
        renew_form("consents")
        say(texts.count("consent.saved", len(ticked)))
        st.rerun()


def _tick(boxes: Sequence[str], on: bool) -> None:
    for box in boxes:
        st.session_state[box] = on
