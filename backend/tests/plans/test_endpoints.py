"""Plans over HTTP, and from the command line."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from learntrace.kit.errors import NotFoundError
from learntrace.plans import enforcing, service
from learntrace.plans.judging import month_of
from tests.world import World, now

from .conftest import Ask, Put, SchoolDay, Spend

VALIDATE = "/plan/validate-action"


def reset() -> str:
    return month_of(now()).reset_date.isoformat()


async def told(ask: Ask, action: str, *, who: str = "teacher", **params: object):
    answer = await ask(who, "POST", VALIDATE, {"action": action, "params": params})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_denial_is_an_answer_that_names_the_plan_that_would_do(
    ask: Ask, put_on: Put, spend: Spend
) -> None:
    await put_on("free")
    await spend(150.5)
    assert await told(ask, "check_minutes", duration_min=49.5) == {
        "allowed": True,
        "message": "With this, 100 % of this month's 200 minutes are used.",
        "limit_info": {
            "type": "minutes",
            "current": 150.5,
            "limit": 200,
            "reset_date": reset(),
        },
        "upgrade_suggestion": None,
    }
    denied = await told(ask, "check_minutes", duration_min=50)
    assert (denied["allowed"], denied["upgrade_suggestion"]) == (False, "student")
    assert denied["message"].startswith("49.5 of this month's 200 minutes are left, and this takes")


@pytest.mark.parametrize(
    ("action", "params", "allowed", "info"),
    [
        ("create_session", {}, True, {"type": "sessions", "current": 0, "limit": -1}),
        ("transcribe", {}, True, {"type": "transcriptions", "current": 1, "limit": -1}),
        ("transcribe", {"duration_min": 101}, False, {"type": "minutes", "limit": 200}),
        ("check_minutes", {"duration_min": 99}, True, {"current": 100, "limit": 200}),
        ("check_minutes", {"duration_min": 100}, True, {"current": 100, "limit": 200}),
        ("check_minutes", {"duration_min": 101}, False, {"current": 100, "limit": 200}),
        ("upload_file", {"file_size_mb": 59}, True, {"type": "file_size_mb", "limit": 60}),
        ("upload_file", {"file_size_mb": 60}, True, {"current": None, "reset_date": None}),
        ("upload_file", {"file_size_mb": 61}, False, {"limit": 60, "reset_date": None}),
        ("export_transcript", {}, True, {"type": "exports", "current": None, "limit": -1}),
        ("export_transcript", {"format": "json"}, True, {"type": "exports", "limit": -1}),
        ("export_transcript", {"format": "xlsx"}, False, {"type": "exports", "limit": 0}),
        ("ingest_events", {"count": 10**9}, True, {"type": "events", "current": 0, "limit": -1}),
        ("ingest_events", {"else": "what"}, True, {"type": "events", "limit": -1}),
    ],
)
async def test_each_action_is_judged_by_its_limit(
    ask: Ask, put_on: Put, spend: Spend, action: str, params, allowed: bool, info
) -> None:
    await put_on("free")
    await spend(100)
    found = await told(ask, action, **params)
    assert (found["allowed"], found["message"] is not None or allowed) == (allowed, True)
    assert found["limit_info"] | info == found["limit_info"]


@pytest.mark.parametrize(
    "body",
    [
        *({}, {"action": "fly"}, {"action": "check_minutes"}, {"action": "upload_file"}),
        {"action": "check_minutes", "params": {"minutes": 5}},
        {"action": "check_minutes", "params": {"duration_min": -1}},
        {"action": "check_minutes", "params": {"duration_min": "NaN"}},
        {"action": "transcribe", "params": None},
        {"action": "transcribe", "school_id": str(uuid4())},
    ],
)
async def test_what_no_action_is_is_refused(ask: Ask, day: SchoolDay, body) -> None:
    assert (await ask("teacher", "POST", VALIDATE, body)).status_code == 422


async def test_the_months_events_are_counted_from_its_sessions(
    ask: Ask, day: SchoolDay, world: World
) -> None:
    start = month_of(now()).start
    before, after = start - timedelta(hours=1), start + timedelta(minutes=1)
    kinds = ("task_start", "LEVEL_UP", "task_complete")
    async with world.database.transaction() as db:
        await day.plays(db, day.ada, at=before)
        await day.plays(db, day.ada, at=after)
        await day.plays(db, day.ben, at=start, event_types=kinds[:2])
        await day.plays(db, day.tess, school_id=world.sandbox_id, at=after, event_types=kinds[:1])
        foreign = {"school_id": world.other_school_id, "at": after}
        await day.plays(db, world.foreign_student, **foreign)
    assert (await told(ask, "ingest_events", count=5))["limit_info"]["current"] == 6
    stored = "select count(*) from events where timestamp >= :start and school_id = any(:own)"
    own = [world.school_id, world.sandbox_id]
    assert await world.one(stored, start=start, own=own) == 6


async def test_usage_warns_from_four_fifths_on(
    ask: Ask, world: World, put_on: Put, spend: Spend
) -> None:
    await put_on("free")
    await spend(300, at=month_of(now()).start - timedelta(microseconds=1))
    await spend(159)
    async with world.database.transaction() as db:
        await enforcing.note_recording(db, world.school_id, uuid4())

    async def usage():
        answer = (await ask("teacher", "GET", "/plan/current-usage")).json()
        lines = {line.pop("type"): line for line in answer.pop("usage")}
        start = date.fromisoformat(answer.pop("period_start"))
        assert (start.day, start < date.fromisoformat(reset())) == (1, True)
        assert answer == {"plan": "free", "reset_date": reset()}
        assert {line["reset_date"] for line in lines.values()} == {reset()}
        return lines

    lines = await usage()
    minutes = {"current": 159, "limit": 200, "reset_date": reset(), "warning": False}
    assert lines["minutes"] == minutes
    assert (lines["sessions"]["current"], lines["sessions"]["limit"]) == (1, -1)
    assert lines["events"]["limit"] == -1
    assert (lines["transcriptions"]["current"], lines["transcriptions"]["limit"]) == (1, -1)
    async with world.database.transaction() as db:
        await enforcing.reserve_minutes(db, world.school_id, uuid4(), 1)
    assert (await usage())["minutes"] == minutes | {"current": 160, "warning": True}
    await put_on("school")
    answer = (await ask("school_admin", "GET", "/plan/current-usage")).json()
    assert not any(line["warning"] for line in answer["usage"])


async def test_plans_can_be_read_and_compared(ask: Ask, day: SchoolDay, put_on: Put) -> None:
    listed = (await ask("teacher", "GET", "/plans")).json()["plans"]
    assert [plan["id"] for plan in listed] == ["free", "student", "pro", "school"]
    assert listed[3] == {
        "id": "school",
        "aliases": ["coaching_school", "enterprise"],
        "minutes_per_month": -1,
        "file_size_mb": 500,
        "export_formats": ["json", "txt", "vtt", "srt", "xlsx"],
        "concurrent_jobs": 10,
        "retention_days": -1,
    }
    for plan in listed:
        assert (await ask("teacher", "GET", f"/plans/{plan['id']}")).json() == plan
    assert (await ask("teacher", "GET", "/plans/enterprise")).json() == listed[3]
    unknown = await ask("teacher", "GET", "/plans/gold")
    assert (unknown.status_code, "free, student" in unknown.json()["detail"]) == (404, True)

    current = (await ask("teacher", "GET", "/plans/current")).json()
    assert current == {"plan": listed[3], "since": None}
    await put_on("pro")
    current = (await ask("teacher", "GET", "/plans/current")).json()
    assert (current["plan"], current["since"] is None) == (listed[2], False)
    compared = (await ask("teacher", "GET", "/plans/compare")).json()
    assert (compared["plans"], compared["current"]) == ([p["id"] for p in listed], "pro")
    lines = {line["limit"]: line["values"] for line in compared["limits"]}
    assert lines["minutes_per_month"] == {"free": 200, "student": 500, "pro": 3000, "school": -1}
    assert lines["export_formats"]["free"] == ["json", "txt"]


@pytest.mark.parametrize("path", ["/plans", "/plans/current", "/plans/free", "/plan/current-usage"])
async def test_only_the_schools_people_ask(ask: Ask, day: SchoolDay, path: str) -> None:
    for who, status in (
        *(("nobody", 401), ("teacher", 200), ("school_admin", 200), ("lake_admin", 200)),
        *(("system_admin", 403), ("developer", 403), ("ada", 403), ("write_key", 403)),
    ):
        assert (await ask(who, "GET", path)).status_code == status, who


async def test_a_school_sees_its_own_usage_alone(
    ask: Ask, day: SchoolDay, put_on: Put, spend: Spend
) -> None:
    await put_on("free")
    await spend(42)
    own = (await ask("school_admin", "GET", "/plan/current-usage")).json()
    lake = (await ask("lake_admin", "GET", "/plan/current-usage")).json()
    assert (own["plan"], lake["plan"]) == ("free", "school")
    assert [one["usage"][0]["current"] for one in (own, lake)] == [42, 0]


async def test_an_operator_gives_a_school_a_plan(run, ask: Ask, day: SchoolDay) -> None:
    assert await run("schools", "plan", "Hill School") == "Hill School has the plan school.\n"
    for given, plan in (("free", "free"), ("enterprise", "school"), ("pro", "pro")):
        said = await run("schools", "plan", "Hill School", given)
        assert said == f"Hill School has the plan {plan}.\n"
    refused = await run("schools", "plan", "Hill School", "gold", code=1)
    assert "There is no such plan. There are free, student, pro, school." in refused
    assert (await ask("teacher", "GET", "/plans/current")).json()["plan"]["id"] == "pro"


async def test_a_sandbox_is_given_no_plan_of_its_own(world: World) -> None:
    async with world.database.transaction() as db:
        with pytest.raises(NotFoundError):
            await service.put_plan(db, world.sandbox_id, "free")


async def test_a_recording_is_counted_when_it_is_made(ask: Ask, day: SchoolDay) -> None:
    told = {"title": "Reading", "language": "en"}
    for _ in range(2):
        answer = await ask("teacher", "POST", "/sessions", told)
        assert answer.status_code == 201, answer.text
    usage = (await ask("teacher", "GET", "/plan/current-usage")).json()["usage"]
    assert [line["current"] for line in usage if line["type"] == "sessions"] == [2]
