"""What is said: recordings and meetings."""

from typing import Any

from ..route import API, CAPTIONS, SANDBOX, Names, Route


def _recording(names: Names) -> dict[str, str]:
    return {"title": "Reading", "language": "en", "student_id": names["student_id"]}


def _meeting(names: Names) -> dict[str, Any]:
    return {"client_id": names["client_id"], "session_date": "2026-03-02"}


def _segment_role(names: Names) -> dict[str, Any]:
    return {"roles": {names["segment_id"]: "peer"}}


def _segment_content(names: Names) -> dict[str, Any]:
    return {"contents": {names["segment_id"]: "I counted thirteen."}}


MANY = {"page_size": "50"}
RECORDING = f"{API}/sessions/{{transcription_session_id}}"
CLIENTS, MEETINGS = f"{API}/clients", f"{API}/coaching-sessions"
MEETING = f"{MEETINGS}/{{coaching_session_id}}"

RECORDINGS = (
    Route("post", f"{API}/sessions", "begin a recording of a student", _recording),
    Route("get", f"{API}/sessions", "list recordings", shows="transcription_session_id"),
    Route("get", RECORDING, "read how a recording stands"),
    Route("get", f"{RECORDING}/features", "read how a student talks in a recording"),
    Route("get", f"{RECORDING}/audio", "listen to a recording"),
    Route(
        "post",
        f"{RECORDING}/upload-url",
        "get an address to upload audio to",
        query={"filename": "a.wav", "file_size_mb": "1"},
        refused_own=409,
    ),
    Route("post", f"{RECORDING}/confirm-upload", "say that audio is uploaded"),
    Route("post", f"{RECORDING}/cancel", "cancel a recording", refused_own=409),
    Route("delete", RECORDING, "delete a recording"),
    Route("get", f"{API}/sessions/providers", "list engines that transcribe"),
    Route(
        "post",
        f"{RECORDING}/start-transcription",
        "have a recording transcribed",
        refused_own=409,
    ),
    Route(
        "post",
        f"{RECORDING}/retry-transcription",
        "have one transcribed that failed",
        refused_own=409,
    ),
    Route("get", f"{RECORDING}/status", "read how far a transcription is"),
    Route("post", f"{RECORDING}/transcript", "upload a transcript", captions=CAPTIONS),
    Route("get", f"{RECORDING}/transcript", "take a transcript away as a file"),
    Route("get", f"{RECORDING}/segments", "read a transcript"),
    Route(
        "patch",
        f"{RECORDING}/speaker-roles",
        "say who the speakers are",
        {"roles": {"S1": "teacher"}},
    ),
    Route("patch", f"{RECORDING}/segment-roles", "say who speaks", _segment_role),
    Route("patch", f"{RECORDING}/segment-content", "correct a transcript", _segment_content),
    Route("put", f"{RECORDING}/checked", "hold a transcript to be right", {"checked": True}),
    Route("get", f"{API}/schools/recordings", "read whether the school keeps audio"),
    Route(
        "put",
        f"{API}/schools/recordings",
        "set whether the school keeps audio",
        {"keep_audio": True},
    ),
)

HELD = (
    Route("get", CLIENTS, "list clients", shows="client_id", query=MANY),
    Route(
        "post",
        CLIENTS,
        "make a student a client",
        lambda names: {"student_id": names["student_id"]},
        query=SANDBOX,
    ),
    Route("get", f"{CLIENTS}/{{client_id}}", "read one client"),
    Route(
        "patch",
        f"{CLIENTS}/{{client_id}}",
        "rename a client who is no student",
        {"name": "Noor"},
        refused_own=409,
    ),
    Route("post", f"{CLIENTS}/{{client_id}}/anonymize", "take a client's name away"),
    Route("delete", f"{CLIENTS}/{{client_id}}", "delete a client"),
    *(
        route
        for path in (MEETINGS, f"{MEETINGS}/")
        for route in (
            Route("get", path, "list meetings", shows="coaching_session_id", query=MANY),
            Route("post", path, "note a meeting", _meeting),
        )
    ),
    Route("get", MEETING, "read one meeting"),
    Route("patch", MEETING, "change a meeting", {"notes": "Fractions."}),
    Route("delete", MEETING, "delete a meeting"),
    Route(
        "post",
        f"{MEETING}/transcript",
        "upload what was said in a meeting",
        captions=CAPTIONS,
        only_live=True,
    ),
    Route(
        "post",
        f"{MEETING}/observations",
        "rate a student by a meeting",
        {"skill": "empathy", "level": 2},
    ),
    Route("delete", f"{MEETING}/observations/{{rating_id}}", "take back one's own observation"),
)
