"""The teachers and administrators of a school: who they are, adding and changing them."""

from collections.abc import Sequence

import streamlit as st

from learntrace_dashboard import once, reads
from learntrace_dashboard.changes import change, form_key, renew_form, say
from learntrace_dashboard.contract_school import Staff
from learntrace_dashboard.look import cut_note, data_until, desk, escape, fetch
from learntrace_dashboard.rows import name_order, timestamp
from learntrace_dashboard.table import Cell, Column, Row, table

ROLES = ("teacher", "school_admin")
LONGEST_NAME = 200
LONGEST_USERNAME = 100


def show() -> None:
    """Draw the tab."""
    read = fetch(reads.staff)
    data_until(read.at)
    people = sorted(read.value, key=lambda one: name_order(one.display_name))
    texts = desk().texts
    table(
        texts("people.table"),
        (
            Column(texts("people.column_name")),
            Column(texts("people.column_username")),
            Column(texts("people.column_role")),
            Column(texts("people.column_classes"), wide=True),
            Column(texts("people.column_last")),
            Column(texts("people.column_state")),
        ),
        [_row(one) for one in people],
        key="people",
    )
    cut_note(read, "list.people")
    _add()
    _change(people)


def _row(one: Staff) -> Row:
    at_desk = desk()
    texts = at_desk.texts
    return (
        Cell(one.display_name),
        Cell(one.username),
        Cell(texts(f"role.{one.role}")),
        Cell(", ".join(sorted((each.name for each in one.classes), key=name_order))),
        Cell(
            at_desk.formats.moment(one.last_signed_in_at, at_desk.now),
            sort=timestamp(one.last_signed_in_at),
        ),
        Cell("", chip=texts("people.disabled"), tone="warn")
        if one.disabled
        else Cell(texts("people.enabled")),
    )


def _add() -> None:
    at_desk = desk()
    texts = at_desk.texts
    with st.expander(texts("people.add"), icon=":material/person_add:"):
        st.caption(texts("people.add_help"))
        with st.form(form_key("person")):
            name = st.text_input(texts("people.column_name"), max_chars=LONGEST_NAME).strip()
            username = st.text_input(
                texts("people.column_username"),
                max_chars=LONGEST_USERNAME,
                help=texts("people.username_help"),
            ).strip()
            role = _choose_role("teacher")
            asked = st.form_submit_button(texts("people.add_button"), type="primary")
        if asked and not (name and username):
            st.warning(texts("people.empty"), icon=":material/info:")
        elif asked and change(lambda: _added(username, name, role)):
            renew_form("person")
            say(texts("people.added", name=escape(name)))
            st.rerun()


def _added(username: str, name: str, role: str) -> None:
    made = desk().client.add_staff(username, name, role)
    once.keep_links([(made.user.display_name, made.reset)])


def _choose_role(present: str) -> str:
    texts = desk().texts
    return st.radio(
        texts("people.column_role"),
        ROLES,
        index=ROLES.index(present),
        format_func=lambda one: texts(f"role.{one}"),
        captions=[texts(f"people.{one}_help") for one in ROLES],
    )


def _change(people: Sequence[Staff]) -> None:
    texts = desk().texts
    by_id = {one.id: one for one in people}
    with st.expander(texts("people.change"), icon=":material/manage_accounts:"):
        chosen = st.selectbox(
            texts("people.who"),
            list(by_id),
            index=None,
            placeholder=texts("people.who_prompt"),
            format_func=lambda one: f"{by_id[one].display_name} ({by_id[one].username})",
            key="lt-staff",
        )
        if chosen is None:
            return
        person = by_id[chosen]
        if person.id == desk().user.id:
            st.info(texts("people.oneself"), icon=":material/info:")
            return
        _role(person)
        _link(person)
        _access(person)


def _role(person: Staff) -> None:
    at_desk = desk()
    texts = at_desk.texts
    with st.form(form_key("change", person.id, person.display_name, person.role)):
        name = st.text_input(
            texts("people.column_name"), person.display_name, max_chars=LONGEST_NAME
        ).strip()
        role = _choose_role(person.role)
        st.caption(texts("people.role_note"))
        asked = st.form_submit_button(texts("people.save"))
    changes: dict[str, str | bool] = {
        what: now
        for what, now, before in (
            ("display_name", name, person.display_name),
            ("role", role, person.role),
        )
        if now and now != before
    }
    if asked and not changes:
        st.warning(texts("people.same"), icon=":material/info:")
    elif asked and change(lambda: at_desk.client.change_staff(person.id, changes)):
        say(texts("people.saved", name=escape(name)))
        st.rerun()


def _link(person: Staff) -> None:
    texts = desk().texts
    st.caption(texts("people.link_help"))
    asked = st.button(
        texts("people.link"), icon=":material/link:", key="lt-reset-link", disabled=person.disabled
    )
    if asked and change(lambda: _linked(person)):
        st.rerun()


def _linked(person: Staff) -> None:
    once.keep_links([(person.display_name, desk().client.make_reset(person.id))])


def _access(person: Staff) -> None:
    """Taking away and giving back the way in; both can be undone."""
    at_desk = desk()
    texts = at_desk.texts
    does = "enable" if person.disabled else "disable"
    st.caption(texts(f"people.{does}_help"))
    asked = st.button(
        texts(f"people.{does}"),
        key="lt-disable",
        icon=":material/lock_open:" if person.disabled else ":material/lock:",
    )
    put = at_desk.client.change_staff
    if asked and change(lambda: put(person.id, {"disabled": not person.disabled})):
        say(texts(f"people.{does}d_done", name=escape(person.display_name)))
        st.rerun()
