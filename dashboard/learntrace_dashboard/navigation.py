"""The pages, who sees them in the menu, and how one leads to another."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from learntrace_dashboard.contract import User
from learntrace_dashboard.texts import Texts

STAFF = frozenset({"teacher", "school_admin"})
DEVELOPERS = frozenset({"game_developer"})
OPERATORS = frozenset({"system_admin"})


@dataclass(frozen=True)
class Place:
    """One page: its address, its name in the menu and who may open it.

    `listed`: in whose menu it stands, for others it is reached from other pages; None: all.
    """

    address: str
    title: str
    icon: str
    section: str
    roles: frozenset[str]
    listed: frozenset[str] | None = None


NOW = Place("now", "nav.now", ":material/sensors:", "nav.school", STAFF)
CLASS = Place("class", "nav.class", ":material/groups:", "nav.school", STAFF)
SKILLS = Place("skills", "nav.skills", ":material/grid_on:", "nav.school", STAFF)
RATE = Place("rate", "nav.rate", ":material/edit_note:", "nav.school", STAFF)
STUDENT = Place(
    "student", "nav.student", ":material/person:", "nav.school", STAFF | DEVELOPERS, listed=STAFF
)
SESSION = Place(
    "session",
    "nav.session",
    ":material/timeline:",
    "nav.school",
    STAFF | DEVELOPERS,
    listed=frozenset(),
)
CODES = Place("codes", "nav.codes", ":material/id_card:", "nav.school", STAFF)
TEST_PLAYERS = Place(
    "test-players",
    "nav.test",
    ":material/science:",
    "nav.checks",
    STAFF | DEVELOPERS,
)
HEALTH = Place(
    "data-health",
    "nav.health",
    ":material/monitor_heart:",
    "nav.checks",
    STAFF | DEVELOPERS | OPERATORS,
)
SYSTEM = Place("system", "nav.system", ":material/dns:", "nav.checks", OPERATORS)
_pages: ContextVar[dict[str, st.Page]] = ContextVar("pages")
PLACES = (NOW, CLASS, SKILLS, STUDENT, SESSION, RATE, CODES, TEST_PLAYERS, SYSTEM, HEALTH)


def may_open(place: Place, user: User) -> bool:
    """Whether the page is part of this person's account; the API decides about the data."""
    return user.role in place.roles


def section_of(place: Place, user: User | None) -> str | None:
    """The heading over the page in this person's menu, None where it does not stand there."""
    listed = place.roles if place.listed is None else place.listed
    if user is None or user.role not in listed:
        return None
    return "nav.games" if user.role in DEVELOPERS else place.section


def home_of(user: User) -> Place:
    """The page a person starts on."""
    starts = (CLASS, SYSTEM, TEST_PLAYERS)
    return next((place for place in starts if may_open(place, user)), HEALTH)


def menu(texts: Texts, user: User | None, views: Mapping[str, Callable[[], None]]) -> st.Page:
    """Register all pages and draw the menu; returns the page to run.

    `views` draws the page of each address. All pages are always registered, so that a link
    into the dashboard survives logging in.
    """
    registered: dict[str, st.Page] = {}
    _pages.set(registered)
    home = st.Page(views[""], title="Learntrace", default=True, visibility="hidden")
    sections: dict[str, list[st.Page]] = {"": [home]}
    for place in PLACES:
        section = section_of(place, user)
        page = st.Page(
            views[place.address],
            title=texts(place.title),
            icon=place.icon,
            url_path=place.address,
            visibility="visible" if section else "hidden",
        )
        registered[place.address] = page
        sections.setdefault(texts(section) if section else "", []).append(page)
    return st.navigation(sections, position="sidebar" if user else "hidden", expanded=True)


def go(place: Place, query: Mapping[str, str]) -> NoReturn:
    """Open a page, with what to show in its address."""
    st.switch_page(_pages.get()[place.address], query_params=dict(query))
