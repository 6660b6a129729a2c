"""What is thought of a student: estimates, and what teachers write."""

from typing import Any

from ..route import API, Names, Route


def _rating(names: Names) -> dict[str, Any]:
    return {"ratings": [{"student_id": names["student_id"], "skill": "empathy", "level": 2}]}


ESTIMATES = (
    Route("get", f"{API}/assessments/{{student_id}}", "read a student's assessment"),
    Route(
        "get",
        f"{API}/assessments/{{student_id}}/{{skill}}",
        "read a student's assessment of one skill",
    ),
    Route(
        "get",
        f"{API}/assessments/{{student_id}}/history",
        "read a student's earlier assessments",
    ),
    Route("post", f"{API}/assessments/{{student_id}}", "assess a student now"),
    Route("get", f"{API}/skills/{{student_id}}", "read a student's skills"),
    Route("get", f"{API}/skills/{{student_id}}/{{skill}}", "read one skill of a student"),
    Route("post", f"{API}/infer/{{student_id}}", "estimate a student's skills now"),
    Route("post", f"{API}/infer/{{student_id}}/{{skill}}", "estimate one skill now"),
    Route(
        "post",
        f"{API}/infer-batch",
        "estimate the skills of several students",
        lambda names: {"student_ids": [names["student_id"]]},
        unless="not_found",
    ),
    Route("get", f"{API}/fusion/weights", "read how the school weighs sources"),
    Route(
        "put",
        f"{API}/fusion/weights",
        "set how the school weighs sources",
        {"weights": []},
    ),
)

WRITTEN = (
    Route("get", f"{API}/ratings/rubric", "read what the levels mean"),
    Route("post", f"{API}/ratings", "rate students", _rating),
    Route("get", f"{API}/students/{{student_id}}/ratings", "read ratings of a student"),
    Route(
        "delete",
        f"{API}/students/{{student_id}}/ratings/{{rating_id}}",
        "take back one's own rating",
    ),
    Route("get", f"{API}/students/{{student_id}}/notes", "read notes on a student"),
    Route(
        "post",
        f"{API}/students/{{student_id}}/notes",
        "write a note on a student",
        {"text": "Helped."},
    ),
    Route("delete", f"{API}/students/{{student_id}}/notes/{{note_id}}", "delete one's own note"),
    Route(
        "put",
        f"{API}/students/{{student_id}}/extra-time",
        "say that a student has extra time",
        {"extra_time": True},
    ),
)
