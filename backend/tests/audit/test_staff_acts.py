"""What is done to a school's people and write keys stands in its log, and to whom."""

import re
from typing import Any

import httpx
import pytest

from tests.world import bearer

from .conftest import Ask, Entries, Run, SchoolDay

LOG = "/schools/audit"


@pytest.fixture
def told(ask: Ask, day: SchoolDay) -> Any:
    """Who did what, newest first, as the school's administrator reads it."""

    async def read(**query: object) -> list[tuple[str, str | None, str]]:
        items = (await ask("school_admin", "GET", LOG, **query)).json()["items"]
        assert all(one["student_count"] == 0 and one["students"] == [] for one in items)
        return [(one["by"], one["who"] and one["who"]["name"], one["words"]) for one in items]

    return read


async def test_a_link_is_told_when_it_is_made_and_when_it_is_used(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay, told: Any, entries: Entries
) -> None:
    """So an administrator who reads as a teacher can be told from that teacher."""
    teacher = day.users["teacher"]
    made = await ask("school_admin", "POST", f"/users/{teacher}/password-reset")
    body = {"password": "a whole new password"}
    path, link = "/api/v1/auth/password", bearer(made.json()["token"])
    assert (await api.post(path, json={"password": "short"}, headers=link)).status_code == 422
    assert (await api.post(path, json=body, headers=link)).status_code == 204
    assert (await api.post(path, json=body, headers=link)).status_code == 401
    assert await told() == [
        ("link", None, "chose a new password for teacher by a link"),
        ("person", "school_admin", "made a link for a new password for teacher"),
    ]
    assert len(await told(person_id=teacher)) == 2
    assert len(await told(person_id=day.users["school_admin"])) == 1
    assert await told(person_id=day.users["colleague"]) == []
    items = (await ask("school_admin", "GET", LOG)).json()["items"]
    assert [one["about"] for one in items] == [{"id": str(teacher), "name": "teacher"}] * 2
    assert len(await entries()) == 2  # reading these tells of no student


async def test_each_change_of_somebody_is_told(ask: Ask, day: SchoolDay, told: Any) -> None:
    new = {"username": "nora", "display_name": "Nora Neu", "role": "teacher"}
    nora = (await ask("school_admin", "POST", "/users", new)).json()["user"]["id"]
    for change in (
        {"display_name": "Nora Alt", "role": "school_admin"},
        {"display_name": "Nora Alt", "role": "teacher"},
        {"disabled": True},
        {"disabled": False},
    ):
        assert (await ask("school_admin", "PATCH", f"/users/{nora}", change)).status_code == 200
    found = await told()
    assert sorted(words for *_, words in found) == sorted(
        [
            "added Nora Neu, with a link for a new password",
            "changed the name of Nora Neu",
            "made Nora Alt an administrator",
            "made Nora Alt a teacher",
            "let Nora Alt sign in no more",
            "let Nora Alt sign in again",
        ]
    )
    assert {(by, who) for by, who, _ in found} == {("person", "school_admin")}


async def test_what_is_refused_is_told_of_nobody(ask: Ask, day: SchoolDay, told: Any) -> None:
    admin, foreign = day.users["school_admin"], day.users["lake_teacher"]
    assert (await ask("school_admin", "PATCH", f"/users/{admin}", {"role": "teacher"})).is_error
    assert (await ask("school_admin", "POST", f"/users/{foreign}/password-reset")).is_error
    assert (await ask("teacher", "POST", f"/users/{admin}/password-reset")).is_error
    assert await told() == []


async def test_write_keys_are_told(ask: Ask, day: SchoolDay, told: Any) -> None:
    new = {"game_id": str(day.world.game_id), "environment": "live", "name": "server 1"}
    key = (await ask("school_admin", "POST", "/write-keys", new)).json()["write_key"]["id"]
    rotated = await ask("school_admin", "POST", f"/write-keys/{key}/rotate", {"overlap_hours": 1})
    assert rotated.status_code == 201
    await ask("school_admin", "POST", f"/write-keys/{key}/revoke")
    words = [words for *_, words in await told()]
    assert words == [f"{did} a write key: server 1" for did in ("revoked", "replaced", "made")]
    sandbox = new | {"environment": "sandbox"}
    assert (await ask("school_admin", "POST", "/write-keys", sandbox)).status_code == 201
    assert len(await told()) == 3
    assert len(await told(sandbox=True)) == 1


async def test_an_operators_commands_are_told(run: Run, day: SchoolDay, told: Any) -> None:
    await run("users", "password", "teacher")
    await run("users", "reset-link", "teacher")
    await run("users", "disable", "teacher")
    await run("users", "disable", "teacher", "--undo")
    await run("users", "add", "nora", "--role", "teacher", "--school", "Hill School")
    await run("users", "password", "system_admin")  # of no school: in no school's log
    made = await run("keys", "create", "Hill School", day.world.game_id, "--environment", "live")
    found = re.search(r"Key (\S+)", made)
    assert found is not None
    await run("keys", "rotate", found[1])
    await run("keys", "revoke", found[1])
    entered = await told()
    assert {(by, who) for by, who, _ in entered} == {("command", None)}
    assert [words for *_, words in reversed(entered)] == [
        "gave teacher a new password",
        "made a link for a new password for teacher",
        "let teacher sign in no more",
        "let teacher sign in again",
        "added nora",
        "made a write key: server",
        "replaced a write key: server",
        "revoked a write key: server",
    ]
