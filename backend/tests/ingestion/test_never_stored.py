"""What a mapping never stores reaches no table, log or answer, whichever way it came."""

import logging
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from learntrace.accounts import mappings
from learntrace.accounts.credentials import find_game_caller

from ..student_records.searching import found_in_database
from ..world import World, batch, bearer

EVENTS = "/api/v1/telemetry/events"
BATCH = "/api/v1/telemetry/batch"
VALIDATE = "/api/v1/telemetry/validate"
SECRET = "Rumpelstiltskin"
SAID = {"level": 3, "chat": [{"text": SECRET, "to": "all"}], "name": SECRET}
LEFT = {"level": 3, "chat": [{"to": "all"}]}
NEVER = {"never_store": ["data.name", "data.chat.text", "mission_id"]}


async def publish(world: World, mapping: dict[str, Any]) -> int:
    async with world.database.transaction() as db:
        published, _ = await mappings.publish(db, world.game_id, mapping)
    return published.version


async def stored(world: World) -> list[tuple[Any, ...]]:
    rows = await world.rows("select data, mission_id from events order by timestamp, event_id")
    return [tuple(row) for row in rows]


async def forget(app: FastAPI, world: World, key: str) -> None:
    """As after the 30 seconds for which a credential is remembered."""
    async with world.database.transaction() as db:
        caller = await find_game_caller(db, key)
    assert caller is not None
    app.state.remembered_callers.forget(caller)


@pytest.mark.parametrize("kind", ["write_key", "player_token", "sandbox_key"])
async def test_it_is_gone_from_every_table_log_and_answer(
    kind: str,
    api: httpx.AsyncClient,
    world: World,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    await publish(world, NEVER)
    key = bearer(getattr(world, kind))
    one = world.event(data=SAID, mission_id=SECRET)
    other = world.event(data=SAID, mission_id=SECRET)
    broken = world.event(data=SAID, mission_id=SECRET, timestamp=SECRET)
    answers = [
        await api.post(VALIDATE, json=batch([one, broken]), headers=key),
        await api.post(EVENTS, json=one, headers=key),
        await api.post(BATCH, json=batch([other, broken]), headers=key),
        await api.post(EVENTS, json=broken, headers=key),
    ]
    assert [answer.status_code for answer in answers] == [200, 201, 201, 422]
    assert SECRET not in "".join(answer.text for answer in answers)
    assert await stored(world) == [(LEFT, None)] * 2
    assert await found_in_database(world.database, [SECRET]) == []
    assert SECRET not in caplog.text


async def test_a_large_body_with_something_wrong_is_cut_as_well(
    api: httpx.AsyncClient, world: World
) -> None:
    await publish(world, NEVER)
    padded = SAID | {"padding": "x" * 5000}
    events = [world.event(data=padded) for _ in range(120)] + [world.event(student_id="nobody")]
    answer = await api.post(BATCH, json=batch(events), headers=bearer(world.write_key))
    assert answer.json()["accepted"] == 120
    assert await found_in_database(world.database, [SECRET]) == []


async def test_a_repeat_is_judged_by_what_is_stored(api: httpx.AsyncClient, world: World) -> None:
    await publish(world, NEVER)
    key = bearer(world.write_key)
    event = world.event(data=SAID)
    assert (await api.post(EVENTS, json=event, headers=key)).status_code == 201
    for data in (SAID, LEFT, SAID | {"name": "somebody else"}):
        again = await api.post(EVENTS, json=event | {"data": data}, headers=key)
        assert again.json()["duplicates"] == 1
    changed = await api.post(EVENTS, json=event | {"data": SAID | {"level": 4}}, headers=key)
    assert [one["code"] for one in changed.json()["rejected"]] == ["conflict"]


async def test_what_was_stored_before_stays_and_its_repeat_is_a_repeat(
    app: FastAPI, api: httpx.AsyncClient, world: World
) -> None:
    key = bearer(world.write_key)
    before = world.event(data=SAID, mission_id="level_3")
    assert (await api.post(EVENTS, json=before, headers=key)).status_code == 201
    await publish(world, NEVER)
    await forget(app, world, world.write_key)
    again = await api.post(EVENTS, json=before, headers=key)
    assert (again.status_code, again.json()["duplicates"]) == (200, 1)
    after = await api.post(EVENTS, json=world.event(data=SAID), headers=key)
    assert after.status_code == 201
    assert sorted(await stored(world), key=str) == sorted(
        [(SAID, "level_3"), (LEFT, None)], key=str
    )


async def test_a_school_that_chose_another_version_keeps_by_that(
    app: FastAPI, api: httpx.AsyncClient, world: World
) -> None:
    await publish(world, {"never_store": ["data.chat"]})
    await publish(world, NEVER)
    async with world.database.transaction() as db:
        await mappings.choose(db, world.school_id, world.game_id, 1)
    answer = await api.post(EVENTS, json=world.event(data=SAID), headers=bearer(world.write_key))
    assert answer.status_code == 201
    assert [data for data, _ in await stored(world)] == [{"level": 3, "name": SECRET}]


async def test_another_game_is_not_concerned(api: httpx.AsyncClient, world: World) -> None:
    await publish(world, NEVER)
    event = world.event(data=SAID)
    answer = await api.post(EVENTS, json=event, headers=bearer(world.other_game_key))
    assert answer.status_code == 201
    assert [data for data, _ in await stored(world)] == [SAID]
