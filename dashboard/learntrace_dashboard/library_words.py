"""How scenarios, content and what is assigned are named on every page about them."""

from collections.abc import Iterable
from datetime import date
from math import ceil
from typing import Final, TypeVar
from urllib.parse import urlencode

import streamlit as st

from learntrace_dashboard import navigation
from learntrace_dashboard.contract import Student
from learntrace_dashboard.contract_library import DIFFICULTIES, ContentItem, Phase, Scenario, Task
from learntrace_dashboard.contract_tutoring import Assignment
from learntrace_dashboard.look import desk
from learntrace_dashboard.recording_new import language_name
from learntrace_dashboard.rows import name_order
from learntrace_dashboard.table import Cell
from learntrace_dashboard.tabs import PART
from learntrace_dashboard.texts import Texts

Due = TypeVar("Due", Task, Assignment)
CRITERIA_WANTED: Final = 0.7
"""The share of its success criteria with which the API holds a part to be done; a test compares."""
PLACES = {"scenario": navigation.SCENARIO, "content": navigation.CONTENT}
"""The page of each kind that has one; its name in the address is the kind."""


def today() -> date:
    """The day at the school."""
    at_desk = desk()
    return at_desk.now.astimezone(at_desk.formats.zone).date()


def word(texts: Texts, room: str, name: str) -> str:
    """What the catalogue calls it; a new word of the API is shown as it is."""
    key = f"{room}.{name}"
    return texts(key) if texts.has(key) else name


def difficulty(one: str) -> Cell:
    """A difficulty, which sorts from the easiest."""
    rank = DIFFICULTIES.index(one) if one in DIFFICULTIES else len(DIFFICULTIES)
    return Cell(word(desk().texts, "difficulty", one), sort=rank)


def category(one: str) -> str:
    """Travel for travel, Daily life for daily-life."""
    return one.replace("-", " ").capitalize()


def in_brief(texts: Texts, one: Scenario | ContentItem) -> str:
    """Beginner · English."""
    return f"{word(texts, 'difficulty', one.difficulty)} · {language_name(texts, one.language)}"


def least_met(count: int) -> int:
    """How many of so many success criteria have to be met."""
    # 0.7 * 10 is a little more than 7 to a computer.
    return ceil(CRITERIA_WANTED * count - 1e-9)


def done_when(phase: Phase) -> str:
    """When a part of a scenario counts as done, in words."""
    texts = desk().texts
    count = len(phase.success_criteria)
    if not count:
        return texts("scenario.done_when_enough")
    least = least_met(count)
    if least == count:
        return texts.count("scenario.done_when_all", count)
    return texts("scenario.done_when", least=least, count=count)


def named(one: Task) -> str:
    """The title of what is assigned."""
    texts = desk().texts
    if one.kind == "review":
        return texts("assigned.review")
    return one.title or texts("assigned.gone")


def names_of(students: Iterable[Student]) -> dict[str, str]:
    """Names by id, in the order of the alphabet."""
    known = {one.id: one.display_name for one in students}
    return dict(sorted(known.items(), key=lambda one: name_order(one[1])))


def by_due(found: Iterable[Due]) -> list[Due]:
    """What is due first comes first, then what has no day; of each, as it was before."""
    return sorted(found, key=lambda one: one.due_on or date.max)


def due(day: date | None, *, overdue: bool) -> Cell:
    """The day until which something is to be done; what has none sorts last."""
    at_desk = desk()
    if day is None:
        return Cell(at_desk.texts("assigned.no_day"), sort="9", tone="muted")
    told, sort = at_desk.rows.day(day), day.isoformat()
    if overdue:
        late = at_desk.texts("assigned.overdue", day=told)
        return Cell("", chip=late, tone="warn", sort=sort)
    return Cell(told, sort=sort)


def leading(kind: str, source_id: str, text: str, note: str | None = None) -> Cell:
    """A title that leads to the page of the scenario or content item."""
    place = PLACES[kind]
    query = urlencode(desk().query(**{kind: source_id}, **for_whom()))
    return Cell(text, link=f"{kind}={source_id}", href=f"{place.address}?{query}", note=note)


def follow(opened: str | None) -> None:
    """Open the page that a `leading` cell leads to, where one was chosen."""
    kind, _, source_id = (opened or "").partition("=")
    if kind in PLACES:
        navigation.go(PLACES[kind], desk().query(**{kind: source_id}, **for_whom()))


def for_whom() -> dict[str, str]:
    """The student for whom the library was opened, as the address says it; empty without one."""
    whom = st.query_params.get("student")
    return {"student": whom} if whom else {}


def to_part(part: str, **query: str) -> dict[str, str]:
    """The address of a tab of the page of lessons."""
    at_desk = desk()
    return at_desk.query(**query) | {PART: at_desk.texts(f"tab.{part}")}
