"""Clocks: correction by `sent_at`, the range of times, and repeats that come without `sent_at`."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from learntrace.kit.config import Settings

from ..world import World, batch, bearer, now

EVENTS = "/api/v1/telemetry/events"
BATCH = "/api/v1/telemetry/batch"
VALIDATE = "/api/v1/telemetry/validate"
HOUR = timedelta(hours=1)


async def post(api: httpx.AsyncClient, key: str, event: Any, **changes: Any) -> httpx.Response:
    return await api.post(BATCH, json=batch([event], **changes), headers=bearer(key))


def codes(answer: httpx.Response) -> list[str]:
    return [rejected["code"] for rejected in answer.json()["rejected"]]


async def test_wrong_clock_is_corrected_by_sent_at(api: httpx.AsyncClient, world: World) -> None:
    ahead = now() + 3 * HOUR
    event = world.event(timestamp=(ahead - timedelta(seconds=30)).isoformat())
    refused = await post(api, world.write_key, event)
    assert codes(refused) == ["timestamp_out_of_range"]
    assert refused.json()["rejected"][0]["retryable"] is False
    taken = await post(api, world.write_key, event, sent_at=ahead.isoformat())
    assert taken.json()["accepted"] == 1
    row = (await world.rows("select * from events"))[0]
    assert row.timestamp == datetime.fromisoformat(event["timestamp"])
    assert abs((row.corrected_at - row.received_at).total_seconds() + 30) < 5
    single = world.event(timestamp=(ahead - timedelta(seconds=9)).isoformat())
    headers = bearer(world.write_key) | {"X-Sent-At": ahead.isoformat()}
    assert (await api.post(EVENTS, json=single, headers=headers)).status_code == 201
    wrong = bearer(world.write_key) | {"X-Sent-At": "yesterday"}
    assert (await api.post(EVENTS, json=single, headers=wrong)).status_code == 422


@pytest.mark.parametrize(
    "written",
    [
        "1970-06-01T00:00:00+14:00",
        "1999-12-31T23:59:59.999999Z",
        "2100-06-01T00:00:00+14:00",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
    ],
)
async def test_impossible_years_are_refused_and_the_others_stored(
    api: httpx.AsyncClient, world: World, written: str
) -> None:
    stranger = world.event(timestamp=written, student_id=uuid4())
    events = [world.event(timestamp=written), world.event(), stranger]
    answer = await api.post(BATCH, json=batch(events), headers=bearer(world.sandbox_key))
    assert answer.json()["accepted"] == 1
    assert codes(answer) == ["timestamp_out_of_range"] * 2
    rejected = answer.json()["rejected"][0]
    assert rejected["event_id"] == events[0]["event_id"]
    assert rejected["detail"].startswith("timestamp: ")
    enrolled = "select count(*) from students where id = :id"
    assert await world.one(enrolled, id=stranger["student_id"]) == 0


async def test_a_repeat_without_the_sent_at_of_the_first_is_a_duplicate(
    api: httpx.AsyncClient, world: World
) -> None:
    years = timedelta(days=366 * 40)
    event = world.event(timestamp=(now() - years).isoformat())
    headers = bearer(world.write_key) | {"X-Sent-At": (now() - years).isoformat()}
    assert (await api.post(EVENTS, json=event, headers=headers)).status_code == 201
    again = await api.post(EVENTS, json=event, headers=bearer(world.write_key))
    assert (again.status_code, again.json()["duplicates"]) == (200, 1)
    rehearsed = await api.post(VALIDATE, json=batch([event]), headers=bearer(world.write_key))
    assert rehearsed.json()["duplicates"] == 1
    other = await post(api, world.write_key, event | {"event_type": "task_complete"})
    assert codes(other) == ["conflict"]
    new = await post(api, world.write_key, event | {"event_id": str(uuid4())})
    assert codes(new) == ["timestamp_out_of_range"]
    assert await world.one("select count(*) from events") == 1
    assert await world.one("select event_count from game_sessions") == 1


async def test_out_of_range_tells_a_player_nothing_of_another_student(
    api: httpx.AsyncClient, world: World
) -> None:
    event = world.event(student_id=world.students[1], timestamp="1970-01-01T00:00:00Z")
    answer = await post(api, world.player_token, event)
    assert codes(answer) == ["unknown_student"]


class TestEarliestYear:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"earliest_event_year": 2026})

    async def test_is_a_setting(self, api: httpx.AsyncClient, world: World) -> None:
        early = world.event(timestamp=datetime(2025, 12, 31, 23, tzinfo=UTC).isoformat())
        assert codes(await post(api, world.write_key, early)) == ["timestamp_out_of_range"]
        first = world.event(timestamp=datetime(2026, 1, 1, tzinfo=UTC).isoformat())
        assert (await post(api, world.write_key, first)).json()["accepted"] == 1
