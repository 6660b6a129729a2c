"""What the pages read, kept for a short time and only for the person who asked.

Students and classes are kept for 300 s, everything else for 60 s. The first argument of
every read, `caller`, is the person's own sign-in: two people never share an answer.
"""
# ruff: noqa: ARG001 (`caller` is read by the cache, which keeps answers under it)

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Generic, TypeVar

import streamlit as st

from learntrace_dashboard import contract, contract_lesson, contract_skills
from learntrace_dashboard.client import ApiError, Client, Listing

STUDENTS_TTL_S = 300
ASSESSMENTS_TTL_S = 60
CHART_EVENTS = 5000

Value = TypeVar("Value")


@dataclass(frozen=True)
class Read(Generic[Value]):
    """An answer and when the API gave it; `more` where a list goes on behind what was read."""

    value: Value
    at: datetime
    more: bool = False


def _now(value: Value) -> Read[Value]:
    return Read(value, datetime.now(UTC))


def _listed(listing: Listing[contract.Item]) -> Read[tuple[contract.Item, ...]]:
    return Read(listing.items, datetime.now(UTC), listing.more)


@st.cache_data(ttl=STUDENTS_TTL_S, max_entries=500, show_spinner=False)
def classes(caller: str, _client: Client) -> Read[tuple[contract.SchoolClass, ...]]:
    """The caller's classes."""
    return _listed(_client.classes())


@st.cache_data(ttl=STUDENTS_TTL_S, max_entries=1000, show_spinner=False)
def students(caller: str, _client: Client, class_id: str) -> Read[tuple[contract.Student, ...]]:
    """The students of a class."""
    return _listed(_client.students(class_id))


@st.cache_data(ttl=STUDENTS_TTL_S, max_entries=2000, show_spinner=False)
def student(caller: str, _client: Client, student_id: str) -> Read[contract.Student]:
    """One student."""
    return _now(_client.student(student_id))


@st.cache_data(ttl=STUDENTS_TTL_S, max_entries=500, show_spinner=False)
def class_codes(caller: str, _client: Client, class_id: str) -> Read[contract.ClassCodes]:
    """The join codes of a class."""
    return _now(_client.class_codes(class_id))


@st.cache_data(ttl=ASSESSMENTS_TTL_S, max_entries=1000, show_spinner=False)
def class_overview(
    caller: str, _client: Client, class_id: str, days: int
) -> Read[contract.ClassOverview]:
    """A class over some days."""
    return _now(_client.class_overview(class_id, days))


def class_now(client: Client, class_id: str) -> Read[contract_lesson.ClassNow]:
    """A class at this moment: never kept."""
    return _now(client.class_now(class_id))


@st.cache_data(ttl=ASSESSMENTS_TTL_S, max_entries=500, show_spinner=False)
def class_attention(caller: str, _client: Client, class_id: str) -> Read[contract_lesson.Attention]:
    """Whose work in a class is stuck."""
    return _now(_client.class_attention(class_id))


@st.cache_data(ttl=ASSESSMENTS_TTL_S, max_entries=500, show_spinner=False)
def class_skills(caller: str, _client: Client, class_id: str) -> Read[contract_skills.ClassSkills]:
    """The latest estimates of everybody in a class."""
    return _now(_client.class_skills(class_id))


@st.cache_data(ttl=ASSESSMENTS_TTL_S, max_entries=1000, show_spinner=False)
def assessment(
    caller: str, _client: Client, student_id: str
) -> Read[contract_skills.Assessment | None]:
    """A student's latest assessment, None before the first."""
    try:
        return _now(_client.assessment(student_id))
    except ApiError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            return Read(None, datetime.now(UTC))
        raise


@st.cache_data(ttl=ASSESSMENTS_TTL_S, max_entries=1000, show_spinner=False)
def progress(
    caller: str, _client: Client, student_id: str, days: int
) -> Read[contract_skills.Progress]:
    """A student's estimates over time."""
    return _now(_client.progress(student_id, days))


@st.cache_data(ttl=STUDENTS_TTL_S, max_entries=100, show_spinner=False)
def rubric(caller: str, _client: Client) -> Read[contract_skills.Rubric]:
    """The levels by which skills are rated."""
    return _now(_client.rubric())


@st.cache_data(ttl=ASSESSMENTS_TTL_S, max_entries=1000, show_spinner=False)
def ratings(caller: str, _client: Client, student_id: str) -> Read[contract_skills.Ratings]:
    """A student's ratings."""
    return _now(_client.ratings(student_id))


@st.cache_data(ttl=ASSESSMENTS_TTL_S, max_entries=1000, show_spinner=False)
def notes(caller: str, _client: Client, student_id: str) -> Read[contract_skills.Notes]:
    """The notes about a student."""
    return _now(_client.notes(student_id))


@st.cache_data(ttl=ASSESSMENTS_TTL_S, max_entries=1000, show_spinner=False)
def game_sessions(
    caller: str, _client: Client, student_id: str
) -> Read[tuple[contract.GameSessionLine, ...]]:
    """A student's play sessions, newest first."""
    return _listed(_client.game_sessions(student_id))


@st.cache_data(ttl=ASSESSMENTS_TTL_S, max_entries=1000, show_spinner=False)
def game_session(caller: str, _client: Client, game_session_id: str) -> Read[contract.GameSession]:
    """One play session."""
    return _now(_client.game_session(game_session_id))


@st.cache_data(ttl=ASSESSMENTS_TTL_S, max_entries=200, show_spinner=False)
def chart_events(
    caller: str, _client: Client, game_session_id: str
) -> Read[tuple[contract.PlayEvent, ...]]:
    """A play session's first events, at most `CHART_EVENTS`."""
    events: list[contract.PlayEvent] = []
    cursor: str | None = None
    while len(events) < CHART_EVENTS:
        page = _client.events(game_session_id, cursor)
        events.extend(page.items)
        cursor = page.next_cursor
        if cursor is None:
            break
    return _now(tuple(events[:CHART_EVENTS]))


@st.cache_data(ttl=ASSESSMENTS_TTL_S, max_entries=500, show_spinner=False)
def events_page(
    caller: str, _client: Client, game_session_id: str, cursor: str | None, limit: int
) -> Read[contract.EventsPage]:
    """One page of a play session's events."""
    return _now(_client.events(game_session_id, cursor, limit))


@st.cache_data(ttl=ASSESSMENTS_TTL_S, max_entries=200, show_spinner=False)
def games(caller: str, _client: Client) -> Read[tuple[contract.Game, ...]]:
    """The games the caller may see."""
    return _listed(_client.games())


@st.cache_data(ttl=ASSESSMENTS_TTL_S, max_entries=200, show_spinner=False)
def event_types(
    caller: str, _client: Client, game_id: str, environment: contract.Environment
) -> Read[contract.EventTypes]:
    """A game's event names in one environment."""
    return _now(_client.event_types(game_id, environment))


@st.cache_data(ttl=ASSESSMENTS_TTL_S, max_entries=200, show_spinner=False)
def data_health(caller: str, _client: Client, game_id: str) -> Read[contract.DataHealth]:
    """What arrives from a game and what is refused."""
    return _now(_client.data_health(game_id))


def system_status(client: Client) -> Read[contract.SystemStatus]:
    """The installation as it is now: never kept."""
    return _now(client.system_status())
