"""What people tell the fake API: ratings, notes, extra time, weights; and the timeline of it."""

from datetime import UTC, datetime
from random import Random
from typing import Annotated

from fake_skills import SKILLS
from fake_world import GAME, an_id, iso, paged
from fastapi import FastAPI, Query, Request, Response

Limit = Annotated[int, Query(ge=1, le=100)]
SOURCES = ("game_play", "learning_sessions", "transcripts", "teacher_ratings")
QUESTION = "In the last weeks, what did the pupil do after something had gone wrong?"
LEVELS = (
    "mostly left the task after it went wrong",
    "tried once more when an adult cheered on",
    "often tried again without being asked",
    "tried again, used what went wrong, and helped others to do so",
)


def timeline_of(fake, student_id: str) -> list[dict]:
    """Play, an estimate after each play session that was assessed, ratings and notes."""
    items = []
    for one in fake.sessions_of(student_id):
        done = one["tasks_completed"]
        items.append(
            {
                "at": one["started_at"],
                "kind": "game_session",
                "id": one["id"],
                "words": f"Played {GAME['name']} and finished {done} tasks."
                if one["assessed"]
                else f"Played {GAME['name']}.",
            }
        )
        if one["assessed"]:
            words = "Skills were estimated anew."
            items.append(
                {"at": one["ended_at"], "kind": "assessment", "id": one["id"], "words": words}
            )
    for one in fake.ratings.get(student_id, []):
        name = one["skill"].replace("_", " ").capitalize()
        words = f"{name}, as {one['rater']['name']} saw it: {LEVELS[one['level'] - 1]}."
        items.append({"at": one["created_at"], "kind": "rating", "id": one["id"], "words": words})
    items += [
        {
            "at": one["ended_at"],
            "kind": "learning_session",
            "id": one["id"],
            "words": f"Had a lesson with {len(one['answers'])} answers.",
        }
        for one in fake.lessons.values()
        if one["student_id"] == student_id and one["ended_at"]
    ]
    items += [
        {"at": one["created_at"], "kind": "note", "id": one["id"], "words": one["text"]}
        for one in fake.notes.get(student_id, [])
    ]
    return sorted(items, key=lambda one: one["at"], reverse=True)


def weights_of(fake) -> dict:
    """Every pair of skill and source; what was never set is 1."""
    return {
        "version": fake.weights["version"],
        "created_at": fake.weights["created_at"],
        "weights": [
            {
                "source": source,
                "skill": skill,
                "trust": fake.weights["trust"].get((source, skill), 1),
            }
            for skill in SKILLS
            for source in SOURCES
        ],
    }


def add_routes(app: FastAPI, api: str, fake) -> None:
    @app.get(f"{api}/ratings/rubric")
    async def rubric(request: Request) -> dict:
        fake.caller(request)
        levels = [{"level": at, "words": words} for at, words in enumerate(LEVELS, start=1)]
        return {
            "skills": [
                {
                    "skill": skill,
                    "name": skill.replace("_", " ").capitalize(),
                    "question": QUESTION,
                    "levels": levels,
                }
                for skill in SKILLS
            ]
        }

    def by(request: Request) -> dict:
        user = fake.caller(request)
        return {"id": user["id"], "name": user["display_name"]}

    @app.post(f"{api}/ratings", status_code=201)
    async def rate(request: Request) -> dict:
        body = (await request.json())["ratings"]
        rater = by(request)
        for one in body:
            made = {
                "id": an_id(Random(len(fake.requests))),
                "skill": one["skill"],
                "level": one["level"],
                "observed_on": one.get("observed_on") or fake.world.now.date().isoformat(),
                "rater": rater,
                "created_at": iso(datetime.now(UTC)),
            }
            fake.ratings.setdefault(one["student_id"], []).append(made)
        return {"stored": len(body)}

    @app.get(f"{api}/students/{{student_id}}/ratings")
    async def ratings(
        request: Request, student_id: str, limit: Limit = 50, cursor: str | None = None
    ) -> dict:
        fake.caller(request)
        return paged(fake.ratings.get(student_id, [])[::-1], limit, cursor)

    @app.delete(f"{api}/students/{{student_id}}/ratings/{{rating_id}}", status_code=204)
    async def unrate(request: Request, student_id: str, rating_id: str) -> Response:
        fake.caller(request)
        kept = [one for one in fake.ratings.get(student_id, []) if one["id"] != rating_id]
        fake.ratings[student_id] = kept
        return Response(status_code=204)

    @app.get(f"{api}/students/{{student_id}}/notes")
    async def notes(
        request: Request, student_id: str, limit: Limit = 50, cursor: str | None = None
    ) -> dict:
        fake.caller(request)
        return paged(fake.notes.get(student_id, [])[::-1], limit, cursor)

    @app.post(f"{api}/students/{{student_id}}/notes", status_code=201)
    async def write(request: Request, student_id: str) -> dict:
        body = await request.json()
        note = {
            "id": an_id(Random(len(fake.requests))),
            "text": body["text"],
            "author": by(request),
            "created_at": iso(datetime.now(UTC)),
        }
        fake.notes.setdefault(student_id, []).append(note)
        return note

    @app.delete(f"{api}/students/{{student_id}}/notes/{{note_id}}", status_code=204)
    async def forget(request: Request, student_id: str, note_id: str) -> Response:
        fake.caller(request)
        fake.notes[student_id] = [
            one for one in fake.notes.get(student_id, []) if one["id"] != note_id
        ]
        return Response(status_code=204)

    @app.put(f"{api}/students/{{student_id}}/extra-time")
    async def extra_time(request: Request, student_id: str) -> dict:
        fake.caller(request)
        told = await request.json()
        fake.world.students[student_id]["extra_time"] = told["extra_time"]
        return told

    @app.get(f"{api}/students/{{student_id}}/timeline")
    async def timeline(
        request: Request, student_id: str, limit: Limit = 50, cursor: str | None = None
    ) -> dict:
        fake.caller(request)
        return paged(timeline_of(fake, student_id), limit, cursor)

    @app.get(f"{api}/fusion/weights")
    async def weights(request: Request) -> dict:
        fake.caller(request, "teacher", "school_admin")
        return weights_of(fake)

    @app.put(f"{api}/fusion/weights")
    async def put_weights(request: Request) -> dict:
        fake.caller(request, "school_admin")
        told = (await request.json())["weights"]
        fake.weights = {
            "version": fake.weights["version"] + 1,
            "created_at": iso(datetime.now(UTC)),
            "trust": {(one["source"], one["skill"]): one["trust"] for one in told},
        }
        return weights_of(fake)
