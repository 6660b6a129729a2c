"""Publishing a game's mapping over HTTP, and a school's choice of a version."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from learntrace.accounts import games
from learntrace.events.mapping import packaged_mapping
from learntrace.kit.db import Database

from ..world import World, bearer

AsPerson = Callable[[str], Awaitable[dict[str, str]]]
JSON = {"Content-Type": "application/json"}


def mapping(name: str = "level_begin") -> dict[str, Any]:
    return {"events": {name: {"behaviours": ["task_start"]}}, "task": "mission_id"}


def address(world: World, rest: str = "mapping") -> str:
    return f"/api/v1/games/{world.game_id}/{rest}"


async def in_force(
    database: Database, world: World, *, sandbox: bool = False
) -> tuple[int, set[str]]:
    """The version in force, and which of the tests' own names it knows."""
    tenant = world.sandbox_id if sandbox else world.school_id
    async with database.transaction() as db:
        version, found = await games.ready_mapping_in_force(db, tenant, world.game_id)
    return version, {name for name in ("one", "two", "three") if found.knows(name)}


async def test_without_a_mapping_the_built_in_one_stands(
    api: httpx.AsyncClient, world: World, as_person: AsPerson, database: Database
) -> None:
    answer = await api.get(address(world), headers=await as_person("dev"))
    assert answer.json() == {
        "game_id": str(world.game_id),
        "version": 0,
        "created_at": None,
        "mapping": packaged_mapping("default"),
    }
    assert await in_force(database, world) == (0, set())


async def test_publishing_makes_the_next_version(
    api: httpx.AsyncClient, world: World, as_person: AsPerson, database: Database
) -> None:
    dev = await as_person("dev")
    first = await api.put(address(world), json=mapping("one"), headers=dev)
    second = await api.put(address(world), json=mapping("two"), headers=dev)
    assert [(a.status_code, a.json()["version"]) for a in (first, second)] == [(201, 1), (201, 2)]
    latest = await api.get(address(world), headers=dev)
    assert latest.json() == second.json()
    assert latest.json()["mapping"] == mapping("two")
    older = await api.get(address(world), params={"version": 1}, headers=dev)
    assert older.json() == first.json()
    built_in = await api.get(address(world), params={"version": 0}, headers=dev)
    assert built_in.json()["mapping"] == packaged_mapping("default")
    assert await in_force(database, world) == (2, {"two"})


async def test_the_same_again_is_no_new_version(
    api: httpx.AsyncClient, world: World, as_person: AsPerson
) -> None:
    dev = await as_person("dev")
    assert (await api.put(address(world), json=mapping(), headers=dev)).status_code == 201
    turned = json.dumps(dict(reversed(mapping().items())), indent=4)
    again = await api.put(address(world), content=turned, headers=dev | JSON)
    assert (again.status_code, again.json()["version"]) == (200, 1)
    # An older version said again is a new one: the latest says something else.
    await api.put(address(world), json=mapping("other"), headers=dev)
    third = await api.put(address(world), json=mapping(), headers=dev)
    assert (third.status_code, third.json()["version"]) == (201, 3)


async def test_two_at_once_make_two_successive_versions(
    api: httpx.AsyncClient, world: World, as_person: AsPerson
) -> None:
    dev = await as_person("dev")
    names = [f"event_{n}" for n in range(6)]
    answers = await asyncio.gather(
        *(api.put(address(world), json=mapping(name), headers=dev) for name in names)
    )
    assert sorted(a.json()["version"] for a in answers) == [1, 2, 3, 4, 5, 6]
    kept = {
        next(iter(row.mapping["events"]))
        for row in await world.rows("select mapping from game_mappings")
    }
    assert kept == set(names)


async def test_a_mapping_that_cannot_be_used_is_explained(
    api: httpx.AsyncClient, world: World, as_person: AsPerson
) -> None:
    wrong = {"events": {"begin": {"behaviours": ["flying"]}}, "colour": 1}
    answer = await api.put(address(world), json=wrong, headers=await as_person("dev"))
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    errors = answer.json()["errors"]
    assert {error["where"] for error in errors} >= {"colour"}
    assert all(set(error) == {"where", "problem"} for error in errors)
    assert await world.one("select count(*) from game_mappings") == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"\xff\xfe", 422),
        (b"[" * 100_000, 422),
        (b'{"idle_threshold_s": NaN}', 422),
        (b'{"idle_threshold_s": ' + b"9" * 5000 + b"}", 422),
        (b'{"idle_threshold_s": 1e999}', 422),
        (b'{"events": {"\\ud800": {"behaviours": []}}}', 422),
        (b'{"events": {"\\u0000": {"behaviours": []}}}', 422),
        (b"[]", 422),
        (b"null", 422),
        (b'"' + b"x" * 256 * 1024 + b'"', 413),
        (b" " * 400 * 1024, 413),
    ],
)
async def test_garbage_is_refused(
    api: httpx.AsyncClient, world: World, as_person: AsPerson, body: bytes, status: int
) -> None:
    answer = await api.put(address(world), content=body, headers=await as_person("dev") | JSON)
    assert answer.status_code == status
    assert answer.json()["detail"]


async def test_only_the_developer_and_system_administrators_publish(
    api: httpx.AsyncClient, world: World, as_person: AsPerson
) -> None:
    statuses = {}
    for username in ("tess", "adam", "lena", "sys", "dev", "rival"):
        headers = await as_person(username)
        put = await api.put(address(world), json=mapping(username), headers=headers)
        got = await api.get(address(world), headers=headers)
        statuses[username] = (put.status_code, got.status_code)
    assert statuses == {
        "tess": (403, 200),
        "adam": (403, 200),
        "lena": (403, 200),
        "sys": (201, 200),
        "dev": (201, 200),
        "rival": (404, 404),
    }


async def test_a_game_that_the_school_does_not_use_is_unknown(
    api: httpx.AsyncClient, world: World, as_person: AsPerson, database: Database
) -> None:
    async with database.transaction() as db:
        unused = await games.create_game(db, name="Unused")
    headers = await as_person("adam")
    for game_id in (unused.id, uuid4()):
        answer = await api.get(f"/api/v1/games/{game_id}/mapping", headers=headers)
        assert answer.status_code == 404
    answer = await api.put(
        f"/api/v1/games/{unused.id}/mapping-choice", json={"version": None}, headers=headers
    )
    assert answer.status_code == 404


async def test_a_game_in_the_sandbox_alone_is_seen_but_not_chosen_for_live(
    api: httpx.AsyncClient, world: World, as_person: AsPerson, database: Database
) -> None:
    async with database.transaction() as db:
        tried = await games.create_game(db, name="Tried")
        await games.use_game(db, world.sandbox_id, tried.id)
    headers = await as_person("adam")
    seen = await api.get(f"/api/v1/games/{tried.id}/mapping", headers=headers)
    assert seen.status_code == 200
    choice = f"/api/v1/games/{tried.id}/mapping-choice"
    chosen = await api.put(choice, json={"version": None}, headers=headers)
    assert chosen.status_code == 404


async def test_games_need_somebody_signed_in(api: httpx.AsyncClient, world: World) -> None:
    for headers, status in (
        ({}, 401),
        ({"Authorization": "x"}, 401),
        (bearer(world.write_key), 403),
        (bearer(world.player_token), 403),
    ):
        for method, body in (("GET", None), ("PUT", mapping())):
            answer = await api.request(method, address(world), json=body, headers=headers)
            assert answer.status_code == status


async def test_an_unknown_version_is_not_found(
    api: httpx.AsyncClient, world: World, as_person: AsPerson
) -> None:
    dev = await as_person("dev")
    for version, status in ((1, 404), (2**31 - 1, 404), (2**31, 422), (-1, 422)):
        answer = await api.get(address(world), params={"version": version}, headers=dev)
        assert answer.status_code == status


async def test_a_school_chooses_its_version(
    api: httpx.AsyncClient, world: World, as_person: AsPerson, database: Database
) -> None:
    dev, adam = await as_person("dev"), await as_person("adam")
    for name in ("one", "two"):
        await api.put(address(world), json=mapping(name), headers=dev)
    choice = address(world, "mapping-choice")
    chosen = await api.put(choice, json={"version": 1}, headers=adam)
    assert (chosen.status_code, chosen.json()) == (200, {"version": 1})
    await api.put(address(world), json=mapping("three"), headers=dev)
    assert await in_force(database, world) == (1, {"one"})
    # The sandbox twin goes on following the latest.
    assert await in_force(database, world, sandbox=True) == (3, {"three"})
    await api.put(choice, json={"version": None}, headers=adam)
    assert await in_force(database, world) == (3, {"three"})


async def test_a_choice_touches_the_own_school_only(
    api: httpx.AsyncClient, world: World, as_person: AsPerson
) -> None:
    await api.put(address(world), json=mapping(), headers=await as_person("dev"))
    choice = address(world, "mapping-choice")
    await api.put(choice, json={"version": 1}, headers=await as_person("lena"))
    rows = await world.rows("select school_id from school_games where mapping_version = 1")
    assert [row.school_id for row in rows] == [world.other_school_id]


@pytest.mark.parametrize("version", [2, 0, -1, 2**31, "1x", 1.5])
async def test_a_version_that_is_none_is_not_chosen(
    api: httpx.AsyncClient, world: World, as_person: AsPerson, version: Any
) -> None:
    await api.put(address(world), json=mapping(), headers=await as_person("dev"))
    choice = address(world, "mapping-choice")
    answer = await api.put(choice, json={"version": version}, headers=await as_person("adam"))
    assert answer.status_code == 422


async def test_only_school_administrators_choose(
    api: httpx.AsyncClient, world: World, as_person: AsPerson
) -> None:
    choice = address(world, "mapping-choice")
    for username, status in (("tess", 403), ("sys", 403), ("dev", 403), ("rival", 404)):
        headers = await as_person(username)
        answer = await api.put(choice, json={"version": None}, headers=headers)
        assert answer.status_code == status
