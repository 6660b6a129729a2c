"""Assigning: what, to whom, until when; and who got it."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar, cast

import streamlit as st

from learntrace_dashboard import reads
from learntrace_dashboard.changes import change, form_key, renew_form, say
from learntrace_dashboard.choosers import choose_class, own_classes
from learntrace_dashboard.client import ApiError
from learntrace_dashboard.contract_library import ContentItem, Given, Scenario
from learntrace_dashboard.library_words import in_brief, names_of, today
from learntrace_dashboard.look import cut_note, data_until, desk, empty, escape, fetch

Item = TypeVar("Item", Scenario, ContentItem)
KINDS = ("scenario", "content", "review")
What = tuple[str, str | None, str]
"""What is assigned: its kind, its source and the class."""
CLASS, SOME = "class", "some"
STUDENTS = "-students"
DAY_PX = 240
_REFUSED = "lt_assign_refused"
"""What was just assigned in vain: what it was, the form filled in for another try, and who lacks
consent."""


def show() -> None:
    """Draw the tab; the address may say which scenario or content item."""
    texts = desk().texts
    wanted = next((one for one in KINDS if one in st.query_params), KINDS[0])
    kind = st.radio(
        texts("assign.kind"),
        KINDS,
        index=KINDS.index(wanted),
        format_func=lambda one: texts(f"assign.{one}"),
        horizontal=True,
        key=f"lt-assign-kind-{wanted}",
    )
    st.caption(texts(f"assign.{kind}_help"))
    source = _source(kind)
    if kind != "review" and source is None:
        return
    chosen = choose_class(own_classes())
    students = fetch(reads.students, chosen.id)
    names = names_of(students.value)
    if not names:
        empty(texts("class.no_students"), texts("class.no_students_help"))
        return
    what = (kind, source, chosen.id)
    whom = _whom(names, what)
    cut_note(students, "list.students")
    due_on = st.date_input(
        texts("assign.due"),
        None,
        min_value=today(),
        help=texts("assign.due_help"),
        width=DAY_PX,
        key=form_key("assign-due"),
    )
    told: dict[str, Any] = {"kind": kind, "source_id": source}
    told |= {"class_id": chosen.id} if whom is None else {"student_ids": list(whom)}
    told |= {"due_on": None if due_on is None else due_on.isoformat()}
    asked = st.button(texts("assign.button"), type="primary", icon=":material/send:")
    data_until(students.at)
    if asked and whom is not None and not whom:
        st.warning(texts("assign.nobody"), icon=":material/info:")
    elif asked:
        _assign(told, names, what)


def _source(kind: str) -> str | None:
    """The id of the scenario or content item that is chosen, None without one."""
    texts = desk().texts
    if kind == "review":
        return None
    named = st.query_params.get(kind)
    by_id: Mapping[str, Scenario | ContentItem]
    if kind == "scenario":
        by_id = _by_id(reads.scenarios, reads.scenario, named, "list.scenario")
    else:
        by_id = _by_id(reads.all_content, reads.content_item, named, "list.content")
    if not by_id:
        empty(texts(f"{kind}.none"), texts(f"{kind}.none_help"))
        return None
    ordered = list(by_id)
    return st.selectbox(
        texts(f"assign.which_{kind}"),
        ordered,
        index=ordered.index(named) if named and named in by_id else 0,
        format_func=lambda one: f"{by_id[one].title} · {in_brief(texts, by_id[one])}",
        key=f"lt-assign-{kind}-{named}",
    )


def _by_id(
    every: Callable[..., reads.Read[tuple[Item, ...]]],
    single: Callable[..., reads.Read[Item]],
    named: str | None,
    cut: str,
) -> dict[str, Item]:
    """What there is to choose, also what the address names where a long list ends before it."""
    read = fetch(every)
    cut_note(read, cut)
    found = {one.id: one for one in read.value}
    if read.more and named is not None and named not in found:
        found[named] = fetch(single, named).value
    return found


def _whom(names: Mapping[str, str], what: What) -> Collection[str] | None:
    """The students that are chosen; None for the whole class.

    After some were refused, the others are, until something else is to be assigned or the tab was
    left, as when somebody notes the consent.
    """
    texts = desk().texts
    refused = _refused(what)
    if refused:
        told = ", ".join(escape(name) for one, name in names.items() if one in refused)
        st.warning(texts("assign.refused", names=told), icon=":material/lock:")
    form = _form(what)
    whom = st.radio(
        texts("assign.whom"),
        (CLASS, SOME),
        format_func=lambda one: texts(f"assign.{one}"),
        horizontal=True,
        key=form,
    )
    if whom == CLASS:
        return None
    return st.multiselect(
        texts("assign.students"),
        list(names),
        format_func=lambda one: names[one],
        placeholder=texts("assign.students_prompt"),
        key=f"{form}{STUDENTS}",
    )


def _form(what: What) -> str:
    return form_key("assign-whom", what[-1])


def _refused(what: What) -> Collection[str]:
    """Who lacks consent for this; what was filled in after a refusal of anything else is cleared.

    Streamlit forgets the form when the tab is left.
    """
    told = st.session_state.get(_REFUSED)
    if told is None:
        return ()
    of, form, refused = told
    if of == what and form in st.session_state:
        return cast(Collection[str], refused)
    del st.session_state[_REFUSED]
    renew_form("assign-whom")
    return ()


def _assign(told: Mapping[str, Any], names: Mapping[str, str], what: What) -> None:
    at_desk = desk()
    given: list[Given] = []
    refused: list[str] = []

    def send() -> None:
        try:
            given.append(at_desk.client.assign(told))
        except ApiError as error:
            if not error.student_ids:
                raise
            refused.extend(error.student_ids)

    if not change(send):
        return
    st.session_state.pop(_REFUSED, None)
    renew_form("assign-whom")
    if refused:
        form = _form(what)
        others = [one for one in told.get("student_ids", names) if one not in refused]
        st.session_state[form], st.session_state[f"{form}{STUDENTS}"] = SOME, others
        st.session_state[_REFUSED] = (what, form, refused)
    if given:
        renew_form("assign-due")
        say(_said(given[0], names))
    st.rerun()


def _said(given: Given, names: Mapping[str, str]) -> str:
    """To how many it went, and who had it already."""
    texts = desk().texts
    told = texts.count("assign.given", given.assigned) if given.assigned else texts("assign.no_new")
    if not given.already:
        return told
    already = {*given.already}
    who = [escape(name) for student_id, name in names.items() if student_id in already]
    return f"{told} {texts('assign.already', names=', '.join(who))}"
