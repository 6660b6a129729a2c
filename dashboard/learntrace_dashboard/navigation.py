"""The pages, who sees them in the menu, and how one leads to another."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from learntrace_dashboard.contract import User
from learntrace_dashboard.texts import Texts

STAFF = frozenset({"teacher", "school_admin"})
SCHOOL_ADMINS = frozenset({"school_admin"})
DEVELOPERS = frozenset({"game_developer"})
OPERATORS = frozenset({"system_admin"})
EVERYBODY = STAFF | DEVELOPERS | OPERATORS


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
RECORDINGS = Place("recordings", "nav.recordings", ":material/mic:", "nav.school", STAFF)
RECORDING = Place(
    "recording", "nav.recording", ":material/mic:", "nav.school", STAFF, listed=frozenset()
)
MEETINGS = Place("meetings", "nav.meetings", ":material/forum:", "nav.school", STAFF)
MEETING = Place(
    "meeting", "nav.meeting", ":material/forum:", "nav.school", STAFF, listed=frozenset()
)
LESSONS = Place("lessons", "nav.lessons", ":material/menu_book:", "nav.school", STAFF)
SCENARIO = Place(
    "scenario", "nav.scenario", ":material/menu_book:", "nav.school", STAFF, listed=frozenset()
)
CONTENT = Place(
    "content", "nav.content", ":material/article:", "nav.school", STAFF, listed=frozenset()
)
CONTENT_FORM = Place(
    "content-form", "content.form", ":material/edit:", "nav.school", STAFF, listed=frozenset()
)
COACHED = Place(
    "coached", "coached.title", ":material/groups_2:", "nav.school", STAFF, listed=frozenset()
)
TUTORING = Place(
    "tutoring",
    "nav.tutoring",
    ":material/school:",
    "nav.school",
    STAFF,
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
SCHOOL = Place("school", "nav.people", ":material/apartment:", "nav.office", SCHOOL_ADMINS)
PASSWORD = Place(
    "password", "password.title", ":material/key:", "nav.office", EVERYBODY, listed=frozenset()
)
PRIVACY = Place("privacy", "nav.privacy", ":material/shield_person:", "nav.office", SCHOOL_ADMINS)
WEIGHTS = Place("weights", "nav.weights", ":material/balance:", "nav.checks", STAFF)
SYSTEM = Place("system", "nav.system", ":material/dns:", "nav.checks", OPERATORS)
_pages: ContextVar[dict[str, st.Page]] = ContextVar("pages")
PLACES = (
    *(
        NOW,
        CLASS,
        SKILLS,
        STUDENT,
        SESSION,
        RATE,
        MEETINGS,
        MEETING,
        COACHED,
        LESSONS,
        SCENARIO,
        CONTENT,
        CONTENT_FORM,
        RECORDINGS,
        RECORDING,
        TUTORING,
    ),
    *(CODES, SCHOOL, PRIVACY),
    *(TEST_PLAYERS, SYSTEM, HEALTH, WEIGHTS, PASSWORD),
)


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
