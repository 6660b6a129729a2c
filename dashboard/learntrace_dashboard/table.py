"""A real HTML table: sortable by its headings, usable by keyboard, with links that open pages.

Cells are written with `textContent`, so no name or event can become markup. A link also
carries an address, so it opens in a new tab like any other link.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from learntrace_dashboard.estimates import Line

Tone = Literal["plain", "muted", "live", "good", "warn"]
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Column:
    """A heading; numbers stand at the right edge, long texts may take several lines."""

    label: str
    align: Literal["left", "right"] = "left"
    wide: bool = False


@dataclass(frozen=True)
class Cell:
    """A text with what it sorts by, and where it leads.

    With `line` a dot and its interval are drawn, and the text is for those who cannot see them;
    `tint` is the cell's colour. `link` is the value handed back when the link is chosen, `href`
    its address;
    `chip` is a short mark in place of the text, coloured by `tone` and always in words.
    """

    text: str
    sort: float | str | None = None
    link: str | None = None
    href: str | None = None
    chip: str | None = None
    tone: Tone = "plain"
    note: str | None = None
    line: Line | None = None
    tint: str | None = None


Row = Sequence[Cell]


@cache
def _renderer() -> Callable[..., Any]:
    return st.components.v2.component(
        "learntrace_table",
        css=(_HERE / "styles" / "table.css").read_text(encoding="utf-8"),
        js=(_HERE / "scripts" / "table.js").read_text(encoding="utf-8"),
    )


def table(
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    key: str,
    sortable: bool = True,
    dense: bool = False,
) -> str | None:
    """Draw the table; returns the `link` of a cell in the run in which it was chosen."""
    chosen = _renderer()(
        key=key,
        data={
            "caption": caption,
            "columns": [asdict(column) for column in columns],
            "rows": [[asdict(cell) for cell in row] for row in rows],
            "sortable": sortable,
            "dense": dense,
        },
        on_opened_change=lambda: None,
    ).opened
    return chosen if isinstance(chosen, str) else None
