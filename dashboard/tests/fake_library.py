"""Scenarios, content and what is assigned in the fake API."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Annotated

from fake_world import an_id, iso, paged
from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse

ASSIGNED = "/learning-sessions/assignments"
Limit = Annotated[int, Query(ge=1, le=100)]
SAME = ("kind", "source_id", "class_id", "assigned_at", "due_on")
STATION = {
    "title": "At the station",
    "description": "Buy a ticket and find the platform.",
    "category": "travel",
    "difficulty": "beginner",
    "language": "en",
    "phases": [
        {
            "key": "counter",
            "title": "At the counter",
            "vocabulary": [
                {"term": "return", "meaning": "a ticket there and back"},
                {"term": "single", "meaning": "a ticket there only"},
            ],
            "phrases": ["A return to Lake, please.", "When does it leave?"],
            "objectives": ["asks for a ticket"],
            "success_criteria": [],
        },
        {
            "key": "platform",
            "title": "At the platform",
            "vocabulary": [],
            "phrases": [],
            "objectives": [],
            "success_criteria": ["finds the platform", "says thank you", "is on time"],
        },
    ],
}
MARKET = {
    "title": "Auf dem Markt",
    "description": "Obst kaufen und bezahlen.",
    "category": "daily-life",
    "difficulty": "intermediate",
    "language": "de",
    "phases": STATION["phases"][:1],
}
FERRY = {
    "source_url": "https://example.org/the-ferry",
    "title": "On the ferry",
    "content_type": "text",
    "language": "en",
    "difficulty": "beginner",
    "text": "We stand on deck.\nAt noon we land in Lake.",
    "topics": ["travel"],
    "tags": ["sea"],
    "materials": [
        {
            "title": "Words",
            "vocabulary": [
                {"term": "deck", "meaning": "a ship's floor"},
                {"term": "to land", "meaning": "to come to the shore"},
            ],
            "questions": [{"question": "Where does the ferry land?", "answer": "In Lake."}],
        }
    ],
}
HUT = {
    "source_url": None,
    "title": "In der Hütte",
    "content_type": "dialogue",
    "language": "de",
    "difficulty": "advanced",
    "text": "– Ist noch Platz? – Ja, komm herein.",
    "topics": ["mountains"],
    "tags": [],
    "materials": [],
}


def begin(fake) -> None:
    """Two scenarios and two content items, of which one is the teacher's; nothing is assigned."""
    fake.scenarios = {}
    fake.content = {}
    fake.favourites = set()
    fake.assignments = {}
    fake.no_consent = set()
    for one in (STATION, MARKET):
        scenario_id = an_id(Random(one["title"]))
        fake.scenarios[scenario_id] = {"id": scenario_id, "key": "x", **one}
    for owner, one in (("t.winter", FERRY), ("principal", HUT)):
        a_content(fake, fake.world.users[owner], one)


def a_content(fake, owner: dict, told: dict) -> dict:
    """A content item of somebody's."""
    content_id = an_id(Random(f"content {len(fake.content)}"))
    who = {"owner_id": owner["id"], "owner_name": owner["display_name"]}
    fake.content[content_id] = {"id": content_id, **who, **told}
    return fake.content[content_id]


def named(items: dict[str, dict], title: str) -> str:
    """The id of a scenario or content item."""
    return next(one["id"] for one in items.values() if one["title"] == title)


def given(fake, student_ids: list[str], kind: str, source_id: str | None = None, **known) -> list:
    """Assign to students who do not have it to do yet: the new assignments."""
    open_for = {
        one["student_id"]
        for one in fake.assignments.values()
        if (one["kind"], one["source_id"], one["done_at"]) == (kind, source_id, None)
    }
    made = []
    for student_id in student_ids:
        if student_id in open_for:
            continue
        one = {
            "id": an_id(Random(f"assignment {len(fake.assignments)}")),
            "student_id": student_id,
            "kind": kind,
            "source_id": source_id,
            "class_id": None,
            "assigned_at": iso(fake.world.now + timedelta(seconds=len(fake.assignments) // 100)),
            "due_on": None,
            "done_at": None,
        } | known
        fake.assignments[one["id"]] = one
        made.append(one)
    return made


def lived(fake) -> None:
    """A class in the middle of it: overdue, on its way, without a day, and done."""
    now, today = fake.world.now, fake.world.now.date()
    class_id = fake.world.classes[0]["id"]
    members = fake.world.members[class_id]

    def back(days: int) -> str | None:
        return iso(now - timedelta(days=days))

    of_class = {"class_id": class_id}
    station, market = fake.scenarios
    overdue = given(fake, members, "scenario", station, **of_class, assigned_at=back(9),
                    due_on=(today - timedelta(days=2)).isoformat())  # fmt: skip
    for one in overdue[:12]:
        one["done_at"] = back(3)
    ferry = next(iter(fake.content))
    running = given(fake, members, "content", ferry, **of_class,
                    assigned_at=back(2),
                    due_on=(today + timedelta(days=5)).isoformat())  # fmt: skip
    for one in running[:3]:
        one["done_at"] = back(1)
    given(fake, members[3:5], "review", assigned_at=back(1))
    for one in given(fake, members, "scenario", market, **of_class, assigned_at=back(20)):
        one["done_at"] = back(15)


def _together(fake, student_ids: list[str], is_open: bool | None) -> list[dict]:
    """What was given at once, the last first."""
    tasks: dict[tuple, dict] = {}
    for one in fake.assignments.values():
        if one["student_id"] not in student_ids:
            continue
        same = {name: one[name] for name in SAME}
        task = tasks.setdefault(tuple(same.values()), {**same, "assigned_by": "x", "students": []})
        known = fake.scenarios | fake.content
        task["title"] = known.get(one["source_id"], {}).get("title")
        task["students"].append(
            {"assignment_id": one["id"], "student_id": one["student_id"], "done_at": one["done_at"]}
        )
    found = sorted(tasks.values(), key=lambda one: one["assigned_at"], reverse=True)
    opened = [any(part["done_at"] is None for part in one["students"]) for one in found]
    return [
        one for one, still in zip(found, opened, strict=True) if is_open is None or still is is_open
    ]


def add_routes(app: FastAPI, api: str, fake, problem: type[Exception], class_of) -> None:
    def staff(request: Request) -> dict:
        return fake.caller(request, "teacher", "school_admin")

    def told(user: dict, one: dict) -> dict:
        return one | {"favourite": (user["id"], one["id"]) in fake.favourites}

    def item_of(request: Request, content_id: str) -> dict:
        staff(request)
        if content_id not in fake.content:
            raise problem(404, "Not found", "There is no content item with this id.")
        return fake.content[content_id]

    @app.get(f"{api}/scenarios")
    async def scenarios(request: Request, limit: Limit = 50, cursor: str | None = None) -> dict:
        staff(request)
        return paged(list(fake.scenarios.values()), limit, cursor)

    @app.get(f"{api}/scenarios/{{scenario_id}}")
    async def scenario(request: Request, scenario_id: str) -> dict:
        staff(request)
        if scenario_id not in fake.scenarios:
            raise problem(404, "Not found", "There is no scenario with this id.")
        return fake.scenarios[scenario_id]

    @app.get(f"{api}/content")
    async def content(
        request: Request,
        title: str = "",
        topic: str | None = None,
        tag: str | None = None,
        favourite: bool = False,
        limit: Limit = 50,
        cursor: str | None = None,
    ) -> dict:
        user = staff(request)
        exact = ("content_type", "language", "difficulty")
        wanted = {name: request.query_params.get(name) for name in exact}
        found = [
            told(user, one)
            for one in sorted(fake.content.values(), key=lambda one: one["title"])
            if title.lower() in one["title"].lower()
            and all(value in (None, one[name]) for name, value in wanted.items())
            and (topic is None or topic in one["topics"])
            and (tag is None or tag in one["tags"])
            and (not favourite or (user["id"], one["id"]) in fake.favourites)
        ]
        return paged(found, limit, cursor)

    @app.get(f"{api}/content/facets")
    async def facets(request: Request) -> dict:
        staff(request)
        items = fake.content.values()
        return {
            "languages": sorted({one["language"] for one in items}),
            "topics": sorted({word for one in items for word in one["topics"]}),
            "tags": sorted({word for one in items for word in one["tags"]}),
        }

    @app.post(f"{api}/content", status_code=201)
    async def save(request: Request) -> dict:
        user = staff(request)
        return told(user, a_content(fake, user, await request.json()))

    @app.get(f"{api}/content/{{content_id}}")
    async def item(request: Request, content_id: str) -> dict:
        return told(staff(request), item_of(request, content_id))

    @app.put(f"{api}/content/{{content_id}}")
    async def change(request: Request, content_id: str) -> dict:
        one = item_of(request, content_id)
        one |= await request.json()
        return told(staff(request), one)

    @app.delete(f"{api}/content/{{content_id}}", status_code=204)
    async def delete(request: Request, content_id: str) -> Response:
        del fake.content[item_of(request, content_id)["id"]]
        return Response(status_code=204)

    @app.put(f"{api}/content/{{content_id}}/favourite", status_code=204)
    async def mark(request: Request, content_id: str) -> Response:
        key = (staff(request)["id"], item_of(request, content_id)["id"])
        if (await request.json())["favourite"]:
            fake.favourites.add(key)
        else:
            fake.favourites.discard(key)
        return Response(status_code=204)

    @app.get(f"{api}/classes/{{class_id}}/assignments")
    async def of_class(
        request: Request,
        class_id: str,
        open: bool | None = None,  # noqa: A002 - the word on the wire
        limit: Limit = 50,
        cursor: str | None = None,
    ) -> dict:
        class_of(request, class_id)
        return paged(_together(fake, fake.world.members[class_id], open), limit, cursor)

    @app.post(f"{api}{ASSIGNED}", status_code=201, response_model=None)
    async def assign(request: Request) -> dict | JSONResponse:
        staff(request)
        body = await request.json()
        class_id = body.get("class_id")
        to = fake.world.members[class_id] if class_id else body["student_ids"]
        without = [one for one in to if one in fake.no_consent]
        if without:
            told = {"status": 403, "code": "consent_missing", "student_ids": without}
            return JSONResponse(told, 403, media_type="application/problem+json")
        due_on = body["due_on"] and date.fromisoformat(body["due_on"]).isoformat()
        at = iso(datetime.now(UTC))
        made = given(fake, to, body["kind"], body["source_id"], class_id=class_id,
                     due_on=due_on, assigned_at=at)  # fmt: skip
        got = {one["student_id"] for one in made}
        return {"assigned": len(got), "already": [one for one in to if one not in got]}

    @app.post(f"{api}{ASSIGNED}/withdraw")
    async def withdraw(request: Request) -> dict:
        staff(request)
        wanted = (await request.json())["assignment_ids"]
        known = fake.assignments
        taken = [known.pop(one) for one in wanted if one in known and not known[one]["done_at"]]
        if not taken:
            raise problem(404, "Not found", "None of these assignments is still to be done.")
        return {"student_ids": [one["student_id"] for one in taken]}
