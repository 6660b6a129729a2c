"""The school's plan: what it allows, and what is used of it this month."""

import streamlit as st

from learntrace_dashboard import reads, school_budget
from learntrace_dashboard.contract_plan import UNLIMITED, LimitUsed, Plan
from learntrace_dashboard.look import data_until, desk, escape, fetch
from learntrace_dashboard.table import Cell, Column, Row, table

COUNTED = ("minutes", "transcriptions", "sessions", "concurrent_jobs")


def show() -> None:
    """Draw the tab."""
    at_desk = desk()
    texts, rows = at_desk.texts, at_desk.rows
    read = fetch(reads.usage)
    current = fetch(reads.plan).value
    usage = read.value
    data_until(read.at)
    st.markdown(texts("plan.of", plan=escape(current.plan.id)))
    if current.since is not None:
        when = at_desk.formats.moment(current.since, at_desk.now)
        st.caption(texts("plan.since", when=when))
    st.subheader(texts("plan.used"), anchor=False)
    start, reset = rows.day(usage.period_start), rows.day(usage.reset_date)
    st.caption(texts("plan.month", start=start, reset=reset))
    by_type = {one.type: one for one in usage.usage}
    table(
        texts("plan.used"),
        (
            Column(texts("plan.column_what"), wide=True),
            Column(texts("plan.column_used"), align="right"),
            Column(texts("plan.column_limit"), align="right"),
            Column(texts("plan.column_state")),
        ),
        [_row(by_type[one]) for one in COUNTED if one in by_type],
        key="plan-used",
        sortable=False,
    )
    _allows(current.plan)
    school_budget.show()


def _row(one: LimitUsed) -> Row:
    at_desk = desk()
    texts, formats = at_desk.texts, at_desk.formats
    free = one.limit == UNLIMITED
    state = "full" if not free and (one.current or 0) >= one.limit else "near"
    return (
        Cell(texts(f"plan.{one.type}")),
        at_desk.rows.number(one.current),
        Cell(texts("plan.unlimited") if free else formats.count(one.limit)),
        Cell("", chip=texts(f"plan.{state}"), tone="warn")
        if one.warning or (state == "full" and not free)
        else Cell("", chip=texts("plan.enough"), tone="good"),
    )


def _allows(plan: Plan) -> None:
    at_desk = desk()
    texts = at_desk.texts
    st.subheader(texts("plan.allows"), anchor=False)
    lines = [
        texts("plan.file", most=at_desk.formats.count(plan.file_size_mb)),
        texts("plan.formats", formats=", ".join(plan.export_formats)),
        texts("plan.keeps")
        if plan.retention_days == UNLIMITED
        else texts("plan.keeps_days", days=plan.retention_days),
    ]
    st.markdown("\n".join(f"- {escape(one)}" for one in lines))
