"""Now: a class during the lesson, renewed every ten seconds."""

import html
from collections.abc import Mapping, Sequence

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.choosers import choose_class
from learntrace_dashboard.client import ApiError, SignedOutError
from learntrace_dashboard.contract import SchoolClass
from learntrace_dashboard.contract_lesson import PupilNow
from learntrace_dashboard.look import (
    Desk,
    css,
    cut_note,
    data_until,
    desk,
    empty,
    escape,
    fetch,
    figures,
    for_roles_of,
    heading,
    sit_again,
)
from learntrace_dashboard.rows import name_order, timestamp
from learntrace_dashboard.table import Cell, Column, Row, Tone, table

EVERY_S = 10
STATES = ("stuck", "quiet", "playing", "not_started")
TONES: Mapping[str, Tone] = {"playing": "live", "quiet": "plain", "stuck": "warn"}
_SIGNED_OUT = "lt_signed_out"


@for_roles_of(navigation.NOW)
def page() -> None:
    """Draw the page."""
    at_desk = desk()
    texts = at_desk.texts
    heading(texts("now.title"), texts("now.intro"))
    read = fetch(lambda: reads.classes(at_desk.caller, at_desk.client))
    cut_note(read, "list.classes")
    classes = [one for one in read.value if not one.sandbox]
    if not classes:
        empty(texts("class.none"), texts("class.none_help"), read.at)
        return
    st.html(f"<style>{css('now')}</style>")
    _moment(at_desk, choose_class(classes))


def stop_if_signed_out() -> None:
    """Raises `SignedOutError` where a renewal found that the sign-in is over."""
    if st.session_state.pop(_SIGNED_OUT, False):
        raise SignedOutError("")


@st.fragment(run_every=EVERY_S)
def _moment(at_desk: Desk, chosen: SchoolClass) -> None:
    """The part that runs alone every ten seconds."""
    sit_again(at_desk)
    texts = at_desk.texts
    try:
        read = reads.class_now(at_desk.client, chosen.id)
    except SignedOutError:
        st.session_state[_SIGNED_OUT] = True
        st.rerun()
    except ApiError as error:
        st.error(texts("now.away", sentence=str(error)), icon=":material/error:")
        return
    pupils = sorted(read.value.pupils, key=lambda one: name_order(one.display_name))
    data_until(read.value.data_until)
    if not pupils:
        empty(texts("class.no_students"), texts("class.no_students_help"))
        return
    figures([(_state(state), f"{_count(pupils, state)}") for state in STATES])
    title = texts("now.tiles", name=escape(chosen.name))
    st.subheader(title, anchor=False)
    st.caption(texts("now.legend"))
    tiles = "".join(_tile(one) for one in pupils)
    st.html(f'<ul class="lt-now">{tiles}</ul>')
    with st.expander(texts("now.table"), icon=":material/table:"):
        opened = table(
            texts("now.tiles", name=chosen.name),
            (
                Column(texts("class.column_name")),
                Column(texts("now.column_state")),
                Column(texts("now.column_game")),
                Column(texts("now.column_task"), wide=True),
                Column(texts("now.column_failures"), align="right"),
                Column(texts("now.column_last")),
            ),
            [_row(one) for one in pupils],
            key=f"now-{chosen.id}",
        )
    if opened:
        navigation.go(navigation.STUDENT, at_desk.query(student=opened))


def _count(pupils: Sequence[PupilNow], state: str) -> int:
    return sum(one.state == state for one in pupils)


def _state(state: str) -> str:
    """The sign and the word of a state; a new word of the API is not known here."""
    texts = desk().texts
    known = state if texts.has(f"moment.{state}_symbol") else "other"
    return f"{texts(f'moment.{known}_symbol')} {texts(f'moment.{known}')}"


def _tile(pupil: PupilNow) -> str:
    lines = [pupil.display_name, _state(pupil.state), *_doing(pupil)]
    name, state, *doing = (html.escape(line) for line in lines)
    kind = pupil.state if pupil.state in STATES else "other"
    return (
        f'<li class="{kind}"><strong>{name}</strong><span class="state">{state}</span>'
        + "".join(f"<span>{line}</span>" for line in doing)
        + "</li>"
    )


def _doing(pupil: PupilNow) -> list[str]:
    texts = desk().texts
    if pupil.game is None:
        return [texts("now.joined" if pupil.joined else "now.not_joined")]
    lines = [pupil.task.title if pupil.task else texts("now.between")]
    if pupil.failures_in_task:
        lines.append(texts.count("now.failures", pupil.failures_in_task))
    if pupil.state != "playing":
        lines.append(texts("now.last", ago=_ago(pupil)))
    return lines


def _ago(pupil: PupilNow) -> str:
    at_desk = desk()
    if pupil.last_event_at is None:
        return at_desk.texts("common.none")
    seconds = max(0.0, (at_desk.now - pupil.last_event_at).total_seconds())
    return at_desk.texts("now.ago", duration=at_desk.formats.duration(seconds))


def _row(pupil: PupilNow) -> Row:
    at_desk = desk()
    none = at_desk.texts("common.none")
    return (
        at_desk.rows.student(pupil.student_id, pupil.display_name),
        Cell("", chip=_state(pupil.state), tone=TONES.get(pupil.state, "muted")),
        Cell(pupil.game.name if pupil.game else none),
        Cell(pupil.task.title if pupil.task else none),
        at_desk.rows.number(pupil.failures_in_task),
        Cell(_ago(pupil), sort=timestamp(pupil.last_event_at)),
    )
