"""Play that arrives, what is read of it, and the games it comes from."""

from typing import Any
from uuid import uuid4

from tests.world import now

from ..route import API, SANDBOX, Names, Route


def _event(names: Names) -> dict[str, Any]:
    return {
        "event_id": str(uuid4()),
        "student_id": names["student_id"],
        "session_id": names["session_id"],
        "event_type": "task_start",
        "timestamp": now().isoformat(),
        "data": {},
    }


def _batch(names: Names) -> dict[str, Any]:
    return {"batch_id": str(uuid4()), "client_version": "1", "events": [_event(names)]}


MAPPING = {"events": {"UP": {"behaviours": ["choice"]}}}
NEXT = {"skills": "adding"}

ARRIVING = (
    Route("post", f"{API}/telemetry/events", "store one event of a pupil", _event),
    Route("post", f"{API}/telemetry/batch", "store events of pupils", _batch),
    Route("post", f"{API}/telemetry/validate", "have events judged, not stored", _batch),
    Route("get", f"{API}/telemetry/status/{{batch_id}}", "ask what became of events sent"),
    Route("post", f"{API}/telemetry/session/{{session_id}}/close", "close a game session"),
    Route(
        "get",
        f"{API}/adaptive/{{student_id}}/next",
        "ask what the pupil plays next",
        query=NEXT,
    ),
)

CLASSES = (
    Route("get", f"{API}/classes", "list classes", shows="class_id"),
    Route("get", f"{API}/classes/{{class_id}}/overview", "read how a class plays"),
    Route("get", f"{API}/classes/{{class_id}}/now", "see who of a class plays now"),
    Route("get", f"{API}/classes/{{class_id}}/attention", "see who of a class needs help"),
    Route("get", f"{API}/classes/{{class_id}}/skills", "read the skills of a class"),
    Route("get", f"{API}/classes/{{class_id}}/codes", "read the codes that let pupils in"),
)

STUDENTS_PLAY = (
    Route("get", f"{API}/students", "list students", shows="student_id", query=SANDBOX),
    Route("get", f"{API}/students/{{student_id}}", "read who a student is"),
    Route(
        "get",
        f"{API}/students/{{student_id}}/sessions",
        "list a student's game sessions",
        shows="game_session_id",
    ),
    Route("get", f"{API}/students/{{student_id}}/timeline", "read a student's timeline"),
    Route("get", f"{API}/students/{{student_id}}/progress", "read a student's progress"),
    Route("get", f"{API}/game-sessions/{{game_session_id}}", "read one game session"),
    Route(
        "get",
        f"{API}/game-sessions/{{game_session_id}}/events",
        "read every event of a game session",
    ),
)

GAMES = (
    Route("get", f"{API}/games", "list games", shows="game_id"),
    Route("get", f"{API}/games/{{game_id}}/event-types", "count events by type"),
    Route("get", f"{API}/games/{{game_id}}/data-health", "count what was refused, and why"),
    Route("get", f"{API}/games/{{game_id}}/mapping", "read a game's mapping"),
    Route("put", f"{API}/games/{{game_id}}/mapping", "publish a mapping", MAPPING),
    Route(
        "put",
        f"{API}/games/{{game_id}}/mapping-choice",
        "choose the school's version",
        {"version": None},
    ),
)
