"""One play session: what happened minute by minute, its figures, all its events."""

from datetime import timedelta

import streamlit as st

from learntrace_dashboard import charts, navigation, reads, statements
from learntrace_dashboard.contract import GameSession
from learntrace_dashboard.look import (
    data_until,
    desk,
    empty,
    fetch,
    figures,
    for_roles_of,
    heading,
    in_sandbox,
    label_text,
)
from learntrace_dashboard.rows import clock_shift
from learntrace_dashboard.table import Column, table

EVENTS_PER_PAGE = 100


@for_roles_of(navigation.SESSION)
def page() -> None:
    """Draw the page: the play session in the address, or the way to one."""
    at_desk = desk()
    texts = at_desk.texts
    game_session_id = st.query_params.get("session")
    if game_session_id is None:
        heading(texts("session.title"))
        empty(texts("session.start"), texts("session.start_help"), at_desk.now)
        if st.button(texts("session.to_students"), icon=":material/person:"):
            navigation.go(navigation.STUDENT, {})
        return
    read = fetch(reads.game_session, game_session_id)
    played = read.value
    student = fetch(reads.student, played.student.id).value
    classes = fetch(reads.classes).value
    name = played.student.display_name
    if st.button(
        label_text(texts("session.back", name=name)), icon=":material/arrow_back:", type="tertiary"
    ):
        navigation.go(navigation.STUDENT, at_desk.query(student=played.student.id))
    when = at_desk.formats.moment(played.started_at, at_desk.now)
    sandbox = in_sandbox(student, classes)
    heading(name, texts("session.of", game=played.game.name, when=when), sandbox=sandbox)
    data_until(read.at)
    if at_desk.user.role in navigation.STAFF and not sandbox:
        statements.show(statements.of(played.student.id), statements.PLAY)
    if played.state == "open" or played.features is None:
        st.info(texts(_waiting(played)), icon=":material/hourglass_top:")
    _figures(played)
    story, features, events = st.tabs(
        [texts("session.tab_story"), texts("session.tab_features"), texts("session.tab_events")]
    )
    with story:
        shift = _timeline(played)
        _tasks(played, shift)
    with features:
        _features(played)
    with events:
        _events(played)


def _figures(played: GameSession) -> None:
    texts, formats = desk().texts, desk().formats
    completed = failures = texts("common.unknown")
    if played.features is not None:
        done = sum(task.outcome == "completed" for task in played.tasks)
        completed = texts("session.completed_of", completed=done, total=len(played.tasks))
        failures = formats.count(sum(task.failures for task in played.tasks))
    figures(
        [
            _figure(played, "wall_time_s", texts("session.metric_length")),
            _figure(played, "active_time_s", texts("session.metric_active")),
            (texts("session.metric_completed"), completed),
            (texts("session.metric_failures"), failures),
            (texts("session.metric_events"), formats.count(played.event_count)),
        ]
    )


def _waiting(played: GameSession) -> str:
    """The text that says why there are no figures yet."""
    return "session.open" if played.state == "open" else "session.waiting"


def _figure(played: GameSession, name: str, title: str) -> tuple[str, str]:
    """A feature under the API's title; before there are any, unknown under `title`."""
    at_desk = desk()
    feature = (played.features or {}).get(name)
    if feature is None:
        return title, at_desk.texts("common.unknown")
    return feature.title, at_desk.formats.value(feature.value, feature)


def _timeline(played: GameSession) -> timedelta:
    """Draw the chart; returns how far the device's clock was behind."""
    at_desk = desk()
    texts = at_desk.texts
    events = fetch(reads.chart_events, played.id).value
    shift = clock_shift(events)
    bars = at_desk.rows.task_bars(played, shift)
    marks = at_desk.rows.event_marks(events)
    if not bars and not marks:
        # Events that are no act of the student's, such as a lone start, leave nothing to draw.
        if not events:
            empty(texts("session.no_events"), texts("session.no_events_help"))
        return shift
    st.subheader(texts("session.chart"), anchor=False)
    st.caption(texts("session.chart_note"))
    if played.event_count > len(events):
        count, total = at_desk.formats.count(len(events)), at_desk.formats.count(played.event_count)
        st.caption(texts("session.chart_cut", shown=count, total=total))
    st.altair_chart(charts.play_timeline(bars, marks, texts), width="stretch", theme=None)
    return shift


def _tasks(played: GameSession, shift: timedelta) -> None:
    texts = desk().texts
    if played.features is None:
        empty(texts("session.no_figures"), texts(_waiting(played)))
        return
    if not played.tasks:
        empty(texts("session.no_tasks"), texts("session.no_tasks_help"))
        return
    st.subheader(texts("session.tasks"), anchor=False)
    table(
        texts("session.tasks"),
        (
            Column(texts("session.column_task"), wide=True),
            Column(texts("session.column_started")),
            Column(texts("session.column_outcome")),
            Column(texts("session.column_attempts"), align="right"),
            Column(texts("session.column_failures"), align="right"),
            Column(texts("session.column_active"), align="right"),
        ),
        desk().rows.tasks(played.tasks, shift),
        key=f"tasks-{played.id}",
    )


def _features(played: GameSession) -> None:
    at_desk = desk()
    texts = at_desk.texts
    if played.features is None:
        empty(texts("session.no_figures"), texts(_waiting(played)))
        return
    st.caption(texts("session.features_note"))
    table(
        texts("session.features_table"),
        (
            Column(texts("session.column_feature"), wide=True),
            Column(texts("session.column_value"), wide=True),
            Column(texts("session.column_range")),
            Column(texts("session.column_meaning"), wide=True),
        ),
        at_desk.rows.features(played.features),
        key=f"features-{played.id}",
        sortable=False,
    )
    st.caption(
        texts(
            "session.versions",
            when=at_desk.formats.moment(played.assessed_at, at_desk.now),
            extractor=played.extractor_version,
            mapping=played.mapping_version,
            reference=played.reference_version or texts("session.no_reference"),
        )
    )


def _events(played: GameSession) -> None:
    at_desk = desk()
    texts, formats = at_desk.texts, at_desk.formats
    place = f"lt_cursors_{played.id}"
    cursors: list[str | None] = st.session_state.setdefault(place, [None])
    read = fetch(reads.events_page, played.id, cursors[-1], EVENTS_PER_PAGE)
    events = read.value.items
    if not events:
        empty(texts("session.no_events"), texts("session.no_events_help"))
        return
    first = (len(cursors) - 1) * EVENTS_PER_PAGE + 1
    caption = texts(
        "session.events_table",
        first=formats.count(first),
        last=formats.count(first + len(events) - 1),
        total=formats.count(played.event_count),
    )
    st.markdown(f"**{caption}**")
    st.caption(texts("session.events_hint"))
    table(
        caption,
        (
            Column(texts("session.column_time")),
            Column(texts("session.column_event")),
            Column(texts("session.column_behaviour")),
            Column(texts("session.column_task")),
            Column(texts("session.column_answer")),
            Column(texts("session.column_details"), wide=True),
        ),
        at_desk.rows.events(events),
        key=f"events-{played.id}-{len(cursors)}",
    )
    with st.container(horizontal=True):
        earlier = st.button(
            texts("session.previous"), disabled=len(cursors) == 1, icon=":material/arrow_back:"
        )
        later = st.button(
            texts("session.next"),
            disabled=read.value.next_cursor is None,
            icon=":material/arrow_forward:",
        )
    if earlier:
        st.session_state[place] = cursors[:-1]
        st.rerun()
    if later:
        st.session_state[place] = [*cursors, read.value.next_cursor]
        st.rerun()
    st.caption(f"{texts('session.ids')}: `{played.id}`")
