"""What erasing does, and to whom."""

import hmac
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from learntrace.assessment import populations, references
from learntrace.kit.errors import NotFoundError
from learntrace.skills.items import shared
from learntrace.skills.refitting import refit_item_table, refit_item_tables
from learntrace.student_records import erasing
from learntrace.student_records.erasing import Receipt

from ..skills.lessons import infer_all, lesson, play_as_a_class, play_lesson
from ..world import World, add_class, add_student, batch, bearer, now
from .conftest import Run
from .life import live_a_life
from .searching import found_in_database, found_in_files, traces_of

BATCH = "/api/v1/telemetry/batch"
EVENTS = "/api/v1/telemetry/events"


async def erase(world: World, student_id: UUID) -> Receipt:
    async with world.database.transaction() as db:
        return await erasing.erase(db, erasing.BY_COMMAND, world.school_id, student_id)


async def send(api: httpx.AsyncClient, key: str, event: Any) -> tuple[int, Any]:
    answer = await api.post(EVENTS, json=event, headers=bearer(key))
    refused = answer.json()["rejected"]
    return answer.status_code, refused[0] if refused else None


async def test_the_receipt_is_what_the_dry_run_said_and_names_nobody(
    api: httpx.AsyncClient, world: World
) -> None:
    lived = await live_a_life(api, world)
    async with world.database.transaction() as db:
        expected = await erasing.count(db, world.school_id, [lived.student_id])
    receipt = await erase(world, lived.student_id)
    assert Counter(receipt.counts) == +expected
    assert receipt.counts["student"] == 1
    assert receipt.counts["events"] > 20
    [stored] = await world.rows("select * from erasures")
    assert (stored.id, stored.counts) == (receipt.id, dict(receipt.counts))
    assert (stored.school_id, stored.erased_by) == (world.school_id, None)
    [keys] = await world.rows("select inner_key, outer_key from tombstone_keys")
    key = bytes(byte ^ 0x36 for byte in keys.inner_key)
    assert keys.outer_key == bytes(byte ^ 0x5C for byte in key)
    for who in (f"student:{lived.student_id}", f"source:{lived.source_id}"):
        tombstone = hmac.digest(key, who.encode(), "sha256")
        query = "select count(*) from erased_students where tombstone = :tombstone"
        assert await world.one(query, tombstone=tombstone) == 1
    assert stored.tombstone == hmac.digest(key, f"student:{lived.student_id}".encode(), "sha256")


async def test_others_keep_everything(api: httpx.AsyncClient, world: World) -> None:
    ada, ben, _ = world.students
    for student_id in (ada, ben):
        await play_lesson(api, world, student_id)
    await infer_all(world.database)
    query = (
        "select (select count(*) from events where student_id = :id), "
        "(select count(*) from session_answers where student_id = :id), "
        "(select count(*) from assessments where student_id = :id)"
    )
    [before] = await world.rows(query, id=ben)
    await erase(world, ada)
    [after] = await world.rows(query, id=ben)
    assert tuple(after) == tuple(before)
    assert await found_in_database(world.database, [str(ada)]) == []


async def test_unknown_and_foreign_students_are_not_erased(world: World) -> None:
    for student_id in (uuid4(), world.foreign_student):
        with pytest.raises(NotFoundError):
            await erase(world, student_id)
    assert await world.one("select count(*) from students") == 4
    assert await world.one("select count(*) from erased_students") == 0


async def test_nothing_sent_again_brings_the_student_back(
    api: httpx.AsyncClient, world: World
) -> None:
    lived = await live_a_life(api, world)
    assert (await send(api, lived.token, lived.event))[0] == 200
    await erase(world, lived.student_id)
    status, refused = await send(api, world.write_key, lived.event)
    assert (status, refused["code"], refused["retryable"]) == (422, "erased_student", False)
    assert (await send(api, world.sandbox_key, lived.event))[1]["code"] == "erased_student"
    assert (
        await api.post(EVENTS, json=lived.event, headers=bearer(lived.token))
    ).status_code == 401
    stranger = world.event(student_id=uuid4())
    assert (await send(api, world.write_key, stranger))[1]["code"] == "unknown_student"
    assert (await send(api, world.sandbox_key, stranger))[0] == 201
    known = world.event(student_id=world.students[1])
    mixed = batch([lived.event, known, stranger])
    answer = await api.post(BATCH, json=mixed, headers=bearer(world.write_key))
    codes = {one["index"]: one["code"] for one in answer.json()["rejected"]}
    assert codes == {0: "erased_student", 2: "unknown_student"}
    assert await found_in_database(world.database, [str(lived.student_id)]) == []


async def test_another_school_may_have_a_student_of_that_id(
    api: httpx.AsyncClient, world: World
) -> None:
    await erase(world, world.students[0])
    async with world.database.transaction() as db:
        await add_student(db, world.other_school_id, world.students[0], "Ada", "PUPIL8")
    assert (await send(api, world.other_school_key, world.event()))[0] == 201


async def test_the_same_id_in_the_sandbox_goes_too(api: httpx.AsyncClient, world: World) -> None:
    assert (await send(api, world.sandbox_key, world.event()))[0] == 201
    receipt = await erase(world, world.students[0])
    assert receipt.counts["student"] == 2
    assert receipt.counts["events"] == 1
    assert await found_in_database(world.database, [str(world.students[0])]) == []


async def test_a_pseudonym_of_the_sandbox_can_be_erased(
    api: httpx.AsyncClient, world: World
) -> None:
    event = world.event(student_id=uuid4())
    assert (await send(api, world.sandbox_key, event))[0] == 201
    await erase(world, UUID(event["student_id"]))
    assert (await send(api, world.sandbox_key, event))[1]["code"] == "erased_student"


async def test_what_all_play_went_into_is_made_anew_without_the_erased(
    api: httpx.AsyncClient, world: World
) -> None:
    pupils = await play_as_a_class(api, world)
    school_id, game_id = world.school_id, world.game_id
    await references.refit(world.database)
    await refit_item_tables(world.database)
    tables = ("item_tables", "populations", "reference_tables")
    before = [await _versions(world, table) for table in tables]
    assert [len(versions) for versions in before] == [1, 1, 1]
    erased = await world.one(
        "select student_ids[1] from answered_items where cardinality(student_ids) = 3 limit 1"
    )
    async with world.database.transaction() as db:
        offered = await shared(db, school_id, game_id, mapping_version=0)
    answered = await _answers(world)
    await erase(world, erased)
    refit = (
        await refit_item_tables(world.database),
        await populations.refit(world.database),
        await references.refit(world.database),
    )
    assert refit == (1, 1, 1)
    for table, [(version, _)] in zip(tables, before, strict=True):
        [(newer, made_of)] = await _versions(world, table)
        assert newer == version + 1
        assert made_of > 0
    async with world.database.transaction() as db:
        assert await shared(db, school_id, game_id, mapping_version=0) == offered
    assert (await _versions(world, "item_tables"))[0][1] == await _answers(world) < answered
    assert await found_in_database(world.database, [str(erased)]) == []
    assert await world.one("select count(*) from refits_due") == 0
    again = (
        await refit_item_tables(world.database),
        await populations.refit(world.database),
        await references.refit(world.database),
    )
    assert again == (0, 0, 0)
    for pupil in pupils:
        if pupil != erased:
            await erase(world, pupil)
    await refit_item_table(world.database, school_id, game_id)
    await populations.refit(world.database)
    await references.refit(world.database)
    assert [[made_of for _, made_of in await _versions(world, table)] for table in tables] == [
        [0],
        [0],
        [0],
    ]


async def test_a_game_without_tables_gets_none_by_an_erasure(
    api: httpx.AsyncClient, world: World
) -> None:
    for student_id in world.students[:2]:
        await play_lesson(api, world, student_id)
    await erase(world, world.students[0])
    await refit_item_tables(world.database)
    await populations.refit(world.database)
    await references.refit(world.database)
    for table in ("item_tables", "populations", "reference_tables", "refits_due"):
        assert await world.one(f"select count(*) from {table}") == 0


async def _versions(world: World, table: str) -> list[tuple[int, int]]:
    counted = {"item_tables": "answer_count", "populations": "session_count"}
    column = counted.get(table, "observation_count")
    query = f"select version, {column} from {table} order by version"
    return [(row[0], row[1]) for row in await world.rows(query)]


async def _answers(world: World) -> int:
    count: int = await world.one("select coalesce(sum(answer_count), 0) from session_answers")
    return count


async def test_command_erases_one_student_after_asking(world: World, run: Run) -> None:
    command = ("students", "erase", "--school", "Hill School", "--student", world.students[0])
    told = await run(*command, "--dry-run")
    assert "1 student." in told
    assert "A dry run: nothing was erased." in told
    assert "Aborted!" in await run(*command, code=1)
    assert await world.one("select count(*) from erasures") == 0
    done = await run(*command, "--yes")
    receipt = await world.one("select id from erasures")
    assert f"Receipt {receipt}." in done
    assert str(world.students[0]) not in done
    assert await run(*command, "--yes", code=1) == "Error: This school has no such student.\n"
    both = await run(*command, "--class", "CLASS5", code=2)
    assert "Give one of --student, --class and --last-played-before." in both


async def test_command_erases_a_class_but_nobody_who_went_on_to_another(
    world: World, run: Run
) -> None:
    ada, ben, _ = world.students
    async with world.database.transaction() as db:
        await add_class(db, world.school_id, "CLASS6", ada)
        ended = (
            "update enrolments set ended_at = now() "
            "where student_id = any(:ids) and class_id = :class"
        )
        await db.execute(text(ended), {"ids": [ada, ben], "class": world.class_id})
    command = ("students", "erase", "--school", "Hill School", "--yes", "--class")
    assert (await run(*command, "cla-ss5")).count("Receipt") == 2
    left = await world.rows("select id from students where school_id = :id", id=world.school_id)
    assert [row[0] for row in left] == [ada]
    refused = await run(*command, "LAKE55", code=1)
    assert refused == "Error: This school has no class with this code.\n"


async def test_command_erases_who_has_not_played_since(
    api: httpx.AsyncClient, world: World, run: Run
) -> None:
    ada, ben, cleo = world.students
    for student_id, days_ago in ((ada, 400), (ben, 400), (ben, 2)):
        told = lesson(
            world, student_id, uuid4(), at=now() - timedelta(days=days_ago), tries_again=1
        )
        sent = await api.post(BATCH, json=batch(told), headers=bearer(world.write_key))
        assert sent.status_code == 201
    day = (now() - timedelta(days=365)).date()
    command = ("students", "erase", "--school", "Hill School", "--last-played-before")
    assert (await run(*command, day, "--yes")).count("Receipt") == 1
    left = await world.rows("select id from students where school_id = :id", id=world.school_id)
    assert {row[0] for row in left} == {ben, cleo}
    assert (await run(*command, day, "--yes")).startswith("0 students.")


async def test_traces_are_found_where_there_are_some(world: World, tmp_path: Path) -> None:
    ada = world.students[0]
    traces = traces_of(ada, "PUPIL0")
    assert await found_in_database(world.database, traces) == [
        "enrolments",
        "player_tokens",
        "students",
    ]
    assert await found_in_database(world.database, [b"PUPIL1".hex()]) == []
    for name, content in (("text", str(ada).upper().encode()), ("bytes", b"a" + ada.bytes)):
        (tmp_path / name).write_bytes(content)
    assert found_in_files(tmp_path, traces) == ["bytes", "text"]
    assert found_in_files(tmp_path, traces_of(world.students[1])) == []
