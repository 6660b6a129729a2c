"""The pages, who sees them in the menu, and how one leads to another."""

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import streamlit as st

from learntrace_dashboard.contract import User
from learntrace_dashboard.texts import Texts

VIEWS_FOLDER = Path(__file__).parent / "views"
STAFF = frozenset({"teacher", "school_admin"})
DEVELOPERS = frozenset({"game_developer"})
OPERATORS = frozenset({"system_admin"})


@dataclass(frozen=True)
class Place:
    """One page: its file, its address, its name in the menu and who may open it.

    A page with `listed` false is reached from other pages only.
    """

    file: str
    address: str
    title: str
    icon: str
    section: str
    roles: frozenset[str]
    listed: bool = True


CLASS = Place("class_overview.py", "class", "nav.class", ":material/groups:", "nav.school", STAFF)
STUDENT = Place(
    "student.py", "student", "nav.student", ":material/person:", "nav.school", STAFF | DEVELOPERS
)
SESSION = Place(
    "game_session.py",
    "session",
    "nav.session",
    ":material/timeline:",
    "nav.school",
    STAFF | DEVELOPERS,
    listed=False,
)
CODES = Place("codes.py", "codes", "nav.codes", ":material/id_card:", "nav.school", STAFF)
TEST_PLAYERS = Place(
    "test_players.py",
    "test-players",
    "nav.test",
    ":material/science:",
    "nav.checks",
    STAFF | DEVELOPERS,
)
HEALTH = Place(
    "data_health.py",
    "data-health",
    "nav.health",
    ":material/monitor_heart:",
    "nav.checks",
    STAFF | DEVELOPERS | OPERATORS,
)
SYSTEM = Place(
    "system_status.py", "system", "nav.system", ":material/dns:", "nav.checks", OPERATORS
)
PLACES = (CLASS, STUDENT, SESSION, CODES, TEST_PLAYERS, SYSTEM, HEALTH)


def may_open(place: Place, user: User) -> bool:
    """Whether the page is part of this person's account; the API decides about the data."""
    return user.role in place.roles


def home_of(user: User) -> Place:
    """The page a person starts on."""
    starts = (CLASS, SYSTEM, TEST_PLAYERS)
    return next((place for place in starts if may_open(place, user)), HEALTH)


def menu(texts: Texts, user: User | None) -> st.Page:
    """Register all pages and draw the menu; returns the page to run.

    All pages are always registered, so that a link into the dashboard survives logging in.
    """
    home = st.Page(VIEWS_FOLDER / "home.py", title="Learntrace", default=True, visibility="hidden")
    sections: dict[str, list[st.Page]] = {"": [home]}
    for place in PLACES:
        visible = user is not None and place.listed and may_open(place, user)
        page = st.Page(
            VIEWS_FOLDER / place.file,
            title=texts(place.title),
            icon=place.icon,
            url_path=place.address,
            visibility="visible" if visible else "hidden",
        )
        sections.setdefault(texts(place.section) if visible else "", []).append(page)
    return st.navigation(sections, position="sidebar" if user else "hidden", expanded=True)


def go(place: Place, **query: str) -> NoReturn:
    """Open a page, with what to show in its address."""
    st.switch_page(f"views/{place.file}", query_params=query)
