"""System status: how the installation is doing, for its administrator."""

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.contract import SystemStatus
from learntrace_dashboard.look import (
    data_until,
    desk,
    escape,
    fetch,
    figures,
    for_roles_of,
    heading,
)
from learntrace_dashboard.table import Cell, Column, Row, table

GOOD_WORDS = frozenset({"ok", "up", "healthy", "running", "ready", "alive"})


@for_roles_of(navigation.SYSTEM)
def page() -> None:
    """Draw the page."""
    at_desk = desk()
    texts = at_desk.texts
    heading(texts("system.title"), texts("system.intro"))
    read = fetch(reads.system_status)
    status = read.value
    data_until(read.at)
    if status.status.lower() in GOOD_WORDS and not status.warnings:
        st.success(texts("system.ok"), icon=":material/check_circle:")
    else:
        lines = "\n".join(f"- {escape(warning)}" for warning in status.warnings)
        st.warning(f"**{texts('system.not_ok')}**\n{lines}", icon=":material/warning:")
    _figures(status)
    st.subheader(texts("system.parts"), anchor=False)
    table(
        texts("system.parts"),
        (
            Column(texts("system.column_part")),
            Column(texts("system.column_state")),
            Column(texts("system.column_detail"), wide=True),
        ),
        _parts(status),
        key="parts",
        sortable=False,
    )


def _figures(status: SystemStatus) -> None:
    texts, formats = desk().texts, desk().formats
    values = (
        ("system.metric_open", formats.count(status.open_game_sessions)),
        ("system.metric_due", formats.count(status.due_game_sessions)),
        ("system.metric_oldest", formats.duration(status.oldest_due_s)),
        ("system.metric_version", status.version or texts("common.none")),
    )
    figures([(texts(label), value) for label, value in values])


def _parts(status: SystemStatus) -> list[Row]:
    at_desk = desk()
    texts = at_desk.texts
    database, migrations = status.database, status.migrations
    latency = "–" if database.latency_ms is None else f"{database.latency_ms:.1f}"
    at_head = migrations.current == migrations.head
    schema = "system.migrations_detail" if at_head else "system.migrations_behind"
    seen = at_desk.formats.moment(status.worker.last_seen_at, at_desk.now)
    waiting = status.writer.queue_depth
    return [
        (
            Cell(texts("system.database")),
            _state(database.status),
            Cell(
                texts(
                    "system.database_detail",
                    version=database.version or "",
                    latency=texts("unit.milliseconds", value=latency),
                )
            ),
        ),
        (
            Cell(texts("system.migrations")),
            _state("ok" if at_head else "behind"),
            Cell(texts(schema, current=migrations.current, head=migrations.head)),
        ),
        (
            Cell(texts("system.worker")),
            _state(status.worker.status),
            Cell(texts("system.worker_detail", when=seen)),
        ),
        (
            Cell(texts("system.writer")),
            _state("ok" if waiting is not None else "unknown"),
            Cell(
                texts("common.unknown")
                if waiting is None
                else texts("system.writer_detail", queue=texts.count("events", waiting))
            ),
        ),
    ]


def _state(word: str) -> Cell:
    """Whether a part works, in words: unknown words call for a look."""
    texts = desk().texts
    if word.lower() in GOOD_WORDS:
        return Cell("", chip=texts("state.ok"), tone="good")
    down = word.lower() in {"down", "failed", "error", "unreachable"}
    return Cell("", chip=texts("state.down" if down else "state.warn"), tone="warn")
