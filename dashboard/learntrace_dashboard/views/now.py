"""Now: a class during the lesson, renewed every ten seconds."""

import html
from collections.abc import Mapping, Sequence

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.choosers import choose_class, own_classes
from learntrace_dashboard.contract import SchoolClass
from learntrace_dashboard.contract_lesson import PupilNow
from learntrace_dashboard.look import (
    Desk,
    css,
    data_until,
    desk,
    empty,
    escape,
    figures,
    for_roles_of,
    heading,
)
from learntrace_dashboard.renewing import renew
from learntrace_dashboard.rows import name_order, timestamp
from learntrace_dashboard.table import Cell, Column, Row, Tone, table

EVERY_S = 10
STATES = ("stuck", "quiet", "playing", "not_started")
TONES: Mapping[str, Tone] = {"playing": "live", "quiet": "plain", "stuck": "warn"}


@for_roles_of(navigation.NOW)
def page() -> None:
    """Draw the page."""
    at_desk = desk()
    texts = at_desk.texts
    heading(texts("now.title"), texts("now.intro"))
    st.html(f"<style>{css('now')}</style>")
    _moment(at_desk, choose_class(own_classes()))


@st.fragment(run_every=EVERY_S)
def _moment(at_desk: Desk, chosen: SchoolClass) -> None:
    """The part that runs alone every ten seconds."""
    texts = at_desk.texts
    read = renew(at_desk, "now.away", reads.class_now, chosen.id)
    if read is None:
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
    if stuck := _stuck_skills(pupil):
        lines.append(stuck)
    if pupil.state != "playing":
        lines.append(texts("now.last", ago=_ago(pupil)))
    return lines


def _stuck_skills(pupil: PupilNow) -> str | None:
    if not pupil.stuck_skills:
        return None
    return desk().texts("now.stuck_skills", skills=", ".join(pupil.stuck_skills))


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
        Cell(pupil.task.title if pupil.task else none, note=_stuck_skills(pupil)),
        at_desk.rows.number(pupil.failures_in_task),
        Cell(_ago(pupil), sort=timestamp(pupil.last_event_at)),
    )
