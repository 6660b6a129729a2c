"""The rows of the table, in its order: each route of the application, by what it is about.

A new route is a new `Route` in its file of `areas`; `python -m pytest backend/tests/access --write`
then writes docs/access.md anew. What the route needs that no place has yet is made in
`places.settle`.
"""

from collections.abc import Mapping

from .areas import play, records, school, skills, talk, tutoring
from .route import API, Names, Route


def _codes(names: Names) -> dict[str, str]:
    return {name: names[name] for name in ("game_id", "class_code", "pupil_code")}


def _login(names: Names) -> dict[str, str]:
    return {name: names[name] for name in ("username", "password")}


def _refresh(names: Names) -> dict[str, str]:
    return {"refresh_token": names["refresh_token"]}


OPEN = (
    Route("get", "/health", "ask whether the system is up"),
    Route("get", "/liveness", "ask whether the process lives"),
    Route("get", "/readiness", "ask whether the process can answer"),
    Route("post", f"{API}/auth/login", "sign in with name and password", _login),
    Route("post", f"{API}/auth/refresh", "stay signed in with a refresh token, once", _refresh),
    Route("post", f"{API}/players/join", "join with a class code and a pupil's code", _codes),
    # The beginning of an MP3 file.
    Route(
        "put", f"{API}/uploads/{{token}}", "upload audio to an address that was given", csv="ID3"
    ),
)

SECTIONS: Mapping[str, tuple[Route, ...]] = {
    "Oneself": school.ONESELF,
    "Play that arrives": play.ARRIVING,
    "Classes": play.CLASSES,
    "A student's play": play.STUDENTS_PLAY,
    "Estimates of skills": skills.ESTIMATES,
    "Work with a tutor": tutoring.TUTORING,
    "What teachers write": skills.WRITTEN,
    "Recordings": talk.RECORDINGS,
    "Meetings": talk.HELD,
    "Consent": records.CONSENT,
    "What is said to be wrong": records.AMENDMENTS,
    "How long things are kept": records.KEPT,
    "Plans": school.PLANS,
    "People of the school": school.PEOPLE,
    "Write keys": school.WRITE_KEYS,
    "A student's whole record": records.WHOLE_RECORD,
    "Games": play.GAMES,
    "The system": school.SYSTEM,
}
