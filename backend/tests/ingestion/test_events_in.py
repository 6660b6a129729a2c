"""Single events, batches, their status: posted over HTTP, read back over another connection."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx

from ..world import World, batch, bearer, now
from .sending import BATCH, EVENTS, VALIDATE, codes, post


async def test_single_event_is_stored_once(api: httpx.AsyncClient, world: World) -> None:
    event = world.event()
    first = await api.post(EVENTS, json=event, headers=bearer(world.write_key))
    again = await api.post(EVENTS, json=event, headers=bearer(world.write_key))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == {
        "status": "completed",
        "received_count": 1,
        "accepted": 1,
        "duplicates": 0,
        "rejected": [],
        "batch_id": None,
        "message": "1 stored, 0 already known, 0 refused.",
    }
    assert again.json()["duplicates"] == 1
    assert await world.one("select count(*) from events") == 1
    session = (await world.rows("select * from game_sessions"))[0]
    assert (session.event_count, session.state, session.student_id) == (
        1,
        "open",
        world.students[0],
    )


async def test_rejected_single_event_says_why(api: httpx.AsyncClient, world: World) -> None:
    event = world.event(student_id=world.foreign_student)
    answer = await api.post(EVENTS, json=event, headers=bearer(world.write_key))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["received_count"]) == (422, 1)
    assert codes(answer) == [(0, "unknown_student", True)]
    assert await world.one("select count(*) from events") == 0
    assert await world.one("select count(*) from game_sessions") == 0


async def test_each_event_of_a_batch_stands_alone(api: httpx.AsyncClient, world: World) -> None:
    session_id = uuid4()
    known = world.event(session_id=session_id)
    await post(api, world.write_key, [known])
    good = world.event(session_id=session_id)
    events = [
        good,
        known,
        known | {"event_type": "task_complete"},
        world.event(student_id=world.foreign_student),
        world.event(session_id=session_id, student_id=world.students[1]),
        {"event_id": "nonsense"},
        world.event(timestamp="1970-01-01T00:00:00Z"),
        world.event(data={"text": "x" * 10_001}),
        "no object",
        good,
        good | {"data": {"level": 2}},
    ]
    answer = await post(api, world.write_key, events)
    assert answer.status_code == 201
    assert answer.json()["accepted"] == 1
    assert answer.json()["duplicates"] == 2
    assert answer.json()["status"] == "partial"
    assert codes(answer) == [
        (2, "conflict", False),
        (3, "unknown_student", True),
        (4, "wrong_student", False),
        (5, "invalid", False),
        (6, "timestamp_out_of_range", False),
        (7, "too_large", False),
        (8, "invalid", False),
        (10, "conflict", False),
    ]
    assert answer.json()["received_count"] == 11
    assert await world.one("select count(*) from events") == 2
    assert await world.one("select event_count from game_sessions") == 2


async def test_batch_of_bad_events_is_422_and_remembered(
    api: httpx.AsyncClient, world: World
) -> None:
    envelope = batch([{"event_id": 1}, world.event(student_id=uuid4())])
    answer = await api.post(BATCH, json=envelope, headers=bearer(world.write_key))
    assert answer.status_code == 422
    assert [code for _, code, _ in codes(answer)] == ["invalid", "unknown_student"]
    status = await api.get(
        f"/api/v1/telemetry/status/{envelope['batch_id']}", headers=bearer(world.write_key)
    )
    assert status.json()["status"] == "rejected"
    assert status.json()["rejected"] == answer.json()["rejected"]


async def test_status_is_the_stored_truth_over_all_sends(
    api: httpx.AsyncClient, world: World
) -> None:
    envelope = batch([world.event(), world.event(student_id=uuid4())])
    path = f"/api/v1/telemetry/status/{envelope['batch_id']}"
    assert (await api.get(path, headers=bearer(world.write_key))).status_code == 404
    await api.post(BATCH, json=envelope, headers=bearer(world.write_key))
    envelope["events"].append(world.event())
    await api.post(BATCH, json=envelope, headers=bearer(world.write_key))
    status = (await api.get(path, headers=bearer(world.write_key))).json()
    assert status["attempts"] == 2
    assert (status["received_count"], status["accepted"], status["duplicates"]) == (3, 2, 1)
    assert status["status"] == "partial"
    assert [r["index"] for r in status["rejected"]] == [1]
    for stranger in (world.other_game_key, world.other_school_key, world.player_token):
        assert (await api.get(path, headers=bearer(stranger))).status_code == 404


async def test_content_is_compared_as_json_value(api: httpx.AsyncClient, world: World) -> None:
    event = world.event(data={"a": 3, "b": [1, {"c": None}]}, sequence=3)
    await post(api, world.write_key, [event])
    raw = json.dumps(event | {"sequence": 3.0}).replace(
        json.dumps(event["data"]), '{ "b":[1.0,{"c":null}] , "a":3.0 }'
    )
    body = f'{{"batch_id":"{uuid4()}","sent_at":"{now().isoformat()}","events":[{raw}]}}'
    headers = bearer(world.write_key) | {"Content-Type": "application/json"}
    answer = await api.post(BATCH, content=body, headers=headers)
    assert answer.json()["duplicates"] == 1
    truth = await post(api, world.write_key, [event | {"data": {"a": True, "b": [1, {"c": None}]}}])
    assert codes(truth) == [(0, "conflict", False)]


async def test_repeats_of_a_conflicting_first_are_judged_by_what_is_stored(
    api: httpx.AsyncClient, world: World
) -> None:
    stored = world.event()
    await post(api, world.write_key, [stored])
    other = stored | {"event_type": "task_complete"}
    answer = await post(api, world.write_key, [other, stored, other])
    assert answer.json()["duplicates"] == 1
    assert codes(answer) == [(0, "conflict", False), (2, "conflict", False)]


async def test_session_opens_only_with_a_stored_event(api: httpx.AsyncClient, world: World) -> None:
    event = world.event()
    await post(api, world.write_key, [event])
    repeat_elsewhere = event | {"session_id": str(uuid4())}
    answer = await post(api, world.write_key, [repeat_elsewhere])
    assert codes(answer) == [(0, "conflict", False)]
    assert await world.one("select count(*) from game_sessions") == 1


async def test_session_belongs_to_one_student_and_game(
    api: httpx.AsyncClient, world: World
) -> None:
    session_id = uuid4()
    both = [
        world.event(session_id=session_id),
        world.event(session_id=session_id, student_id=world.students[1]),
    ]
    answer = await post(api, world.write_key, both)
    assert codes(answer) == [(1, "wrong_student", False)]
    other_game = await post(api, world.other_game_key, [world.event(session_id=session_id)])
    assert codes(other_game) == [(0, "invalid", False)]
    assert "another game" in other_game.json()["rejected"][0]["detail"]


async def test_late_event_moves_the_end_and_keeps_it_closed(
    api: httpx.AsyncClient, world: World
) -> None:
    session_id = uuid4()
    early, late = now() - timedelta(minutes=10), now()
    first = world.event(session_id=session_id, timestamp=early.isoformat())
    await post(api, world.write_key, [first])
    path = f"/api/v1/telemetry/session/{session_id}/close"
    assert (await api.post(path, headers=bearer(world.write_key))).status_code == 200
    second = world.event(session_id=session_id, timestamp=late.isoformat())
    assert (await post(api, world.write_key, [second])).json()["accepted"] == 1
    row = (await world.rows("select * from game_sessions"))[0]
    assert (row.state, row.event_count, row.assessed_event_count) == ("closed", 2, 1)
    assert (row.started_at, row.ended_at) == (early, late)


async def test_validate_judges_alike_and_stores_nothing(
    api: httpx.AsyncClient, world: World
) -> None:
    known = world.event()
    await post(api, world.write_key, [known])
    events = [known, world.event(), known | {"event_type": "x"}, world.event(student_id=uuid4())]
    answer = await api.post(VALIDATE, json=batch(events), headers=bearer(world.write_key))
    assert answer.status_code == 200
    assert (answer.json()["accepted"], answer.json()["duplicates"]) == (1, 1)
    assert [code for _, code, _ in codes(answer)] == ["conflict", "unknown_student"]
    assert await world.one("select count(*) from events") == 1
    assert await world.one("select count(*) from telemetry_batches") == 1
    bad = await api.post(
        VALIDATE, json=batch([world.event(student_id=uuid4())]), headers=bearer(world.write_key)
    )
    assert bad.status_code == 422
    assert codes(bad) == [(0, "unknown_student", True)]


async def test_rejections_are_counted_without_a_student(
    api: httpx.AsyncClient, world: World
) -> None:
    await post(api, world.write_key, [world.event(), world.event(student_id=uuid4()), 5])
    await post(api, world.write_key, [world.event(student_id=uuid4())])
    rows = await world.rows("select * from rejections order by code")
    assert [(row.code, row.count) for row in rows] == [("invalid", 1), ("unknown_student", 2)]
    assert rows[0].day == datetime.now(UTC).date()


async def test_same_batch_at_the_same_instant(api: httpx.AsyncClient, world: World) -> None:
    session_id = uuid4()
    events = [world.event(session_id=session_id) for _ in range(50)]
    answers = await asyncio.gather(
        *(post(api, world.write_key, events[::step]) for step in (1, -1, 1, -1))
    )
    assert sum(answer.json()["accepted"] for answer in answers) == 50
    assert sum(answer.json()["duplicates"] for answer in answers) == 150
    assert await world.one("select count(*) from events") == 50
    assert await world.one("select event_count from game_sessions") == 50
