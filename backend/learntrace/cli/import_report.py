"""What an import did, for the person who started it."""

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from learntrace.interchange.importer import ImportReport

REASONS: Mapping[str, str] = {
    "no_closed_tasks": "too few tasks",
    "no_reference": "nothing to compare",
    "no_failures": "too few failures",
    "too_little_time": "under a minute",
    "too_few_events": "too few events",
    "no_opportunity": "too few chances",
    "too_few_opportunities": "too few tries",
}


def print_report(report: ImportReport, console: Console) -> None:
    """Totals, rejected events by code with examples, and what became of the sessions."""
    console.print(
        f"{report.accepted:,} accepted, {report.duplicates:,} duplicates, "
        f"{report.rejected:,} rejected.",
        style="bold",
        highlight=False,
    )
    for code, count in report.rejected_by_code.most_common():
        console.print(f"  {code}: {count:,}", highlight=False)
        for example in (found for found in report.examples if found.code == code):
            console.print(Text(f"    line {example.line}: {example.detail}"))
    if report.closed or report.not_stored:
        text = f"{len(report.closed):,} game sessions closed"
        if report.not_stored:
            text += f", {len(report.not_stored):,} left out because nothing of them is stored"
        console.print(f"{text}.", highlight=False)


def print_table(report: ImportReport, console: Console) -> None:
    """One row a closed session: who, how much, and the features or why there is none.

    Students are told by the first eight characters of their ids: a write key may not read names.
    """
    if not report.closed:
        return
    counts_tasks = any(closed.tasks_completed is not None for closed in report.closed)
    table = Table(title="Game sessions", title_justify="left")
    table.add_column("Student", no_wrap=True)
    if counts_tasks:
        table.add_column("Tasks done", justify="right")
    for heading, _, _ in _COLUMNS:
        table.add_column(heading, justify="right")
    for closed in sorted(report.closed, key=lambda closed: report.sessions[closed.session_id]):
        cells = [_cell(closed.features, feature, show) for _, feature, show in _COLUMNS]
        if counts_tasks:
            cells.insert(0, Text(_count(closed.tasks_completed or 0)))
        table.add_row(report.sessions[closed.session_id][:8], *cells)
    console.print(table)


def _cell(features: Mapping[str, Any] | None, name: str, show: Callable[[float], str]) -> Text:
    if features is None:
        return Text("being computed", style="dim")
    feature = features.get(name)
    if feature is None:
        return Text("not measured", style="dim")
    if feature["value"] is None:
        reason = str(feature.get("reason"))
        return Text(REASONS.get(reason, reason.replace("_", " ")), style="dim")
    return Text(show(feature["value"]))


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.0f} s"


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


_COLUMNS: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("Events", "event_count", _count),
    ("Minutes active", "active_time_s", _minutes),
    ("Completion", "task_completion_rate", _percent),
    ("Tried again", "retry_rate", _percent),
    ("Recovered", "recovery_rate", _percent),
    ("Stayed on task", "distraction_resistance", _percent),
    ("Usual stretch", "focus_duration_s", _seconds),
)
