"""A school's administrators and their write keys over HTTP, and other schools' keys."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from learntrace.kit.db import Database

from ..world import World, batch, bearer
from .conftest import People

KEYS = "/api/v1/write-keys"
AsPerson = Callable[[str], Awaitable[dict[str, str]]]


@pytest.fixture
async def adam(as_person: AsPerson) -> dict[str, str]:
    return await as_person("adam")


def a_key(world: World, **changes: Any) -> dict[str, Any]:
    return {"game_id": str(world.game_id), "environment": "live", "name": "server"} | changes


async def sends(api: httpx.AsyncClient, world: World, secret: str) -> int:
    answer = await api.post(
        "/api/v1/telemetry/batch", json=batch([world.event()]), headers=bearer(secret)
    )
    return answer.status_code


async def of_other_school(world: World) -> str:
    query = "select id from write_keys where school_id = :school_id"
    return str(await world.one(query, school_id=world.other_school_id))


async def test_the_keys_of_the_school_and_its_sandbox_are_listed_without_secrets(
    api: httpx.AsyncClient, world: World, adam: dict[str, str]
) -> None:
    answer = await api.get(KEYS, headers=adam)
    assert answer.status_code == 200
    items = answer.json()["items"]
    assert [(one["environment"], one["game"]["name"]) for one in items] == [
        ("live", "Waves"),
        ("sandbox", "Waves"),
        ("live", "Tiles"),
    ]
    assert set(items[0]) == {
        *("id", "game", "environment", "name"),
        *("created_at", "last_used_at", "expires_at", "revoked_at"),
    }
    assert items[0]["game"] == {"id": str(world.game_id), "name": "Waves"}
    assert await of_other_school(world) not in answer.text
    assert "lt_" not in answer.text


@pytest.mark.parametrize("environment", ["live", "sandbox"])
async def test_a_key_is_made_and_its_secret_shown_once(
    api: httpx.AsyncClient, world: World, adam: dict[str, str], environment: str
) -> None:
    told = a_key(world, environment=environment, name=" test rig ")
    answer = await api.post(KEYS, json=told, headers=adam)
    assert answer.status_code == 201
    made, secret = answer.json()["write_key"], answer.json()["secret"]
    assert (made["name"], made["environment"]) == ("test rig", environment)
    assert (made["expires_at"], made["revoked_at"], made["last_used_at"]) == (None, None, None)
    assert secret.startswith(f"lt_{environment}_")
    assert await sends(api, world, secret) in ((201,) if environment == "live" else (201, 422))
    listed = await api.get(KEYS, headers=adam)
    assert made["id"] in [one["id"] for one in listed.json()["items"]]
    assert secret not in listed.text
    tenant = await world.one("select school_id from write_keys where id = :id", id=made["id"])
    assert tenant == (world.school_id if environment == "live" else world.sandbox_id)


async def test_rotating_leaves_the_old_key_for_a_while(
    api: httpx.AsyncClient, world: World, adam: dict[str, str]
) -> None:
    old = (await api.post(KEYS, json=a_key(world), headers=adam)).json()
    path = f"{KEYS}/{old['write_key']['id']}"
    new = await api.post(f"{path}/rotate", json={"overlap_hours": 2}, headers=adam)
    assert new.status_code == 201
    assert new.json()["write_key"]["id"] != old["write_key"]["id"]
    for secret in (old["secret"], new.json()["secret"]):
        assert await sends(api, world, secret) == 201
    listed = (await api.get(KEYS, headers=adam)).json()["items"]
    (expiring,) = [one for one in listed if one["id"] == old["write_key"]["id"]]
    assert expiring["expires_at"] is not None


async def test_rotating_without_an_overlap_and_revoking_end_a_key_at_once(
    api: httpx.AsyncClient, world: World, adam: dict[str, str]
) -> None:
    old = (await api.post(KEYS, json=a_key(world), headers=adam)).json()
    assert await sends(api, world, old["secret"]) == 201
    path = f"{KEYS}/{old['write_key']['id']}"
    new = (await api.post(f"{path}/rotate", json={"overlap_hours": 0}, headers=adam)).json()
    assert await sends(api, world, old["secret"]) == 401
    again = await api.post(f"{path}/rotate", json={"overlap_hours": 1}, headers=adam)
    assert again.status_code == 409
    path = f"{KEYS}/{new['write_key']['id']}"
    assert await sends(api, world, new["secret"]) == 201
    revoked = await api.post(f"{path}/revoke", headers=adam)
    assert (revoked.status_code, revoked.json()["revoked_at"] is None) == (200, False)
    assert await sends(api, world, new["secret"]) == 401
    assert (await api.post(f"{path}/revoke", headers=adam)).json() == revoked.json()


@pytest.mark.parametrize(
    "changes",
    [
        {"environment": "both"},
        {"name": ""},
        {"name": " "},
        {"name": "x" * 101},
        {"name": "a\u0000"},
        {"school_id": str(uuid4())},
    ],
)
async def test_a_key_that_is_none_is_refused(
    api: httpx.AsyncClient, world: World, adam: dict[str, str], changes: dict[str, Any]
) -> None:
    answer = await api.post(KEYS, json=a_key(world, **changes), headers=adam)
    assert answer.status_code == 422


@pytest.mark.parametrize("overlap_hours", [-1, 2161, "x"])
async def test_an_overlap_that_is_none_is_refused(
    api: httpx.AsyncClient, world: World, adam: dict[str, str], overlap_hours: object
) -> None:
    key_id = (await api.get(KEYS, headers=adam)).json()["items"][0]["id"]
    told = {"overlap_hours": overlap_hours}
    answer = await api.post(f"{KEYS}/{key_id}/rotate", json=told, headers=adam)
    assert answer.status_code == 422


async def test_a_game_that_the_school_does_not_use_is_404(
    api: httpx.AsyncClient, database: Database, world: World, adam: dict[str, str]
) -> None:
    async with database.transaction() as db:
        await db.execute(
            text("delete from school_games where game_id = :id and school_id != :other"),
            {"id": world.other_game_id, "other": world.other_school_id},
        )
    for game_id in (world.other_game_id, uuid4()):
        told = a_key(world, game_id=str(game_id))
        assert (await api.post(KEYS, json=told, headers=adam)).status_code == 404


async def test_another_schools_key_is_404_and_goes_on(
    api: httpx.AsyncClient, world: World, adam: dict[str, str]
) -> None:
    for key_id in (await of_other_school(world), uuid4()):
        for path, told in ((f"{key_id}/rotate", {"overlap_hours": 0}), (f"{key_id}/revoke", None)):
            answer = await api.post(f"{KEYS}/{path}", json=told, headers=adam)
            assert answer.status_code == 404
    finns = world.event(student_id=world.foreign_student)
    answer = await api.post(
        "/api/v1/telemetry/batch", json=batch([finns]), headers=bearer(world.other_school_key)
    )
    assert answer.status_code == 201
    assert await world.one("select count(*) from write_keys where revoked_at is not null") == 0


@pytest.mark.parametrize("who", ["tess", "sys", "dev"])
async def test_other_roles_are_403(
    api: httpx.AsyncClient, world: World, people: People, as_person: AsPerson, who: str
) -> None:
    headers = await as_person(who)
    key_id = await world.one("select id from write_keys limit 1")
    for method, path, told in (
        ("GET", "", None),
        ("POST", "", a_key(world)),
        ("POST", f"/{key_id}/rotate", {"overlap_hours": 0}),
        ("POST", f"/{key_id}/revoke", None),
    ):
        answer = await api.request(method, KEYS + path, json=told, headers=headers)
        assert answer.status_code == 403, (method, path)
