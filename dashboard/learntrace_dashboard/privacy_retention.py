"""How long a school keeps what; what would go is shown before anything is chosen."""

from functools import partial

import streamlit as st

from learntrace_dashboard import reads
from learntrace_dashboard.changes import change, say
from learntrace_dashboard.contract_keeping import Retention, RetentionPreview
from learntrace_dashboard.look import data_until, desk, fetch, part
from learntrace_dashboard.table import Cell, Column, table
from learntrace_dashboard.texts import Texts

YEAR = 365
HALF_YEAR = 183
NO_END = 0
AUDIT_PERIODS = (YEAR, 2 * YEAR, 3 * YEAR, 5 * YEAR)
PERIODS = (HALF_YEAR, *AUDIT_PERIODS)


def show() -> None:
    """Draw the tab."""
    at_desk = desk()
    texts = at_desk.texts
    read = fetch(reads.retention)
    data_until(read.at)
    st.markdown(texts("retention.help"))
    kept = read.value
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        play_days = _choose("play", kept.play_days)
    with right:
        left_days = _choose("left", kept.left_days)
    audit_days = _choose("audit", kept.audit_days, AUDIT_PERIODS)
    chosen = Retention(play_days=play_days, left_days=left_days, audit_days=audit_days)
    if chosen == kept:
        st.caption(texts("retention.same"))
        return
    sure = True
    if (play_days, left_days) != (kept.play_days, kept.left_days):
        preview = part("preview", reads.retention_preview, play_days, left_days)
        if preview is None:
            return
        _preview(preview)
        if preview.students or sum(preview.counts.values()):
            sure = st.checkbox(texts("retention.sure"), key=f"lt-sure-{play_days}-{left_days}")
    asked = st.button(texts("retention.save"), type="primary", disabled=not sure)
    if asked and change(lambda: at_desk.client.put_retention(chosen.model_dump())):
        say(texts("retention.saved"))
        st.rerun()


def _choose(what: str, kept: int | None, usual: tuple[int, ...] = PERIODS) -> int | None:
    """One of the usual periods or the one in force, shortest first, no end last."""
    texts = desk().texts
    known = kept or NO_END
    periods = [*sorted({*usual, known} - {NO_END}), NO_END]
    chosen = st.selectbox(
        texts(f"retention.{what}"),
        periods,
        index=periods.index(known),
        format_func=partial(_words, texts),
        help=texts(f"retention.{what}_help"),
        key=f"lt-keep-{what}-{known}",
    )
    return chosen or None


def _words(texts: Texts, days: int) -> str:
    if days == NO_END:
        return texts("retention.no_end")
    if days % YEAR == 0:
        return texts.count("retention.years", days // YEAR)
    return texts("retention.half_year") if days == HALF_YEAR else texts("retention.days", days=days)


def _preview(preview: RetentionPreview) -> None:
    at_desk = desk()
    texts, rows = at_desk.texts, at_desk.rows
    st.subheader(texts("retention.preview"), anchor=False)
    for key, day in (
        ("retention.play_before", preview.play_before),
        ("retention.left_before", preview.left_before),
    ):
        if day is not None:
            st.markdown(texts(key, day=f"{rows.day(day)} {day.year}"))
    gone = {kind: n for kind, n in preview.counts.items() if n}
    if not gone and not preview.students:
        st.caption(texts("retention.nothing"))
        return
    st.warning(texts.count("retention.students", preview.students), icon=":material/warning:")
    table(
        texts("retention.preview"),
        (
            Column(texts("record.column_kind"), wide=True),
            Column(texts("record.column_count"), align="right"),
        ),
        [(Cell(kind.replace("_", " ").capitalize()), rows.number(n)) for kind, n in gone.items()],
        key="retention-preview",
    )
