"""Work with a student in the fake API: scenarios, content, reviews, conversations."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Annotated

from fake_world import an_id, iso, paged
from fastapi import FastAPI, Query, Request, Response

Limit = Annotated[int, Query(ge=1, le=100)]
AIMS = ("vocabulary", "phrases", "objectives", "success_criteria")


def begin(fake) -> None:
    """Nothing was done yet with the library's scenarios and content."""
    fake.runs, fake.lessons, fake.cards = {}, {}, {}


def new_id(fake, kind: str) -> str:
    return an_id(Random(f"{kind} {len(getattr(fake, kind))}"))


def a_lesson(fake, student_id: str, session_type: str, **known) -> dict:
    """A learning session that goes on, unless `known` says otherwise."""
    one = {
        "id": new_id(fake, "lessons"),
        "student_id": student_id,
        "session_type": session_type,
        "language": "en",
        "source_id": None,
        "assignment_id": None,
        "metadata": {},
        "answers": [],
        "started_at": iso(datetime.now(UTC)),
        "ended_at": None,
    } | known
    fake.lessons[one["id"]] = one
    return one


def a_card(fake, student_id: str, word: dict, *, language: str = "en", days: int = 0) -> dict:
    """A word of a student that is due, or in some days."""
    one = {
        "id": new_id(fake, "cards"),
        "student_id": student_id,
        "language": language,
        "front": word["term"],
        "back": word["meaning"],
        "source_id": None,
        "due_at": iso(datetime.now(UTC) + timedelta(days=days)),
        "answered_at": None,
    }
    fake.cards[one["id"]] = one
    return one


def a_run(fake, student_id: str, scenario_id: str) -> dict:
    """A way through a scenario that begins now."""
    one = {
        "id": new_id(fake, "runs"),
        "student_id": student_id,
        "scenario_id": scenario_id,
        "met": {},
        "answers": [],
        "outcome": None,
        "started_at": iso(datetime.now(UTC)),
        "ended_at": None,
    }
    fake.runs[one["id"]] = one
    return one


def told_run(fake, one: dict) -> dict:
    """A way as the API tells it; a phase is completed here once all of it was met."""
    scenario = fake.scenarios[one["scenario_id"]]
    phases = []
    for phase in scenario["phases"]:
        met = one["met"].get(phase["key"], {})
        wanted = len(phase["success_criteria"]) or sum(len(phase[aim]) for aim in AIMS)
        counted = AIMS[3:] if phase["success_criteria"] else AIMS
        share = sum(len(met.get(aim, ())) for aim in counted) / wanted
        phases.append(phase | {"met": met, "score": share, "completed": share > 0.6})
    return one | {
        "title": scenario["title"],
        "language": scenario["language"],
        "phases": phases,
        "phases_completed": sum(phase["completed"] for phase in phases),
        "total_phases": len(phases),
    }


def told_lesson(one: dict) -> dict:
    """A learning session as the API tells it."""
    right = sum(each["correct"] for each in one["answers"])
    lasted = None
    if one["ended_at"]:
        times = (datetime.fromisoformat(one[name]) for name in ("ended_at", "started_at"))
        end, start = times
        lasted = (end - start).total_seconds()
    return one | {
        "items_studied": len({each["item"] for each in one["answers"]}),
        "items_correct": right,
        "items_incorrect": len(one["answers"]) - right,
        "duration_seconds": lasted,
    }


def answered(one: dict, body: dict) -> None:
    """Take back and add answers."""
    for item in body.get("taken_back", ()):
        at = max(n for n, each in enumerate(one["answers"]) if each["item"] == item)
        del one["answers"][at]
    one["answers"] += [
        {"topic": None, "at": iso(datetime.now(UTC))} | each for each in body.get("answers", ())
    ]


def mastery(item: dict, studied: list[dict]) -> float | None:
    """Share of an item's words and questions whose last answer was right."""
    wanted = {word["term"] for one in item["materials"] for word in one["vocabulary"]}
    wanted |= {asked["question"] for one in item["materials"] for asked in one["questions"]}
    given = [each for one in reversed(studied) for each in one["answers"]]
    last = {each["item"]: each["correct"] for each in given}
    return sum(last.get(one, False) for one in wanted) / len(wanted) if wanted else None


def newest(kept: dict, **wanted) -> list[dict]:
    """Those that are as wanted, the last begun first."""
    found = [
        one
        for one in kept.values()
        if all(one[name] == value for name, value in wanted.items() if value is not None)
    ]
    return sorted(found, key=lambda one: one["started_at"])[::-1]


def complete(fake, run: dict) -> None:
    """Outcome, lesson and cards of a way that ends now."""
    told, now = told_run(fake, run), iso(datetime.now(UTC))
    met = [one for phase in run["met"].values() for one in phase.items()]
    run["ended_at"] = now
    run["outcome"] = {
        "phases_completed": told["phases_completed"],
        "total_phases": told["total_phases"],
        "vocabulary_mastered": sum(len(found) for aim, found in met if aim == "vocabulary"),
        "objectives_completed": sum(len(found) for aim, found in met if aim == "objectives"),
        "success_rate": told["phases_completed"] / told["total_phases"],
        "completion_score": 50.0,
    }
    a_lesson(
        fake, run["student_id"], "scenario", id=run["id"], source_id=run["scenario_id"],
        metadata={"title": told["title"]}, answers=run["answers"],
        started_at=run["started_at"], ended_at=now,
    )  # fmt: skip
    for phase in told["phases"]:
        for word in phase["vocabulary"]:
            a_card(fake, run["student_id"], word)


def add_routes(app: FastAPI, api: str, fake, problem: type[Exception]) -> None:
    def known(request: Request, kept: dict, one: str) -> dict:
        fake.caller(request, "teacher", "school_admin")
        if one not in kept:
            raise problem(404, "Not found", "There is none with this id.")
        return kept[one]

    @app.get(f"{api}/scenarios/progress")
    async def runs(
        request: Request, student_id: str, limit: Limit = 50, cursor: str | None = None
    ) -> dict:
        known(request, fake.world.students, student_id)
        own = newest(fake.runs, student_id=student_id)
        return paged([told_run(fake, one) for one in own], limit, cursor)

    @app.get(f"{api}/scenarios/{{scenario_id}}/progress")
    async def through(request: Request, scenario_id: str, student_id: str) -> dict:
        known(request, fake.scenarios, scenario_id)
        own = newest(fake.runs, student_id=student_id, scenario_id=scenario_id)
        own.sort(key=lambda one: one["ended_at"] is not None)
        return {"items": [told_run(fake, one) for one in own]}

    def take_away(kept: dict, one: dict | None) -> Response:
        if one is None:
            raise problem(404, "Not found", "There is none that goes on.")
        if one["ended_at"] is not None:
            raise problem(409, "Conflict", "It is completed.")
        del kept[one["id"]]
        return Response(status_code=204)

    @app.delete(f"{api}/scenarios/{{scenario_id}}/progress", status_code=204)
    async def take_run_away(request: Request, scenario_id: str, student_id: str) -> Response:
        known(request, fake.scenarios, scenario_id)
        own = newest(fake.runs, student_id=student_id, scenario_id=scenario_id)
        own.sort(key=lambda one: one["ended_at"] is not None)
        return take_away(fake.runs, next(iter(own), None))

    @app.delete(f"{api}/learning-sessions/{{lesson_id}}", status_code=204)
    async def take_lesson_away(request: Request, lesson_id: str) -> Response:
        return take_away(fake.lessons, known(request, fake.lessons, lesson_id))

    @app.post(f"{api}/scenarios/{{scenario_id}}/{{step}}")
    async def go(request: Request, scenario_id: str, step: str) -> dict:
        known(request, fake.scenarios, scenario_id)
        body = await request.json()
        own = newest(fake.runs, student_id=body["student_id"], scenario_id=scenario_id)
        going = next((one for one in own if one["ended_at"] is None), None)
        run = going or a_run(fake, body["student_id"], scenario_id)
        if step == "progress":
            met = run["met"].setdefault(body["phase"], {})
            for aim in AIMS:
                told = {*body.get(aim, ())}
                before = {*met.get(aim, ())}
                met[aim] = sorted(before - told if body.get("unmet") else before | told)
            answered(run, body)
        if step == "complete":
            complete(fake, run)
        return told_run(fake, run)

    @app.post(f"{api}/content/{{content_id}}/start", status_code=201)
    async def study(request: Request, content_id: str) -> dict:
        item = known(request, fake.content, content_id)
        student_id = (await request.json())["student_id"]
        about = {"source_id": content_id, "metadata": {"title": item["title"]}}
        return told_lesson(a_lesson(fake, student_id, "content_study", **about))

    @app.get(f"{api}/content/{{content_id}}/history")
    async def studies(request: Request, content_id: str, student_id: str) -> dict:
        known(request, fake.content, content_id)
        own = newest(fake.lessons, student_id=student_id, source_id=content_id)
        return {
            "mastery": mastery(fake.content[content_id], own),
            "items": [told_lesson(one) for one in own],
        }

    @app.get(f"{api}/learning-sessions")
    async def lessons(
        request: Request,
        student_id: str,
        session_type: str | None = None,
        limit: Limit = 50,
        cursor: str | None = None,
    ) -> dict:
        known(request, fake.world.students, student_id)
        own = newest(fake.lessons, student_id=student_id, session_type=session_type)
        return paged([told_lesson(one) for one in own], limit, cursor)

    @app.get(f"{api}/learning-sessions/assignments")
    async def to_do(
        request: Request, student_id: str, limit: Limit = 50, cursor: str | None = None
    ) -> dict:
        known(request, fake.world.students, student_id)
        known_titles = fake.scenarios | fake.content
        own = [
            one | {"title": known_titles.get(one["source_id"], {}).get("title")}
            for one in fake.assignments.values()
            if (one["student_id"], one["done_at"]) == (student_id, None)
        ]
        return paged(own, limit, cursor)

    @app.post(f"{api}/learning-sessions", status_code=201)
    async def begin_lesson(request: Request) -> dict:
        body = await request.json()
        known(request, fake.world.students, body["student_id"])
        return told_lesson(a_lesson(fake, body.pop("student_id"), body.pop("session_type"), **body))

    @app.get(f"{api}/learning-sessions/{{lesson_id}}")
    async def lesson(request: Request, lesson_id: str) -> dict:
        return told_lesson(known(request, fake.lessons, lesson_id))

    async def changed(request: Request, lesson_id: str) -> dict:
        one, body = known(request, fake.lessons, lesson_id), await request.json()
        answered(one, body)
        one["metadata"] = one["metadata"] | body.get("metadata_update", {})
        return one

    @app.patch(f"{api}/learning-sessions/{{lesson_id}}")
    async def change(request: Request, lesson_id: str) -> dict:
        return told_lesson(await changed(request, lesson_id))

    @app.post(f"{api}/learning-sessions/{{lesson_id}}/complete")
    async def complete_lesson(request: Request, lesson_id: str) -> dict:
        one = await changed(request, lesson_id)
        one["ended_at"] = iso(datetime.now(UTC))
        return told_lesson(one)

    @app.get(f"{api}/review-cards")
    async def cards(
        request: Request,
        student_id: str,
        due: bool = True,
        limit: Limit = 50,
        cursor: str | None = None,
    ) -> dict:
        known(request, fake.world.students, student_id)
        now = iso(datetime.now(UTC))
        own = [one for one in fake.cards.values() if one["student_id"] == student_id]
        asked = sorted(own, key=lambda one: one["due_at"])
        return paged([one for one in asked if not due or one["due_at"] <= now], limit, cursor)

    @app.post(f"{api}/review-cards/{{card_id}}/answer")
    async def answer(request: Request, card_id: str) -> dict:
        card, body = known(request, fake.cards, card_id), await request.json()
        right = body["recall"] != "again"
        answered(
            fake.lessons[body["learning_session_id"]],
            {"answers": [{"item": card["front"], "correct": right}]},
        )
        card["due_at"] = iso(datetime.now(UTC) + timedelta(days=2 if right else 1))
        return card
