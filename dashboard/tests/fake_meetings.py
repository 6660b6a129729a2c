"""Meetings, who is coached, and the school's plan in the fake API."""

from datetime import UTC, datetime
from random import Random

from fake_world import an_id, iso
from fastapi import FastAPI, Request, Response

PLAN = {
    "id": "pro",
    "aliases": [],
    "minutes_per_month": 3000,
    "file_size_mb": 200,
    "export_formats": ["json", "txt", "vtt", "srt", "xlsx"],
    "concurrent_jobs": 3,
    "retention_days": 365,
}
STATUSES = ((0, "green"), (50, "yellow"), (75, "orange"), (90, "red"), (100, "critical"))


def begin(fake) -> None:
    """Nobody is coached; the plan is nearly used up."""
    fake.clients = {}
    fake.meetings = {}
    fake.plan = dict(PLAN)
    fake.minutes_used = 2412.5
    fake.budget = {"budget_micro": 0, "spent_micro": 0, "reserved_micro": 0}


def a_client(fake, coach: dict, *, name: str | None = None, student_id: str | None = None) -> dict:
    """Somebody who is coached."""
    now = iso(datetime.now(UTC))
    one = {
        "id": an_id(Random(f"client {len(fake.clients)}")),
        "name": name or fake.world.students[student_id]["display_name"],
        "is_anonymized": False,
        "student_id": student_id,
        "coach": {"id": coach["id"], "name": coach["display_name"]},
        "created_at": now,
        "updated_at": now,
    }
    fake.clients[one["id"]] = one
    return one


def a_meeting(fake, client: dict, day: str, **known) -> dict:
    """A meeting with somebody."""
    now = iso(datetime.now(UTC))
    one = {
        "id": an_id(Random(f"meeting {len(fake.meetings)}")),
        "client_id": client["id"],
        "coach": client["coach"],
        "session_date": day,
        "duration_min": None,
        "notes": "",
        "fee_amount": 0,
        "fee_currency": None,
        "transcription_session_id": None,
        "observations": [],
        "created_at": now,
        "updated_at": now,
    } | known
    fake.meetings[one["id"]] = one
    return one


def told(fake, one: dict) -> dict:
    """A meeting as the API tells it."""
    recording = fake.recordings.get(one["transcription_session_id"])
    brief = ("id", "name", "is_anonymized", "student_id")
    summary = ("id", "status", "title", "segments_count")
    return one | {
        "client": {name: fake.clients[one["client_id"]][name] for name in brief},
        "transcription_session": recording and {name: recording[name] for name in summary},
    }


def pages(items: list[dict], page: int, size: int) -> dict:
    """One page by its number."""
    start = (page - 1) * size
    return {
        "items": items[start : start + size],
        "total": len(items),
        "page": page,
        "page_size": size,
        "total_pages": -(-len(items) // size),
    }


def add_routes(app: FastAPI, api: str, fake, problem: type[Exception]) -> None:
    def staff(request: Request) -> dict:
        return fake.caller(request, "teacher", "school_admin")

    def client_of(request: Request, client_id: str) -> dict:
        staff(request)
        if client_id not in fake.clients:
            raise problem(404, "Not found", "Client not found")
        return fake.clients[client_id]

    def meeting_of(request: Request, meeting_id: str) -> dict:
        staff(request)
        if meeting_id not in fake.meetings:
            raise problem(404, "Not found", "Coaching session not found")
        return fake.meetings[meeting_id]

    @app.get(f"{api}/clients")
    async def clients(request: Request, page: int = 1, page_size: int = 20) -> dict:
        staff(request)
        known = sorted(fake.clients.values(), key=lambda one: one["name"] or "~")
        return pages(known, page, page_size)

    @app.post(f"{api}/clients", status_code=201)
    async def add(request: Request) -> dict:
        return a_client(fake, staff(request), **await request.json())

    @app.patch(f"{api}/clients/{{client_id}}")
    async def rename(request: Request, client_id: str) -> dict:
        one = client_of(request, client_id)
        one |= await request.json()
        return one

    @app.post(f"{api}/clients/{{client_id}}/anonymize")
    async def anonymize(request: Request, client_id: str) -> dict:
        one = client_of(request, client_id)
        one |= {"name": None, "student_id": None, "is_anonymized": True}
        return one

    @app.delete(f"{api}/clients/{{client_id}}", status_code=204)
    async def forget(request: Request, client_id: str) -> Response:
        client_of(request, client_id)
        if any(one["client_id"] == client_id for one in fake.meetings.values()):
            raise problem(409, "Conflict", "There are meetings with this client.")
        del fake.clients[client_id]
        return Response(status_code=204)

    @app.get(f"{api}/coaching-sessions")
    async def meetings(
        request: Request, client_id: str | None = None, page: int = 1, page_size: int = 20
    ) -> dict:
        staff(request)
        found = [
            told(fake, one)
            for one in sorted(fake.meetings.values(), key=lambda m: m["session_date"], reverse=True)
            if client_id in (None, one["client_id"])
        ]
        return pages(found, page, page_size)

    @app.post(f"{api}/coaching-sessions", status_code=201)
    async def note(request: Request) -> dict:
        staff(request)
        body = await request.json()
        client = client_of(request, body.pop("client_id"))
        return told(fake, a_meeting(fake, client, body.pop("session_date"), **body))

    @app.get(f"{api}/coaching-sessions/{{meeting_id}}")
    async def read(request: Request, meeting_id: str) -> dict:
        return told(fake, meeting_of(request, meeting_id))

    @app.patch(f"{api}/coaching-sessions/{{meeting_id}}")
    async def change(request: Request, meeting_id: str) -> dict:
        one = meeting_of(request, meeting_id)
        one |= await request.json()
        return told(fake, one)

    @app.delete(f"{api}/coaching-sessions/{{meeting_id}}", status_code=204)
    async def delete(request: Request, meeting_id: str) -> Response:
        del fake.meetings[meeting_of(request, meeting_id)["id"]]
        return Response(status_code=204)

    @app.post(f"{api}/coaching-sessions/{{meeting_id}}/observations", status_code=201)
    async def observe(request: Request, meeting_id: str) -> dict:
        one, user = meeting_of(request, meeting_id), staff(request)
        seen = await request.json() | {
            "id": an_id(Random(f"seen {len(one['observations'])}")),
            "observed_on": one["session_date"],
            "rater": {"id": user["id"], "name": user["display_name"]},
            "created_at": iso(datetime.now(UTC)),
        }
        one["observations"].append(seen)
        return seen

    @app.delete(
        f"{api}/coaching-sessions/{{meeting_id}}/observations/{{rating_id}}", status_code=204
    )
    async def take_back(request: Request, meeting_id: str, rating_id: str) -> Response:
        one = meeting_of(request, meeting_id)
        one["observations"] = [s for s in one["observations"] if s["id"] != rating_id]
        return Response(status_code=204)

    @app.get(f"{api}/plans/current")
    async def plan(request: Request) -> dict:
        staff(request)
        return {"plan": fake.plan, "since": None}

    def budget() -> dict:
        spent, most = fake.budget["spent_micro"], fake.budget["budget_micro"]
        share = None if most == 0 else spent * 10_000 // most / 10_000
        reached = [word for percent, word in STATUSES if spent and 100 * spent >= percent * most]
        status = reached[-1] if reached else "green"
        return fake.budget | {"share": share, "status": status, "reset_date": "2026-12-01"}

    @app.get(f"{api}/plan/budget")
    async def read_budget(request: Request) -> dict:
        staff(request)
        return budget()

    @app.put(f"{api}/plan/budget")
    async def put_budget(request: Request) -> dict:
        fake.caller(request, "school_admin")
        fake.budget |= await request.json()
        return budget()

    @app.get(f"{api}/plan/current-usage")
    async def usage(request: Request) -> dict:
        staff(request)
        most = fake.plan["minutes_per_month"]
        lines = [
            ("sessions", 31, -1, False),
            ("transcriptions", 28, -1, False),
            ("minutes", fake.minutes_used, most, 0 < 0.8 * most <= fake.minutes_used),
            ("concurrent_jobs", 0, fake.plan["concurrent_jobs"], False),
            ("events", None, -1, False),
        ]
        return {
            "plan": fake.plan["id"],
            "period_start": "2026-11-01",
            "reset_date": "2026-12-01",
            "usage": [
                {"type": kind, "current": current, "limit": limit, "warning": warning,
                 "reset_date": "2026-12-01"}
                for kind, current, limit, warning in lines
            ],
        }  # fmt: skip
