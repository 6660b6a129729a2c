"""Who is in a study's archive, and how a study ends."""

from pathlib import Path

import httpx
import pytest

from learntrace.audit.acts import Act
from learntrace.audit.words import WORDS
from learntrace.kit.errors import NotFoundError
from learntrace.privacy import consents, policies
from learntrace.privacy.kinds import Kind, State
from learntrace.research.disclosures import Giving
from learntrace.research.exporting import export
from learntrace.student_records import erasing

from ..world import World, bearer
from .conftest import GIVEN, PUPILS, PURPOSE, RECIPIENT, Played, Run, exported

HILL = ("research", "export", "--school", "Hill School")
EXPORT = (*HILL, *GIVEN, "--study", "Waves 2026", "--out")
FORGET = ("research", "forget", "--school", "Hill School", "--study")
ACT = Act.of_command("research export")
GIVING = Giving("x", RECIPIENT, PURPOSE)
KEYS = "select count(*) from research_studies"


async def say(world: World, pupils: object, state: State) -> None:
    async with world.database.transaction() as db:
        await consents.put(db, world.school_id, pupils, Kind.RESEARCH, state, user_id=None)


async def test_who_took_it_back_is_left_out(
    run: Run, world: World, played: Played, tmp_path: Path
) -> None:
    everybody = (await exported(run, tmp_path / "study.zip")).students()
    assert len(everybody) == PUPILS
    await say(world, played.pupils[:1], State.REVOKED)
    await say(world, played.pupils[1:2], State.VERIFIED)
    left = await exported(run, tmp_path / "study.zip")
    assert left.students() < everybody
    assert len(left.students()) == PUPILS - 1
    for table, column in (("sessions", "student"), ("answers", "user"), ("ratings", "student")):
        assert {row[column] for row in left.rows(table)} == left.students()


async def test_where_it_is_required_only_who_gave_it_is_in(
    run: Run, world: World, played: Played, tmp_path: Path
) -> None:
    async with world.database.transaction() as db:
        await policies.put(db, world.school_id, [Kind.RESEARCH], user_id=None)
    await say(world, played.pupils[:4], State.VERIFIED)
    await say(world, played.pupils[:1], State.REVOKED)
    archive = await exported(run, tmp_path / "study.zip", "--allow-few")
    assert len(archive.students()) == 3


async def test_too_few_are_refused_in_words_and_leave_nothing(
    run: Run, world: World, played: Played, tmp_path: Path
) -> None:
    await say(world, played.pupils[:2], State.REVOKED)
    said = await run(*EXPORT, tmp_path / "study.zip", code=1)
    assert "Only 9 of this school's students would be in it." in said
    assert list(tmp_path.glob("*.zip*")) == []
    assert await world.one(KEYS) == 0
    archive = await exported(run, tmp_path / "study.zip", "--allow-few")
    assert len(archive.students()) == 9


async def test_whoever_is_in_it_has_that_in_the_audit_log(
    run: Run, world: World, played: Played, tmp_path: Path
) -> None:
    await say(world, played.pupils[:1], State.REVOKED)
    await exported(run, tmp_path / "study.zip")
    assert ACT.action in WORDS
    entries = "select by, cardinality(students) from audit_entries where action = :action"
    assert await world.rows(entries, action=ACT.action) == [("command", PUPILS - 1)]


async def test_who_was_erased_is_missing_from_then_on(
    run: Run, world: World, played: Played, tmp_path: Path
) -> None:
    before = (await exported(run, tmp_path / "study.zip")).students()
    async with world.database.transaction() as db:
        await erasing.erase(db, erasing.BY_COMMAND, world.school_id, played.pupils[0])
    after = (await exported(run, tmp_path / "study.zip")).students()
    assert after < before
    assert len(after) == PUPILS - 1


async def test_a_forgotten_study_cannot_be_joined_again(
    run: Run, world: World, played: Played, tmp_path: Path
) -> None:
    before = await exported(run, tmp_path / "study.zip")
    assert await world.one(KEYS) == 1
    assert "Aborted" in await run(*FORGET, "Waves 2026", stdin="n\n", code=1)
    assert await world.one(KEYS) == 1
    await run(*FORGET, "Waves 2026", "--yes")
    assert await world.one(KEYS) == 0
    after = await exported(run, tmp_path / "study.zip")
    assert after.students() & before.students() == set()


async def test_a_study_that_is_not_known_is_told_with_those_that_are(
    run: Run, played: Played, tmp_path: Path
) -> None:
    await exported(run, tmp_path / "study.zip")
    said = await run(*FORGET, "Wavse", "--yes", code=1)
    assert said == "Error: This school has no study Wavse. Studies: Waves 2026.\n"


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\nb"])
async def test_a_name_that_is_none_is_refused(run: Run, world: World, name: str) -> None:
    words = (*HILL, *GIVEN, "--out", "x.zip", "--study", name)
    assert "1 to 100 characters" in await run(*words, code=1)


async def test_a_sandbox_is_never_exported(
    run: Run, api: httpx.AsyncClient, world: World, played: Played, tmp_path: Path
) -> None:
    event = world.event(student_id=played.pupils[0])
    sent = await api.post("/api/v1/telemetry/events", json=event, headers=bearer(world.sandbox_key))
    assert sent.status_code == 201
    archive = await exported(run, tmp_path / "study.zip")
    assert sum(int(row["sessions"]) for row in archive.rows("students")) == 2 * PUPILS
    words = ("research", "export", *GIVEN, "--study", "x", "--out", tmp_path / "x.zip", "--school")
    assert "There is no school" in await run(*words, world.sandbox_id, code=1)
    with pytest.raises(NotFoundError):
        await anext(export(world.database, world.sandbox_id, GIVING, ACT, allow_few=True))
