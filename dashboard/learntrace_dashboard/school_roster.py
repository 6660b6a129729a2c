"""The roster: a file of the school's own system, what it would change, and taking it over."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from learntrace_dashboard import once
from learntrace_dashboard.changes import change, form_key, renew_form, say
from learntrace_dashboard.client import ApiError, SignedOutError
from learntrace_dashboard.contract_school import NewTeacher, RosterCounts, RosterOutcome
from learntrace_dashboard.look import data_until, desk, empty, escape
from learntrace_dashboard.table import Cell, Column, table

LARGEST_MB = 20
KINDS = ("classes", "students", "teachers", "enrolments", "teachings")
MEDIA_TYPES = {"zip": "application/zip", "csv": "text/csv"}
_PREVIEW = "lt_roster_preview"
_NEW = "lt_roster_people"


def show() -> None:
    """Draw the tab: nothing is changed before the administrator has seen what would be."""
    at_desk = desk()
    texts = at_desk.texts
    data_until(at_desk.now)
    if at_desk.names_hidden:
        empty(texts("roster.hidden"), texts("roster.hidden_help"))
        return
    _links()
    st.markdown(texts("roster.help"))
    file = st.file_uploader(
        texts("roster.file"),
        type=list(MEDIA_TYPES),
        max_upload_size=LARGEST_MB,
        key=form_key("roster"),
    )
    if file is None:
        st.session_state.pop(_PREVIEW, None)
        return
    outcome = _previewed(file)
    if outcome is None:
        return
    if outcome.counts is None or outcome.problems:
        _problems(outcome.problems)
        return
    _counts(outcome.counts)
    _changes(outcome)
    _new_people(outcome.new_people)
    if outcome.erased_count:
        st.caption(texts.count("roster.erased", outcome.erased_count))
    _import(file, outcome)


def _previewed(file: UploadedFile) -> RosterOutcome | None:
    """What the file would change, asked once for each file; None where it cannot be told."""
    texts = desk().texts
    whose, found = st.session_state.get(_PREVIEW, (None, None))
    if whose == file.file_id and isinstance(found, RosterOutcome):
        return found
    try:
        with st.spinner(texts("roster.reading")):
            outcome = _send(file, dry_run=True, force=False)
    except SignedOutError:
        raise
    except ApiError as error:
        key = (
            "roster.unreadable"
            if error.status == HTTPStatus.UNPROCESSABLE_ENTITY
            else "error.title"
        )
        st.error(f"**{texts(key)}**  \n{escape(str(error))}", icon=":material/error:")
        st.button(texts("error.retry"), icon=":material/refresh:")
        return None
    st.session_state[_PREVIEW] = (file.file_id, outcome)
    return outcome


def _send(file: UploadedFile, *, dry_run: bool, force: bool) -> RosterOutcome:
    media_type = MEDIA_TYPES[file.name.rpartition(".")[2].lower()]
    send = desk().client.import_roster
    return send(file.getvalue(), media_type, dry_run=dry_run, force=force)


def _problems(problems: Sequence[str]) -> None:
    texts = desk().texts
    st.error(texts.count("roster.problems", len(problems)), icon=":material/error:")
    table(
        texts("roster.problems_table"),
        (Column(texts("roster.column_problem"), wide=True),),
        [(Cell(one),) for one in problems],
        key="roster-problems",
        sortable=False,
    )


def _counts(counts: Mapping[str, RosterCounts]) -> None:
    at_desk = desk()
    texts, number = at_desk.texts, at_desk.rows.number
    st.subheader(texts("roster.counts"), anchor=False)
    table(
        texts("roster.counts"),
        (
            Column(texts("roster.column_what")),
            *(
                Column(texts(f"roster.{one}"), align="right")
                for one in ("added", "changed", "ended", "unchanged")
            ),
        ),
        [
            (
                Cell(texts(f"roster.{kind}")),
                *(number(n) for n in (each.added, each.changed, each.ended, each.unchanged)),
            )
            for kind, each in ((kind, counts[kind]) for kind in KINDS)
        ],
        key="roster-counts",
        sortable=False,
    )


def _changes(outcome: RosterOutcome) -> None:
    texts = desk().texts
    if not outcome.changes:
        st.caption(texts("roster.nothing"))
        return
    with st.expander(texts("roster.changes"), icon=":material/list:"):
        table(
            texts("roster.changes"),
            (
                Column(texts("roster.column_what")),
                Column(texts("roster.column_action")),
                Column(texts("roster.column_words"), wide=True),
            ),
            [
                (Cell(texts(f"roster.one_{one.kind}")), Cell(texts(f"roster.{one.action}")),
                 Cell(one.words))
                for one in outcome.changes
            ],
            key="roster-changes",
        )  # fmt: skip
        rest = outcome.change_count - len(outcome.changes)
        if rest > 0:
            st.caption(texts.count("roster.more", rest))


def _import(file: UploadedFile, outcome: RosterOutcome) -> None:
    """The last step; a file that would end much needs a tick of its own."""
    texts = desk().texts
    sure = True
    if outcome.refused:
        st.warning(
            f"**{texts('roster.refused')}**  \n{escape(outcome.refused)}", icon=":material/warning:"
        )
        sure = st.checkbox(texts("roster.sure"), key=form_key("roster-sure", file.file_id))
    asked = st.button(texts("roster.import"), type="primary", disabled=not sure)
    if asked and change(lambda: _imported(file, force=outcome.refused is not None)):
        st.session_state.pop(_PREVIEW, None)
        renew_form("roster")
        say(texts("roster.done"))
        st.rerun()


def _imported(file: UploadedFile, *, force: bool) -> None:
    texts = desk().texts
    with st.spinner(texts("roster.importing")):
        outcome = _send(file, dry_run=False, force=force)
    if not outcome.stored:
        said = outcome.refused or "; ".join(outcome.problems[:3])
        raise ApiError(texts("roster.not_stored", said=said))
    st.session_state[_NEW] = outcome.new_people


def _new_people(people: Sequence[NewTeacher]) -> None:
    texts = desk().texts
    if not people:
        return
    st.subheader(texts("roster.new_people"), anchor=False)
    table(
        texts("roster.new_people"),
        (Column(texts("people.column_name")), Column(texts("people.column_username"))),
        [(Cell(one.display_name), Cell(one.username)) for one in people],
        key="roster-people",
    )


def _links() -> None:
    """The teachers whom the last roster added, and the links that they need."""
    texts = desk().texts
    people: tuple[NewTeacher, ...] = st.session_state.get(_NEW, ())
    if not people:
        return
    with st.container(border=True):
        _new_people(people)
        st.caption(texts("roster.links_help"))
        with st.container(horizontal=True):
            asked = st.button(
                texts.count("roster.links", len(people)), type="primary", icon=":material/link:"
            )
            st.button(texts("roster.later"), on_click=_later)
        if asked and change(lambda: _made_links(people)):
            st.rerun()


def _made_links(people: Sequence[NewTeacher]) -> None:
    """A link for each; where one fails, those made before are shown and the rest stays."""
    made = []
    try:
        with st.spinner(desk().texts("roster.linking")):
            for one in people:
                reset = desk().client.make_reset(str(one.user_id))
                made.append((f"{one.display_name} ({one.username})", reset))
    finally:
        st.session_state[_NEW] = tuple(people[len(made) :])
        if made:
            once.keep_links(made)


def _later() -> None:
    st.session_state.pop(_NEW, None)
