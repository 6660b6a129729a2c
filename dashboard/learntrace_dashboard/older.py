"""Lists that are read page by page: the newest first, older ones when somebody asks."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

import streamlit as st

from learntrace_dashboard.look import desk, part
from learntrace_dashboard.reads import Reader


class _Page(Protocol):
    @property
    def next_cursor(self) -> str | None: ...


Page = TypeVar("Page", bound=_Page)
About = TypeVar("About")


def read_pages(
    name: str, read: Reader[[About, str | None], Page], about: About
) -> tuple[Page, ...] | None:
    """As many pages as were asked for so far; None where reading failed.

    `about` is whom or what they are about, such as a student's id.
    """
    pages: list[Page] = []
    cursor: str | None = None
    for _ in range(st.session_state.get(_wanted(name, about), 1)):
        page = part(name, read, about, cursor)
        if page is None:
            return None
        pages.append(page)
        cursor = page.next_cursor
        if cursor is None:
            break
    return tuple(pages)


def show_older(name: str, about: object, pages: Sequence[_Page]) -> None:
    """The button that reads one page more; nothing where the list has ended."""
    if pages[-1].next_cursor is None:
        return
    st.button(
        desk().texts(f"older.{name}"),
        key=f"lt-older-{name}",
        icon=":material/expand_more:",
        on_click=_want_more,
        args=(_wanted(name, about), len(pages) + 1),
    )


def _wanted(name: str, about: object) -> str:
    return f"lt_pages_{name}_{about}"


def _want_more(wanted: str, count: int) -> None:
    st.session_state[wanted] = count
