"""What an import did, for the person who started it."""

from collections.abc import Callable, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
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
    """One row a closed session: who, how much, and the features or a mark where there is none.

    It fits 80 columns; what the marks mean stands below. Students are told by the first eight
    characters of their ids: a write key may not read names.
    """
    if not report.closed:
        return
    counts_tasks = any(closed.tasks_completed is not None for closed in report.closed)
    marks: dict[str, str] = {}
    table = Table(title="Game sessions", title_justify="left", box=SIMPLE_HEAD, padding=0)
    table.add_column("Student", no_wrap=True)
    if counts_tasks:
        table.add_column("Tasks\ndone", justify="right")
    for heading, _, _ in _COLUMNS:
        table.add_column(heading, justify="right")
    for closed in sorted(report.closed, key=lambda closed: report.sessions[closed.session_id]):
        cells = [_cell(closed.features, name, show, marks) for _, name, show in _COLUMNS]
        if counts_tasks:
            cells.insert(0, _tasks_done(closed.tasks_completed, marks))
        table.add_row(report.sessions[closed.session_id][:8], *cells)
    console.print(table)
    if marks:
        legend = "; ".join(f"{mark} {words}" for words, mark in marks.items())
        console.print(f"No value: {legend}.", style="dim", highlight=False)


def _tasks_done(count: int | None, marks: dict[str, str]) -> Text:
    return _mark("being computed", marks) if count is None else Text(_count(count))


def _cell(
    features: Mapping[str, Any] | None,
    name: str,
    show: Callable[[float], str],
    marks: dict[str, str],
) -> Text:
    """The value; without one a numbered mark, `marks` telling which reason has which."""
    feature = (features or {}).get(name)
    if feature is not None and feature["value"] is not None:
        return Text(show(feature["value"]))
    return _mark(_reason(features, feature), marks)


def _mark(words: str, marks: dict[str, str]) -> Text:
    return Text(marks.setdefault(words, f"–{len(marks) + 1}"), style="dim")


def _reason(features: Mapping[str, Any] | None, feature: Mapping[str, Any] | None) -> str:
    if features is None:
        return "being computed"
    if feature is None:
        return "not measured"
    reason = str(feature.get("reason"))
    return REASONS.get(reason, reason.replace("_", " "))


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
    ("Minutes\nplaying", "active_time_s", _minutes),
    ("Tasks\nfinished", "task_completion_rate", _percent),
    ("Tried\nagain after\na failure", "retry_rate", _percent),
    ("Finished\nafter a\nfailure", "recovery_rate", _percent),
    ("Time on\ntask", "distraction_resistance", _percent),
    ("Usual\nstretch", "focus_duration_s", _seconds),
)
