"""A good credential, and a request that says it is about somebody else."""

import json
from uuid import uuid4

import httpx
import pytest

from tests.classroom.conftest import SchoolDay
from tests.world import World, batch, bearer

API = "/api/v1"
EVENTS, BATCH = f"{API}/telemetry/events", f"{API}/telemetry/batch"


async def test_an_event_belongs_where_the_credential_does_whatever_it_says(
    api: httpx.AsyncClient, world: World
) -> None:
    claims = {"school_id": str(world.other_school_id), "game_id": str(world.other_game_id)}
    headers = bearer(world.player_token)
    for where in ({}, claims, {"sandbox": "true"}):
        event = world.event() | claims
        assert (await api.post(EVENTS, json=event, params=where, headers=headers)).is_success
    envelope = batch([world.event() | claims]) | claims
    assert (await api.post(BATCH, json=envelope, headers=headers)).is_success
    rows = await world.rows("select distinct school_id, game_id, student_id from events")
    assert [tuple(row) for row in rows] == [(world.school_id, world.game_id, world.students[0])]


@pytest.mark.parametrize("single", [False, True])
async def test_a_name_said_twice_makes_nobody_else_of_a_pupil(
    api: httpx.AsyncClient, world: World, *, single: bool
) -> None:
    """Were one reader to take the first and another the last, a check of the one let both by."""
    ada, ben = (str(one) for one in world.students[:2])
    for first, last in ((ada, ben), (ben, ada)):
        event = json.dumps(world.event(student_id=first))
        twice = event[:-1] + f', "student_id": "{last}"}}'
        envelope = json.dumps(batch([]))[:-1].replace('"events": []', f'"events": [{twice}]') + "}"
        await api.post(
            EVENTS if single else BATCH,
            content=twice if single else envelope,
            headers=bearer(world.player_token) | {"Content-Type": "application/json"},
        )
    stored = await world.rows("select distinct student_id from events")
    assert {row[0] for row in stored} <= {world.students[0]}


async def test_a_copy_of_somebody_elses_event_changes_nothing_and_tells_nothing(
    api: httpx.AsyncClient, day: SchoolDay
) -> None:
    world = day.world
    event = world.event(student_id=day.ada)
    sent = await api.post(EVENTS, json=event, headers=bearer(world.player_token))
    assert sent.status_code == 201
    copied = await api.post(EVENTS, json=event, headers=bearer(day.ben_token))
    unknown = await api.post(
        EVENTS, json=world.event(student_id=day.ada), headers=bearer(day.ben_token)
    )
    codes = [one.json()["rejected"][0]["code"] for one in (copied, unknown)]
    assert codes == ["unknown_student"] * 2
    # The same, said to be the own: in the other's session, and under the other's event id.
    for taken in ({"session_id": event["session_id"]}, {"event_id": event["event_id"]}):
        mine = world.event(student_id=day.ben) | taken
        answer = await api.post(EVENTS, json=mine, headers=bearer(day.ben_token))
        assert answer.status_code == 422
    rows = await world.rows(
        "select student_id, data from events where event_id = cast(:id as uuid)",
        id=event["event_id"],
    )
    assert [tuple(row) for row in rows] == [(day.ada, {"level": 1})]
    assert await world.one("select count(*) from events where student_id = :b", b=day.ben) == 0


async def test_a_beacon_speaks_for_the_token_of_its_header_alone(
    api: httpx.AsyncClient, day: SchoolDay
) -> None:
    """Two tokens in one request: whoever checks the one must not act for the other."""
    envelope = batch([day.world.event(student_id=day.ben)]) | {"player_token": day.ben_token}
    answer = await api.post(
        BATCH,
        content=json.dumps(envelope),
        headers=bearer(day.world.player_token) | {"Content-Type": "text/plain"},
    )
    assert not answer.is_success
    assert await day.world.one("select count(*) from events where student_id = :b", b=day.ben) == 0


@pytest.mark.parametrize(
    "path",
    [
        "{api}/students/{student}/",
        "/{api}/students/{student}",
        "{api}//students/{student}",
        "{api}/classes/../students/{student}",
        "{api}/classes/%2e%2e/students/{student}",
        "{api}/auth/login/../../students/{student}",
        "{api}/students/{student}%2f..%2f",
        "{api}/students/{student};role=school_admin",
        "/health/..{api}/students/{student}",
        "{api}/STUDENTS/{student}",
    ],
)
async def test_no_way_around_leads_in(api: httpx.AsyncClient, day: SchoolDay, path: str) -> None:
    concrete = path.format(api=API, student=day.ada)
    claims = {"X-HTTP-Method-Override": "GET", "X-Original-URL": f"{API}/students/{day.ada}"}
    for who in ("nobody", "lake_admin", "write_key"):
        answer = await api.get(concrete, headers=day.headers(who) | claims)
        assert not answer.is_success, (who, answer.text)
        assert "Ada" not in answer.text


@pytest.mark.parametrize("path", ["/students", "/classes"])
async def test_a_foreign_school_named_in_the_query_opens_nothing(
    api: httpx.AsyncClient, day: SchoolDay, path: str
) -> None:
    for who in ("lake_admin", "lake_teacher"):
        for name in ("school_id", "tenant", "school", "schoolId"):
            for school_id in (day.world.school_id, day.world.sandbox_id):
                answer = await api.get(
                    f"{API}{path}", params={name: str(school_id)}, headers=day.headers(who)
                )
                for foreign in (day.ada, day.tess, day.world.class_id, day.world.test_class_id):
                    assert str(foreign) not in answer.text


async def test_the_cursor_of_another_school_shows_nothing_of_it(
    api: httpx.AsyncClient, day: SchoolDay
) -> None:
    hill = await api.get(
        f"{API}/students", params={"limit": 1}, headers=day.headers("school_admin")
    )
    cursor = hill.json()["next_cursor"]
    lake = await api.get(
        f"{API}/students", params={"cursor": cursor}, headers=day.headers("lake_admin")
    )
    assert {one["display_name"] for one in lake.json()["items"]} <= {"Finn"}
    of_session = await api.get(
        f"{API}/game-sessions/{day.live}/events",
        params={"limit": 1},
        headers=day.headers("teacher"),
    )
    foreign = await api.get(
        f"{API}/game-sessions/{day.live}/events",
        params={"cursor": of_session.json()["next_cursor"]},
        headers=day.headers("lake_admin"),
    )
    assert foreign.status_code == 404


async def test_of_a_mixed_request_nothing_foreign_is_done(
    api: httpx.AsyncClient, day: SchoolDay
) -> None:
    """One's own first, so that a check of the first alone would let the rest by."""
    ids = [str(one) for one in (day.ada, day.world.foreign_student, uuid4())]
    ratings = [{"student_id": one, "skill": "empathy", "level": 2} for one in ids]
    rated = await api.post(
        f"{API}/ratings", json={"ratings": ratings}, headers=day.headers("teacher")
    )
    assert rated.status_code == 404
    assert await day.world.one("select count(*) from ratings") == 0
    said = await api.post(
        f"{API}/consents",
        json={"student_ids": ids, "kind": "play", "state": "verified"},
        headers=day.headers("school_admin"),
    )
    assert said.status_code == 404
    inferred = await api.post(
        f"{API}/infer-batch", json={"student_ids": ids}, headers=day.headers("teacher")
    )
    states = [one["status"] for one in inferred.json()["results"]]
    assert states[1:] == ["not_found", "not_found"]
    assert states[0] != "not_found"


async def test_the_audit_log_of_another_school_is_not_asked_for_by_its_people(
    api: httpx.AsyncClient, day: SchoolDay
) -> None:
    finn = day.world.foreign_student
    lake = day.headers("lake_admin")
    assert (await api.get(f"{API}/students/{finn}", headers=lake)).status_code == 200
    own = await api.get(f"{API}/schools/audit", params={"student_id": str(finn)}, headers=lake)
    assert [one["action"] for one in own.json()["items"]] == ["GET /students/{student_id}"]
    for name, value in (("student_id", finn), ("person_id", day.users["lake_admin"])):
        foreign = await api.get(
            f"{API}/schools/audit",
            params={name: str(value)},
            headers=day.headers("school_admin"),
        )
        assert "Finn" not in foreign.text
        assert "lake_admin" not in foreign.text
        assert foreign.status_code == 404 or foreign.json()["items"] == []
