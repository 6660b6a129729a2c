"""The fake API's answers about a class in the lesson, in every state there is."""

from datetime import UTC, datetime, timedelta

from fake_world import GAME, iso
from fastapi import FastAPI, Request


def now_of(fake, class_id: str) -> dict:
    """Pupils in turn: playing, stuck, quiet, joined only, away; those with no play at all away."""
    at = datetime.now(UTC)
    pupils = []
    for place, student_id in enumerate(fake.world.members[class_id]):
        state = ("playing", "playing", "stuck", "playing", "quiet", "not_started")[place % 6]
        open_now = state != "not_started"
        silence = {"quiet": 200, "stuck": 40}.get(state, 8)
        pupils.append(
            {
                "student_id": student_id,
                "display_name": fake.world.students[student_id]["display_name"],
                "joined": open_now or place % 4 == 1,
                "last_event_at": iso(at - timedelta(seconds=silence)) if open_now else None,
                "game": dict(GAME) if open_now else None,
                "task": {"key": f"level_{place}", "title": f"Level {place}: two waves"}
                if open_now and place % 5
                else None,
                "failures_in_task": {"stuck": 4, "quiet": 1}.get(state, 0),
                "stuck_skills": ["Adding waves"] if state == "quiet" else [],
                "state": state,
            }
        )
    return {"data_until": iso(at), "pupils": pupils}


def attention_of(fake, class_id: str) -> dict:
    """Two students who are stuck, each with the newest session; and who never played."""
    stuck, not_seen = [], []
    for student_id in fake.world.members[class_id]:
        name = fake.world.students[student_id]["display_name"]
        sessions = fake.sessions_of(student_id)
        if not sessions:
            not_seen.append(
                {"student_id": student_id, "display_name": name, "last_played_at": None}
            )
        elif len(stuck) < 2:
            reason = {
                "code": "repeated_failure",
                "words": "Failed 4 times at “Level 3” and has not finished it since.",
                "game_session_id": sessions[0]["id"],
                "game": GAME["name"],
                "task": {"key": "level_3", "title": "Level 3"},
            }
            stuck.append({"student_id": student_id, "display_name": name, "reasons": [reason]})
    return {"data_until": iso(datetime.now(UTC)), "days": 7, "stuck": stuck, "not_seen": not_seen}


def add_routes(app: FastAPI, api: str, fake, class_of) -> None:
    """`class_of` refuses classes that the caller may not see."""

    @app.get(f"{api}/classes/{{class_id}}/now")
    async def now(request: Request, class_id: str) -> dict:
        class_of(request, class_id)
        return now_of(fake, class_id)

    @app.get(f"{api}/classes/{{class_id}}/attention")
    async def attention(request: Request, class_id: str) -> dict:
        class_of(request, class_id)
        return attention_of(fake, class_id)
