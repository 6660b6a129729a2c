"""The API's contract as a small server: the dashboard's edge, and the only thing tests fake.

`FakeApi` keeps what tests look at (`requests`) and change (`failures`, `expired`).
Run it by hand with `python dashboard/tests/fake_api.py [PORT]`.
"""

import secrets
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Annotated

import fake_games
import fake_keeping
import fake_lesson
import fake_library
import fake_meetings
import fake_people
import fake_privacy
import fake_recordings
import fake_school
import fake_skills
import fake_tutoring
import uvicorn
from fake_world import World, features_of, iso, make_world, paged
from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse

Limit = Annotated[int, Query(ge=1, le=100)]
EventLimit = Annotated[int, Query(ge=1, le=1000)]


OFFICES = (
    *(fake_school, fake_privacy, fake_keeping, fake_recordings, fake_meetings),
    *(fake_library, fake_tutoring),
)
SUMS = ("active_time_s", "tasks_completed", "failures")


class ProblemError(Exception):
    """Answered as problem+json."""

    def __init__(self, status: int, title: str, detail: str = "", code: str = "") -> None:
        self.status, self.title, self.detail, self.code = status, title, detail, code


class FakeApi:
    """State of the fake: who is signed in, what was asked, what shall fail."""

    def __init__(self) -> None:
        self.world: World = make_world()
        self.sign_ins: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self.requests: list[str] = []
        self.queries: dict[str, str] = {}
        self.failures: dict[str, Response] = {}
        self.delay_s: dict[str, float] = {}
        self.status: dict = {}
        self.ratings: dict[str, list[dict]] = {}
        self.notes: dict[str, list[dict]] = {}
        self.weights: dict = {"version": 0, "created_at": None, "trust": {}}
        for office in OFFICES:
            office.begin(self)
        self.app = _routes(self)

    def expire_tokens(self) -> None:
        """All access tokens are over; sign-ins stand."""
        self.tokens.clear()

    def end_sign_ins(self) -> None:
        """Nobody is signed in any more."""
        self.tokens.clear()
        self.sign_ins.clear()

    def signed_in(self, sign_in_id: str) -> dict:
        token = f"lt_access_{secrets.token_hex(8)}"
        self.tokens[token] = sign_in_id
        user = {k: v for k, v in self.user(sign_in_id).items() if k != "password"}
        return {
            "access_token": token,
            "token_type": "bearer",
            "expires_at": iso(datetime.now(UTC) + timedelta(minutes=15)),
            "refresh_token": None,
            "sign_in_id": sign_in_id,
            "user": user,
        }

    def user(self, sign_in_id: str) -> dict:
        return self.world.users[self.sign_ins[sign_in_id]]

    def caller(self, request: Request, *roles: str) -> dict:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        sign_in_id = self.tokens.get(token)
        if sign_in_id not in self.sign_ins:
            raise ProblemError(401, "Unauthorized", "The token is wrong or expired.")
        user = self.user(sign_in_id)
        if roles and user["role"] not in roles:
            raise ProblemError(403, "Forbidden", "Your role may not do this.")
        return user

    def classes_of(self, user: dict) -> list[dict]:
        if user["username"] == "newcomer":
            return []
        if user["role"] == "game_developer":
            return [one for one in self.world.classes if one["sandbox"]]
        return self.world.classes

    def games_of(self, user: dict) -> list[dict]:
        """The games as `user` sees them: by the latest mapping for people without a school."""
        if user["school"] is not None:
            return self.world.games
        return [
            one | {"mapping_version": one["latest_mapping_version"]} for one in self.world.games
        ]

    def mapping_in_force(self, user: dict, game_id: str, environment: str) -> int:
        if user["school"] is not None and environment == "sandbox":
            return self.world.sandbox_mappings[game_id]
        seen = {one["id"]: one for one in self.games_of(user)}
        return seen[game_id]["mapping_version"]

    def sessions_of(self, student_id: str) -> list[dict]:
        own = [s for s in self.world.sessions.values() if s["student_id"] == student_id]
        return sorted(own, key=lambda one: one["started_at"], reverse=True)

    def student_row(self, student_id: str) -> dict:
        if student_id not in self.world.students:
            raise ProblemError(404, "Not found", "No such student.")
        row = dict(self.world.students[student_id])
        del row["pupil_code"]
        sessions = self.sessions_of(student_id)
        last = max((one["ended_at"] for one in sessions), default=None)
        return row | {"game_session_count": len(sessions), "last_event_at": last}


def _sum(sessions: list[dict], name: str) -> float | None:
    known = [one[name] for one in sessions if one["assessed"]]
    return sum(known) if known or not sessions else None


def _routes(fake: FakeApi) -> FastAPI:
    app = FastAPI()
    api = "/api/v1"

    @app.exception_handler(ProblemError)
    async def problem(_: Request, error: ProblemError) -> JSONResponse:
        body = {"title": error.title, "status": error.status, "detail": error.detail}
        body |= {"code": error.code}
        return JSONResponse(body, error.status, media_type="application/problem+json")

    @app.middleware("http")
    async def watch(request: Request, proceed):
        path = request.url.path.removeprefix(api)
        fake.requests.append(f"{request.method} {path}")
        fake.queries[path] = request.url.query
        time.sleep(fake.delay_s.get(path, 0))
        if path in fake.failures:
            return fake.failures[path]
        return await proceed(request)

    @app.post(f"{api}/auth/login")
    async def login(request: Request) -> dict:
        body = await request.json()
        user = fake.world.users.get(body["username"])
        if user is None or user["password"] != body["password"]:
            raise ProblemError(401, "Unauthorized", "Wrong user name or password.")
        sign_in_id = f"lt_signin_{secrets.token_hex(16)}"
        fake.sign_ins[sign_in_id] = body["username"]
        return fake.signed_in(sign_in_id)

    @app.post(f"{api}/auth/refresh")
    async def refresh(request: Request) -> dict:
        body = await request.json()
        if body.get("sign_in_id") not in fake.sign_ins:
            raise ProblemError(401, "Unauthorized", "This sign-in has ended.")
        return fake.signed_in(body["sign_in_id"])

    @app.post(f"{api}/auth/logout", status_code=204)
    async def logout(request: Request) -> Response:
        fake.caller(request)
        token = request.headers["authorization"].removeprefix("Bearer ")
        del fake.sign_ins[fake.tokens[token]]
        return Response(status_code=204)

    @app.get(f"{api}/classes")
    async def classes(request: Request, limit: Limit = 50, cursor: str | None = None) -> dict:
        rows = [
            one | {"student_count": len(fake.world.members[one["id"]]), "last_event_at": None}
            for one in fake.classes_of(fake.caller(request))
        ]
        return paged(rows, limit, cursor)

    def class_of(request: Request, class_id: str) -> dict:
        for one in fake.classes_of(fake.caller(request)):
            if one["id"] == class_id:
                return one
        raise ProblemError(404, "Not found", "No such class.")

    fake_lesson.add_routes(app, api, fake, class_of)
    fake_skills.add_routes(app, api, fake, class_of)
    fake_people.add_routes(app, api, fake)
    fake_keeping.add_routes(app, api, fake)
    for taught in (fake_recordings, fake_meetings, fake_tutoring):
        taught.add_routes(app, api, fake, ProblemError)
    fake_library.add_routes(app, api, fake, ProblemError, class_of)
    fake_games.add_routes(app, api, fake)
    fake_school.add_routes(app, api, fake)
    fake_privacy.add_routes(app, api, fake, class_of)

    @app.get(f"{api}/classes/{{class_id}}/overview")
    async def overview(request: Request, class_id: str, days: int = 14) -> dict:
        one = class_of(request, class_id)
        since = iso(fake.world.now - timedelta(days=days))
        students = []
        for student_id in fake.world.members[class_id]:
            row = fake.student_row(student_id)
            recent = [s for s in fake.sessions_of(student_id) if s["started_at"] >= since]
            students.append(
                {
                    "id": student_id,
                    "display_name": row["display_name"],
                    "game_session_count": len(recent),
                    "assessed_count": sum(s["assessed"] for s in recent),
                    **{name: _sum(recent, name) for name in SUMS},
                    "last_event_at": row["last_event_at"],
                    "open_game_session_id": next(
                        (s["id"] for s in recent if s["state"] == "open"), None
                    ),
                }
            )
        return {
            "class": one,
            "days": days,
            "data_until": iso(datetime.now(UTC)),
            "students": students,
        }

    @app.get(f"{api}/classes/{{class_id}}/codes")
    async def codes(request: Request, class_id: str) -> dict:
        one = class_of(request, class_id)
        students = [fake.world.students[i] for i in fake.world.members[class_id]]
        return {
            "class_id": class_id,
            "class_name": one["name"],
            "class_code": "WAVE-7K4M",
            "students": [{k: s[k] for k in ("id", "display_name", "pupil_code")} for s in students],
        }

    @app.get(f"{api}/students")
    async def students(
        request: Request, class_id: str, limit: Limit = 50, cursor: str | None = None
    ) -> dict:
        class_of(request, class_id)
        rows = [fake.student_row(i) for i in fake.world.members[class_id]]
        return paged(rows, limit, cursor)

    @app.get(f"{api}/students/{{student_id}}")
    async def student(request: Request, student_id: str) -> dict:
        fake.caller(request)
        return fake.student_row(student_id)

    @app.get(f"{api}/students/{{student_id}}/sessions")
    async def sessions(
        request: Request, student_id: str, limit: Limit = 50, cursor: str | None = None
    ) -> dict:
        fake.caller(request)
        fake.student_row(student_id)
        return paged(fake.sessions_of(student_id), limit, cursor)

    def session_of(request: Request, session_id: str) -> dict:
        fake.caller(request)
        if session_id not in fake.world.sessions:
            raise ProblemError(404, "Not found", "No such game session.")
        return fake.world.sessions[session_id]

    @app.get(f"{api}/game-sessions/{{session_id}}")
    async def session(request: Request, session_id: str) -> dict:
        one = session_of(request, session_id)
        row = fake.student_row(one["student_id"])
        return one | {
            "student": {"id": row["id"], "display_name": row["display_name"]},
            "assessed_at": one["closed_at"],
            "extractor_version": 1,
            "mapping_version": 2,
            "reference_version": None,
            "features": features_of(one) if one["assessed"] else None,
        }

    @app.get(f"{api}/game-sessions/{{session_id}}/events")
    async def events(
        request: Request, session_id: str, limit: EventLimit = 200, cursor: str | None = None
    ) -> dict:
        session_of(request, session_id)
        return paged(fake.world.events[session_id], limit, cursor)

    @app.get(f"{api}/system/status")
    async def status(request: Request) -> dict:
        fake.caller(request, "system_admin")
        return {
            "status": "ok",
            "version": "0.1.0",
            "database": {"status": "ok", "latency_ms": 1.84, "version": "18.6"},
            "migrations": {"current": "0003", "head": "0003"},
            "worker": {"status": "ok", "last_seen_at": iso(datetime.now(UTC))},
            "writer": {"queue_depth": 0},
            "open_game_sessions": 3,
            "due_game_sessions": 1,
            "oldest_due_s": 4.2,
            "warnings": [],
        } | fake.status

    return app


class Served:
    """A fake API on a free port of this machine, in a thread of this process."""

    def __init__(self, fake: FakeApi, port: int = 0) -> None:
        self.fake = fake
        config = uvicorn.Config(fake.app, port=port, log_level="warning")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> "Served":
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=60)

    @property
    def url(self) -> str:
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"


if __name__ == "__main__":
    uvicorn.run(FakeApi().app, port=int(sys.argv[1]) if len(sys.argv) > 1 else 8999)
