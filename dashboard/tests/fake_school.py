"""People, write keys and roster of the fake school."""

from datetime import UTC, datetime, timedelta
from random import Random

from fake_world import SCHOOL, an_id, iso, paged
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

SCHOOL_ROLES = ("teacher", "school_admin")
KINDS = ("classes", "students", "teachers", "enrolments", "teachings")


def begin(fake) -> None:
    """Nobody has a link, there is no key, and the next roster brings something new."""
    fake.resets = {}
    fake.write_keys = []
    fake.roster = roster()
    fake.uploads = []


def roster(**values) -> dict:
    """What an upload answers: a class, two students and a teacher are new."""
    same = {"added": 0, "changed": 0, "ended": 0, "unchanged": 3}
    counts = {kind: dict(same) for kind in KINDS}
    counts |= {"students": {"added": 2, "changed": 1, "ended": 0, "unchanged": 20}}
    return {
        "refused": None,
        "counts": counts,
        "changes": [
            {"kind": "student", "action": "added", "words": "Uma Stein"},
            {"kind": "student", "action": "added", "words": "Viktor Blum"},
            {"kind": "student", "action": "changed", "words": "Ben Oduya is now Ben Oduya-Roth"},
        ],
        "change_count": 3,
        "erased_count": 0,
        "problems": [],
        "new_people": [{"username": "w.klein", "display_name": "Wilma Klein"}],
    } | values


def staff_of(fake, user: dict) -> dict:
    """A person as the list of people has it."""
    classes = [one for one in fake.world.classes if not one["sandbox"]]
    return {
        "id": user["id"],
        "username": user["username"],
        "display_name": user["display_name"],
        "role": user["role"],
        "disabled": user.get("disabled", False),
        "last_signed_in_at": None if user["username"] == "newcomer" else iso(fake.world.now),
        "classes": [{"id": one["id"], "name": one["name"]} for one in classes]
        if user["username"] == "t.winter"
        else [],
    }


def new_reset(fake, username: str) -> dict:
    """A one-time link; the person's older ones are over."""
    fake.resets = {token: name for token, name in fake.resets.items() if name != username}
    token = f"lt_reset_{len(fake.requests):06d}"
    fake.resets[token] = username
    return {"token": token, "expires_at": iso(datetime.now(UTC) + timedelta(hours=24))}


def new_key(fake, game: dict, environment: str, name: str) -> dict:
    key = {
        "id": an_id(Random(len(fake.write_keys))),
        "game": {"id": game["id"], "name": game["name"]},
        "environment": environment,
        "name": name,
        "created_at": iso(datetime.now(UTC)),
        "last_used_at": None,
        "expires_at": None,
        "revoked_at": None,
    }
    fake.write_keys.append(key)
    return {"write_key": key, "secret": f"lt_{environment}_{'k7' * 16}"}


def problem(status: int, detail: str) -> JSONResponse:
    return JSONResponse({"title": "No", "status": status, "detail": detail}, status)


def add_routes(app: FastAPI, api: str, fake) -> None:
    def members() -> list[dict]:
        return [one for one in fake.world.users.values() if one["school"] is not None]

    def member(user_id: str) -> dict:
        return next(one for one in members() if one["id"] == user_id)

    @app.get(f"{api}/users")
    async def users(request: Request, limit: int = 50, cursor: str | None = None) -> dict:
        fake.caller(request, "school_admin")
        return paged([staff_of(fake, one) for one in members()], limit, cursor)

    @app.post(f"{api}/users", status_code=201, response_model=None)
    async def add(request: Request) -> dict | Response:
        fake.caller(request, "school_admin")
        told = await request.json()
        if told["username"] in fake.world.users:
            return problem(409, "That username is taken.")
        made = told | {"id": an_id(Random(len(fake.requests))), "school": SCHOOL, "password": ""}
        fake.world.users[told["username"]] = made
        return {"user": staff_of(fake, made), "reset": new_reset(fake, told["username"])}

    @app.patch(f"{api}/users/{{user_id}}", response_model=None)
    async def change(request: Request, user_id: str) -> dict | Response:
        if fake.caller(request, "school_admin")["id"] == user_id:
            return problem(409, "This is your own account.")
        member(user_id).update(await request.json())
        return staff_of(fake, member(user_id))

    @app.post(f"{api}/users/{{user_id}}/password-reset", status_code=201)
    async def reset(request: Request, user_id: str) -> dict:
        fake.caller(request, "school_admin")
        return new_reset(fake, member(user_id)["username"])

    @app.post(f"{api}/auth/password", status_code=204)
    async def password(request: Request) -> Response:
        token = request.headers["authorization"].removeprefix("Bearer ")
        if token not in fake.resets:
            return problem(401, "This link was used or is too old.")
        fake.world.users[fake.resets.pop(token)]["password"] = (await request.json())["password"]
        return Response(status_code=204)

    @app.get(f"{api}/write-keys")
    async def keys(request: Request) -> dict:
        fake.caller(request, "school_admin")
        return {"items": fake.write_keys}

    @app.post(f"{api}/write-keys", status_code=201)
    async def create(request: Request) -> dict:
        fake.caller(request, "school_admin")
        told = await request.json()
        game = next(one for one in fake.world.games if one["id"] == told["game_id"])
        return new_key(fake, game, told["environment"], told["name"])

    def key_of(key_id: str) -> dict:
        return next(one for one in fake.write_keys if one["id"] == key_id)

    @app.post(f"{api}/write-keys/{{key_id}}/rotate", status_code=201)
    async def rotate(request: Request, key_id: str) -> dict:
        fake.caller(request, "school_admin")
        old, hours = key_of(key_id), (await request.json())["overlap_hours"]
        old["expires_at"] = iso(datetime.now(UTC) + timedelta(hours=hours))
        return new_key(fake, old["game"], old["environment"], old["name"])

    @app.post(f"{api}/write-keys/{{key_id}}/revoke")
    async def revoke(request: Request, key_id: str) -> dict:
        fake.caller(request, "school_admin")
        key_of(key_id)["revoked_at"] = iso(datetime.now(UTC))
        return key_of(key_id)

    @app.post(f"{api}/roster/import")
    async def upload(request: Request, dry_run: bool, force: bool = False) -> dict:
        fake.caller(request, "school_admin")
        body = (await request.body()).decode(errors="replace")
        fake.uploads.append((request.headers["content-type"], body))
        stored = not dry_run and not fake.roster["problems"]
        stored = stored and (force or fake.roster["refused"] is None)
        people = [one | {"user_id": None} for one in fake.roster["new_people"]]
        for one in people if stored else ():
            one["user_id"] = an_id(Random(one["username"]))
            new = {"role": "teacher", "school": SCHOOL, "password": "", "id": one["user_id"]}
            fake.world.users[one["username"]] = one | new
        return fake.roster | {"dry_run": dry_run, "stored": stored, "new_people": people}
