"""Games in the fake API: their kinds of events, and what was refused of them."""

from collections import Counter
from datetime import timedelta
from typing import Annotated

from fake_world import iso, paged
from fastapi import FastAPI, Query, Request

Limit = Annotated[int, Query(ge=1, le=100)]


def add_routes(app: FastAPI, api: str, fake) -> None:
    @app.get(f"{api}/games")
    async def games(request: Request, limit: Limit = 50, cursor: str | None = None) -> dict:
        return paged(fake.games_of(fake.caller(request)), limit, cursor)

    @app.get(f"{api}/games/{{game_id}}/event-types")
    async def event_types(request: Request, game_id: str, environment: str = "live") -> dict:
        user = fake.caller(request)
        counts: Counter[str] = Counter()
        known: dict[str, dict] = {}
        if game_id == fake.world.games[0]["id"]:
            for lines in fake.world.events.values():
                for event in lines:
                    counts[event["event_type"]] += 1
                    known[event["event_type"]] = event
        types = [
            {
                "event_type": name,
                "environment": environment,
                "count": count,
                "mapped": known[name]["mapped"],
                "behaviours": known[name]["behaviours"],
                "last_received_at": known[name]["received_at"],
            }
            for name, count in counts.items()
        ]
        mapped = sum(one["count"] for one in types if one["mapped"])
        return {
            "game_id": game_id,
            "mapping_version": fake.mapping_in_force(user, game_id, environment),
            "total": counts.total(),
            "mapped": mapped,
            "unmapped": counts.total() - mapped,
            "event_types": types,
        }

    @app.get(f"{api}/games/{{game_id}}/data-health")
    async def health(request: Request, game_id: str) -> dict:
        fake.caller(request)
        now, today = fake.world.now, fake.world.now.date()
        if game_id != fake.world.games[0]["id"]:
            return {"game_id": game_id, "last_event_at": {"live": None, "sandbox": None},
                    "rejections": []}  # fmt: skip
        lines = [
            (0, "live", "unknown_student", 12, "student_id: no such student in this school"),
            (1, "live", "timestamp_out_of_range", 4, "timestamp: before 2000-01-01"),
            (1, "live", "invalid", 2, "event_id: must be a UUID"),
            (2, "sandbox", "conflict", 1, None),
            (3, "live", "brand_new_code", 1, None),
        ]
        return {
            "game_id": game_id,
            "last_event_at": {"live": iso(now), "sandbox": iso(now - timedelta(days=1))},
            "rejections": [
                {
                    "day": (today - timedelta(days=back)).isoformat(),
                    "environment": environment,
                    "code": code,
                    "count": count,
                    "detail": detail,
                    "last_at": iso(now - timedelta(days=back)),
                }
                for back, environment, code, count, detail in lines
            ],
        }
