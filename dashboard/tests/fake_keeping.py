"""Retention, access log and amendment requests of the fake school."""

from datetime import UTC, date, datetime, timedelta
from random import Random

from fake_world import an_id, iso, paged
from fastapi import FastAPI, Request


def begin(fake) -> None:
    """Students who left are kept for a year; some read and did something; nobody asked."""
    fake.retention = {"play_days": None, "left_days": 365, "audit_days": 730}
    fake.log = log_of(fake)
    fake.amendments = []


def entry(fake, at: datetime, words: str, *student_ids: str, **values) -> dict:
    """An entry of the access log, by the teacher unless told otherwise."""
    user = fake.world.users["t.winter"]
    return {
        "id": an_id(Random(words + iso(at))),
        "at": iso(at),
        "who": {"id": user["id"], "name": user["display_name"]},
        "by": "person",
        "action": "GET /x",
        "words": words,
        "class": None,
        "students": [
            {"student_id": i, "display_name": fake.world.students[i]["display_name"]}
            for i in student_ids[:5]
        ],
        "student_count": len(student_ids),
        "erased_count": 0,
    } | values


def log_of(fake) -> list[dict]:
    """What the access log begins with, newest first."""
    now, one = fake.world.now, fake.world.classes[0]
    members = fake.world.members[one["id"]]
    named = {"id": one["id"], "name": one["name"]}
    nobody = {"who": None, "by": "command"}
    return [
        entry(fake, now, "opened the class's skills", *members, **{"class": named}),
        entry(fake, now - timedelta(hours=1), "opened the student's page", members[1]),
        entry(fake, now - timedelta(days=2), "exported everything about the student",
              members[2], **nobody),
        entry(fake, now - timedelta(days=2), "chose a new password for Tess Arnold by a link",
              who=None, by="link"),
        entry(fake, now - timedelta(days=3), "erased the student", student_count=1,
              erased_count=1, **nobody),
    ]  # fmt: skip


def add_routes(app: FastAPI, api: str, fake) -> None:
    @app.get(f"{api}/schools/retention")
    async def retention(request: Request) -> dict:
        fake.caller(request, "school_admin")
        return fake.retention

    @app.put(f"{api}/schools/retention")
    async def put_retention(request: Request) -> dict:
        fake.caller(request, "school_admin")
        fake.retention = await request.json()
        return fake.retention

    @app.get(f"{api}/schools/retention/preview")
    async def preview(
        request: Request, play_days: int | None = None, left_days: int | None = None
    ) -> dict:
        fake.caller(request, "school_admin")
        today = fake.world.now.date()
        much = play_days is not None and play_days < 365
        return {
            "play_before": play_days and (today - timedelta(days=play_days)).isoformat(),
            "left_before": left_days and (today - timedelta(days=left_days)).isoformat(),
            "students": 0 if left_days is None else 2,
            "counts": {"events": 1200 if much else 0, "game_sessions": 31 if much else 0},
        }

    @app.get(f"{api}/schools/audit")
    async def audit(
        request: Request,
        person_id: str | None = None,
        student_id: str | None = None,
        since: date | None = None,
        until: date | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> dict:
        fake.caller(request, "school_admin")
        found = [
            one
            for one in fake.log
            if (person_id is None or (one["who"] or {}).get("id") == person_id)
            and (student_id is None or student_id in [s["student_id"] for s in one["students"]])
            and (since is None or date.fromisoformat(one["at"][:10]) >= since)
            and (until is None or date.fromisoformat(one["at"][:10]) < until)
        ]
        return paged(found, limit, cursor)

    @app.get(f"{api}/schools/amendments")
    async def wishes(request: Request, state: str) -> dict:
        fake.caller(request, "school_admin")
        names = fake.world.students
        found = [
            one | {"display_name": names[one["student_id"]]["display_name"]}
            for one in fake.amendments
            if one["state"] == state
        ]
        return {"items": found, "next_cursor": None}

    @app.get(f"{api}/students/{{student_id}}/amendments")
    async def of_student(request: Request, student_id: str) -> dict:
        fake.caller(request, "teacher", "school_admin")
        found = [one for one in fake.amendments if one["student_id"] == student_id]
        return {"items": found, "next_cursor": None}

    def by(request: Request, *roles: str) -> dict:
        user = fake.caller(request, *roles)
        return {"id": user["id"], "name": user["display_name"]}

    @app.post(f"{api}/students/{{student_id}}/amendments", status_code=201)
    async def note(request: Request, student_id: str) -> dict:
        made = await request.json() | {
            "id": an_id(Random(len(fake.requests))),
            "student_id": student_id,
            "noted_by": by(request, "teacher", "school_admin"),
            "created_at": iso(datetime.now(UTC)),
            "state": "open",
            "decision": None,
            "statement": None,
        }
        fake.amendments.insert(0, made)
        return made

    @app.post(f"{api}/students/{{student_id}}/amendments/{{amendment_id}}/decision")
    async def decide(request: Request, student_id: str, amendment_id: str) -> dict:
        told, who = await request.json(), by(request, "school_admin")
        one = next(one for one in fake.amendments if one["id"] == amendment_id)
        one["state"] = "accepted" if told["accepted"] else "refused"
        one["decision"] = {"words": told["words"], "at": iso(datetime.now(UTC)), "by": who}
        one["statement"] = told["statement"]
        return one
