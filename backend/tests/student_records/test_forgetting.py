"""What retention removes of play, what it leaves alone, and when it passes."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from learntrace.assessment import populations, references, service
from learntrace.game_sessions import aging
from learntrace.kit.config import Settings
from learntrace.kit.db import Database
from learntrace.kit.inventory import WITH_PLAY
from learntrace.privacy import retention
from learntrace.skills.refitting import refit_item_tables
from learntrace.student_records import forgetting
from learntrace.student_records.forgetting import Done
from learntrace.student_records.holdings import HOLDINGS
from learntrace.student_records.inventory import models

from ..skills.lessons import infer_all, lesson, play_as_a_class, play_lesson
from ..world import World, batch, bearer, insert, now
from .keeping import BATCH, PLAY_DAYS, forget, let_end, limits, preview, receipts, rows_of
from .life import live_a_life
from .searching import found_in_database

# Told of no play; the last goes a week after the token ran out.
STAYING = {"student", "enrolments", "consents", "consent_changes", "ratings", "notes"} | {
    "amendment_requests",
    "player_tokens",
    "research_disclosures",
    *("audio_files", "transcript_segments", "transcription_sessions", "transcript_features"),
    *("coaching_clients", "coaching_observations", "coaching_sessions", "assignments"),
}
MADE_ANEW = {"answered_items", "knowledge_states", "assessments_due"}


def test_every_kind_of_record_goes_stays_or_is_made_anew() -> None:
    aging = {one.name for one in HOLDINGS if one.aging is not None}
    assert {one.name for one in HOLDINGS} - aging == STAYING | MADE_ANEW
    tables = {one.model.__tablename__ for one in HOLDINGS if one.aging is not None}
    told = {one.__tablename__ for one in models() if one.holds.kept == WITH_PLAY}
    # Of batches and rejections not all is of a student.
    assert tables | {"rejections"} == told | {"telemetry_batches", "rejections"}


async def test_all_play_goes_and_nothing_else(api: httpx.AsyncClient, world: World) -> None:
    lived = await live_a_life(api, world)
    await infer_all(world.database)
    before = {one.name: await rows_of(world, one.model.__tablename__) for one in HOLDINGS}
    assert all(before[one.name] for one in HOLDINGS if one.aging is not None)
    bounds = await limits(world, play=PLAY_DAYS)
    expected = await preview(world, bounds)
    assert (expected.students, expected.counts["events"]) == (0, before["events"])
    removed = await forget(world, bounds)
    assert dict(removed) == dict(expected.counts)
    assert await receipts(world) == {("play", kind): n for kind, n in removed.items()}
    async with asyncio.timeout(60):
        await infer_all(world.database)
    after = {one.name: await rows_of(world, one.model.__tablename__) for one in HOLDINGS}
    # Of what teachers saw there is an assessment still, a new one.
    stayed = {name for name, count in before.items() if count} & STAYING
    assert {name for name, count in after.items() if count} == stayed | {"assessments"}
    assert after["assessments"] == 1
    assert await rows_of(world, "rejections") == 0
    ids = [str(one) for one in lived.game_session_ids]
    assert await found_in_database(world.database, ids) == []
    assert (await preview(world, bounds)).counts == {"assessments": 1}


async def test_nothing_younger_goes_to_the_microsecond(
    api: httpx.AsyncClient, world: World
) -> None:
    bounds = await limits(world, play=PLAY_DAYS, at=now())
    assert bounds.play is not None
    begins = bounds.play.at
    ada, ben, _ = world.students
    old, first, spanning = [await play_lesson(api, world, one) for one in (ada, ada, ben)]
    await let_end(world, old, begins - timedelta(microseconds=1))
    await let_end(world, first, begins)
    async with world.database.transaction() as db:
        await db.execute(
            text("update game_sessions set started_at = :at where id = :id"),
            {"at": begins - timedelta(days=9), "id": spanning},
        )
    await service.assess_unread(world.database, Settings())
    events = await rows_of(world, "events")
    removed = await forget(world, bounds)
    left = await world.rows("select id from game_sessions")
    assert {row.id for row in left} == {first, spanning}
    assert removed["game_sessions"] == 1
    assert await rows_of(world, "events") == events - removed["events"] == events * 2 // 3
    for table in ("session_features", "session_answers"):
        kept = await world.rows(f"select game_session_id from {table}")
        assert {row[0] for row in kept} <= {first, spanning}
    due = await world.rows("select student_id from assessments_due")
    assert ada in {row[0] for row in due}


async def test_other_schools_and_what_is_kept_until_erased_stay(
    api: httpx.AsyncClient, world: World
) -> None:
    told = world.event(student_id=world.foreign_student)
    for key in (world.other_school_key, world.sandbox_key):
        answer = await api.post(BATCH, json=batch([told]), headers=bearer(key))
        assert answer.status_code == 201
    await play_lesson(api, world, world.students[0])
    assert await forget(world, await limits(world)) == {}
    removed = await forget(world, await limits(world, play=PLAY_DAYS))
    assert removed["game_sessions"] == 2  # the sandbox follows its school
    left = await world.rows("select school_id from events")
    assert [row[0] for row in left] == [world.other_school_id]
    assert await world.one("select count(*) from telemetry_batches") == 1


async def test_what_others_know_is_made_anew_without_it(
    api: httpx.AsyncClient, world: World
) -> None:
    pupils = await play_as_a_class(api, world)
    await references.refit(world.database)
    await refit_item_tables(world.database)
    old, kept = pupils[0], pupils[1:]
    async with world.database.transaction() as db:
        statement = "update game_sessions set ended_at = :at where student_id = :id"
        ended = now() - timedelta(days=PLAY_DAYS + 2)
        await db.execute(text(statement), {"at": ended, "id": old})
    listed = "select count(*) from answered_items where :id = any(student_ids)"
    shared = "select count(*) from answered_items where cardinality(student_ids) = 3"
    assert await world.one(shared) > 0
    before = await world.one(shared)
    removed = await forget(world, await limits(world, play=PLAY_DAYS, at=now()))
    assert removed["game_sessions"] == 2
    assert await world.one(listed, id=old) == 0
    assert await world.one("select count(*) from refits_due") == 3
    answers = await world.one("select sum(answer_count) from session_answers")
    refit = (
        await refit_item_tables(world.database),
        await populations.refit(world.database),
        await references.refit(world.database),
    )
    assert refit == (1, 1, 1)
    [table] = await world.rows("select version, answer_count from item_tables")
    assert (table.version, table.answer_count) == (2, answers)
    assert await world.one(shared) == before  # others take the place
    await infer_all(world.database)
    states = await world.rows("select distinct student_id from knowledge_states")
    assert {row[0] for row in states} == set(kept)


async def test_a_student_who_goes_on_playing_stays_listed_for_what_is_kept(
    api: httpx.AsyncClient, world: World
) -> None:
    ada = world.students[0]
    old, _ = [await play_lesson(api, world, ada) for _ in range(2)]
    await service.assess_unread(world.database, Settings(quiet_s=0))
    listed = "select count(*) from answered_items where :id = any(student_ids)"
    before = await world.one(listed, id=ada)
    assert before > 0
    await let_end(world, old, now() - timedelta(days=PLAY_DAYS + 2))
    await forget(world, await limits(world, play=PLAY_DAYS, at=now()))
    assert await world.one(listed, id=ada) == before


async def test_a_pass_that_is_cut_off_is_finished_by_the_next(
    api: httpx.AsyncClient, world: World
) -> None:
    for student_id in world.students:
        for _ in range(3):
            await play_lesson(api, world, student_id)
    bounds = await limits(world, play=PLAY_DAYS)
    expected = (await preview(world, bounds)).counts
    first = asyncio.create_task(forget(world, bounds))
    async with asyncio.timeout(120):
        while not await rows_of(world, "retention_removals"):
            await asyncio.sleep(0)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert first.cancelled()
    noted = await receipts(world)
    assert 0 < noted["play", "events"] < expected["events"]
    gone = expected["events"] - await rows_of(world, "events")
    assert noted["play", "events"] == gone
    await forget(world, bounds)
    assert await receipts(world) == {("play", kind): n for kind, n in expected.items()}


async def test_two_workers_at_once_remove_each_record_once(
    api: httpx.AsyncClient, world: World, database_url: str
) -> None:
    for student_id in world.students:
        await play_lesson(api, world, student_id)
    await service.assess_unread(world.database, Settings(quiet_s=0))
    bounds = await limits(world, play=PLAY_DAYS)
    expected = (await preview(world, bounds)).counts
    other = Database.connect(database_url, pool_size=2)
    both = await asyncio.gather(
        forget(world, bounds), forgetting.forget(other, world.school_id, bounds)
    )
    await other.dispose()
    assert dict(both[0] + both[1]) == dict(expected)
    assert await receipts(world) == {("play", kind): n for kind, n in expected.items()}


async def test_long_play_goes_a_little_in_each_transaction(world: World) -> None:
    ada, at = world.students[0], now() - timedelta(days=PLAY_DAYS + 2)
    async with world.database.transaction() as db:
        for _ in range(3):
            await insert(
                db,
                "game_sessions",
                school_id=world.school_id,
                id=uuid4(),
                student_id=ada,
                game_id=world.game_id,
                ended_at=at,
                last_received_at=at,
                event_count=aging.MOST_EVENTS_AT_ONCE // 2 + 1,
            )
    async with world.database.transaction() as db:
        some, is_more = await aging.hold_before(db, world.school_id, ada, now())
    assert (len(some), is_more) == (1, True)
    removed = await forget(world, await limits(world, play=PLAY_DAYS, at=now()))
    assert removed == {"game_sessions": 3}


async def test_what_arrives_meanwhile_is_stored_also_in_sessions_that_go(
    api: httpx.AsyncClient, world: World
) -> None:
    sessions = {one: await play_lesson(api, world, one) for one in world.students}
    for one in sessions.values():
        await let_end(world, one, now() - timedelta(days=PLAY_DAYS + 2))
    bounds = await limits(world, play=PLAY_DAYS, at=now())
    stored: list[str] = []

    async def go_on() -> None:
        for number in range(60):
            student_id = world.students[number % 3]
            event = world.event(student_id=student_id, session_id=sessions[student_id])
            headers = bearer(world.write_key) | {"X-Client-Id": str(uuid4())}
            answer = await api.post(BATCH, json=batch([event]), headers=headers)
            assert answer.status_code == 201, answer.text
            stored.append(event["event_id"])

    await asyncio.gather(go_on(), forget(world, bounds))
    found = {str(row[0]) for row in await world.rows("select event_id from events")}
    assert set(stored) <= found
    counted = await world.rows(
        "select g.event_count, count(*) as stored from game_sessions g "
        "join events e on e.school_id = g.school_id and e.game_session_id = g.id "
        "group by g.school_id, g.id"
    )
    assert [row.event_count for row in counted] == [row.stored for row in counted]


async def test_a_session_that_goes_while_it_is_assessed_leaves_nothing(
    api: httpx.AsyncClient, world: World
) -> None:
    game_session_id = await play_lesson(api, world, world.students[0])
    key = {"school": world.school_id, "id": game_session_id}
    async with world.database.transaction() as db:
        held = "select from game_sessions where school_id = :school and id = :id for update"
        await db.execute(text(held), key)
        assessing = asyncio.create_task(
            service.assess(world.database, world.school_id, game_session_id)
        )
        await world.until_waiting()
        for table in ("events", "session_features", "session_answers"):
            await db.execute(
                text(f"delete from {table} where school_id = :school and game_session_id = :id"),
                key,
            )
        await db.execute(
            text("delete from game_sessions where school_id = :school and id = :id"), key
        )
    await assessing
    assert await found_in_database(world.database, [str(game_session_id)]) == []


async def test_the_worker_passes_once_a_day_and_after_each_choice(
    api: httpx.AsyncClient, world: World
) -> None:
    done: dict[UUID, Done] = {}
    game_session_id = await play_lesson(api, world, world.students[0])
    await let_end(world, game_session_id, now() - timedelta(days=PLAY_DAYS + 2))
    assert await forgetting.forget_due(world.database, done) == 0
    async with world.database.transaction() as db:
        await retention.put(
            db, world.school_id, play_days=PLAY_DAYS, left_days=None, audit_days=None, user_id=None
        )
    assert await forgetting.forget_due(world.database, done) > 0
    assert await rows_of(world, "game_sessions") == 0
    again = await play_lesson(api, world, world.students[0])
    await let_end(world, again, now() - timedelta(days=PLAY_DAYS + 2))
    assert await forgetting.forget_due(world.database, done) == 0
    assert await forgetting.forget_due(world.database, {}) > 0  # started again


async def test_forgotten_play_does_not_come_back(api: httpx.AsyncClient, world: World) -> None:
    ada = world.students[0]
    began = now() - timedelta(days=PLAY_DAYS + 5)
    told = batch(lesson(world, ada, uuid4(), at=began, tries_again=2))
    headers = bearer(world.write_key)
    assert (await api.post(BATCH, json=told, headers=headers)).status_code == 201
    async with world.database.transaction() as db:
        await retention.put(
            db, world.school_id, play_days=PLAY_DAYS, left_days=None, audit_days=None, user_id=None
        )
    await forgetting.forget_due(world.database, {})
    again = await api.post(BATCH, json=told, headers=headers)
    assert {one["code"] for one in again.json()["rejected"]} == {"timestamp_out_of_range"}
    assert await rows_of(world, "events") == 0
