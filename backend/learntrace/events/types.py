"""What an event is, and the behaviours that a game's own event names stand for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Behaviour(StrEnum):
    """What a pupil did, in words that mean the same in every game."""

    TASK_START = "task_start"
    TASK_COMPLETE = "task_complete"
    TASK_ABANDON = "task_abandon"
    ATTEMPT = "attempt"
    FAILURE = "failure"
    RETRY = "retry"
    SUCCESS = "success"
    HINT_REQUEST = "hint_request"
    CHOICE = "choice"
    PAUSE = "pause"
    RESUME = "resume"
    FOCUS_LOST = "focus_lost"
    FOCUS_GAINED = "focus_gained"
    COLLABORATION_OFFERED = "collaboration_offered"
    COLLABORATION_TAKEN = "collaboration_taken"
    HELP_GIVEN = "help_given"
    HELP_RECEIVED = "help_received"
    LEADERSHIP_OFFERED = "leadership_offered"
    LEADERSHIP_TAKEN = "leadership_taken"
    HEARTBEAT = "heartbeat"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a game, as its client told it and the server kept it.

    `timestamp` is the client's clock, microseconds, aware UTC; `corrected_at` the same instant
    on the server's clock; `data` the game's own payload, kept as sent.
    """

    event_id: UUID
    student_id: UUID
    game_session_id: UUID
    event_type: str
    timestamp: datetime
    received_at: datetime
    corrected_at: datetime
    data: Mapping[str, Any]
    mission_id: str | None
    game_version: str
    sequence: int | None


@dataclass(frozen=True, slots=True)
class MappedEvent:
    """An event read through its game's mapping.

    `mapped` is false for an event that no rule of the mapping reads; its `behaviours` are empty
    then. A rule may name no behaviour: such an event is activity and nothing more. One event may
    stand for several (a `begin` can start a task and offer help). `task`, `skill`, `item` are the
    mapping's keys, `None` where the event names none; `correct` is `None` where the event says
    nothing of right or wrong. `sequence` is the mapping's counter field where it names one, else
    the event's own. `opportunity` tells one offer to collaborate or lead from another.
    """

    event: Event
    behaviours: tuple[Behaviour, ...]
    mapped: bool
    task: str | None
    skill: str | None
    item: str | None
    correct: bool | None
    sequence: int | None
    opportunity: str | None = None
