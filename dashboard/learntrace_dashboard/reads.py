"""What the pages read, kept for a short time and only for the person who asked.

Students and classes are kept for 300 s, everything else for 60 s. The first argument of
every read, `caller`, is the person's own sign-in: two people never share an answer.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Concatenate, Generic, ParamSpec, TypeVar

import streamlit as st

from learntrace_dashboard import contract
from learntrace_dashboard.client import ApiError, Client, Listing

STUDENTS_TTL_S = 300
ASSESSMENTS_TTL_S = 60
CHART_EVENTS = 5000
MOST_KEPT = 1000

Args = ParamSpec("Args")
Found = TypeVar("Found")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Read(Generic[Value]):
    """An answer and when the API gave it; `more` where a list goes on behind what was read."""

    value: Value
    at: datetime
    more: bool = False


Reader = Callable[Concatenate[str, Client, Args], Read[Value]]


@st.cache_data(max_entries=MOST_KEPT, show_spinner=False)
def round_of(caller: str) -> str:  # noqa: ARG001 - the cache keeps rounds under it
    """What answers are kept under beside the sign-in, until `round_of.clear(caller)` ends it.

    The process holds it: a page that is loaded again is a new Streamlit session, and must not
    find the answers from before a change.
    """
    return secrets.token_hex(8)


def _one(found: Value) -> Read[Value]:
    return Read(found, datetime.now(UTC))


def _list(found: Listing[contract.Item]) -> Read[tuple[contract.Item, ...]]:
    return Read(found.items, datetime.now(UTC), found.more)


def _read(
    ask: Callable[Concatenate[Client, Args], Found],
    wrap: Callable[[Found], Read[Value]],
    ttl_s: int = ASSESSMENTS_TTL_S,
) -> Reader[Args, Value]:
    """Ask the API by `ask`, and keep each answer for `ttl_s`; 0: never keep one."""

    def read(
        caller: str,  # noqa: ARG001 - the cache keeps answers under it
        _client: Client,
        /,
        *args: Args.args,
        **named: Args.kwargs,
    ) -> Read[Value]:
        return wrap(ask(_client, *args, **named))

    # The cache tells reads apart by this name.
    read.__qualname__ = ask.__qualname__
    if not ttl_s:
        return read
    keep = st.cache_data(ttl=ttl_s, max_entries=MOST_KEPT, show_spinner=False)
    return keep(read)


def _if_there(
    ask: Callable[[Client, str], Found],
) -> Callable[[Client, str], Found | None]:
    """Ask by `ask`; None where there is nothing with the id."""

    def ask_for(client: Client, wanted: str) -> Found | None:
        try:
            return ask(client, wanted)
        except ApiError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise

    ask_for.__qualname__ = f"{ask.__qualname__}_if_there"
    return ask_for


def _chart_events(client: Client, game_session_id: str) -> tuple[contract.PlayEvent, ...]:
    """A play session's first events, at most `CHART_EVENTS`."""
    events: list[contract.PlayEvent] = []
    cursor: str | None = None
    while len(events) < CHART_EVENTS:
        page = client.events(game_session_id, cursor)
        events.extend(page.items)
        cursor = page.next_cursor
        if cursor is None:
            break
    return tuple(events[:CHART_EVENTS])


def forget_all() -> None:
    """Drop every kept answer, also those that were given to others."""
    st.cache_data.clear()


classes = _read(Client.classes, _list, STUDENTS_TTL_S)
students = _read(Client.students, _list, STUDENTS_TTL_S)
student = _read(Client.student, _one, STUDENTS_TTL_S)
class_codes = _read(Client.class_codes, _one, STUDENTS_TTL_S)
rubric = _read(Client.rubric, _one, STUDENTS_TTL_S)
class_overview = _read(Client.class_overview, _one)
class_attention = _read(Client.class_attention, _one)
class_skills = _read(Client.class_skills, _one)
class_now = _read(Client.class_now, _one, 0)
assessment = _read(_if_there(Client.assessment), _one)
progress = _read(Client.progress, _one)
ratings = _read(Client.ratings, _one)
all_ratings = _read(Client.all_ratings, _list)
notes = _read(Client.notes, _one)
timeline = _read(Client.timeline, _one)
weights = _read(Client.weights, _one)
game_sessions = _read(Client.game_sessions, _list)
game_session = _read(Client.game_session, _one)
chart_events = _read(_chart_events, _one)
events_page = _read(Client.events, _one)
consent_policy = _read(Client.consent_policy, _one)
class_consents = _read(Client.class_consents, _one)
consents = _read(Client.consents, _one)
export = _read(Client.export, _one, 0)
retention = _read(Client.retention, _one)
retention_preview = _read(Client.retention_preview, _one)
access_log = _read(Client.access_log, _one)
open_amendments = _read(Client.open_amendments, _list)
amendments = _read(Client.amendments, _list)
staff = _read(Client.staff, _list)
write_keys = _read(Client.write_keys, _one)
games = _read(Client.games, _list)
event_types = _read(Client.event_types, _one)
data_health = _read(Client.data_health, _one)
system_status = _read(Client.system_status, _one, 0)
engines = _read(Client.engines, _one, STUDENTS_TTL_S)
recordings = _read(Client.recordings, _one)
recording = _read(Client.recording, _one, 0)
recording_progress = _read(Client.progress_of, _one, 0)
segments = _read(Client.segments, _one)
talk = _read(Client.talk, _one)
keep_audio = _read(Client.keep_audio, _one)
plan = _read(Client.plan, _one, STUDENTS_TTL_S)
usage = _read(Client.usage, _one)
budget = _read(Client.budget, _one)
clients = _read(Client.clients, _list)
meetings = _read(Client.meetings, _one)
meeting = _read(Client.meeting, _one)
runs = _read(Client.runs, _one)
runs_through = _read(Client.runs_through, _one, 0)
studies = _read(Client.studies, _one, 0)
lessons = _read(Client.lessons, _one)
lessons_now = _read(Client.lessons, _one, 0)
lesson = _read(Client.lesson, _one, 0)
due_cards = _read(Client.due_cards, _list)
due_cards_now = _read(Client.due_cards, _list, 0)
next_cards = _read(Client.next_cards, _one, 0)
to_do = _read(Client.to_do, _list)
recordings_retention = _read(Client.recordings_retention, _one)
scenarios = _read(Client.scenarios, _list, STUDENTS_TTL_S)
scenario = _read(Client.scenario, _one, STUDENTS_TTL_S)
content = _read(Client.content, _one)
all_content = _read(Client.all_content, _list)
facets = _read(Client.facets, _one)
content_item = _read(Client.content_item, _one)
content_item_if_there = _read(_if_there(Client.content_item), _one)
class_tasks = _read(Client.class_tasks, _one)
