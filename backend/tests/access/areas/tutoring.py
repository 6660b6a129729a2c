"""Work with a tutor: learning sessions, scenarios, content, review."""

from typing import Any

from tests.learning_sessions.given import FERRY, FERRY_CHANGED

from ..route import API, Names, Route


def _learning(names: Names) -> dict[str, str]:
    about = {"session_type": "vocabulary_review", "language": "en"}
    return {"student_id": names["student_id"], **about}


def _of_student(names: Names) -> dict[str, str]:
    return {"student_id": names["student_id"]}


def _assignment(names: Names) -> dict[str, Any]:
    return {
        "kind": "scenario",
        "source_id": names["scenario_id"],
        "student_ids": [names["student_id"]],
    }


OF_STUDENT = {"student_id": "{student_id}"}
ASSIGNED = f"{API}/learning-sessions/assignments"
SCENARIOS = f"{API}/scenarios"
SCENARIO = f"{SCENARIOS}/{{scenario_id}}"
CONTENT = f"{API}/content"
CONTENT_ITEM = f"{CONTENT}/{{content_id}}"
LEARNING = f"{API}/learning-sessions/{{learning_session_id}}"

TUTORING = (
    Route(
        "post",
        f"{API}/learning-sessions",
        "begin a learning session",
        _learning,
        of_student=True,
    ),
    Route(
        "get",
        f"{API}/learning-sessions",
        "list learning sessions",
        shows="learning_session_id",
    ),
    Route("get", LEARNING, "read a learning session"),
    Route("patch", LEARNING, "bring a learning session on", {"items_correct": 1}),
    Route("post", f"{LEARNING}/complete", "complete a learning session"),
    Route("delete", LEARNING, "take away a learning session that goes on"),
    Route("post", ASSIGNED, "assign something", _assignment),
    Route("get", ASSIGNED, "list what is assigned", shows="assignment_id"),
    Route("delete", f"{ASSIGNED}/{{assignment_id}}", "take an assignment back"),
    Route(
        "post",
        f"{ASSIGNED}/withdraw",
        "take assignments back",
        lambda names: {"assignment_ids": [names["assignment_id"]]},
    ),
    Route("get", f"{API}/classes/{{class_id}}/assignments", "read what is assigned to a class"),
    Route("get", SCENARIOS, "list scenarios", shows="scenario_id"),
    Route("get", SCENARIO, "read a scenario"),
    Route(
        "get",
        f"{SCENARIOS}/progress",
        "read how far a student is in scenarios",
        query=OF_STUDENT,
        of_student=True,
    ),
    Route("post", f"{SCENARIO}/start", "begin a scenario", _of_student, of_student=True),
    Route(
        "get",
        f"{SCENARIO}/progress",
        "read how far a student is in a scenario",
        query=OF_STUDENT,
        of_student=True,
    ),
    Route(
        "post",
        f"{SCENARIO}/progress",
        "bring a scenario on",
        lambda names: {"student_id": names["student_id"], "phase": "counter"},
        of_student=True,
    ),
    Route(
        "delete",
        f"{SCENARIO}/progress",
        "take away a scenario that goes on",
        query=OF_STUDENT,
        of_student=True,
    ),
    Route("post", f"{SCENARIO}/complete", "complete a scenario", _of_student, of_student=True),
    Route("post", CONTENT, "save content", FERRY),
    Route("get", CONTENT, "list content", shows="content_id"),
    Route("get", f"{CONTENT}/facets", "read by what content is found"),
    Route("get", CONTENT_ITEM, "read a content item"),
    Route("put", CONTENT_ITEM, "change a content item", FERRY_CHANGED),
    Route("delete", CONTENT_ITEM, "delete a content item"),
    Route("put", f"{CONTENT_ITEM}/favourite", "mark a content item", {"favourite": True}),
    Route("post", f"{CONTENT_ITEM}/start", "study content", _of_student, of_student=True),
    Route(
        "get",
        f"{CONTENT_ITEM}/history",
        "read how a student studied content",
        query=OF_STUDENT,
        of_student=True,
    ),
    Route(
        "get",
        f"{API}/review-cards",
        "list review cards",
        shows="card_id",
        query=OF_STUDENT,
        of_student=True,
    ),
    Route(
        "post",
        f"{API}/review-cards/{{card_id}}/answer",
        "answer a review card",
        {"recall": "good"},
    ),
)
