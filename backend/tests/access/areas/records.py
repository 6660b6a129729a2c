"""What a school must answer for: consent, amendments, how long, the whole record."""

from typing import Any

from ..route import API, Names, Route


def _consents(names: Names) -> dict[str, Any]:
    return {"student_ids": [names["student_id"]], "kind": "audio", "state": "verified"}


WRONG = {"about": "note", "text": "It was Ben.", "asked_by": "mother"}

CONSENT = (
    Route("get", f"{API}/schools/consent-policy", "read what the school requires"),
    Route(
        "put",
        f"{API}/schools/consent-policy",
        "set what the school requires",
        {"required": ["research"]},
    ),
    Route(
        "get",
        f"{API}/classes/{{class_id}}/consents",
        "read the consents of a class",
        only_live=True,
    ),
    Route("get", f"{API}/students/{{student_id}}/consents", "read a student's consents"),
    Route(
        "put",
        f"{API}/students/{{student_id}}/consents/{{kind}}",
        "note a consent of a student",
        {"state": "verified"},
        only_live=True,
    ),
    Route(
        "post",
        f"{API}/consents",
        "note a consent of several students",
        _consents,
        only_live=True,
    ),
)

AMENDMENTS = (
    Route(
        "get",
        f"{API}/students/{{student_id}}/amendments",
        "read requests to amend a student's record",
    ),
    Route(
        "post",
        f"{API}/students/{{student_id}}/amendments",
        "note a request to amend a student's record",
        WRONG,
        only_live=True,
    ),
    Route(
        "post",
        f"{API}/students/{{student_id}}/amendments/{{amendment_id}}/decision",
        "decide a request to amend a student's record",
        {"accepted": True, "words": "It was."},
    ),
    Route(
        "get",
        f"{API}/schools/amendments",
        "list requests to amend records",
        shows="amendment_id",
        only_live=True,
    ),
)

KEPT = (
    Route("get", f"{API}/schools/retention", "read how long the school keeps what"),
    Route(
        "put",
        f"{API}/schools/retention",
        "set how long the school keeps what",
        {"play_days": None, "left_days": None},
    ),
    Route("get", f"{API}/schools/retention/preview", "count what would go"),
    Route(
        "get",
        f"{API}/schools/recordings-retention",
        "read how long the plan keeps recordings, and what would go",
    ),
    Route(
        "put",
        f"{API}/schools/recordings-retention",
        "let recordings go after the plan's days",
        {"confirmed_days": None},
    ),
)

WHOLE_RECORD = (
    Route("get", f"{API}/students/{{student_id}}/export", "get everything about a student"),
    Route(
        "post",
        f"{API}/students/{{student_id}}/erasure",
        "erase a student",
        lambda names: {"confirm": names["student_name"]},
    ),
    Route("get", f"{API}/schools/audit", "read who read or changed what of whom"),
)
