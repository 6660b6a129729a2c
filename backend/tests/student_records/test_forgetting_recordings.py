"""Recordings go by the plan's days, once an administrator has agreed to these; and nothing else."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from learntrace.audit.words import WORDS
from learntrace.plans import service as plans
from learntrace.student_records import forgetting
from learntrace.student_records.forgetting import Done, forget_due
from learntrace.transcription_sessions import aging
from learntrace.transcription_sessions.heard import Heard
from learntrace.transcription_sessions.states import Role

from ..classroom.conftest import SchoolDay, day
from ..skills.conftest import Ask, ask
from ..skills.lessons import infer_all
from ..transcription_sessions.given import (
    add_audio_file,
    add_segment,
    add_talk,
    add_transcription_session,
)
from ..world import World, now
from .conftest import Run
from .keeping import forget, leave, limits, preview, receipts, rows_of

__all__ = ["ask", "day"]

PATH = "/schools/recordings-retention"
HILL = ("--school", "Hill School")
KINDS = ("transcription_sessions", "transcript_segments", "audio_files")


async def put_on(world: World, plan: str, school_id: UUID | None = None) -> None:
    async with world.database.transaction() as db:
        await plans.put_plan(db, school_id or world.school_id, plan)


async def recorded(day: SchoolDay, *, days_ago: float, school_id=None, **changes) -> UUID:
    """A recording with two segments and audio that is still there."""
    school_id = school_id or day.world.school_id
    at = now() - timedelta(days=days_ago)
    async with day.world.database.transaction() as db:
        made = await add_transcription_session(
            db, school_id, day.users["teacher"], created_at=at, **changes
        )
        for position in range(2):
            await add_segment(db, school_id, made, position=position)
        await add_audio_file(db, school_id, made, uploaded_at=at)
    return made


async def left(world: World) -> set[UUID]:
    return {row.id for row in await world.rows("select id from transcription_sessions")}


async def pass_of_the_day(world: World, done: dict[UUID, Done] | None = None) -> int:
    return await forget_due(world.database, {} if done is None else done)


async def test_nothing_goes_until_somebody_agreed_to_what_would_go(
    ask: Ask, day: SchoolDay
) -> None:
    world = day.world
    await put_on(world, "free")
    old = await recorded(day, days_ago=32, student_id=day.ada)
    sandboxed = await recorded(day, days_ago=400, school_id=world.sandbox_id)
    kept = await recorded(day, days_ago=29)
    done: dict[UUID, Done] = {}
    assert await pass_of_the_day(world, done) == 0
    told = (await ask("school_admin", "GET", PATH)).json()
    before = told.pop("before")
    assert datetime.fromisoformat(before).date() in {
        now().date() - timedelta(days=n) for n in (29, 30)
    }
    going = {"transcription_sessions": 2, "transcript_segments": 4, "audio_files": 2}
    assert told == {"plan": "free", "days": 30, "confirmed": False, "counts": going}
    assert await left(world) == {old, sandboxed, kept}

    answer = await ask("school_admin", "PUT", PATH, {"confirmed_days": 30})
    assert answer.json() == told | {"before": before, "confirmed": True}
    assert await left(world) == {old, sandboxed, kept}
    assert await pass_of_the_day(world, done) == 8
    assert await left(world) == {kept}
    assert await rows_of(world, "transcript_segments") == 2
    # The worker finds the audio by its row, which is nobody's now.
    orphans = "select count(*) from audio_files where transcription_session_id is null"
    assert await world.one(orphans) == 2
    assert await receipts(world) == {("recordings", kind): going[kind] for kind in KINDS}
    entries = await world.rows("select by, action, school_id from audit_entries")
    assert [tuple(row) for row in entries] == [
        ("program", "retention of recordings", world.school_id)
    ]
    assert entries[0].action in WORDS
    due = "select count(*) from assessments_due where student_id = :id"
    assert await world.one(due, id=day.ada) == 1
    assert await pass_of_the_day(world, {}) == 0


async def test_what_was_measured_in_a_transcript_goes_with_it(day: SchoolDay) -> None:
    world = day.world
    await put_on(world, "free")
    said = [Heard(0, 60, "We built a long bridge. " * 20, role=Role.STUDENT)]
    at = now() - timedelta(days=40)
    async with world.database.transaction() as db:
        await add_talk(db, world.school_id, day.users["teacher"], day.ada, said, at=at)
    await infer_all(world.database)
    assert await rows_of(world, "transcript_features") == 1
    await forget(world, await limits(world, recordings=30, at=now()))
    assert await rows_of(world, "transcript_features") == 0
    await infer_all(world.database)
    assert await rows_of(world, "assessments_due") == 0


async def test_it_can_be_taken_back(ask: Ask, day: SchoolDay) -> None:
    await put_on(day.world, "free")
    await recorded(day, days_ago=40)
    for days in (30, None):
        answer = await ask("school_admin", "PUT", PATH, {"confirmed_days": days})
        assert answer.json()["confirmed"] == (days is not None)
    assert await pass_of_the_day(day.world) == 0
    stored = await day.world.rows(
        "select recordings_days, changed_by from retention_policies order by version"
    )
    admin = day.users["school_admin"]
    assert [tuple(row) for row in stored] == [(30, admin), (None, admin)]


async def test_another_plan_asks_anew(ask: Ask, day: SchoolDay) -> None:
    world = day.world
    await put_on(world, "student")
    await ask("school_admin", "PUT", PATH, {"confirmed_days": 180})
    old = await recorded(day, days_ago=100)
    older = await recorded(day, days_ago=200)
    for plan in ("free", "pro", "school"):
        await put_on(world, plan)
        told = (await ask("school_admin", "GET", PATH)).json()
        assert (told["plan"], told["confirmed"]) == (plan, False)
        assert await pass_of_the_day(world) == 0
    await put_on(world, "student")
    assert await pass_of_the_day(world) == 4
    assert await left(world) == {old}
    assert older not in await left(world)


@pytest.mark.parametrize(
    ("plan", "days", "status"),
    [
        *(("free", 30, 200), ("free", 29, 409), ("free", 180, 409), ("school", 30, 409)),
        *(("school", None, 200), ("free", 0, 422), ("free", -1, 422), ("school", -1, 422)),
    ],
)
async def test_just_the_plans_days_are_agreed_to(
    ask: Ask, day: SchoolDay, plan: str, days: int | None, status: int
) -> None:
    await put_on(day.world, plan)
    answer = await ask("school_admin", "PUT", PATH, {"confirmed_days": days})
    assert answer.status_code == status, answer.text


async def test_a_plan_that_keeps_for_good_lets_nothing_go(ask: Ask, day: SchoolDay) -> None:
    await recorded(day, days_ago=5000)
    assert (await ask("school_admin", "GET", PATH)).json() == {
        "plan": "school",
        "days": -1,
        "confirmed": False,
        "before": None,
        "counts": {},
    }
    assert await pass_of_the_day(day.world) == 0


async def test_only_administrators_look_and_agree(ask: Ask, day: SchoolDay) -> None:
    for who, status in (
        *(("nobody", 401), ("teacher", 403), ("system_admin", 403), ("developer", 403)),
        *(("ada", 403), ("write_key", 403), ("school_admin", 200), ("lake_admin", 200)),
    ):
        for method, body in (("GET", None), ("PUT", {"confirmed_days": None})):
            assert (await ask(who, method, PATH, body)).status_code == status, who


async def test_what_is_agreed_to_is_no_matter_of_the_other_days(ask: Ask, day: SchoolDay) -> None:
    await put_on(day.world, "free")
    await ask("school_admin", "PUT", PATH, {"confirmed_days": 30})
    chosen = {"play_days": 400, "left_days": None, "audit_days": None}
    assert (await ask("school_admin", "PUT", "/schools/retention", chosen)).json() == chosen
    assert (await ask("school_admin", "GET", PATH)).json()["confirmed"]
    await ask("school_admin", "PUT", PATH, {"confirmed_days": None})
    assert (await ask("school_admin", "GET", "/schools/retention")).json() == chosen
    versions = "select array_agg(version order by version) from retention_policies"
    assert await day.world.one(versions) == [1, 2, 3]


async def test_what_is_being_transcribed_stays_until_it_is_done(day: SchoolDay) -> None:
    await put_on(day.world, "free")
    busy = await recorded(day, days_ago=40, status="processing")
    bounds = await limits(day.world, recordings=30, at=now())
    assert (await preview(day.world, bounds)).counts == {}
    assert await forget(day.world, bounds) == {}
    assert await left(day.world) == {busy}


async def test_many_go_a_little_in_each_transaction(day: SchoolDay, monkeypatch) -> None:
    monkeypatch.setattr(aging, "MOST_AT_ONCE", 2)
    await put_on(day.world, "free")
    for student_id in (day.ada, day.ada, day.ada, day.ben, None):
        await recorded(day, days_ago=40, student_id=student_id)
    bounds = await limits(day.world, recordings=30, at=now())
    found = await preview(day.world, bounds)
    gone = await forget(day.world, bounds)
    assert gone == found.counts == dict(zip(KINDS, (5, 10, 5), strict=True))
    assert await left(day.world) == set()


async def test_who_left_is_not_counted_twice(day: SchoolDay) -> None:
    await put_on(day.world, "free")
    await leave(day.world, day.ben, days_ago=100)
    for student_id in (day.ada, day.ben):
        await recorded(day, days_ago=40, student_id=student_id)
    bounds = await limits(day.world, recordings=30, left=90, at=now())
    found = await preview(day.world, bounds)
    assert (found.students, found.counts["transcription_sessions"]) == (1, 2)
    gone = await forget(day.world, bounds)
    assert gone["transcription_sessions"] == 2


async def test_recordings_of_other_schools_stay(day: SchoolDay) -> None:
    world = day.world
    await put_on(world, "free", world.other_school_id)
    own = await recorded(day, days_ago=400)
    async with world.database.transaction() as db:
        bounds = await forgetting.limits(
            db,
            world.other_school_id,
            forgetting.Retention(1, None, None, None, None, 30),
            at=now(),
        )
    assert bounds.recordings is not None
    assert await forgetting.forget(world.database, world.other_school_id, bounds) == {}
    assert await left(world) == {own}


async def test_an_operator_sees_what_is_agreed_to(run: Run, ask: Ask, day: SchoolDay) -> None:
    await put_on(day.world, "free")
    await recorded(day, days_ago=40)
    said = await run("retention", "show", *HILL)
    assert "Hill School keeps recordings until it is erased." in said
    await ask("school_admin", "PUT", PATH, {"confirmed_days": 30})
    assert "Hill School keeps recordings for 30 days." in await run("retention", "show", *HILL)
    said = await run("retention", "run", *HILL, "--dry-run")
    assert "Recordings before no day" not in said
    assert "transcription_sessions  1" in said
    await run("retention", "run", *HILL)
    assert await left(day.world) == set()
    assert "recordings  transcript_segments" in await run("retention", "show", *HILL)
