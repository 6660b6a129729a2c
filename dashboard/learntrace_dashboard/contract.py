"""The shapes of the API's answers that the dashboard reads.

Unknown members are ignored, so a newer API does not break an older dashboard.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from learntrace_dashboard.hiding import StudentName

Environment = Literal["live", "sandbox"]
Item = TypeVar("Item", bound="Answer")


class Answer(BaseModel):
    """Base of all answers: immutable, tolerant of members it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class School(Answer):
    """The tenant a person works for; times are shown in its `timezone` (an IANA name)."""

    id: str
    name: str
    timezone: str = "UTC"
    language: str = "en"


class User(Answer):
    """A person who signed in."""

    id: str
    username: str
    display_name: str
    role: str
    school: School | None = None


class SignedIn(Answer):
    """What login and refresh answer; `sign_in_id` is the opaque id the cookie remembers."""

    access_token: str
    expires_at: datetime | None = None
    sign_in_id: str | None = None
    user: User


class Named(Answer):
    """Anything with an id and a name."""

    id: str
    name: str


class SchoolClass(Named):
    """A class; `sandbox` marks the test class, which is never shown among the others."""

    sandbox: bool = False
    student_count: int = 0
    last_event_at: datetime | None = None


class OverviewStudent(Answer):
    """One student's play over the days of the overview.

    The sums are over the `assessed_count` play sessions that have been assessed.
    """

    id: str
    display_name: StudentName
    game_session_count: int
    assessed_count: int
    active_time_s: float | None = None
    tasks_completed: int | None = None
    failures: int | None = None
    last_event_at: datetime | None = None
    open_game_session_id: str | None = None


class ClassOfOverview(Named):
    """The class an overview is about."""

    sandbox: bool = False


class ClassOverview(Answer):
    """Every student of one class over the last `days` days."""

    school_class: ClassOfOverview = Field(alias="class")
    days: int
    data_until: datetime | None = None
    students: tuple[OverviewStudent, ...]


class CodeOfStudent(Answer):
    """One card of the codes sheet."""

    id: str
    display_name: StudentName
    pupil_code: str


class ClassCodes(Answer):
    """The codes with which the students of a class join a game."""

    class_id: str
    class_name: str
    class_code: str
    students: tuple[CodeOfStudent, ...]


class Student(Answer):
    """One student and the classes he or she is in.

    `extra_time`: has extra time or assistive tools, so nothing that depends on speed counts.
    """

    id: str
    display_name: StudentName
    classes: tuple[Named, ...] = ()
    extra_time: bool = False
    game_session_count: int = 0
    last_event_at: datetime | None = None


class GameSessionLine(Answer):
    """One play session in a student's list; counts are None until it is assessed."""

    id: str
    game: Named
    state: str
    started_at: datetime
    ended_at: datetime
    event_count: int
    assessed: bool = False
    active_time_s: float | None = None
    tasks_completed: int | None = None
    failures: int | None = None


class Feature(Answer):
    """A behavioural feature: a value with unit and range, or None with a reason in words."""

    value: float | bool | None = None
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    reason: str | None = None
    title: str
    meaning: str = ""
    reason_text: str | None = None
    cut_off: bool | None = None


class Task(Answer):
    """One attempt at a task inside a play session."""

    task: str
    title: str | None = None
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str
    attempts: int = 0
    failures: int = 0
    active_time_s: float | None = None


class StudentOfSession(Answer):
    """Whose play session it is."""

    id: str
    display_name: StudentName


class GameSession(Answer):
    """One play session; `features` is None until it has been assessed."""

    id: str
    student: StudentOfSession
    game: Named
    state: str
    started_at: datetime
    ended_at: datetime
    closed_at: datetime | None = None
    event_count: int
    assessed_at: datetime | None = None
    extractor_version: str | int | None = None
    mapping_version: str | int | None = None
    reference_version: str | int | None = None
    features: Mapping[str, Feature] | None = None
    tasks: tuple[Task, ...] = ()


class PlayEvent(Answer):
    """One stored event with what the game's mapping makes of it."""

    event_id: str
    event_type: str
    behaviours: tuple[str, ...] = ()
    mapped: bool = False
    task: str | None = None
    task_title: str | None = None
    skill: str | None = None
    item: str | None = None
    correct: bool | None = None
    timestamp: datetime
    corrected_at: datetime | None = None
    received_at: datetime
    sequence: int | None = None
    mission_id: str | None = None
    game_version: str | None = None
    data: Any = None


class Game(Named):
    """A game whose play arrives here, and its newest mapping; 0: it has the built-in one only."""

    latest_mapping_version: int


class EventType(Answer):
    """How often one event name arrived, and whether the mapping knows it."""

    event_type: str
    environment: Environment
    count: int
    mapped: bool
    behaviours: tuple[str, ...] = ()
    last_received_at: datetime | None = None


class EventTypes(Answer):
    """All event names of a game in one environment, and the mapping in force there.

    Mapping version 0 is the built-in vocabulary.
    """

    game_id: str
    mapping_version: int
    total: int
    mapped: int
    unmapped: int
    event_types: tuple[EventType, ...] = ()


class Rejection(Answer):
    """Events that were refused on one day for one reason."""

    day: date
    environment: Environment
    code: str
    count: int
    detail: str | None = None
    last_at: datetime | None = None


class LastSeen(Answer):
    """When each environment's newest event arrived."""

    live: datetime | None = None
    sandbox: datetime | None = None


class DataHealth(Answer):
    """What arrives from one game and what is refused."""

    game_id: str
    last_event_at: LastSeen = LastSeen()
    rejections: tuple[Rejection, ...] = ()


class DatabaseStatus(Answer):
    """The database as the API sees it."""

    status: str
    latency_ms: float | None = None
    version: str | None = None


class Migrations(Answer):
    """The schema's version and the one the code expects."""

    current: str | None = None
    head: str | None = None


class WorkerStatus(Answer):
    """The background worker's last sign of life."""

    status: str
    last_seen_at: datetime | None = None


class WriterStatus(Answer):
    """How many events wait to be written."""

    queue_depth: int | None = None


class SystemStatus(Answer):
    """The state of the whole installation."""

    status: str
    version: str | None = None
    database: DatabaseStatus
    migrations: Migrations = Migrations()
    worker: WorkerStatus
    writer: WriterStatus = WriterStatus()
    open_game_sessions: int | None = None
    due_game_sessions: int | None = None
    oldest_due_s: float | None = None
    warnings: tuple[str, ...] = ()


class Page(Answer, Generic[Item]):
    """One page of a list; `next_cursor` is None on the last one."""

    items: tuple[Item, ...] = ()
    next_cursor: str | None = None


class EventsPage(Answer):
    """One page of a play session's events; not generic, because the cache has to store it."""

    items: tuple[PlayEvent, ...] = ()
    next_cursor: str | None = None
