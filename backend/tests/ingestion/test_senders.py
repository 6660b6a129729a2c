"""Who may send play, and of whom."""

from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from ..world import World, add_student, batch, bearer
from .sending import BATCH, codes, post


async def test_another_sender_cannot_overwrite_a_status(
    api: httpx.AsyncClient, world: World
) -> None:
    envelope = batch([world.event()])
    await api.post(BATCH, json=envelope, headers=bearer(world.write_key))
    stolen = batch([world.event(), world.event()], batch_id=envelope["batch_id"])
    answer = await api.post(BATCH, json=stolen, headers=bearer(world.player_token))
    assert answer.json()["accepted"] == 2
    path = f"/api/v1/telemetry/status/{envelope['batch_id']}"
    status = (await api.get(path, headers=bearer(world.write_key))).json()
    assert (status["attempts"], status["accepted"]) == (1, 1)


async def test_two_schools_share_an_event_id(api: httpx.AsyncClient, world: World) -> None:
    event = world.event()
    foreign = event | {"student_id": str(world.foreign_student), "data": {"other": 1}}
    for key, sent in ((world.write_key, event), (world.other_school_key, foreign)):
        assert (await post(api, key, [sent])).json()["accepted"] == 1
    assert await world.one("select count(*) from events") == 2


async def test_player_token_writes_its_own_student_only(
    api: httpx.AsyncClient, world: World
) -> None:
    events = [world.event(), world.event(student_id=world.students[1])]
    answer = await post(api, world.player_token, events)
    assert answer.json()["accepted"] == 1
    assert codes(answer) == [(1, "unknown_student", True)]


async def test_sandbox_key_enrols_strangers_as_pseudonyms(
    api: httpx.AsyncClient, world: World
) -> None:
    stranger, other = uuid4(), uuid4()
    events = [world.event(student_id=stranger), world.event(student_id=other)]
    assert (await post(api, world.sandbox_key, events)).json()["accepted"] == 2
    more = [world.event(student_id=uuid4()), world.event(student_id=stranger)]
    assert (await post(api, world.sandbox_key, more)).json()["accepted"] == 2
    enrolled = await world.rows(
        "select s.display_name from students s join enrolments e on e.student_id = s.id "
        "where s.school_id = :id and e.class_id = :class_id order by 1",
        id=world.sandbox_id,
        class_id=world.test_class_id,
    )
    assert [row[0] for row in enrolled] == ["Player 1", "Player 2", "Player 3"]
    live = await post(api, world.write_key, [world.event(student_id=stranger)])
    assert codes(live) == [(0, "unknown_student", True)]


async def test_revoked_key_writes_nothing_though_remembered(
    api: httpx.AsyncClient, world: World
) -> None:
    await post(api, world.write_key, [world.event()])
    async with world.database.transaction() as db:
        await db.execute(text("update write_keys set revoked_at = now()"))
    answer = await post(api, world.write_key, [world.event()])
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert (await post(api, world.write_key, [world.event()])).status_code == 401
    assert await world.one("select count(*) from events") == 1


@pytest.mark.parametrize(
    "token", ["", "lt_live_nope", "lt_player_nope", "lt_access_nope", "\ud800", "x" * 5000]
)
async def test_bad_credentials_are_401(api: httpx.AsyncClient, world: World, token: str) -> None:
    headers = {"Authorization": b"Bearer " + token.encode("utf-8", "surrogatepass")}
    answer = await api.post(BATCH, json=batch([world.event()]), headers=headers)
    assert answer.status_code == 401
    assert "lt_live_nope" not in answer.text


async def test_origin_must_be_one_of_the_games(api: httpx.AsyncClient, world: World) -> None:
    good = bearer(world.write_key) | {"Origin": "https://game.example"}
    answer = await api.post(BATCH, json=batch([world.event()]), headers=good)
    assert answer.status_code == 201
    bad = bearer(world.write_key) | {"Origin": "https://evil.example"}
    answer = await api.post(BATCH, json=batch([world.event()]), headers=bad)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


async def test_session_of_another_school_stays_apart(api: httpx.AsyncClient, world: World) -> None:
    session_id = uuid4()
    await post(api, world.write_key, [world.event(session_id=session_id)])
    foreign = world.event(session_id=session_id, student_id=world.foreign_student)
    assert (await post(api, world.other_school_key, [foreign])).json()["accepted"] == 1
    async with world.database.transaction() as db:
        await add_student(db, world.other_school_id, world.students[0], "Ada", "PUPILX")
    assert await world.one("select count(*) from game_sessions") == 2
    assert isinstance(session_id, UUID)
