"""Pupils join with two codes; their tokens are renewed once and can be revoked."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from learntrace.accounts import games, players
from learntrace.accounts.credentials import find_game_caller
from learntrace.accounts.housekeeping import drop_expired
from learntrace.kit.clock import now
from learntrace.kit.db import Database
from learntrace.kit.errors import UnauthorizedError

from ..world import World, bearer, insert

JOIN = "/api/v1/players/join"
RENEW = "/api/v1/players/renew"


async def join(api: httpx.AsyncClient, world: World, **changes: Any) -> httpx.Response:
    body = {"game_id": str(world.game_id), "class_code": "CLASS5", "pupil_code": "PUPIL0"}
    return await api.post(JOIN, json=body | changes)


async def test_two_codes_give_a_token_for_one_pupil_in_one_game(
    api: httpx.AsyncClient, world: World
) -> None:
    answer = await join(api, world)
    assert answer.status_code == 201
    joined = answer.json()
    assert (joined["student_id"], joined["display_name"]) == (str(world.students[0]), "Ada")
    lives = datetime.fromisoformat(joined["expires_at"]) - now()
    assert timedelta(hours=11, minutes=59) < lives <= timedelta(hours=12)
    assert joined["player_token"].startswith("lt_player_")
    stored = await world.rows("select * from player_tokens")
    assert joined["player_token"] not in str(stored)


async def test_a_joined_pupil_writes_own_play_only(api: httpx.AsyncClient, world: World) -> None:
    token = (await join(api, world)).json()["player_token"]
    own, other = world.event(), world.event(student_id=world.students[1])
    for event, status in ((own, 201), (other, 422)):
        answer = await api.post("/api/v1/telemetry/events", json=event, headers=bearer(token))
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("class_code", "pupil_code"),
    [("class5", "pupil0"), (" CLA-SS5 ", "PUP IL0"), ("c l a s s 5", "p-u-p-i-l-0")],
)
async def test_codes_are_taken_however_they_are_typed(
    api: httpx.AsyncClient, world: World, class_code: str, pupil_code: str
) -> None:
    answer = await join(api, world, class_code=class_code, pupil_code=pupil_code)
    assert answer.status_code == 201


async def test_every_wrong_code_is_answered_alike(
    api: httpx.AsyncClient, world: World, database: Database
) -> None:
    async with database.transaction() as db:
        unused = await games.create_game(db, name="Unused")
        await db.execute(
            text("update enrolments set ended_at = now() where student_id = :id"),
            {"id": world.students[2]},
        )
    answers = [
        await join(api, world, class_code="NOSUCH"),
        await join(api, world, pupil_code="NOSUCH"),
        await join(api, world, pupil_code="PUPIL9"),  # another school's
        await join(api, world, pupil_code="PUPIL2"),  # left the class
        await join(api, world, class_code="TEST55"),  # not in that class
        await join(api, world, class_code="--", pupil_code="--"),
        await join(api, world, game_id=str(unused.id)),
        await join(api, world, game_id=str(uuid4())),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"game_id": "x"},
        {"class_code": ""},
        {"pupil_code": "a" * 41},
        {"pupil_code": 5},
        {"class_code": None},
    ],
)
async def test_what_is_no_join_is_refused(
    api: httpx.AsyncClient, world: World, changes: dict[str, Any]
) -> None:
    assert (await join(api, world, **changes)).status_code == 422


async def test_a_nul_or_surrogate_in_a_code_harms_nothing(
    api: httpx.AsyncClient, world: World
) -> None:
    assert (await join(api, world, class_code="CLASS5\x00")).status_code == 201
    raw = f'{{"game_id": "{world.game_id}", "class_code": "\\ud800", "pupil_code": "x"}}'
    answer = await api.post(JOIN, content=raw, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500


async def test_a_page_joins_from_the_games_own_origins_only(
    api: httpx.AsyncClient, world: World
) -> None:
    body = {"game_id": str(world.game_id), "class_code": "CLASS5", "pupil_code": "PUPIL0"}
    for origin, status in (("https://game.example", 201), ("https://evil.example", 403)):
        answer = await api.post(JOIN, json=body, headers={"Origin": origin})
        assert answer.status_code == status
    assert await world.one("select count(*) from player_tokens") == 2


async def test_a_sandbox_class_code_lets_into_the_sandbox(
    api: httpx.AsyncClient, world: World, database: Database
) -> None:
    student_id = uuid4()
    async with database.transaction() as db:
        await insert(
            db,
            "students",
            school_id=world.sandbox_id,
            id=student_id,
            display_name="Player 1",
            pupil_code="SANDY2",
            created_at=now(),
        )
        await insert(
            db,
            "enrolments",
            school_id=world.sandbox_id,
            class_id=world.test_class_id,
            student_id=student_id,
            started_at=now(),
        )
    answer = await join(api, world, class_code="TEST55", pupil_code="SANDY2")
    assert answer.json()["student_id"] == str(student_id)
    query = "select school_id from player_tokens where student_id = :id"
    assert await world.one(query, id=student_id) == world.sandbox_id


async def test_a_token_is_renewed_once(api: httpx.AsyncClient, world: World) -> None:
    before = await world.one("select expires_at from player_tokens")
    first = await api.post(RENEW, headers=bearer(world.player_token))
    assert first.status_code == 200
    renewed = first.json()
    assert renewed["player_token"] == world.player_token
    assert (renewed["student_id"], renewed["display_name"]) == (str(world.students[0]), "Ada")
    assert datetime.fromisoformat(renewed["expires_at"]) > before
    second = await api.post(RENEW, headers=bearer(world.player_token))
    assert second.status_code == 409
    assert "once" in second.json()["detail"]
    stored = await world.one("select expires_at from player_tokens")
    assert stored == datetime.fromisoformat(renewed["expires_at"])


async def test_of_two_renewals_at_once_one_wins(api: httpx.AsyncClient, world: World) -> None:
    answers = await asyncio.gather(
        *(api.post(RENEW, headers=bearer(world.player_token)) for _ in range(2))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


@pytest.mark.parametrize("column", ["revoked_at", "expires_at"])
async def test_a_token_that_ended_is_not_renewed(
    api: httpx.AsyncClient, world: World, database: Database, column: str
) -> None:
    # Seen good a moment ago, so that this process still remembers it.
    await api.get(f"/api/v1/telemetry/status/{uuid4()}", headers=bearer(world.player_token))
    async with database.transaction() as db:
        await db.execute(text(f"update player_tokens set {column} = now()"))
    answer = await api.post(RENEW, headers=bearer(world.player_token))
    assert answer.status_code == 401


async def test_a_token_revoked_during_the_request_is_not_renewed(
    world: World, database: Database
) -> None:
    async with database.transaction() as db:
        caller = await find_game_caller(db, world.player_token)
        assert caller is not None
        await players.revoke_tokens(db, school_id=world.school_id, student_ids=[world.students[0]])
        with pytest.raises(UnauthorizedError):
            await players.renew_token(db, caller, valid_s=600)


async def test_only_player_tokens_are_renewed(api: httpx.AsyncClient, world: World) -> None:
    for headers, status in (
        ({}, 401),
        (bearer("lt_player_forged"), 401),
        (bearer(world.write_key), 403),
        (bearer(world.sandbox_key), 403),
    ):
        assert (await api.post(RENEW, headers=headers)).status_code == status


async def test_revoking_ends_every_token_of_a_pupil(
    api: httpx.AsyncClient, world: World, database: Database
) -> None:
    other = (await join(api, world, pupil_code="PUPIL1")).json()["player_token"]
    token = (await join(api, world)).json()["player_token"]
    async with database.transaction() as db:
        ended = await players.revoke_tokens(
            db, school_id=world.school_id, student_ids=[world.students[0]]
        )
    assert ended == 2
    status = f"/api/v1/telemetry/status/{uuid4()}"
    for one in (token, world.player_token):
        assert (await api.get(status, headers=bearer(one))).status_code == 401
    assert (await api.get(status, headers=bearer(other))).status_code == 404


async def test_what_ran_out_long_ago_is_dropped(
    world: World, database: Database, api: httpx.AsyncClient
) -> None:
    await join(api, world)
    async with database.transaction() as db:
        await db.execute(
            text(
                "update player_tokens set expires_at = now() - interval '8 days' "
                "where student_id = :id and created_at = "
                "(select min(created_at) from player_tokens)"
            ),
            {"id": world.students[0]},
        )
        await drop_expired(db)
    assert await world.one("select count(*) from player_tokens") == 1
