"""Consent and whole records in the fake API; `fake.consents` holds what was said, newest last."""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

from fake_world import an_id, iso
from fastapi import FastAPI, Request, Response

KINDS = ("play", "audio", "research")
STATES = ("pending", "verified", "revoked")
ARCHIVE = b"PK\x05\x06" + bytes(18)


def begin(fake) -> None:
    """Nothing is required and nobody has answered."""
    fake.required = []
    fake.consents = {}


def state_of(fake, student_id: str, kind: str) -> tuple[str, str | None]:
    """How a consent stands and since when."""
    said = [one for one in fake.consents.get(student_id, []) if one["kind"] == kind]
    return (said[-1]["to_state"], said[-1]["changed_at"]) if said else ("pending", None)


def standing(fake, student_id: str) -> list[dict]:
    """All kinds of one student."""
    return [
        {
            "kind": kind,
            "state": state_of(fake, student_id, kind)[0],
            "required": kind in fake.required,
            "changed_at": state_of(fake, student_id, kind)[1],
        }
        for kind in KINDS
    ]


def policy(fake) -> dict:
    """What is required, and for how many each stands how."""
    live = {i for one in fake.world.classes if not one["sandbox"]
            for i in fake.world.members[one["id"]]}  # fmt: skip
    return {
        "required": list(fake.required),
        "changed_at": None,
        "students": [
            {"kind": kind}
            | {state: sum(state_of(fake, i, kind)[0] == state for i in live) for state in STATES}
            for kind in KINDS
        ],
    }


def add_routes(app: FastAPI, api: str, fake, class_of: Callable[[Request, str], dict]) -> None:
    @app.get(f"{api}/schools/consent-policy")
    async def read_policy(request: Request) -> dict:
        fake.caller(request, "school_admin")
        return policy(fake)

    @app.put(f"{api}/schools/consent-policy")
    async def put_policy(request: Request) -> dict:
        fake.caller(request, "school_admin")
        fake.required = (await request.json())["required"]
        return policy(fake)

    @app.get(f"{api}/classes/{{class_id}}/consents")
    async def of_class(request: Request, class_id: str) -> dict:
        class_of(request, class_id)
        return {
            "class_id": class_id,
            "students": [
                {
                    "student_id": i,
                    "display_name": fake.world.students[i]["display_name"],
                    "consents": standing(fake, i),
                }
                for i in fake.world.members[class_id]
            ],
        }

    @app.get(f"{api}/students/{{student_id}}/consents")
    async def of_student(request: Request, student_id: str) -> dict:
        fake.caller(request, "teacher", "school_admin")
        said = fake.consents.get(student_id, [])[::-1]
        return {"consents": standing(fake, student_id), "history": said, "next_cursor": None}

    @app.post(f"{api}/consents")
    async def put(request: Request) -> dict:
        user = fake.caller(request, "school_admin")
        told = await request.json()
        for student_id in told["student_ids"]:
            fake.consents.setdefault(student_id, []).append(
                {
                    "id": an_id(Random(len(fake.requests))),
                    "kind": told["kind"],
                    "from_state": state_of(fake, student_id, told["kind"])[0],
                    "to_state": told["state"],
                    "note": told["note"],
                    "changed_by": {"id": user["id"], "name": user["display_name"]},
                    "changed_at": iso(datetime.now(UTC)),
                }
            )
        return {"changed": len(told["student_ids"])}

    @app.get(f"{api}/students/{{student_id}}/export")
    async def export(request: Request, student_id: str) -> Response:
        fake.caller(request, "school_admin")
        fake.student_row(student_id)
        return Response(ARCHIVE, media_type="application/zip")

    @app.post(f"{api}/students/{{student_id}}/erasure")
    async def erase(request: Request, student_id: str) -> dict:
        fake.caller(request, "school_admin")
        assert (await request.json())["confirm"] == fake.student_row(student_id)["display_name"]
        events = sum(one["event_count"] for one in fake.sessions_of(student_id))
        del fake.world.students[student_id]
        for members in fake.world.members.values():
            if student_id in members:
                members.remove(student_id)
        return {
            "receipt_id": "3e0a0000-0000-4000-8000-000000000001",
            "erased_at": iso(datetime.now(UTC)),
            "counts": {"events": events, "ratings": 0, "students": 1},
            "tombstone": "ab" * 32,
        }
